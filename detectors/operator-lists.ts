/** What the operator says about values: never a finding (`allow`), always one (`deny`). */
import { ENTITY_NAME } from './entities.ts'
import { WordTable } from './scan.ts'
import { analyseText, scanOf } from './text.ts'
import type { AnalysedText, DenyEntry, Finding } from './types.ts'

/** The compiled lists. */
export interface OperatorLists {
  readonly hasAllowed: boolean
  /** Whether a value, as a whole and in any case, is on the allow list. */
  isAllowed(value: string): boolean
  /** Every denied value in the text; spans are canonical, may overlap. */
  findDenied(text: AnalysedText): readonly Finding[]
}

/**
 * How an allowed value is compared: exactly, but for case and white space around it. Not in the canonical view, or what
 * only looks like an allowed value would pass for it.
 */
const exactly = (value: string): string => value.trim().normalize('NFC').toLowerCase()

const canonicalLower = (value: string): string => analyseText(value.trim()).canonical.toLowerCase()

const WORD = /[\p{L}\p{M}\p{N}_]/u
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const STARTS_WITH_WORD = /^[\p{L}\p{N}]/u

/** Values that are not plain words: one expression each, limited by what is not a word where that makes sense. */
function toRegExp(value: string): RegExp {
  const escaped = value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const characters = [...value]
  const bounded = (character: string | undefined): boolean =>
    character !== undefined && WORD.test(character) && !UNSPACED.test(character)
  const before = bounded(characters[0]) ? '(?<![\\p{L}\\p{M}\\p{N}])' : ''
  const after = bounded(characters.at(-1)) ? '(?![\\p{L}\\p{M}\\p{N}])' : ''
  return new RegExp(before + escaped + after, 'giu')
}

/**
 * Compiles the operator's lists. Case does not matter. Denied values are found between word boundaries of the canonical
 * view, however they are composed or spaced by invisible characters; allowed ones have to be there as they were given.
 * Throws `RangeError` naming the position of a bad type; empty values are ignored.
 */
export function compileLists(allow: readonly string[], deny: readonly DenyEntry[]): OperatorLists {
  const allowed = new Set(allow.map(exactly).filter((value) => value !== ''))
  const words: (readonly [string, string])[] = []
  const patterns: (readonly [RegExp, string])[] = []
  deny.forEach(({ type, values }, index) => {
    if (!ENTITY_NAME.test(type)) throw new RangeError(`detectors.deny[${index}].type is not an entity name`)
    for (const value of values.map(canonicalLower)) {
      if (value === '') continue
      if (STARTS_WITH_WORD.test(value) && !UNSPACED.test(value)) words.push([value, type])
      else patterns.push([toRegExp(value), type])
    }
  })
  const table = words.length === 0 ? null : new WordTable(words)
  return {
    hasAllowed: allowed.size > 0,
    isAllowed: (value) => allowed.has(exactly(value)),
    findDenied: (text) => {
      const findings: Finding[] = []
      const add = (start: number, end: number, entity: string): void => {
        findings.push({ entity, span: { start, end }, score: 1, recogniser: 'deny' })
      }
      table?.each(text.canonical, scanOf(text).words, add)
      for (const [pattern, type] of patterns) {
        for (const match of text.canonical.matchAll(pattern))
          add(match.index, match.index + match[0].length, type)
      }
      return findings
    },
  }
}
