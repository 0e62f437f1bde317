/** Reads a request by its table: a NEW object, with nothing in it that the table does not name. */
import { WireError } from './errors.ts'
import { parseJsonText } from './json.ts'
import type {
  JsonTextRule,
  ListRule,
  NumberMapRule,
  NumberRule,
  ObjectRule,
  Rule,
  TaggedRule,
  TextRule,
} from './schema.ts'

/** How a request is read. */
export interface ReadOptions {
  /** Whether an unknown field is an error (`unsupported_field`); else it is left out. Default true. */
  readonly strictFields?: boolean
  /** What becomes of images, audio and files. `keep` only where nothing can leave. Default `refuse`. */
  readonly media?: 'refuse' | 'keep'
}

/** Depth of JSON inside a string, such as tool-call arguments. */
export const NESTED_DEPTH = 32

interface Context {
  readonly strict: boolean
  readonly keepMedia: boolean
  readonly ids: Map<string, string>
  readonly path: (string | number)[]
}

/**
 * The value as the table wants it. Throws `WireError`: `invalid_request` for a wrong type or value,
 * `unsupported_field` and `unsupported_content` for what cannot be taken; `param` says where.
 * Parts of `value` may be shared with the result, so the caller gives `value` away.
 */
export function readByRule(rule: Rule, value: unknown, options: ReadOptions = {}): unknown {
  return read(rule, value, {
    strict: options.strictFields ?? true,
    keepMedia: options.media === 'keep',
    ids: new Map(),
    path: [],
  })
}

function fail(context: Context, code: WireError['code']): never {
  throw new WireError(code, renderPath(context.path))
}

/** `messages[0].content`; null for the whole body. */
export function renderPath(path: readonly (string | number)[]): string | null {
  if (path.length === 0) return null
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

function read(rule: Rule, value: unknown, context: Context): unknown {
  switch (rule.kind) {
    case 'text':
      return readText(rule, value, context)
    case 'object':
      return readObject(rule, value, context)
    case 'list':
      return readList(rule, value, context)
    case 'tagged':
      return readTagged(rule, value, context)
    case 'either':
      return readEither(rule, value, context)
    case 'number':
      return readNumber(rule, value, context)
    case 'boolean':
      return typeof value === 'boolean' ? value : fail(context, 'invalid_request')
    case 'choice':
      return typeof value === 'string' && rule.values.includes(value)
        ? value
        : fail(context, 'invalid_request')
    case 'set':
      return typeof value === rule.type ? value : fail(context, 'invalid_request')
    case 'id':
      return readId(value, context)
    case 'json_text':
      return readJsonText(rule, value, context)
    case 'json':
      return value
    case 'number_map':
      return readNumberMap(rule, value, context)
    case 'media':
      return context.keepMedia ? value : fail(context, 'unsupported_content')
    case 'refused':
      return rule.spare === true && !context.strict ? undefined : fail(context, 'unsupported_content')
    case 'dropped':
      return undefined
    default:
      return rule satisfies never
  }
}

function readText(rule: TextRule, value: unknown, context: Context): string {
  if (typeof value !== 'string') return fail(context, 'invalid_request')
  if (rule.maxLength !== undefined && value.length > rule.maxLength) return fail(context, 'invalid_request')
  return value
}

/** Six decimals are more than any setting needs and too few to hide a number in. */
function readNumber(rule: NumberRule, value: unknown, context: Context): number {
  const fits = typeof value === 'number' && value >= rule.min && value <= rule.max
  if (!fits || (rule.integer && !Number.isInteger(value))) return fail(context, 'invalid_request')
  return Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6
}

function readObject(rule: ObjectRule, value: unknown, context: Context): Record<string, unknown> {
  if (!isRecord(value)) return fail(context, 'invalid_request')
  const result: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const field = rule.fields.get(name)
    const inner = value[name]
    if (field === undefined) {
      if (context.strict && !rule.lenient && inner !== null) fail(context, 'unsupported_field')
    } else if (inner === null) {
      if (rule.nullable.includes(name)) result[name] = null
    } else if (field.kind !== 'dropped') {
      context.path.push(name)
      const kept = read(field, inner, context)
      if (kept !== undefined) result[name] = kept
      context.path.pop()
    }
  }
  for (const name of rule.required) {
    if (Object.hasOwn(result, name)) continue
    context.path.push(name)
    fail(context, 'invalid_request')
  }
  return result
}

/** A list of which every item was left out is left out itself: clouds take no empty ones. */
function readList(rule: ListRule, value: unknown, context: Context): unknown[] | undefined {
  if (!Array.isArray(value)) return fail(context, 'invalid_request')
  if (value.length < rule.min || value.length > rule.max) return fail(context, 'invalid_request')
  const items = value.map((item: unknown, index) => {
    context.path.push(index)
    const result = read(rule.of, item, context)
    context.path.pop()
    return result
  })
  if (!items.includes(undefined)) return items
  const kept = items.filter((item) => item !== undefined)
  return kept.length === 0 ? undefined : kept
}

function readTagged(rule: TaggedRule, value: unknown, context: Context): unknown {
  if (!isRecord(value)) return fail(context, 'invalid_request')
  const given = Object.hasOwn(value, rule.tag) ? value[rule.tag] : undefined
  const tag = given ?? rule.fallback
  const inner = typeof tag === 'string' ? rule.cases.get(tag) : undefined
  if (inner === undefined) {
    context.path.push(rule.tag)
    return fail(context, 'invalid_request')
  }
  return read(inner, given === tag ? value : { ...value, [rule.tag]: tag }, context)
}

function readEither(rule: Extract<Rule, { kind: 'either' }>, value: unknown, context: Context): unknown {
  const inner =
    typeof value === 'string'
      ? rule.string
      : Array.isArray(value)
        ? rule.list
        : isRecord(value)
          ? rule.object
          : undefined
  return inner === undefined ? fail(context, 'invalid_request') : read(inner, value, context)
}

/**
 * Ids are numbered in order of appearance: nothing can hide in them, and a conversation that grows keeps its
 * prefix. Nine letters and digits, because some providers take nothing else.
 */
function readId(value: unknown, context: Context): string {
  if (typeof value !== 'string' || value.length > 256) return fail(context, 'invalid_request')
  const known = context.ids.get(value)
  if (known !== undefined) return known
  const fresh = `call${String(context.ids.size + 1).padStart(5, '0')}`
  context.ids.set(value, fresh)
  return fresh
}

function readJsonText(rule: JsonTextRule, value: unknown, context: Context): string {
  if (typeof value !== 'string') return fail(context, 'invalid_request')
  const tree = readTree(rule, value)
  return tree === undefined ? value : JSON.stringify(tree)
}

/** The JSON object or list in a text, or undefined where the rule treats the text as plain text. */
export function readTree(rule: JsonTextRule, value: string): object | undefined {
  if (rule.when === 'escaped' && !value.includes('\\')) return undefined
  if (!/^[ \t\r\n]{0,64}[[{]/.test(value)) return undefined
  const tree = parseJsonText(value, { depth: NESTED_DEPTH })
  return typeof tree === 'object' && tree !== null ? tree : undefined
}

function readNumberMap(rule: NumberMapRule, value: unknown, context: Context): Record<string, number> {
  if (!isRecord(value)) return fail(context, 'invalid_request')
  const result: Record<string, number> = {}
  for (const [key, amount] of Object.entries(value)) {
    const fits = /^(?:0|[1-9][0-9]{0,8})$/.test(key) && Number(key) <= rule.maxKey
    const inRange = typeof amount === 'number' && amount >= rule.min && amount <= rule.max
    if (!fits || !inRange) return fail(context, 'invalid_request')
    result[key] = Math.round(amount * 1e3) / 1e3
  }
  return result
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
