/**
 * The word lists of the tagger: what a word or phrase may be (a given name, a town, a frequent word of a
 * language), by hash alone. No list can be read back from it; about one unknown word in a thousand is
 * mistaken for a known one.
 */
import { mix } from './hash.ts'
import { formDegree } from './word-form.ts'

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

/** Bits of a cluster entry that number the word's cluster; 0 is no cluster. */
export const CLUSTER_BITS = 0x0fff

/** Set in the cluster entry of words that hold sentences together: pronouns, articles, auxiliaries. */
export const FUNCTION_WORD = 0x8000

/** Set in the cluster entry of words that are mostly written in small letters, whatever lists they are on. */
export const PLAIN_WORD = 0x4000

/** What a lexicon is made of: one entry per key, in the same order. */
export interface LexiconTables {
  /** From `lexiconKey`, ascending and distinct. */
  readonly keys: Int32Array
  /** Numbers of the entries' masks. */
  readonly maskNumbers: Uint16Array
  /** The distinct masks. */
  readonly masks: Int32Array
  /** Cluster entries: `CLUSTER_BITS`, `FUNCTION_WORD` and `PLAIN_WORD`. */
  readonly clusters: Uint16Array
  /** The group of every cluster, by its number. */
  readonly groups: Uint8Array
  /** What names are built like (`word-form.ts`); empty when that was not taught. */
  readonly forms: Int8Array
}

/** A sorted table from keys to entries, with an index into it by the first bits of a key. */
export class Lexicon {
  readonly tables: LexiconTables
  private readonly starts: Int32Array
  private readonly shift: number

  constructor(tables: LexiconTables) {
    const { keys } = tables
    let bits = 8
    while (2 ** bits < keys.length && bits < KEY_BITS) bits++
    this.tables = tables
    this.shift = KEY_BITS - bits
    this.starts = new Int32Array(2 ** bits + 1)
    let bucket = 0
    for (let n = 0; n < keys.length; n++) {
      const own = (keys[n] as number) >>> this.shift
      while (bucket < own) this.starts[++bucket] = n
    }
    while (bucket < 2 ** bits) this.starts[++bucket] = keys.length
  }

  /** The entry of the word or phrase with this hash, or -1. */
  find(hash: number): number {
    const { keys } = this.tables
    const key = lexiconKey(hash)
    const bucket = key >>> this.shift
    const end = this.starts[bucket + 1] as number
    for (let n = this.starts[bucket] as number; n < end; n++) if (keys[n] === key) return n
    return -1
  }

  /** What an entry may be: bits of `LexiconBit` and languages. */
  maskAt(entry: number): number {
    return this.tables.masks[this.tables.maskNumbers[entry] as number] as number
  }

  /** An entry's cluster: `CLUSTER_BITS`, `FUNCTION_WORD` and `PLAIN_WORD`. */
  clusterAt(entry: number): number {
    return this.tables.clusters[entry] as number
  }

  /** The group that a cluster belongs to; 0 for none. */
  groupOf(cluster: number): number {
    return this.tables.groups[cluster] ?? 0
  }

  /** How much a word on no list is built like names of people: 1 to 8, or 0 when that is not known. */
  formDegree(text: string, start: number, end: number): number {
    return formDegree(this.tables.forms, text, start, end)
  }

  /** What the word or phrase with this hash may be: bits of `LexiconBit` and languages; 0 when unknown. */
  lookUp(hash: number): number {
    const entry = this.find(hash)
    return entry < 0 ? 0 : this.maskAt(entry)
  }
}
