/**
 * JSON schemas in the subset a grammar can enforce. What cannot be enforced is refused, never ignored: a caller
 * that asked for a schema gets an answer that keeps to it, or an error. Optional properties are always written
 * and additional ones only where the schema declares them, which every reader of the schema accepts.
 */
import { LocalModelError } from './errors.ts'
import type { GrammarSchema, PlainType } from './llama-job.ts'

const MAX_DEPTH = 32
const MAX_NODES = 2_000
const MAX_REPEAT = 2_000
const MAX_CHOICES = 1_000

/** Any JSON object: what `response_format: {type: json_object}` asks for. */
export const ANY_OBJECT: GrammarSchema = { type: 'object', properties: {}, additionalProperties: true }

const ANY_VALUE: GrammarSchema = {
  oneOf: [{ type: ['string', 'number', 'boolean', 'null'] }, ANY_OBJECT, { type: 'array' }],
}

/** Keywords that say nothing about which values are valid. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  '$schema',
  '$id',
])
const PLAIN_TYPES: readonly PlainType[] = ['string', 'number', 'integer', 'boolean', 'null']
const STRING_FORMATS = ['date-time', 'time', 'date'] as const

/** Keywords understood beside each kind of schema. */
const KEYWORDS = {
  choice: new Set(['enum', 'const', 'type']),
  union: new Set(['oneOf', 'anyOf', '$defs', 'definitions']),
  reference: new Set(['$ref', '$defs', 'definitions']),
  object: new Set([
    'type',
    'properties',
    'required',
    'additionalProperties',
    'minProperties',
    'maxProperties',
    '$defs',
    'definitions',
  ]),
  array: new Set(['type', 'items', 'prefixItems', 'minItems', 'maxItems', '$defs', 'definitions']),
  string: new Set(['type', 'minLength', 'maxLength', 'format']),
  plain: new Set(['type']),
} as const

type SchemaObject = { readonly [keyword: string]: unknown }

/**
 * Converts a JSON schema. `strict` throws `LocalModelError` (`unsupported`, reason `schema`) for keywords a grammar
 * cannot enforce (`pattern`, `minimum`, `allOf`, `not`, …); without it these are left to the model's good will, as
 * OpenAI does without `strict`. References that lead nowhere and sizes beyond the bounds are always refused.
 */
export function toGrammarSchema(schema: unknown, strict: boolean): GrammarSchema {
  const definitions = definitionsOf(schema)
  let root = 'root'
  while (definitions.has(root)) root += '_'
  const state: State = {
    nodes: 0,
    strict,
    definitions: new Set(definitions.keys()),
    root,
    refersToRoot: false,
  }
  const converted = convert(schema, state, 0)
  const $defs = Object.fromEntries(
    [...definitions].map(([name, definition]) => [name, convert(definition, state, 1)]),
  )
  if (state.refersToRoot) return { $ref: `#/$defs/${root}`, $defs: { ...$defs, [root]: converted } }
  return definitions.size === 0 ? converted : { ...converted, $defs }
}

interface State {
  nodes: number
  readonly strict: boolean
  readonly definitions: ReadonlySet<string>
  /** The name under which the whole schema is defined where it refers to itself. */
  readonly root: string
  refersToRoot: boolean
}

function unsupported(what: string): LocalModelError {
  return new LocalModelError('unsupported', `the local model's grammar cannot enforce this schema: ${what}`, {
    reason: 'schema',
  })
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function definitionsOf(schema: unknown): ReadonlyMap<string, unknown> {
  if (!isObject(schema)) return new Map()
  const entries = [schema.$defs, schema.definitions].flatMap((part) =>
    isObject(part) ? Object.entries(part) : [],
  )
  const definitions = new Map(entries)
  if (definitions.size < entries.length) throw unsupported('a name that is defined twice')
  return definitions
}

function convert(schema: unknown, state: State, depth: number): GrammarSchema {
  state.nodes += 1
  if (depth > MAX_DEPTH || state.nodes > MAX_NODES) throw unsupported('too deep or too large')
  if (!isObject(schema)) throw unsupported('a schema that is not an object')
  if (depth > 0 && ('$defs' in schema || 'definitions' in schema)) throw unsupported('nested definitions')
  const converted = convertKind(schema, state, depth)
  const description = schema.description
  return typeof description === 'string' ? { ...converted, description } : converted
}

function convertKind(schema: SchemaObject, state: State, depth: number): GrammarSchema {
  const type = schema.type
  if ('$ref' in schema) return convertReference(schema, state)
  if ('enum' in schema || 'const' in schema) return convertChoice(schema, state)
  if ('oneOf' in schema || 'anyOf' in schema) return convertUnion(schema, state, depth)
  if (Array.isArray(type)) return convertTypeList(schema, type, state, depth)
  if (type === 'object') return convertObject(schema, state, depth)
  if (type === 'array') return convertArray(schema, state, depth)
  if (type === 'string') return convertString(schema, state)
  const plain = PLAIN_TYPES.find((known) => known === type)
  if (plain === undefined) {
    if (state.strict) throw unsupported('a schema without a known type')
    return ANY_VALUE
  }
  checkKeywords(schema, KEYWORDS.plain, state)
  return { type: plain }
}

function checkKeywords(schema: SchemaObject, known: ReadonlySet<string>, state: State): void {
  if (!state.strict) return
  for (const keyword of Object.keys(schema)) {
    if (!known.has(keyword) && keyword !== 'description' && !ANNOTATIONS.has(keyword)) {
      throw unsupported('a keyword outside type, enum, properties, items, lengths and unions')
    }
  }
}

function convertReference(schema: SchemaObject, state: State): GrammarSchema {
  checkKeywords(schema, KEYWORDS.reference, state)
  if (schema.$ref === '#') {
    state.refersToRoot = true
    return { $ref: `#/$defs/${state.root}` }
  }
  const match = /^#\/(?:\$defs|definitions)\/(.{1,200})$/u.exec(String(schema.$ref))
  const name = match?.[1]
  if (name === undefined || !state.definitions.has(name)) throw unsupported('a reference outside $defs')
  return { $ref: `#/$defs/${name}` }
}

function convertChoice(schema: SchemaObject, state: State): GrammarSchema {
  checkKeywords(schema, KEYWORDS.choice, state)
  const choices = 'const' in schema ? [schema.const] : schema.enum
  if (!Array.isArray(choices) || choices.length === 0 || choices.length > MAX_CHOICES) {
    throw unsupported('an enum that is empty, too long or not a list')
  }
  if (!choices.every(isLiteral)) throw unsupported('an enum with values that are not literals')
  return { enum: choices }
}

function isLiteral(choice: unknown): choice is string | number | boolean | null {
  return choice === null || ['string', 'number', 'boolean'].includes(typeof choice)
}

function convertUnion(schema: SchemaObject, state: State, depth: number): GrammarSchema {
  checkKeywords(schema, KEYWORDS.union, state)
  const options = schema.oneOf ?? schema.anyOf
  const both = 'oneOf' in schema && 'anyOf' in schema
  if (both || !Array.isArray(options) || options.length === 0) throw unsupported('an empty or double union')
  return { oneOf: options.map((option) => convert(option, state, depth + 1)) }
}

function convertTypeList(
  schema: SchemaObject,
  types: readonly unknown[],
  state: State,
  depth: number,
): GrammarSchema {
  if (types.length === 0) throw unsupported('an empty list of types')
  const oneOf = types.map((type) => {
    const plain = PLAIN_TYPES.some((known) => known === type) && type !== 'string'
    return convert(plain ? { type } : { ...schema, type }, state, depth + 1)
  })
  return { oneOf }
}

function convertObject(schema: SchemaObject, state: State, depth: number): GrammarSchema {
  checkKeywords(schema, KEYWORDS.object, state)
  const properties = schema.properties ?? {}
  if (!isObject(properties)) throw unsupported('properties that are not an object')
  const converted = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, convert(property, state, depth + 1)]),
  )
  const required = schema.required ?? []
  if (!Array.isArray(required) || !required.every((name) => Object.hasOwn(properties, String(name)))) {
    throw unsupported('required names that are not among the properties')
  }
  return {
    type: 'object',
    properties: converted,
    ...convertAdditional(schema, Object.keys(properties).length, state, depth),
    ...bounds(schema, 'minProperties', 'maxProperties'),
  }
}

/** Free-form objects stay free-form; objects with named properties get these and no others. */
function convertAdditional(
  schema: SchemaObject,
  named: number,
  state: State,
  depth: number,
): { readonly additionalProperties?: boolean | GrammarSchema } {
  const additional = schema.additionalProperties
  if (isObject(additional)) return { additionalProperties: convert(additional, state, depth + 1) }
  if (additional === true || (additional === undefined && named === 0)) return { additionalProperties: true }
  return {}
}

function convertArray(schema: SchemaObject, state: State, depth: number): GrammarSchema {
  checkKeywords(schema, KEYWORDS.array, state)
  const { items, prefixItems } = schema
  if (prefixItems !== undefined && !Array.isArray(prefixItems))
    throw unsupported('prefixItems that is not a list')
  return {
    type: 'array',
    ...(items === undefined ? {} : { items: convert(items, state, depth + 1) }),
    ...(prefixItems === undefined
      ? {}
      : { prefixItems: prefixItems.map((item) => convert(item, state, depth + 1)) }),
    ...bounds(schema, 'minItems', 'maxItems'),
  }
}

function convertString(schema: SchemaObject, state: State): GrammarSchema {
  checkKeywords(schema, KEYWORDS.string, state)
  const format = schema.format
  const known = STRING_FORMATS.find((candidate) => candidate === format)
  if (format === undefined || (known === undefined && !state.strict)) {
    return { type: 'string', ...bounds(schema, 'minLength', 'maxLength') }
  }
  if (known === undefined || 'minLength' in schema || 'maxLength' in schema) {
    throw unsupported('a string format other than date-time, time and date')
  }
  return { type: 'string', format: known }
}

function bounds<Low extends string, High extends string>(
  schema: SchemaObject,
  low: Low,
  high: High,
): { readonly [keyword in Low | High]?: number } {
  const least = bound(schema[low])
  const most = bound(schema[high])
  if ((least ?? 0) > (most ?? Number.POSITIVE_INFINITY)) throw unsupported('a length range without room')
  const found: { [keyword in Low | High]?: number } = {}
  if (least !== undefined) Object.assign(found, { [low]: least })
  if (most !== undefined) Object.assign(found, { [high]: most })
  return found
}

function bound(value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_REPEAT) {
    throw unsupported(`a length that is not a whole number from 0 to ${MAX_REPEAT}`)
  }
  return value
}
