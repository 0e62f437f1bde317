/**
 * The language the request tables are written in. A table says for every field of an endpoint what it is and
 * so what becomes of it; reading, walking, the leaf guard and the documentation all follow the same table.
 * A field that no table names does not exist.
 */
import type { EntityType } from '../../detectors/index.ts'

/** A number within bounds, both inclusive. */
export interface NumberRule {
  readonly kind: 'number'
  readonly min: number
  readonly max: number
  readonly integer: boolean
}

/** True or false. */
export interface BooleanRule {
  readonly kind: 'boolean'
}

/** One of a few fixed words. */
export interface ChoiceRule {
  readonly kind: 'choice'
  readonly values: readonly string[]
}

/** Text that may carry personal data: a slot. */
export interface TextRule {
  readonly kind: 'text'
  /** In UTF-16 units. */
  readonly maxLength?: number
  /** What the whole value is, even where the detectors find nothing in it. */
  readonly always?: EntityType
}

/**
 * Text that is JSON: read, walked (names too) and written again by us. What is not JSON is a text slot.
 * `escaped`: only where the text has escapes, so that a slot shows values and not their escaped spelling.
 */
export interface JsonTextRule {
  readonly kind: 'json_text'
  readonly when: 'always' | 'escaped'
}

/** Any JSON value: every string, long number and name is a slot. `schema`: the words of JSON Schema are not. */
export interface JsonRule {
  readonly kind: 'json'
  readonly words: 'none' | 'schema'
}

/** Image, audio or file: kept only where the caller says so, else refused. */
export interface MediaRule {
  readonly kind: 'media'
}

/** Something that cannot be looked into: refused. */
export interface RefusedRule {
  readonly kind: 'refused'
  /** Whether it is left out instead where unknown fields are: the request makes sense without it. */
  readonly spare?: boolean
}

/** Left out, with whatever is in it. */
export interface DroppedRule {
  readonly kind: 'dropped'
}

/** Read as a wish, and written by us before anything leaves. */
export interface SetRule {
  readonly kind: 'set'
  readonly type: 'string' | 'boolean'
  /** What becomes of it, for the documentation; absent: it is set by the proxy. */
  readonly treatment?: string
}

/** An id that ties parts of one request together: replaced by a number in order of appearance. */
export interface IdRule {
  readonly kind: 'id'
}

/** Numbers by small number, such as `logit_bias`. */
export interface NumberMapRule {
  readonly kind: 'number_map'
  readonly maxKey: number
  readonly min: number
  readonly max: number
}

/** A list of one kind of thing. */
export interface ListRule {
  readonly kind: 'list'
  readonly of: Rule
  readonly min: number
  readonly max: number
}

/** An object with these fields and no others. */
export interface ObjectRule {
  readonly kind: 'object'
  readonly fields: ReadonlyMap<string, Rule>
  readonly required: readonly string[]
  /** Fields whose `null` is kept; elsewhere `null` means absent. */
  readonly nullable: readonly string[]
  /** Whether unknown fields are left out even when they are refused elsewhere. */
  readonly lenient: boolean
}

/** What a kind of object is; a list leaves out items that are dropped. */
export type CaseRule = ObjectRule | TaggedRule | MediaRule | RefusedRule | DroppedRule

/** Objects told apart by one field, such as `role` or `type`. */
export interface TaggedRule {
  readonly kind: 'tagged'
  readonly tag: string
  readonly cases: ReadonlyMap<string, CaseRule>
  /** The case of an object without the field. */
  readonly fallback?: string
}

/** Different rules for different JSON types; a type without a rule is refused. */
export interface EitherRule {
  readonly kind: 'either'
  readonly string?: Rule
  readonly list?: Rule
  readonly object?: Rule
}

/** What a field is. */
export type Rule =
  | NumberRule
  | BooleanRule
  | ChoiceRule
  | TextRule
  | JsonTextRule
  | JsonRule
  | MediaRule
  | RefusedRule
  | DroppedRule
  | SetRule
  | IdRule
  | NumberMapRule
  | ListRule
  | ObjectRule
  | TaggedRule
  | EitherRule

/** A number from `min` to `max`. */
export const number = (min: number, max: number): NumberRule => ({ kind: 'number', min, max, integer: false })
/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number): NumberRule => ({ kind: 'number', min, max, integer: true })
/** True or false. */
export const boolean: BooleanRule = { kind: 'boolean' }
/** One of these words. */
export const choice = (...values: readonly string[]): ChoiceRule => ({ kind: 'choice', values })
/** A text slot. */
export const text: TextRule = { kind: 'text' }
/** A text slot of at most 256 units: names of tools and schemas. */
export const label: TextRule = { kind: 'text', maxLength: 256 }
/** JSON text, always walked. */
export const jsonText: JsonTextRule = { kind: 'json_text', when: 'always' }
/** Text that is walked as JSON where it has escapes. */
export const escapedJsonText: JsonTextRule = { kind: 'json_text', when: 'escaped' }
/** A JSON Schema. */
export const jsonSchema: JsonRule = { kind: 'json', words: 'schema' }
/** Any JSON. */
export const json: JsonRule = { kind: 'json', words: 'none' }
/** Image, audio or file. */
export const media: MediaRule = { kind: 'media' }
/** Opaque, so refused. */
export const refused: RefusedRule = { kind: 'refused' }
/** Refused, and left out where unknown fields are left out: tools that run at the cloud. */
export const spare: RefusedRule = { kind: 'refused', spare: true }
/** Left out. */
export const dropped: DroppedRule = { kind: 'dropped' }
/** A string set by us. */
export const setString: SetRule = { kind: 'set', type: 'string' }
/** A boolean set by us. */
export const setBoolean: SetRule = { kind: 'set', type: 'boolean' }
/** A rewritten id. */
export const id: IdRule = { kind: 'id' }

/** A list of `of`, with at least `min` and at most `max` items. */
export function list(of: Rule, bounds: { readonly min?: number; readonly max?: number } = {}): ListRule {
  return { kind: 'list', of, min: bounds.min ?? 0, max: bounds.max ?? Number.POSITIVE_INFINITY }
}

/** An object; a name ending in `!` is required, one ending in `?` keeps its `null`. */
export function object(
  fields: Readonly<Record<string, Rule>>,
  options: { lenient?: boolean } = {},
): ObjectRule {
  const names = Object.keys(fields)
  return {
    kind: 'object',
    fields: new Map(Object.entries(fields).map(([name, rule]) => [name.replace(/[!?]$/, ''), rule])),
    required: names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1)),
    nullable: names.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1)),
    lenient: options.lenient ?? false,
  }
}

/** Objects told apart by the field `tag`, which each case gets as a fixed word. */
export function tagged(
  tag: string,
  cases: Readonly<Record<string, CaseRule>>,
  options: { readonly fallback?: string } = {},
): TaggedRule {
  const marked = Object.entries(cases).map(([value, rule]) => [value, withTag(rule, tag, value)] as const)
  return { kind: 'tagged', tag, cases: new Map(marked), ...options }
}

function withTag(rule: CaseRule, tag: string, value: string): CaseRule {
  switch (rule.kind) {
    case 'object':
      return { ...rule, fields: new Map<string, Rule>([[tag, choice(value)], ...rule.fields]) }
    case 'tagged':
      return {
        ...rule,
        cases: new Map([...rule.cases].map(([name, inner]) => [name, withTag(inner, tag, value)])),
      }
    default:
      return rule
  }
}

/** Rules by JSON type. */
export function either(rules: Omit<EitherRule, 'kind'>): EitherRule {
  return { kind: 'either', ...rules }
}

/** Every field name and every fixed word of a table: what may stand in a body without being a slot. */
export function vocabulary(rule: Rule): { readonly names: Set<string>; readonly words: Set<string> } {
  const names = new Set<string>()
  const words = new Set<string>()
  const visit = (at: Rule): void => {
    if (at.kind === 'choice') for (const word of at.values) words.add(word)
    for (const [name, inner] of childrenOf(at)) {
      if (at.kind === 'object' && name !== null) names.add(name)
      visit(inner)
    }
  }
  visit(rule)
  return { names, words }
}

/** The rules directly inside a rule, with the name of a field or of a case. */
export function childrenOf(rule: Rule): readonly (readonly [string | null, Rule])[] {
  switch (rule.kind) {
    case 'object':
      return [...rule.fields]
    case 'tagged':
      return [...rule.cases]
    case 'list':
      return [[null, rule.of]]
    case 'either':
      return [rule.string, rule.list, rule.object].flatMap((inner) =>
        inner === undefined ? [] : [[null, inner] as const],
      )
    default:
      return []
  }
}
