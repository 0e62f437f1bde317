/** Random request bodies, made from the very table that reads them; every text in them is its own mark. */
import fc from 'fast-check'
import type { ObjectRule, Rule } from '../../proxy/wire/schema.ts'

/** Marks look like `§17§`: unique in a body and not a word of any table. */
export const MARK = /§[0-9]+§/g

/** A body and how many marks are in it. */
export interface MarkedBody {
  readonly body: Record<string, unknown>
  readonly marks: number
}

/** Random valid bodies of a table. `mark`: what each text is; different for each number. */
export function markedBodies(
  rule: ObjectRule,
  mark: (number: number) => string = (number) => `§${number}§`,
): fc.Arbitrary<MarkedBody> {
  return arbitraryOf(rule, 0).map((shape) => {
    let marks = 0
    const body = fill(shape, () => {
      marks += 1
      return mark(marks)
    })
    return { body: body as Record<string, unknown>, marks }
  })
}

/** Stands for a text until the marks are numbered. */
const HOLE = Symbol('text')
const JSON_HOLE = Symbol('json text')

interface JsonHole {
  readonly [JSON_HOLE]: unknown
  readonly broken: boolean
}

function fill(shape: unknown, next: () => string): unknown {
  if (shape === HOLE) return next()
  if (Array.isArray(shape)) return shape.map((item) => fill(item, next))
  if (typeof shape !== 'object' || shape === null) return shape
  if (JSON_HOLE in shape) {
    const { broken, ...hole } = shape as JsonHole
    const text = JSON.stringify(fill(hole[JSON_HOLE], next))
    return broken ? text.slice(0, -1) : text
  }
  return Object.fromEntries(
    Object.entries(shape).map(([key, value]) => [key.startsWith('?') ? next() : key, fill(value, next)]),
  )
}

/** JSON whose strings and names are all marks. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant<unknown>(HOLE),
    fc.integer({ min: -99, max: 99 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(tie('value'), { maxLength: 3 })
    .map((values) => Object.fromEntries(values.map((value, index) => [`?${index}`, value]))),
})).object

function arbitraryOf(rule: Rule, depth: number): fc.Arbitrary<unknown> {
  switch (rule.kind) {
    case 'text':
      return fc.constant(HOLE)
    case 'number':
      return fc.integer({ min: Math.ceil(Math.max(rule.min, -999)), max: Math.min(rule.max, 999) })
    case 'boolean':
      return fc.boolean()
    case 'choice':
      return fc.constantFrom(...rule.values)
    case 'set':
      return rule.type === 'boolean' ? fc.boolean() : fc.constant('cloakroom-auto')
    case 'id':
      return fc.constantFrom('call_a', 'call_b', 'fc-9')
    case 'json':
      return json
    case 'json_text':
      return fc.record({ [JSON_HOLE]: json, broken: fc.boolean() } as never)
    case 'number_map':
      return fc.dictionary(fc.nat(999_999).map(String), fc.integer({ min: -100, max: 100 }), { maxKeys: 3 })
    case 'list':
      return fc.array(arbitraryOf(rule.of, depth + 1), {
        minLength: rule.min,
        maxLength: Math.min(rule.max, Math.max(rule.min, depth === 0 ? 4 : 2)),
      })
    case 'object':
      return objectOf(rule, depth)
    case 'tagged':
      return fc.oneof(
        ...[...rule.cases].flatMap(([value, inner]) =>
          inner.kind === 'object' || inner.kind === 'tagged'
            ? [arbitraryOf(inner, depth).map((fields) => ({ ...(fields as object), [rule.tag]: value }))]
            : [],
        ),
      )
    case 'either':
      return fc.oneof(
        ...[rule.string, rule.list, rule.object].flatMap((inner) =>
          inner === undefined ? [] : [arbitraryOf(inner, depth)],
        ),
      )
    default:
      return fc.constant(undefined)
  }
}

function objectOf(rule: ObjectRule, depth: number): fc.Arbitrary<unknown> {
  const usable = [...rule.fields].filter(([, inner]) => !['media', 'refused', 'dropped'].includes(inner.kind))
  const model = Object.fromEntries(usable.map(([name, inner]) => [name, arbitraryOf(inner, depth + 1)]))
  return fc.record(model, { requiredKeys: [...rule.required], noNullPrototype: true })
}
