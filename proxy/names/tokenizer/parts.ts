/** Reading of `tokenizer.json`: a tree of parts, each with a `type`. */
import { z } from 'zod'
import { NamesError } from '../errors.ts'

/** A part of the file, whose other fields depend on its type. */
export interface Part {
  readonly type: string
  readonly [field: string]: unknown
}

const partSchema = z.looseObject({ type: z.string().max(64) })

/** The part under a field; null where there is none. Throws `NamesError` when it is something else. */
export function partOf(value: unknown, field: string): Part | null {
  if (value === null || value === undefined) return null
  const part = partSchema.safeParse(value)
  if (!part.success) throw damaged(field)
  return part.data
}

/** The parts of a `Sequence`, or the part itself. */
export function partsOf(part: Part | null, list: string): readonly Part[] {
  if (part === null) return []
  if (part.type !== 'Sequence') return [part]
  const inner = part[list]
  if (!Array.isArray(inner) || inner.length > 32) throw damaged(list)
  return inner.flatMap((one: unknown) => partsOf(partOf(one, list), list))
}

/** A flag of a part. */
export function flag(part: Part, field: string, fallback: boolean): boolean {
  const value = part[field]
  return typeof value === 'boolean' ? value : fallback
}

/** A text of a part. */
export function textField(part: Part, field: string, fallback: string): string {
  const value = part[field]
  return typeof value === 'string' ? value : fallback
}

/** A pattern as the file writes it: `{"String": …}` or `{"Regex": …}`. */
export function patternOf(part: Part): RegExp {
  const shape = z.union([
    z.strictObject({ String: z.string().min(1).max(64) }),
    z.strictObject({ Regex: z.string().min(1).max(1000) }),
  ])
  const pattern = shape.safeParse(part.pattern)
  if (!pattern.success) throw damaged('pattern')
  const source =
    'String' in pattern.data
      ? pattern.data.String.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
      : withoutPossessives(pattern.data.Regex)
  try {
    return new RegExp(source, 'gu')
  } catch {
    throw unsupported(`the pattern of ${part.type}`)
  }
}

/** Possessive and inline-flag forms that JavaScript does not write; what they match stays the same. */
function withoutPossessives(source: string): string {
  return source
    .replace(/(?<!\\)([*+?}])\+/gu, '$1')
    .replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)", "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])")
}

/** An error that says which part of the file is not what it should be. */
export function damaged(field: string): NamesError {
  return new NamesError('file_damaged', `tokenizer.json: ${field} is not what it should be`)
}

/** An error that says which part of the file cannot be used. */
export function unsupported(what: string): NamesError {
  return new NamesError('unsupported', `tokenizer.json: ${what} is not supported`)
}
