/** Numbers written as one word: digits run together, and the hundreds of languages that join them with what follows. */
import { LANGUAGES, SINGLE_WORDS, spellings } from './number-words.ts'

/** Fewest words that are written as one before they are taken for digits read aloud. */
const FEWEST_JOINED = 2
/** Fewest letters of a word that says two digits: `einsacht`; shorter words need no look. */
export const LEAST_JOINED = 6
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
const BEGINNINGS: ReadonlySet<string> = new Set(
  JOINED.flatMap(({ digits }) => [...digits.keys()].map((word) => word.slice(0, 2))),
)

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
  if (word.length < LEAST_JOINED) return null
  const lowered = word.toLowerCase().replace(JOINED_PLUS, '')
  if (HAS_SCALE.test(lowered)) return compoundNumber(lowered)?.toString() ?? null
  if (!BEGINNINGS.has(lowered.slice(0, 2))) return null
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
