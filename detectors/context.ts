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
  isNear(text: string, span: Span): boolean
}

/** Scripts written without spaces between words: a word of theirs may stand inside a run of letters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u

function toSource(word: string): string {
  const anywhere = word.startsWith('*')
  // The text is searched in its canonical view, so the words are brought into the same form.
  const bare = (anywhere ? word.slice(1) : word).normalize('NFKC')
  const escaped = bare
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

    .replace(/ /g, '[\\s_\\-]{0,3}')
  if (anywhere || UNSPACED.test(bare)) return escaped
  return `(?<![\\p{L}\\p{N}])${escaped}${bare.length <= 4 ? '(?![\\p{L}\\p{N}])' : ''}`
}

/**
 * Compiles context words. A word of up to four letters must stand whole; a longer one may go on ("passport" finds
 * "passports"); `*word` may also be the end of a compound ("*nummer"). A space in a phrase stands for up to three
 * spaces, underscores or hyphens, none included. Case does not matter.
 */
export function contextWords(words: readonly string[]): ContextWords {
  const near = new RegExp(words.map(toSource).join('|'), 'iu')
  return {
    isNear: (text, span) => {
      const before = text.slice(Math.max(0, span.start - BEFORE), span.start)
      if (near.test(before)) return true
      return near.test(text.slice(span.end, span.end + AFTER))
    },
  }
}
