import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createVault, parsePlaceholder } from '../../restore/index.ts'
import { KEY, vaultOf } from './support.ts'

test('a placeholder depends on key, scope, type and value alone', () => {
  const first = createVault({ key: KEY, scope: 'a' })
  const second = createVault({ key: KEY, scope: 'a' })
  second.issue('EMAIL', 'other@example.com')
  assert.equal(first.issue('PERSON', 'Anna'), second.issue('PERSON', 'Anna'))
  const others = [
    createVault({ key: new Uint8Array(32).fill(8), scope: 'a' }).issue('PERSON', 'Anna'),
    createVault({ key: KEY, scope: 'b' }).issue('PERSON', 'Anna'),
    first.issue('PERSON', 'anna'),
    first.issue('PERSON', 'Anna '),
    first.issue('PERSON', 'An\u0301na'),
  ]
  assert.ok(!others.includes(first.issue('PERSON', 'Anna')))
  assert.notEqual(first.issue('ORG', 'Anna').slice(4), first.issue('PERSON', 'Anna').slice(7))
})

test('key, scope, type and value are framed without ambiguity', () => {
  const codes = [
    createVault({ key: KEY, scope: 'ab' }).issue('C', 'd'),
    createVault({ key: KEY, scope: 'a' }).issue('BC', 'd'),
    createVault({ key: KEY, scope: 'abC' }).issue('D', ''),
    createVault({ key: KEY, scope: 'ab' }).issue('CD', ''),
  ].map((placeholder) => placeholder.slice(placeholder.indexOf('_')))
  assert.equal(new Set(codes).size, codes.length)
})

test('lone surrogates are different values', () => {
  const vault = vaultOf()
  assert.notEqual(vault.issue('MISC', '\ud800x'), vault.issue('MISC', '\ud801x'))
  assert.equal(vault.valueOf(vault.issue('MISC', '\ud800x')), '\ud800x')
})

test('every issued placeholder has the grammar of the contract and gives its value back', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('PERSON', 'IP_ADDRESS', 'A', 'X9_'),
      fc.string({ unit: 'binary' }),
      (type, value) => {
        const vault = vaultOf()
        const placeholder = vault.issue(type, value)
        assert.match(placeholder, /^[A-Z][A-Z0-9_]*_[0-9A-HJKMNP-TV-Z]{5,}$/)
        assert.deepEqual(parsePlaceholder(placeholder)?.type, type)
        assert.equal(vault.valueOf(placeholder), value)
        assert.equal(vault.valueOf(placeholder.toLowerCase()), undefined)
      },
    ),
  )
})

test('of 20,000 values no two codes are equal and none is the beginning of another', () => {
  const vault = vaultOf()
  const codes: string[] = []
  for (let i = 0; i < 20_000; i++) {
    const placeholder = vault.issue(i % 2 === 0 ? 'PERSON' : 'ADDRESS', `value ${i}`)
    codes.push(placeholder.slice(placeholder.lastIndexOf('_') + 1))
  }
  assert.equal(vault.size, 20_000)
  codes.sort()
  for (let i = 1; i < codes.length; i++) {
    assert.ok(
      !(codes[i] ?? '').startsWith(codes[i - 1] ?? ''),
      'sorted, a beginning would stand right before',
    )
  }
  assert.ok(
    codes.some((code) => code.length > 5),
    'collisions are lengthened',
  )
  assert.ok(codes.filter((code) => code.length > 5).length < 1_500)
})

test('what was issued first keeps its placeholder when more values follow', () => {
  const alone = vaultOf()
  const early = Array.from({ length: 500 }, (_, i) => alone.issue('PERSON', `early ${i}`))
  for (let i = 0; i < 5_000; i++) alone.issue('PERSON', `late ${i}`)
  assert.deepEqual(
    Array.from({ length: 500 }, (_, i) => alone.issue('PERSON', `early ${i}`)),
    early,
  )
})

test('a reserved code is not issued', () => {
  const placeholder = vaultOf().issue('PERSON', 'Anna Schmidt')
  const vault = vaultOf()
  vault.reserve?.(placeholder.slice('PERSON_'.length))
  const other = vault.issue('PERSON', 'Anna Schmidt')
  assert.notEqual(other, placeholder)
  assert.equal(vault.valueOf(other), 'Anna Schmidt')
})

test('a key of the wrong length and a type that is no entity name are refused', () => {
  assert.throws(() => createVault({ key: new Uint8Array(16), scope: '' }), RangeError)
  for (const type of ['', 'person', '1A', 'A B', 'A'.repeat(41), '__PROTO__']) {
    assert.throws(
      () => vaultOf().issue(type, 'secret-value'),
      (error: Error) => {
        assert.ok(error instanceof RangeError)
        assert.ok(!error.message.includes('secret-value'))
        return true
      },
    )
  }
})
