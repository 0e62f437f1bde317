import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { LocalModelError } from '../../proxy/local/errors.ts'
import { toGrammarSchema } from '../../proxy/local/json-grammar.ts'

const KEPT: readonly (readonly [name: string, schema: object, expected: object])[] = [
  ['a plain type', { type: 'integer', title: 'T', default: 1 }, { type: 'integer' }],
  ['a constant', { const: 'a' }, { enum: ['a'] }],
  [
    'a union',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { oneOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  [
    'a list of types',
    { type: ['string', 'null'], maxLength: 5 },
    { oneOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] },
  ],
  [
    'an object with named properties, closed',
    { type: 'object', properties: { a: { type: 'boolean', description: 'D' } }, required: ['a'] },
    { type: 'object', properties: { a: { type: 'boolean', description: 'D' } } },
  ],
  ['a free-form object', { type: 'object' }, { type: 'object', properties: {}, additionalProperties: true }],
  [
    'a map',
    { type: 'object', additionalProperties: { type: 'number' }, maxProperties: 3 },
    { type: 'object', properties: {}, additionalProperties: { type: 'number' }, maxProperties: 3 },
  ],
  [
    'an array with bounds',
    { type: 'array', items: { type: 'string', format: 'date' }, minItems: 1, maxItems: 4 },
    { type: 'array', items: { type: 'string', format: 'date' }, minItems: 1, maxItems: 4 },
  ],
  [
    'a reference to a definition',
    { type: 'array', items: { $ref: '#/definitions/node' }, definitions: { node: { type: 'null' } } },
    { type: 'array', items: { $ref: '#/$defs/node' }, $defs: { node: { type: 'null' } } },
  ],
  [
    'a reference to the whole',
    {
      type: 'array',
      items: { anyOf: [{ $ref: '#' }, { $ref: '#/$defs/root' }] },
      $defs: { root: { type: 'null' } },
    },
    {
      $ref: '#/$defs/root_',
      $defs: {
        root: { type: 'null' },
        root_: { type: 'array', items: { oneOf: [{ $ref: '#/$defs/root_' }, { $ref: '#/$defs/root' }] } },
      },
    },
  ],
]

const REFUSED: readonly (readonly [name: string, schema: unknown])[] = [
  ['no object', 'string'],
  ['no type', {}],
  ['an unknown type', { type: 'date' }],
  ['a pattern', { type: 'string', pattern: '^a' }],
  ['a minimum', { type: 'integer', minimum: 1 }],
  ['an intersection', { allOf: [{ type: 'string' }] }],
  ['a negation', { not: { type: 'string' } }],
  ['an unknown format', { type: 'string', format: 'email' }],
  ['a union beside a type', { type: 'string', oneOf: [{ type: 'string' }] }],
  ['an empty enum', { enum: [] }],
  ['an enum of objects', { enum: [{}] }],
  ['a remote reference', { $ref: 'https://example.com/schema' }],
  ['a reference to nothing', { $ref: '#/$defs/absent' }],
  ['a reference into a definition', { $ref: '#/$defs/a/items', $defs: { a: { type: 'array' } } }],
  [
    'a name that is defined twice',
    { type: 'null', $defs: { a: { type: 'null' } }, definitions: { a: { type: 'string' } } },
  ],
  ['a required name without its property', { type: 'object', properties: {}, required: ['a'] }],
  ['a range without room', { type: 'string', minLength: 3, maxLength: 2 }],
  ['a huge repeat', { type: 'string', minLength: 1_000_000 }],
]

function isUnsupported(error: unknown): boolean {
  assert.ok(error instanceof LocalModelError)
  assert.deepEqual([error.code, error.reason], ['unsupported', 'schema'])
  return true
}

describe('schemas for the grammar', () => {
  for (const [name, schema, expected] of KEPT) {
    it(`keep ${name}`, () => {
      assert.deepEqual(toGrammarSchema(schema, true), expected)
      assert.deepEqual(toGrammarSchema(schema, false), expected)
    })
  }

  for (const [name, schema] of REFUSED) {
    it(`refuse ${name} when strict`, () => {
      assert.throws(() => toGrammarSchema(schema, true), isUnsupported)
    })
  }

  it('leave unenforceable keywords to the model when not strict', () => {
    assert.deepEqual(toGrammarSchema({ type: 'string', pattern: '^a', format: 'email' }, false), {
      type: 'string',
    })
    assert.deepEqual(toGrammarSchema({ type: 'integer', minimum: 1 }, false), { type: 'integer' })
    assert.ok('oneOf' in toGrammarSchema({}, false))
  })

  it('refuse what is too deep or too large, however lenient', () => {
    let deep: object = { type: 'null' }
    for (let i = 0; i < 100; i++) deep = { type: 'array', items: deep }
    assert.throws(() => toGrammarSchema(deep, false), isUnsupported)
    const properties = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [`p${i}`, { type: 'null' }]),
    )
    assert.throws(() => toGrammarSchema({ type: 'object', properties }, false), isUnsupported)
    assert.throws(
      () => toGrammarSchema({ enum: Array.from({ length: 2_000 }, (_, i) => i) }, false),
      isUnsupported,
    )
  })

  it('convert or refuse any JSON, and do nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (schema, strict) => {
        try {
          toGrammarSchema(schema, strict)
        } catch (error) {
          isUnsupported(error)
        }
      }),
    )
  })
})
