import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CODE_ALPHABET, checkCharacter, parsePlaceholder } from '../../restore/index.ts'
import { codeFromMac, isMixed } from '../../restore/placeholder.ts'

const digits = fc
  .array(fc.constantFrom(...CODE_ALPHABET), { minLength: 4, maxLength: 15 })
  .map((characters) => characters.join(''))

function isValid(code: string): boolean {
  return checkCharacter(code.slice(0, -1)) === code.slice(-1)
}

test('the alphabet is Crockford base 32: 32 characters without I, L, O and U', () => {
  assert.equal(new Set(CODE_ALPHABET).size, 32)
  assert.doesNotMatch(CODE_ALPHABET, /[ILOU]/)
})

test('the check character catches every single wrong character', () => {
  fc.assert(
    fc.property(digits, fc.nat(15), fc.constantFrom(...CODE_ALPHABET), (data, place, other) => {
      const code = data + checkCharacter(data)
      const at = place % code.length
      fc.pre(code.charAt(at) !== other)
      assert.ok(!isValid(code.slice(0, at) + other + code.slice(at + 1)))
    }),
  )
})

test('the check character catches every swap of two different characters, adjacent or not', () => {
  fc.assert(
    fc.property(digits, fc.nat(15), fc.nat(15), (data, left, right) => {
      const characters = [...(data + checkCharacter(data))]
      const a = left % characters.length
      const b = right % characters.length
      const [x, y] = [characters[a], characters[b]]
      fc.pre(x !== undefined && y !== undefined && x !== y)
      characters[a] = y ?? ''
      characters[b] = x ?? ''
      assert.ok(!isValid(characters.join('')))
    }),
  )
})

test('a code from a MAC has its length, a letter, a digit and a right check character', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 5, max: 16 }),
      (mac, length) => {
        const code = codeFromMac(mac, length)
        fc.pre(code !== undefined)
        assert.equal(code?.length, length)
        assert.ok(isMixed(code ?? ''))
        assert.ok(isValid(code ?? ''))
      },
    ),
  )
})

const parsed: readonly [text: string, type: string | undefined][] = [
  ['PERSON_', undefined],
  ['_AB12C', undefined],
  ['PERSON_AB12', undefined],
  ['PERSON_ABOUT', undefined],
  ['person_ab12c', undefined],
  ['HEALTH_CHECK', undefined],
  ['AGE_12345', undefined],
  ['', undefined],
]
for (const [text, type] of parsed) {
  test(`parsePlaceholder takes nothing from ${JSON.stringify(text)}`, () => {
    assert.equal(parsePlaceholder(text)?.type, type)
  })
}

test('parsePlaceholder takes a placeholder apart at its last underscore', () => {
  const code = `AB12${checkCharacter('AB12')}`
  assert.deepEqual(parsePlaceholder(`IP_ADDRESS_${code}`), { type: 'IP_ADDRESS', code })
})
