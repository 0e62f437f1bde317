/** Papers of which every country has its own: driving licences, passports, number plates. One row a country. */
import type { KnownEntityType } from '../entities.ts'
import type { Recogniser } from '../types.ts'
import { defineId } from './national.ts'

/** One country's format of one kind of paper; letters and digits count, a label has to be near. */
export interface DocumentRow {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** As written; flag `i` where lower case is usual. */
  readonly pattern: RegExp
  /** Digits there are from the start on, at least. */
  readonly digits: number
  /** What it is called in the languages of the country, divided by `|`; the kind's English words come on top. */
  readonly words: string
  /** The authority that defines it. */
  readonly source: string
  /** Invented, or published as specimens; divided by `|`. */
  readonly good: string
  /** Malformed, or with a wrong check digit; divided by `|`. */
  readonly bad: string
  /** Gets the letters and digits alone, upper case. */
  readonly check?: (compact: string) => boolean
  /** Name of the check-digit algorithm, where `check` proves one. */
  readonly checksum?: string
  /** Score wherever it stands, where the format leaves little to chance. */
  readonly plain?: number
}

/** Where papers are spoken of in English, so that its words say nothing of another country. */
const ENGLISH: ReadonlySet<string> = new Set('US GB CA AU NZ IE IN ZA NG SG HK PH MY'.split(' '))

/** A bare number behind an English label is more often one of those countries' than of any other. */
const takesEnglish = ({ country, good }: DocumentRow): boolean =>
  ENGLISH.has(country) || good.split('|').every((value) => /[^0-9 ]/u.test(value))

/** Makes the recognisers of one kind: `code` ends their ids and subtypes, `words` are its English labels. */
export function defineDocuments(
  kind: { readonly entity: KnownEntityType; readonly code: string; readonly words: readonly string[] },
  rows: readonly DocumentRow[],
): readonly Recogniser[] {
  return rows.map((whole) => {
    const { words, good, bad, ...row } = whole
    return defineId({
      ...row,
      entity: kind.entity,
      code: kind.code,
      context: [
        ...words.split('|').filter((word) => word !== ''),
        ...(takesEnglish(whole) ? kind.words : []),
      ],
      alone: row.plain ?? 0,
      good: good.split('|'),
      bad: bad.split('|'),
    })
  })
}
