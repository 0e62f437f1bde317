/**
 * One pass over a canonical text that notes where something could be: words with their hashes, tokens with
 * digits and how they chain, `@`, colons, dots between letters, long tokens. Patterns then run at these
 * places only, so that a text without candidates costs one pass and nothing else.
 */

import { runBit } from './first-run.ts'

/** Words of a text (letters and digits, any script), in order. `hashes` are of the lower-cased words. */
export interface WordList {
  readonly count: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly hashes: Int32Array
  /** Indices of the words that some table may have, with the state of the tables they were computed for. */
  candidates: { readonly tables: number; readonly indices: readonly number[] } | null
}

/**
 * Places where something with digits may start: every token with a digit, and the short letter tokens in
 * front of one (`AB 12 34 56 C`). `digits` counts the digits from here to the end of its chain, at most 255;
 * a chain is a run of tokens at most four characters apart.
 */
export interface NumberStarts {
  readonly starts: readonly number[]
  readonly digits: readonly number[]
  /** The run of digits or of letters at each start: see `runBit`. */
  readonly runs: readonly number[]
  /** All of `runs` in one. */
  readonly anyRun: number
  /** Whether an identifier may begin at each start, by kind of boundary: filled by who asks (`define.ts`). */
  readonly boundaries: Uint8Array
  /** The most digits any chain has: the cheapest question a pattern can ask. */
  readonly most: number
}

/** What the pass found. All offsets are in the scanned text, ascending. */
export interface TextScan {
  readonly words: WordList
  readonly numbers: NumberStarts
  /** Offsets of `@`. */
  readonly ats: readonly number[]
  /** Offsets of `:`. */
  readonly colons: readonly number[]
  /** Offsets of dots with a letter or digit on both sides. */
  readonly dots: readonly number[]
  /** Flat pairs `[start, end)` of runs of at least 16 characters without white space, brackets or quotes. */
  readonly blobs: readonly number[]
}

const LETTER = 1
const DIGIT = 2
const CONNECTOR = 4

/** Class of every ASCII character. Connectors hold a blob together: a URL, a key, a base64 string. */
const CLASS = (() => {
  const table = new Uint8Array(128)
  for (let i = 0x30; i <= 0x39; i += 1) table[i] = DIGIT
  for (let i = 0; i < 26; i += 1) {
    table[0x41 + i] = LETTER
    table[0x61 + i] = LETTER
  }
  for (const connector of '_-+/=.~:%@!$&#?') table[connector.charCodeAt(0)] = CONNECTOR
  return table
})()

/** Simple lower case of the units below U+0600; the rest are their own. */
const LOWER = (() => {
  const table = new Uint16Array(0x600)
  for (let unit = 0; unit < table.length; unit += 1) {
    const lower = String.fromCharCode(unit).toLowerCase()
    table[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit
  }
  return table
})()

/** Whether a unit from U+0080 up is part of a word. Symbols, punctuation and lone surrogates are not. */
function isWordUnit(unit: number): boolean {
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba
  if (unit < 0x2000) return unit !== 0xd7 && unit !== 0xf7
  if (unit < 0x2c00) return unit >= 0x2070 && unit < 0x20a0
  if (unit < 0x3100) return unit >= 0x3040 || unit === 0x3005 || unit < 0x2e00
  return (unit < 0xd800 || unit > 0xdfff) && unit < 0xff00
}

/** Han, Kana, Hangul and Thai: written without spaces, or with endings that stick to foreign words. */
const isUnspaced = (unit: number): boolean => unit >= 0x0e00 && (unit <= 0x0e7f || unit >= 0x2e80)

const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193

/** Hash of a word as `WordList` has it: FNV-1a over lower-cased UTF-16 units. */
export function hashWord(word: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < word.length; i += 1) {
    const unit = word.charCodeAt(i)
    hash = Math.imul(hash ^ (unit < 0x600 ? (LOWER[unit] ?? unit) : unit), FNV_PRIME)
  }
  return hash
}

/** A pass writes here first, because most texts have far fewer words than there is room for. */
const SHARED_WORDS = 1 << 14
const SHARED = {
  starts: new Int32Array(SHARED_WORDS),
  ends: new Int32Array(SHARED_WORDS),
  hashes: new Int32Array(SHARED_WORDS),
}

/** State of the pass between tokens. */
class Scanner {
  readonly text: string
  readonly wordStarts: Int32Array
  readonly wordEnds: Int32Array
  readonly wordHashes: Int32Array
  words = 0
  readonly starts: number[] = []
  readonly #own: number[] = []
  readonly #linked: boolean[] = []
  readonly #runs: number[] = []
  #anyRun = 0
  readonly ats: number[] = []
  readonly colons: number[] = []
  readonly dots: number[] = []
  readonly blobs: number[] = []
  #chainEnd = -10
  #shortA = -10
  #shortAEnd = -10
  #shortB = -10
  #shortBEnd = -10

  constructor(text: string) {
    this.text = text
    const capacity = (text.length >> 1) + 1
    const isShared = capacity <= SHARED_WORDS
    this.wordStarts = isShared ? SHARED.starts : new Int32Array(capacity)
    this.wordEnds = isShared ? SHARED.ends : new Int32Array(capacity)
    this.wordHashes = isShared ? SHARED.hashes : new Int32Array(capacity)
  }

  /** What was noted of the words, in arrays of their number. */
  wordList(): WordList {
    const count = this.words
    return {
      count,
      starts: this.wordStarts.slice(0, count),
      ends: this.wordEnds.slice(0, count),
      hashes: this.wordHashes.slice(0, count),
      candidates: null,
    }
  }

  /** Notes a token of letters and digits. The last two short words are kept: they may lead to a number. */
  token(start: number, end: number, hash: number, digits: number): void {
    this.wordStarts[this.words] = start
    this.wordEnds[this.words] = end
    this.wordHashes[this.words] = hash
    this.words += 1
    if (digits > 0) this.#numberToken(start, end, digits)
    else if (end - start <= 4) {
      this.#shortA = this.#shortB
      this.#shortAEnd = this.#shortBEnd
      this.#shortB = start
      this.#shortBEnd = end
    }
  }

  #numberToken(start: number, end: number, digits: number): void {
    if (this.#shortB > this.#chainEnd && start - this.#shortBEnd <= 4) {
      if (this.#shortA > this.#chainEnd && this.#shortB - this.#shortAEnd <= 2)
        this.#add(this.#shortA, this.#shortAEnd, 0)
      this.#add(this.#shortB, this.#shortBEnd, 0)
    }
    this.#add(start, end, digits)
  }

  #add(start: number, end: number, digits: number): void {
    this.starts.push(start)
    const run = this.#runAt(start, end)
    this.#runs.push(run)
    this.#anyRun |= run
    this.#own.push(digits)
    this.#linked.push(start - this.#chainEnd <= 4)
    this.#chainEnd = end
  }

  #runAt(start: number, end: number): number {
    const isDigits = isDigitAt(this.text, start)
    let to = start + 1
    while (to < end && isDigitAt(this.text, to) === isDigits) to += 1
    return runBit(isDigits, to - start)
  }

  numbers(): NumberStarts {
    const digits = new Array<number>(this.starts.length)
    let following = 0
    let most = 0
    for (let i = this.starts.length - 1; i >= 0; i -= 1) {
      const total = Math.min(255, (this.#own[i] ?? 0) + following)
      digits[i] = total
      if (total > most) most = total
      following = this.#linked[i] === true ? total : 0
    }
    const boundaries = new Uint8Array(this.starts.length)
    return { starts: this.starts, digits, runs: this.#runs, anyRun: this.#anyRun, boundaries, most }
  }
}

function isDigitAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0x30 && unit <= 0x39
}

const MIN_BLOB = 16

/** Scans a canonical text once. Linear; throws nothing. */
export function scanText(text: string): TextScan {
  const scanner = new Scanner(text)
  const { length } = text
  let blobStart = 0
  let at = 0
  while (at < length) {
    let unit = text.charCodeAt(at)
    let kind = unit < 128 ? (CLASS[unit] ?? 0) : isWordUnit(unit) ? LETTER : 0
    if ((kind & (LETTER | DIGIT)) !== 0) {
      const start = at
      const unspaced = isUnspaced(unit)
      let hash = FNV_OFFSET
      let digits = 0
      do {
        hash = Math.imul(hash ^ (unit < 0x600 ? (LOWER[unit] ?? unit) : unit), FNV_PRIME)
        digits += kind >> 1
        at += 1
        if (at >= length) break
        unit = text.charCodeAt(at)
        if (unit < 128) {
          kind = CLASS[unit] ?? 0
          if (unspaced || kind === 0 || kind === CONNECTOR) break
          continue
        }
        kind = isWordUnit(unit) ? LETTER : 0
        // Scripts without spaces end a token of the others, and the other way round: `号码是360426` holds a number.
      } while ((kind & (LETTER | DIGIT)) !== 0 && isUnspaced(unit) === unspaced)
      scanner.token(start, at, hash, digits)
      continue
    }
    if (kind === CONNECTOR) {
      if (unit === 0x40) scanner.ats.push(at)
      else if (unit === 0x3a) scanner.colons.push(at)
      else if (unit === 0x2e && isBetweenWords(text, at)) scanner.dots.push(at)
    } else {
      if (at - blobStart >= MIN_BLOB) scanner.blobs.push(blobStart, at)
      blobStart = at + 1
    }
    at += 1
  }
  if (length - blobStart >= MIN_BLOB) scanner.blobs.push(blobStart, length)
  return {
    words: scanner.wordList(),
    numbers: scanner.numbers(),
    ats: scanner.ats,
    colons: scanner.colons,
    dots: scanner.dots,
    blobs: scanner.blobs,
  }
}

function isBetweenWords(text: string, at: number): boolean {
  if (at === 0 || at + 1 >= text.length) return false
  return isWordAt(text.charCodeAt(at - 1)) && isWordAt(text.charCodeAt(at + 1))
}

function isWordAt(unit: number): boolean {
  return unit < 128 ? ((CLASS[unit] ?? 0) & (LETTER | DIGIT)) !== 0 : isWordUnit(unit)
}

/**
 * The union of all tables' filters: words no table has are left out once, not once per table. It only ever saves
 * work: a table still asks its own filter and compares the string.
 */
const ANY_TABLE = { filter: new Int32Array(1 << 15), shift: 12, tables: 0 }

/** Words that some table may have, computed once per scan and again only after another table was made. */
function candidatesOf(words: WordList): readonly number[] {
  if (words.candidates?.tables === ANY_TABLE.tables) return words.candidates.indices
  const { filter, shift, tables } = ANY_TABLE
  const { count, hashes } = words
  const indices: number[] = []
  for (let i = 0; i < count; i += 1) {
    const hash = hashes[i] ?? 0
    const bit = hash >>> shift
    if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) {
      if (i + 1 >= count) continue
      const pair = pairHash(hash, hashes[i + 1] ?? 0) >>> shift
      if (((filter[pair >>> 5] ?? 0) & (1 << (pair & 31))) === 0) continue
    }
    indices.push(i)
  }
  words.candidates = { tables, indices }
  return indices
}

/** One hash of two words in a row. */
const pairHash = (first: number, second: number): number =>
  Math.imul(first ^ (second >>> 7), FNV_PRIME) ^ second

/**
 * A set of words or phrases that is looked up by the scan's hashes: a bit filter first, the exact string only
 * for the few words that pass it. A phrase must pass with its first two words, so that one that begins with an
 * everyday word costs nothing.
 */
export class WordTable<Value> {
  readonly #filter: Int32Array
  readonly #shift: number
  readonly #byFirst = new Map<string, (readonly [phrase: string, value: Value])[]>()

  /** `entries`: phrases in any case, words divided by single spaces; longer phrases win. */
  constructor(entries: Iterable<readonly [phrase: string, value: Value]>) {
    const rows = [...entries].map(
      ([phrase, value]) => [phrase.normalize('NFKC').toLowerCase(), value] as const,
    )
    let bits = 10
    while (1 << bits < rows.length * 32 && bits < 22) bits += 1
    this.#shift = 32 - bits
    this.#filter = new Int32Array(1 << (bits - 5))
    for (const row of rows) {
      const first = firstWord(row[0])
      const second = firstWord(row[0].slice(first.length).replace(NOT_WORD_START, ''))
      this.#mark(second === '' ? hashWord(first) : pairHash(hashWord(first), hashWord(second)))
      const list = this.#byFirst.get(first)
      if (list === undefined) this.#byFirst.set(first, [row])
      else list.push(row)
    }
    for (const list of this.#byFirst.values()) list.sort((a, b) => b[0].length - a[0].length)
    ANY_TABLE.tables += 1
  }

  #mark(hash: number): void {
    const any = hash >>> ANY_TABLE.shift
    ANY_TABLE.filter[any >>> 5] = (ANY_TABLE.filter[any >>> 5] ?? 0) | (1 << (any & 31))
    const bit = hash >>> this.#shift
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  #isMarked(hash: number): boolean {
    const bit = hash >>> this.#shift
    return ((this.#filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }

  /** Calls `found` for every word of the text that begins an entry, with the longest entry that stands there. */
  each(text: string, words: WordList, found: (start: number, end: number, value: Value) => void): void {
    const { count, starts, ends, hashes } = words
    for (const i of candidatesOf(words)) {
      const hash = hashes[i] ?? 0
      if (!this.#isMarked(hash) && !(i + 1 < count && this.#isMarked(pairHash(hash, hashes[i + 1] ?? 0))))
        continue
      const start = starts[i] ?? 0
      const list = this.#byFirst.get(text.slice(start, ends[i]).toLowerCase())
      if (list === undefined) continue
      for (const [phrase, value] of list) {
        const end = start + phrase.length
        if (end !== ends[i] && !standsAt(text, start, phrase)) continue
        found(start, end, value)
        break
      }
    }
  }
}

/** What stands in front of the second word of a phrase. */
const NOT_WORD_START = /^[^\p{L}\p{N}]+/u

function firstWord(phrase: string): string {
  let end = 0
  while (end < phrase.length && isWordAt(phrase.charCodeAt(end))) end += 1
  return phrase.slice(0, end)
}

function standsAt(text: string, start: number, phrase: string): boolean {
  const end = start + phrase.length
  if (end < text.length && isWordAt(text.charCodeAt(end))) return false
  return text.slice(start, end).toLowerCase() === phrase
}
