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
  /** `"name":` as it stands in the text, and with a comma before it. */
  readonly prefix: string
  readonly following: string
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
      const form = isOptional ? field.optional : field
      return { name, optional: isOptional, field: form, prefix, following: `,${prefix}` }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return (value) => (isRecord(value) ? writeMembers(sorted, value) : undefined)
}

function writeMembers(members: readonly Member[], value: Readonly<Record<string, unknown>>): string {
  let text = ''
  let written = 0
  for (const member of members) {
    const part = value[member.name]
    if (part === undefined) {
      if (member.optional) continue
      throw new AuditError('invalid', `${member.name} is missing`)
    }
    const canonical = member.field(part)
    if (canonical === undefined) throw new AuditError('invalid', `${member.name} has the wrong form`)
    text += (written === 0 ? member.prefix : member.following) + canonical
    written += 1
  }
  // Names are counted, not looked up: as many of them as were written are exactly those that were written.
  if (Object.keys(value).length !== written && definedMembers(value) !== written) {
    throw new AuditError('invalid', 'there is a field that no audit record has')
  }
  return `{${text}}`
}

function definedMembers(value: Readonly<Record<string, unknown>>): number {
  return Object.values(value).filter((part) => part !== undefined).length
}

/**
 * An object of any members whose names match and whose values all have one form. At most `max` members. The
 * pattern must exclude what JSON escapes.
 */
export function mapOf(name: RegExp, field: Field, max: number): Field {
  return (value) => {
    if (!isRecord(value)) return undefined
    const names = Object.keys(value)
    if (names.length > max) return undefined
    if (names.length > 1) names.sort()
    let text = ''
    for (const key of names) {
      const written = name.test(key) ? field(value[key]) : undefined
      if (written === undefined) return undefined
      text += text === '' ? `"${key}":${written}` : `,"${key}":${written}`
    }
    return `{${text}}`
  }
}

/** A list of values of one form. At most `max`. */
export function listOf(field: Field, max: number): Field {
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return undefined
    let text = ''
    for (const item of value) {
      const written = field(item)
      if (written === undefined) return undefined
      text += text === '' ? written : `,${written}`
    }
    return `[${text}]`
  }
}

/**
 * A string that matches. The pattern must exclude lone surrogates, which have no UTF-8. The last string and its
 * text are kept: policies, rules, users and destinations come again with most entries.
 */
export function matching(pattern: RegExp): Field {
  let last: string | undefined
  let text: string | undefined
  return (value) => {
    if (value === last) return text
    if (typeof value !== 'string' || !pattern.test(value)) return undefined
    text = JSON.stringify(value)
    last = value
    return text
  }
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
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? `${value}` : undefined
}

/** A finite number, as ECMAScript writes it; -0 is 0. */
export function finite(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? `${value}` : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
