import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRestorer, restoreText, type Vault } from '../../restore/index.ts'
import { cutAt, placeholderOf, vaultOf } from './support.ts'

const AWKWARD = [
  'Anna "Nan" Schmidt',
  'C:\\Users\\anna',
  '12 Elm St\nSpringfield',
  'tab\there',
  '\\"',
  '"',
  '\\',
  '{"not":"json"}',
  'Zoë 😀 \u2028 \u0000 end',
  '\ud800 alone',
  'plain',
]
const vault = vaultOf(...AWKWARD.map((value) => ['PERSON', value] as const))

function streamed(pieces: readonly string[], from: Vault): string {
  const restorer = createRestorer(from, { json: 1, allowedHosts: 'any' })
  return pieces.map((piece) => restorer.push(piece)).join('') + restorer.end()
}

/** Every string of a JSON value with the vault's values put in, as if it had been written with them. */
function withValues(json: unknown): unknown {
  if (typeof json === 'string') {
    let text = json
    for (const { placeholder, value } of vault.entries()) text = text.split(placeholder).join(value)
    return text
  }
  if (Array.isArray(json)) return json.map(withValues)
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [withValues(key), withValues(value)]),
    )
  }
  return json
}

for (const value of AWKWARD) {
  const placeholder = placeholderOf(vault, value)
  test(`the value ${JSON.stringify(value)} is escaped as deep as it stands, at three levels`, () => {
    let expected: unknown = { a: value, [value]: [value, `x ${value} y`] }
    let written = JSON.stringify({ a: placeholder, [placeholder]: [placeholder, `x ${placeholder} y`] })
    for (let level = 0; level < 3; level++) {
      const restored = restoreText(written, vault, { json: 1 })
      assert.equal(restored, JSON.stringify(expected))
      for (let at = 0; at <= written.length; at++) {
        assert.equal(streamed([written.slice(0, at), written.slice(at)], vault), restored)
      }
      expected = { payload: JSON.stringify(expected), plain: value }
      written = JSON.stringify({ payload: written, plain: placeholder })
    }
  })
}

const anna = placeholderOf(vault, 'Anna "Nan" Schmidt')

test('quotation marks in prose do not nest', () => {
  for (const before of ['He said "', 'a "b" "', 'it\'s \\"', 'x\n"']) {
    const written = JSON.stringify({ text: `${before}${anna}" loudly` })
    const restored = restoreText(written, vault, { json: 1 })
    assert.deepEqual(JSON.parse(restored), { text: `${before}Anna "Nan" Schmidt" loudly` })
  }
})

test('a string that is JSON by itself nests, and prose behind a quotation does not', () => {
  const doubled = JSON.stringify(JSON.stringify(anna))
  assert.equal(JSON.parse(JSON.parse(restoreText(doubled, vault, { json: 1 }))), 'Anna "Nan" Schmidt')
  const prose = JSON.stringify({ text: `"Hi," said Bo, "I am" ${anna} "${anna}` })
  assert.deepEqual(JSON.parse(restoreText(prose, vault, { json: 1 })), {
    text: `"Hi," said Bo, "I am" Anna "Nan" Schmidt "Anna "Nan" Schmidt`,
  })
})

test('indented JSON inside JSON nests', () => {
  const inner = `\n\t ${JSON.stringify({ name: anna }, null, 2)}\n`
  const restored = restoreText(JSON.stringify({ inner }), vault, { json: 1 })
  assert.equal(JSON.parse(JSON.parse(restored).inner).name, 'Anna "Nan" Schmidt')
})

test('an escaped underscore is written with two backslashes in JSON, and with four one level deeper', () => {
  const escaped = anna.replace('_', '\\_')
  const once = JSON.stringify({ name: escaped })
  assert.equal(JSON.parse(restoreText(once, vault, { json: 1 })).name, 'Anna "Nan" Schmidt')
  const twice = JSON.stringify({ payload: once })
  const restored = restoreText(twice, vault, { json: 1 })
  assert.equal(JSON.parse(JSON.parse(restored).payload).name, 'Anna "Nan" Schmidt')
})

test('an escape before a placeholder is not a letter before it', () => {
  const plain = placeholderOf(vault, 'plain')
  assert.equal(restoreText(`{"a":"\\n${plain.toLowerCase()}"}`, vault, { json: 1 }), '{"a":"\\nplain"}')
  assert.equal(restoreText(`{"a":"\\u00CA${plain}"}`, vault, { json: 1 }), '{"a":"\\u00CAplain"}')
  assert.equal(
    restoreText(`{"a":"\\u00ca${plain.toLowerCase()}"}`, vault, { json: 1 }),
    '{"a":"\\u00caplain"}',
  )
  assert.equal(streamed(`{"a":"\\u00CA${plain}"}`.split(''), vault), '{"a":"\\u00CAplain"}')
})

test('outside of strings a value is written as it is', () => {
  assert.equal(restoreText(`${anna}`, vault, { json: 1 }), 'Anna "Nan" Schmidt')
})

const word = fc.constantFrom(...[...vault.entries()].map((entry) => entry.placeholder))
const leaf = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc
    .array(fc.oneof(word, fc.constantFrom(' ', ', ', '"', '\\', '\n', 'é', '😀', '{', '[', ': ')), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 4 }), word), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc
      .oneof(
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3 }),
      )
      .map((inner) => ({ nested: JSON.stringify(inner) })),
  ),
})).value

/** Prose that begins with a quote, brace or bracket cannot be told from JSON before it ends. */
function isAmbiguous(text: string): boolean {
  return /^\s*["{[]/.test(text)
}

/** Like `withValues`, but strings that are JSON are changed inside. */
function deep(value: unknown): unknown {
  if (typeof value === 'string' && isAmbiguous(value)) {
    try {
      return JSON.stringify(deep(JSON.parse(value)))
    } catch {
      return value
    }
  }
  if (Array.isArray(value)) return value.map(deep)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [deep(key), deep(member)]))
  }
  return withValues(value)
}

/** A value with all JSON in its strings opened, so that white space in it does not count. */
function opened(value: unknown): unknown {
  if (typeof value === 'string' && isAmbiguous(value)) {
    try {
      return { json: opened(JSON.parse(value)) }
    } catch {
      return value
    }
  }
  if (Array.isArray(value)) return value.map(opened)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, opened(member)]))
  }
  return value
}

function hasAmbiguousProse(value: unknown): boolean {
  if (typeof value === 'string') {
    if (!isAmbiguous(value)) return false
    try {
      return hasAmbiguousProse(JSON.parse(value))
    } catch {
      return true
    }
  }
  if (Array.isArray(value)) return value.some(hasAmbiguousProse)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).some(([key, member]) => hasAmbiguousProse(key) || hasAmbiguousProse(member))
  }
  return false
}

test('random JSON, nested in strings up to four times, parses to the original deep value after restoring, however cut', () => {
  let compared = 0
  fc.assert(
    fc.property(json, fc.nat(3), fc.array(fc.nat(500), { maxLength: 12 }), (value, levels, cuts) => {
      fc.pre(!hasAmbiguousProse(value))
      let written = JSON.stringify(value)
      let original: unknown = value
      for (let level = 0; level < levels; level++) {
        original = { [`level${level}`]: JSON.stringify(original) }
        written = JSON.stringify({ [`level${level}`]: written })
      }
      const restored = restoreText(written, vault, { json: 1, allowedHosts: 'any' })
      assert.deepEqual(opened(JSON.parse(restored)), opened(JSON.parse(JSON.stringify(deep(original)))))
      assert.equal(streamed(cutAt(written, cuts), vault), restored)
      assert.equal(streamed(written.split(''), vault), restored)
      compared++
    }),
    { numRuns: 1500 },
  )
  assert.ok(compared > 500)
})

test('any text at all passes the JSON lane the same way in every cutting', () => {
  const bits = fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '\\\\',
    '{',
    '[',
    ':',
    ',',
    'n',
    ' ',
    '\\u00e9',
    'x',
    ...[...vault.entries()].slice(0, 3).map((entry) => entry.placeholder),
  )
  fc.assert(
    fc.property(
      fc.array(bits, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.array(fc.nat(300), { maxLength: 10 }),
      (text, cuts) => {
        const whole = restoreText(text, vault, { json: 1, allowedHosts: 'any' })
        assert.equal(streamed(cutAt(text, cuts), vault), whole)
        assert.equal(streamed(text.split(''), vault), whole)
      },
    ),
    { numRuns: 1000 },
  )
})
