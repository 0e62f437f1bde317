/**
 * Canonical JSON of a closed shape, checked and written in one pass. The text is RFC 8785 (JCS): object keys
 * sorted by UTF-16 code units, strings and numbers as ECMAScript serialises them, no white space. So the same
 * entry always has the same bytes, and its hash can stand in a Merkle tree.
 */
import { AuditError } from './errors.ts'

/** The canonical text of one value, or undefined when the value is not of the field's form. */
export type Field = (value: unknown) => string | undefined

/** An optional member may be absent (or undefined); every other one must be there. */
export interface Member {
  readonly name: string
  readonly optional: boolean
  readonly field: Field
  /** `"name":` as it stands in the text. */
  readonly prefix: string
}

/** Marks a member as optional. */
export function optional(field: Field): { readonly optional: Field } {
  return { optional: field }
}

/**
 * The canonical text of an object with exactly these members: a member more, less or of another form throws
 * `AuditError` `invalid` that names the member.
 */
export function closedObject(members: Readonly<Record<string, Field | { readonly optional: Field }>>): Field {
  const sorted = Object.entries(members)
    .map(([name, field]): Member => {
      const isOptional = typeof field !== 'function'
      const prefix = `${JSON.stringify(name)}:`
      return { name, optional: isOptional, field: isOptional ? field.optional : field, prefix }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return (value) => (isRecord(value) ? writeMembers(sorted, value) : undefined)
}

function writeMembers(members: readonly Member[], value: Readonly<Record<string, unknown>>): string {
  let text = ''
  let unread = 0
  for (const name in value) if (value[name] !== undefined) unread += 1
  for (const member of members) {
    const part = value[member.name]
    if (part === undefined) {
      if (member.optional) continue
      throw new AuditError('invalid', `${member.name} is missing`)
    }
    const written = member.field(part)
    if (written === undefined) throw new AuditError('invalid', `${member.name} has the wrong form`)
    text += text === '' ? member.prefix + written : `,${member.prefix}${written}`
    unread -= 1
  }
  if (unread !== 0) throw new AuditError('invalid', 'there is a field that no audit record has')
  return `{${text}}`
}

/** An object of any members whose names match and whose values all have one form. At most `max` members. */
export function mapOf(name: RegExp, field: Field, max: number): Field {
  return (value) => {
    if (!isRecord(value)) return undefined
    const names = Object.keys(value).sort()
    if (names.length > max) return undefined
    let text = ''
    for (const key of names) {
      const written = name.test(key) ? field(value[key]) : undefined
      if (written === undefined) return undefined
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${written}`
    }
    return `{${text}}`
  }
}

/** A list of values of one form. At most `max`. */
export function listOf(field: Field, max: number): Field {
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return undefined
    const parts: string[] = []
    for (const item of value) {
      const written = field(item)
      if (written === undefined) return undefined
      parts.push(written)
    }
    return `[${parts.join(',')}]`
  }
}

/** A string that matches. The pattern must exclude lone surrogates, which have no UTF-8. */
export function matching(pattern: RegExp): Field {
  return (value) => (typeof value === 'string' && pattern.test(value) ? JSON.stringify(value) : undefined)
}

/** One of a few strings. */
export function oneOf(...values: readonly string[]): Field {
  const texts = new Map(values.map((value) => [value, JSON.stringify(value)]))
  return (value) => (typeof value === 'string' ? texts.get(value) : undefined)
}

/** The same, or null. */
export function nullable(field: Field): Field {
  return (value) => (value === null ? 'null' : field(value))
}

/** An integer from 0 to 2^53 - 1. */
export function count(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? String(value + 0)
    : undefined
}

/** A finite number, as ECMAScript writes it; -0 is 0. */
export function finite(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? JSON.stringify(value) : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
