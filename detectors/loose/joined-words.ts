/** Numbers written as one word: digits run together, and the hundreds of languages that join them with what follows. */
import { LANGUAGES, SINGLE_WORDS, spellings } from './number-words.ts'

/** Fewest words that are written as one before they are taken for digits read aloud. */
const FEWEST_JOINED = 2
/** Fewest letters of a word that says two digits: `einsacht`; shorter words need no look. */
const LEAST_JOINED = 6
/** A plus in front of a telephone number. */
const JOINED_PLUS = /^(?:plus|más|mas|più|piu|mais)(?=\p{L})/u

/** Digits of one language by their words, longest first. */
interface Joined {
  readonly pattern: RegExp
  readonly digits: ReadonlyMap<string, string>
}

/** Only the words for zero to nine: with more of them, too many ordinary words could be read as numbers. */
const JOINED: readonly Joined[] = LANGUAGES.map((language) => {
  const digits = new Map<string, string>()
  for (const [n, words] of language.small.split(' ').slice(0, 13).entries())
    for (const word of words.split('/').flatMap(spellings)) if (word.length > 1) digits.set(word, String(n))
  const longest = [...digits.keys()].sort((a, b) => b.length - a.length)
  return { pattern: new RegExp(`(?:${longest.join('|')})`, 'uy'), digits }
})
/** Bits of the first three letters of a word. */
const KEY_BITS = 15
const KEY_LENGTH = 3
const keyOf = (text: string, start: number): number => {
  let key = 0
  // Enough of lower case for a filter: letters beyond ASCII have both of their cases in it.
  for (let at = start; at < start + KEY_LENGTH; at += 1) {
    const unit = text.charCodeAt(at)
    key = (Math.imul(key, 37) + (unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit)) & ((1 << KEY_BITS) - 1)
  }
  return key
}

/** Beginnings of all words that say a number or a plus, in both cases: most words of a text are passed over by them. */
const BEGINNINGS = (() => {
  const table = new Uint8Array(1 << KEY_BITS)
  const scales = ['hundert', 'tausend', 'honderd', 'duizend', 'cento', 'mille']
  const small = JOINED.flatMap(({ digits }) => [...digits.keys()])
  for (const word of [
    ...SINGLE_WORDS.keys(),
    ...small,
    ...scales,
    'plus',
    'más',
    'mas',
    'più',
    'piu',
    'mais',
  ]) {
    // A number of two letters may be followed by any other one.
    const wholes = word.length >= KEY_LENGTH ? [word] : small.map((next) => word + next)
    for (const whole of wholes)
      for (const cased of [whole, whole.toUpperCase(), whole.charAt(0).toUpperCase() + whole.slice(1)])
        table[keyOf(cased, 0)] = 1
  }
  return table
})()

/** Whether a word of a text may say more than one digit. */
export const mayBeJoined = (text: string, start: number, end: number): boolean =>
  end - start >= LEAST_JOINED && BEGINNINGS[keyOf(text, start)] === 1

/** Hundreds and thousands of languages that write them as one word with the rest. */
const COMPOUNDS = [
  { hundred: 'hundert', thousand: 'tausend', and: 'und' },
  { hundred: 'honderd', thousand: 'duizend', and: 'en' },
  { hundred: 'cento', thousand: /mille|mila/u, and: '' },
] as const
const HAS_SCALE = /hundert|tausend|honderd|duizend|cento|mil(?:le|la|a)/u
/** More letters than the longest number below a million has. */
const LONGEST_COMPOUND = 72

/** The number below a hundred that a part of a compound says; null for anything else. */
function smallNumber(part: string, and: string): number | null {
  const reading =
    SINGLE_WORDS.get(part) ?? SINGLE_WORDS.get(part.startsWith(and) ? part.slice(and.length) : part)
  return reading?.kind === 'digits' && reading.digits.length < 3 ? Number(reading.digits) : null
}

/** The number that a word says with its hundreds or thousands: `zweihundertdreizehn`; null for any other. */
function compoundNumber(word: string): number | null {
  if (word.length > LONGEST_COMPOUND) return null
  for (const { hundred, thousand, and } of COMPOUNDS) {
    const below = (text: string): number | null => {
      if (text === '') return 0
      const at = text.indexOf(hundred)
      if (at < 0) return smallNumber(text, and)
      const count = at === 0 ? 1 : smallNumber(text.slice(0, at), '')
      const rest = text.slice(at + hundred.length)
      const tail = rest === '' ? 0 : smallNumber(rest, and)
      return count === null || tail === null || count > 19 ? null : count * 100 + tail
    }
    const [first = '', second, ...more] = word.split(thousand)
    if (more.length > 0) continue
    const low = below(second ?? first)
    const high = second === undefined ? 0 : first === '' ? 1 : below(first)
    if (low !== null && high !== null && high * 1000 + low >= 100) return high * 1000 + low
  }
  return null
}

/**
 * What a word says that is nothing but digits read aloud, written together, or a number with its hundreds:
 * `viereinseins`, `zweihundertdreizehn`. Null for any other.
 */
export function joinedDigits(word: string): string | null {
  if (!mayBeJoined(word, 0, word.length)) return null
  const lowered = word.toLowerCase().replace(JOINED_PLUS, '')
  if (HAS_SCALE.test(lowered)) return compoundNumber(lowered)?.toString() ?? null
  for (const { pattern, digits } of JOINED) {
    let said = ''
    let count = 0
    let at = 0
    for (; at < lowered.length; count += 1) {
      pattern.lastIndex = at
      const found = pattern.exec(lowered)?.[0]
      if (found === undefined) break
      said += digits.get(found) ?? ''
      at += found.length
    }
    if (at === lowered.length && count >= FEWEST_JOINED) return said
  }
  return null
}
