/** How a national identifier is described: one row each, made into a recogniser here. */
import { definePattern, example } from '../define.ts'
import type { KnownEntityType } from '../entities.ts'
import type { Recogniser } from '../types.ts'

/** One identifier of one country. */
export interface IdRow {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Subtype without the country: `SSN`, `PASSPORT`. */
  readonly code: string
  /** `NATIONAL_ID` when absent. */
  readonly entity?: KnownEntityType
  /** As written, separators included. Flags `i` where lower case is usual. */
  readonly pattern: RegExp
  /** Digits there are from the start on, at least: what the scan is asked. */
  readonly digits: number
  /** Gets the letters and digits alone, upper case. */
  readonly check?: (compact: string) => boolean
  /** Name of the check-digit algorithm, where `check` proves one. */
  readonly checksum?: string
  /** Words one of which must be near, unless a score below says otherwise. */
  readonly context: readonly string[]
  /** Score wherever it stands; only where format and checksum leave little to chance. */
  readonly plain?: number
  /** Score where the text is nothing else; 0.7 when a checksum proves it, else 0. */
  readonly alone?: number
  /** The authority that defines it. */
  readonly source: string
  /** Valid, invented or published as specimens. */
  readonly good: readonly string[]
  /** Malformed or with a wrong check digit. */
  readonly bad: readonly string[]
}

const compactOf = (value: string): string => value.replace(/[^0-9A-Za-z]/gu, '').toUpperCase()

/** The recogniser of a row. A failed check always drops the match, whatever stands near. */
export function defineId(row: IdRow): Recogniser {
  const subtype = `${row.country}_${row.code}`
  const { check } = row
  const label = row.context[0] ?? ''
  return definePattern({
    id: subtype.toLowerCase(),
    entity: row.entity ?? 'NATIONAL_ID',
    pattern: row.pattern,
    digits: row.digits,
    ...(check === undefined ? {} : { validate: (value) => check(compactOf(value)) }),
    context: row.context,
    scores: {
      plain: row.plain ?? 0,
      alone: row.alone ?? (row.checksum === undefined ? 0 : 0.7),
      context: row.checksum === undefined ? 0.75 : 0.95,
    },
    about: {
      subtype,
      country: row.country,
      source: row.source,
      ...(row.checksum === undefined ? {} : { checksum: row.checksum }),
    },
    examples: [
      ...row.good.map((value) => example(`${label} ${value} ok`, value)),
      ...row.bad.map((value) => example(`${label} ${value} ok`)),
    ],
  })
}

/** Value of a digit or letter: 0 … 9, then A = 10 … Z = 35. */
export function alphaValue(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit <= 57 ? unit - 48 : unit - 55
}

/** Two digits of a year and a full year both as a number; `from` is inclusive. */
export function numberAt(text: string, from: number, length: number): number {
  return Number(text.slice(from, from + length))
}
