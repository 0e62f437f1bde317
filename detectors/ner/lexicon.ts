/**
 * The word lists of the tagger: what a word or phrase may be (a given name, a town, a frequent word of a
 * language), by hash alone. No list can be read back from it; about one unknown word in a thousand is
 * mistaken for a known one.
 */
import { mix } from './hash.ts'

/** Bits of a lexicon entry. From `languages` on: one bit per language in which the word is frequent. */
export const LexiconBit = {
  given: 1 << 0,
  givenRare: 1 << 1,
  family: 1 << 2,
  familyRare: 1 << 3,
  place: 1 << 4,
  country: 1 << 5,
  street: 1 << 6,
  companyType: 1 << 7,
  orgWord: 1 << 8,
  title: 1 << 9,
  job: 1 << 10,
  nationality: 1 << 11,
  calendar: 1 << 12,
  company: 1 << 13,
  /** Some phrase of the lexicon begins with this word. */
  phraseStart: 1 << 14,
  addressWord: 1 << 15,
} as const

/** The languages whose frequent words the lexicon knows; the bit of `LANGUAGES[n]` is `1 << (16 + n)`. */
export const LANGUAGES: readonly string[] = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'pt',
  'sv',
  'da',
  'no',
  'fi',
  'ro',
  'cs',
  'hu',
  'tr',
]

/** The first language bit. */
export const LANGUAGE_SHIFT = 16

/** Bits of a mask that say what kind of name or word it is, without languages. */
export const KIND_BITS = 0xffff

/** Bits kept of a hash: entries are told apart by these alone. */
export const KEY_BITS = 28

/** The most tokens of a phrase. */
export const MAX_PHRASE = 5

/** Adds one more word to the hash of a phrase. */
export function addToPhrase(phrase: number, word: number): number {
  return mix(phrase, word)
}

/** The key of a word or phrase hash: its upper `KEY_BITS` bits, never 0 (which means "empty" in the table). */
export function lexiconKey(hash: number): number {
  return hash >>> (32 - KEY_BITS) || 1
}

/** An open-addressing hash table from keys to masks. */
export class Lexicon {
  private readonly keys: Int32Array
  private readonly masks: Int32Array
  private readonly slotMask: number

  /** `keys` distinct and non-zero (from `lexiconKey`), `masks` in the same order. */
  constructor(keys: Int32Array, masks: Int32Array) {
    let size = 1024
    while (size < keys.length * 2) size *= 2
    this.keys = new Int32Array(size)
    this.masks = new Int32Array(size)
    this.slotMask = size - 1
    for (let n = 0; n < keys.length; n++) this.put(keys[n] ?? 0, masks[n] ?? 0)
  }

  private put(key: number, mask: number): void {
    let slot = key & this.slotMask
    while (this.keys[slot] !== 0) slot = (slot + 1) & this.slotMask
    this.keys[slot] = key
    this.masks[slot] = mask
  }

  /** What the word or phrase with this hash may be: bits of `LexiconBit` and languages; 0 when unknown. */
  lookUp(hash: number): number {
    const { keys, slotMask } = this
    const key = lexiconKey(hash)
    let slot = key & slotMask
    for (;;) {
      const found = keys[slot]
      if (found === key) return this.masks[slot] ?? 0
      if (found === 0) return 0
      slot = (slot + 1) & slotMask
    }
  }
}
