/**
 * Context words: what has to stand near a weak match before it counts. A window before and after the match is
 * searched; its size is fixed, so the cost of one question is too.
 */
import type { Span } from './types.ts'

/** UTF-16 units looked at before and after a match. A label stands in front more often than behind. */
export const BEFORE = 80
/** The same behind. */
export const AFTER = 32

/** Answers whether one of its words stands near a span. */
export interface ContextWords {
  /** `reach`: units looked at in front instead of the usual ones. */
  isNear(text: string, span: Span, reach?: number): boolean
  /** Whether one stands in a text that is in lower case already. */
  isIn(lowered: string): boolean
  /** The words as they were given. */
  readonly words: readonly string[]
}

/**
 * Scripts whose words may stand inside a run of letters: those written without spaces between words, and those that
 * write article, preposition and possessive as one word with the noun (Arabic, Hebrew).
 */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}]/u
const FIRST_UNSPACED = 0x0590

/** A word as a pattern: a space stands for any of the ways two words are joined in labels and identifiers. */
const escaped = (word: string): string =>
  word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '[\\s_\\-]{0,3}')

const alternatives = (words: readonly string[]): string =>
  words.length === 0 ? '(?!)' : words.map(escaped).join('|')

/** Whether a word is of a script in which it may stand inside a run of letters. */
export const isUnspacedWord = (word: string): boolean => UNSPACED.test(word)

/** The source of an expression for one word of context at the beginning of a word: see `contextWords`. */
export const wordPattern = (word: string): string =>
  escaped(word) + (word.length <= 4 ? '(?![\\p{L}\\p{N}])' : '')

/** The same, right where ASCII follows. */
export const asciiWordPattern = (word: string): string =>
  escaped(word) + (word.length <= 4 ? '(?![A-Za-z0-9])' : '')

/** Whether a unit of lower-cased text is a letter or digit of a word; beyond ASCII anything may be. */
const isWordLike = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit >= 0x80

const PAIRS = 1024
const pairOf = (first: number, second: number): number => (Math.imul(first, 31) + second) & (PAIRS - 1)

/**
 * Words looked for at the beginnings of words only: a table of their first two units says at which of these the
 * expression is worth running. Scanning for all alternatives at every unit costs thirty times as much.
 */
class WordSet {
  readonly #pairs = new Uint8Array(PAIRS)
  /** Right where ASCII stands on both sides. */
  readonly #bounded: RegExp
  readonly #source: string
  /** Right anywhere: made when it is needed, as sets of all letters take long to compile. */
  #exact: RegExp | null = null
  /** Words that may stand anywhere: in scripts without spaces, and as ends of compounds. */
  readonly #anywhere: RegExp | null
  readonly #needsUnspaced: boolean

  constructor(words: readonly string[]) {
    // The text is searched in its canonical view and in lower case, so the words are brought into the same form.
    const folded = words.map((word) => word.normalize('NFKC').toLowerCase())
    const isAnywhere = (word: string): boolean => word.startsWith('*') || UNSPACED.test(word)
    const bounded = folded.filter((word) => !isAnywhere(word))
    const whole = alternatives(bounded.filter((word) => word.length <= 4))
    const beginnings = alternatives(bounded.filter((word) => word.length > 4))
    this.#source = `(?:${beginnings}|(?:${whole})(?![\\p{L}\\p{N}]))`
    this.#bounded = new RegExp(`(?:${beginnings}|(?:${whole})(?![A-Za-z0-9]))`, 'uy')
    for (const word of bounded) this.#mark(word)
    const anywhere = folded.filter(isAnywhere)
    this.#needsUnspaced = anywhere.every((word) => UNSPACED.test(word))
    this.#anywhere =
      anywhere.length === 0
        ? null
        : new RegExp(alternatives(anywhere.map((word) => word.replace(/^\*/u, ''))), 'u')
  }

  #mark(word: string): void {
    const first = word.charCodeAt(0)
    // A space may stand for a hyphen, an underscore or nothing, and nothing may follow a word of one unit.
    if (word.length > 1 && word.charAt(1) !== ' ') this.#pairs[pairOf(first, word.charCodeAt(1))] = 1
    else for (let second = 0; second < PAIRS; second += 1) this.#pairs[pairOf(first, second)] = 1
  }

  #beginsAt(text: string, at: number, before: number): boolean {
    this.#bounded.lastIndex = at
    if (!this.#bounded.test(text)) return false
    if (before < 0x80 && !(text.charCodeAt(this.#bounded.lastIndex) >= 0x80)) return true
    this.#exact ??= new RegExp(`(?<![\\p{L}\\p{N}])${this.#source}`, 'uy')
    this.#exact.lastIndex = at
    return this.#exact.test(text)
  }

  /** `text`: in lower case. */
  isIn(text: string): boolean {
    let before = 0
    let isUnspaced = false
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at)
      if (unit >= FIRST_UNSPACED) isUnspaced = true
      // Beyond ASCII it takes the expression to know what is no letter, such as a quotation mark.
      if (!isWordLike(before) || before >= 0x80) {
        const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
        if (this.#pairs[pairOf(unit, next)] === 1) {
          if (this.#beginsAt(text, at, before)) return true
        }
      }
      before = unit
    }
    if (this.#anywhere === null || (this.#needsUnspaced && !isUnspaced)) return false
    return this.#anywhere.test(text)
  }
}

const INSIDE = /^[\p{L}\p{N}]{2}/u
/** So far the beginning of a window is moved, so that it does not make a word of a part of one. */
const MOST_MOVED = 24

const isInside = (text: string, at: number): boolean => INSIDE.test(text.slice(at - 1, at + 1))

/** The first offset from one on that is not inside a word. */
function wholeFrom(text: string, from: number): number {
  if (from <= 0) return 0
  let at = from
  while (at - from < MOST_MOVED && isInside(text, at)) at += 1
  return isInside(text, at) ? from : at
}

/**
 * Compiles context words. A word of up to four letters must stand whole; a longer one may go on ("passport" finds
 * "passports"); `*word` may also be the end of a compound ("*nummer"). A space in a phrase stands for up to three
 * spaces, underscores or hyphens, none included. Case does not matter.
 */
export function contextWords(words: readonly string[]): ContextWords {
  const near = new WordSet(words)
  return {
    isIn: (lowered) => near.isIn(lowered),
    words,
    isNear: (text, span, reach = BEFORE) => {
      const before = text.slice(wholeFrom(text, span.start - reach), span.start)
      if (near.isIn(before.toLowerCase())) return true
      return near.isIn(text.slice(span.end, span.end + AFTER).toLowerCase())
    },
  }
}
