import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJsonText, readJson, WireError } from '../../proxy/wire/index.ts'

const LIMITS = { depth: 64 }
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const REFUSED: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', bytes('')],
  ['text that is not JSON', bytes('hello')],
  ['two values', bytes('{} {}')],
  ['a trailing comma', bytes('{"a":1,}')],
  ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
  ['a stray continuation byte', new Uint8Array([0x22, 0x80, 0x22])],
  ['an overlong encoding', new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
  ['an encoded surrogate', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['a name given twice', bytes('{"a":1,"a":2}')],
  ['a name given twice with the same value', bytes('{"a":1,"a":1}')],
  ['a name given twice, once escaped', bytes('{"a":1,"\\u0061":2}')],
  ['an empty name given twice', bytes('{"":1,"":2}')],
  ['a name given twice deep inside', bytes('[[{"x":[{"a":1,"b":{},"a":{"c":1}}]}]]')],
  ['a name given twice whose first value has members', bytes('{"a":{"b":1,"c":2},"a":3}')],
  ['__proto__ as a name', bytes('{"__proto__":{"admin":true}}')],
  ['__proto__ as an escaped name', bytes('{"__pr\\u006fto__":1}')],
  ['half of a surrogate pair', bytes('"\\ud800"')],
  ['the other half', bytes('"\\udc00 x"')],
  ['halves in the wrong order', bytes('"\\udc00\\ud800"')],
  ['half of a pair in a name', bytes('{"\\ud83d":1}')],
  ['65 open arrays', bytes(`${'['.repeat(65)}${']'.repeat(65)}`)],
  ['65 open objects', bytes(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`)],
  ['a million open arrays', bytes('['.repeat(1_000_000))],
  ['a number beyond the range', bytes('1e400')],
  ['a number far below the range', bytes('-1e400')],
  ['an integer that a double rounds', bytes('{"card":4111111111111111113}')],
  ['an integer beside a bound', bytes('[9223372036854775806]')],
  ['a negative integer that a double rounds', bytes('[-9007199254740993]')],
  ['a very long integer', bytes('1'.repeat(400))],
  ['NaN', bytes('NaN')],
  ['a control character in a string', bytes('"a\nb"')],
  ['an open string', bytes('{"a":"b')],
  ['an open string that ends in a backslash', bytes('"a\\')],
]

for (const [name, input] of REFUSED) {
  test(`the reader refuses ${name}`, () => {
    assert.throws(
      () => readJson(input, LIMITS),
      (error) => error instanceof WireError && error.code === 'invalid_json' && error.param === null,
    )
  })
}

const ACCEPTED: readonly (readonly [string, string])[] = [
  ['64 open arrays', `${'['.repeat(64)}${']'.repeat(64)}`],
  ['the same name in two objects', '[{"a":1},{"a":2}]'],
  ['a value that looks like a name', '{"a":"a","b":"a\\":"}'],
  ['colons and braces in strings', '{"a:{[":"}]:\\\\","b":":::"}'],
  ['backslashes before a quote', '["\\\\","\\\\\\"","\\\\\\\\"]'],
  ['a surrogate pair by escapes', '"\\ud83d\\ude00"'],
  [
    'the bounds of 64-bit integers',
    '{"minimum":-9223372036854775808,"maximum":9223372036854775807,"unsigned":18446744073709551615}',
  ],
  ['an integer that is exact', '[9007199254740992,12345678901234567000]'],
  ['a fraction with many digits', '0.12345678901234567890'],
  ['a number too small to tell from zero', '1e-400'],
  ['negative zero', '-0'],
  ['names of Object.prototype', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
  ['a long string that ends in escapes', `["${'x'.repeat(100)}\\\\","${'y'.repeat(63)}\\"z"]`],
]

for (const [name, text] of ACCEPTED) {
  test(`the reader takes ${name}`, () => {
    assert.deepEqual(readJson(bytes(text), LIMITS), JSON.parse(text))
  })
}

test('the reader gives what JSON.parse gives for any JSON with any spacing', () => {
  const value = fc.jsonValue({ noUnicodeString: false, depthSize: 'medium' })
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1, '\t', '\r\n '), (json, space) => {
      const text = JSON.stringify(json, null, space)
      fc.pre(!text.includes('__proto__'))
      const plain = JSON.stringify(JSON.parse(text))
      const read = readJson(bytes(text), LIMITS)
      assert.equal(JSON.stringify(read), plain)
    }),
    { numRuns: 2000 },
  )
})

test('what is cut off or garbled anywhere is never read as something else than JSON.parse reads', () => {
  const source =
    '{"model":"m","messages":[{"role":"user","content":"a\\"b\\\\ \\u00e9 1.5e3"}],"n":-12.5,"s":[true,null]}'
  for (let at = 0; at < source.length; at += 1) {
    for (const piece of ['', '"', '\\', '{', '}', ',', ':', '0']) {
      const text = source.slice(0, at) + piece + source.slice(at + 1)
      const expected = attempt(() => JSON.parse(text))
      const actual = parseJsonText(text, LIMITS)
      if (actual !== undefined) assert.deepEqual(actual, expected)
    }
  }
})

function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch {
    return undefined
  }
}

test('doubling any member of an object makes it unreadable', () => {
  const members = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), {
    minKeys: 1,
    noNullPrototype: true,
  })
  fc.assert(
    fc.property(members, fc.nat(), fc.boolean(), (object, pick, escaped) => {
      const names = Object.keys(object).filter((name) => name !== '__proto__')
      const name = names[pick % names.length]
      fc.pre(name !== undefined && !JSON.stringify(object).includes('__proto__'))
      const spelled = escaped ? escapeAll(name) : JSON.stringify(name)
      const text = `${JSON.stringify(object).slice(0, -1)},${spelled}:0}`
      assert.equal(parseJsonText(text, LIMITS), undefined)
    }),
  )
})

function escapeAll(name: string): string {
  const units = Array.from({ length: name.length }, (_, at) =>
    name.charCodeAt(at).toString(16).padStart(4, '0'),
  )
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`
}

test('a megabyte of hostile text is read or refused in linear time', () => {
  const size = 1_000_000
  const hostile = [
    `"${'\\"'.repeat(size / 2)}"`,
    `"${'\\\\'.repeat(size / 2)}"`,
    '"'.repeat(size),
    '\\'.repeat(size),
    '1'.repeat(size),
    `[${'0,'.repeat(size / 2)}0]`,
    `{${Array.from({ length: size / 10 }, (_, n) => `"k${n}":1`).join(',')}}`,
    ':'.repeat(size),
  ]
  for (const text of hostile) {
    const start = performance.now()
    parseJsonText(text, LIMITS)
    assert.ok(performance.now() - start < 1500)
  }
})
