/**
 * Context words: what has to stand near a weak match before it counts. A window before and after the match is
 * searched; its size is fixed, so the cost of one question is too.
 */
import type { Span } from './types.ts'

/** UTF-16 units looked at before and after a match. A label stands in front more often than behind. */
const BEFORE = 80
const AFTER = 32

/** Answers whether one of its words stands near a span. */
export interface ContextWords {
  /** `reach`: units looked at in front instead of the usual ones. */
  isNear(text: string, span: Span, reach?: number): boolean
}

/** Scripts written without spaces between words: a word of theirs may stand inside a run of letters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u

/** A word as a pattern: a space stands for any of the ways two words are joined in labels and identifiers. */
const escaped = (word: string): string =>
  word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '[\\s_\\-]{0,3}')

const alternatives = (words: readonly string[]): string =>
  words.length === 0 ? '(?!)' : words.map(escaped).join('|')

/** One expression for all words; the boundary in front is asked once per place, not once per word. */
function toRegExp(words: readonly string[]): RegExp {
  // The text is searched in its canonical view and in lower case, so the words are brought into the same form.
  const folded = words.map((word) => word.normalize('NFKC').toLowerCase())
  const isAnywhere = (word: string): boolean => word.startsWith('*') || UNSPACED.test(word)
  const bounded = folded.filter((word) => !isAnywhere(word))
  const whole = alternatives(bounded.filter((word) => word.length <= 4))
  const beginnings = alternatives(bounded.filter((word) => word.length > 4))
  const anywhere = alternatives(folded.filter(isAnywhere).map((word) => word.replace(/^\*/u, '')))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${beginnings}|(?:${whole})(?![\\p{L}\\p{N}]))|${anywhere}`, 'u')
}

/**
 * Compiles context words. A word of up to four letters must stand whole; a longer one may go on ("passport" finds
 * "passports"); `*word` may also be the end of a compound ("*nummer"). A space in a phrase stands for up to three
 * spaces, underscores or hyphens, none included. Case does not matter.
 */
export function contextWords(words: readonly string[]): ContextWords {
  const near = toRegExp(words)
  return {
    isNear: (text, span, reach = BEFORE) => {
      const before = text.slice(Math.max(0, span.start - reach), span.start)
      if (near.test(before.toLowerCase())) return true
      return near.test(text.slice(span.end, span.end + AFTER).toLowerCase())
    },
  }
}
