/**
 * Splits a text into tokens, kept in typed arrays that are reused from text to text: words, numbers, single
 * punctuation marks and line breaks. Nothing is allocated per token.
 */
import { CharClass, charClass, foldedUnit } from './characters.ts'
import { addUnit, HASH_SEED, mix } from './hash.ts'

/** What a token looks like. */
export const TokenKind = {
  newline: 0,
  lower: 1,
  title: 2,
  upper: 3,
  /** One capital letter: an initial. */
  initial: 4,
  mixed: 5,
  digits: 6,
  alphanumeric: 7,
  other: 8,
  uncased: 9,
  ideograph: 10,
  period: 11,
  comma: 12,
  colon: 13,
  quote: 14,
  hyphen: 15,
} as const

const PUNCTUATION_KIND = new Map<number, number>([
  ...[...'.'].map((char) => [char.charCodeAt(0), TokenKind.period] as const),
  ...[...',;'].map((char) => [char.charCodeAt(0), TokenKind.comma] as const),
  ...[...':=|'].map((char) => [char.charCodeAt(0), TokenKind.colon] as const),
  ...[...'"()[]{}<>«»„“”'].map((char) => [char.charCodeAt(0), TokenKind.quote] as const),
  ...[..."-'’‘–—_/"].map((char) => [char.charCodeAt(0), TokenKind.hyphen] as const),
])

/** Characters that are one mark drawn differently; the canonical text has folded most of them already. */
const SAME_MARK = new Map<number, number>([
  [0x2018, 0x27],
  [0x2019, 0x27],
  [0x201c, 0x22],
  [0x201d, 0x22],
  [0x2013, 0x2d],
  [0x2014, 0x2d],
  [0x3002, 0x2e],
])

/** How many of the latest hash states of a word are kept, for suffixes and stems. */
const KEPT = 5

/** The tokens of one text; every array holds one value per token, `count` tokens are valid. */
export class TokenBuffer {
  count = 0
  start = new Int32Array(0)
  end = new Int32Array(0)
  /** A value of `TokenKind`. */
  kind = new Uint8Array(0)
  /** Hash of the folded form; digits count as `0`. */
  word = new Int32Array(0)
  prefix2 = new Int32Array(0)
  prefix4 = new Int32Array(0)
  suffix2 = new Int32Array(0)
  suffix3 = new Int32Array(0)
  suffix4 = new Int32Array(0)
  /** Hashes of the word without its last one, two and three units; 0 where it is too short. */
  stem1 = new Int32Array(0)
  stem2 = new Int32Array(0)
  stem3 = new Int32Array(0)
  private readonly states = new Int32Array(KEPT)
  private readonly units = new Int32Array(KEPT)
  /** Hashes of the word's first units, by their number. */
  private readonly heads = new Int32Array(KEPT)

  /** Replaces the tokens by those of `text`; linear in its length. */
  fill(text: string): void {
    this.count = 0
    let at = 0
    while (at < text.length) {
      const type = charClass(text.charCodeAt(at))
      if (type === CharClass.space) at++
      else if (type === CharClass.newline) at = this.newline(text, at)
      else if (type === CharClass.ideograph || type === CharClass.other || type === CharClass.mark) {
        at = this.single(text, at, type)
      } else at = this.wordAt(text, at)
    }
  }

  private grow(): void {
    const size = Math.max(256, this.count * 2)
    for (const name of ['start', 'end', 'word', 'prefix2', 'prefix4'] as const) {
      this[name] = enlarged(this[name], size)
    }
    for (const name of ['suffix2', 'suffix3', 'suffix4', 'stem1', 'stem2', 'stem3'] as const) {
      this[name] = enlarged(this[name], size)
    }
    const kinds = new Uint8Array(size)
    kinds.set(this.kind)
    this.kind = kinds
  }

  private open(start: number, end: number, kind: number, word: number): number {
    if (this.count === this.start.length) this.grow()
    const token = this.count++
    this.start[token] = start
    this.end[token] = end
    this.kind[token] = kind
    this.word[token] = word
    this.setParts(token, word)
    return token
  }

  private setParts(token: number, word: number): void {
    this.prefix2[token] = word
    this.prefix4[token] = word
    this.suffix2[token] = word
    this.suffix3[token] = word
    this.suffix4[token] = word
    this.stem1[token] = 0
    this.stem2[token] = 0
    this.stem3[token] = 0
  }

  private newline(text: string, from: number): number {
    let at = from
    let breaks = 0
    while (at < text.length) {
      const type = charClass(text.charCodeAt(at))
      if (type === CharClass.newline) breaks += text.charCodeAt(at) === 10 ? 1 : 0
      else if (type !== CharClass.space) break
      at++
    }
    this.open(from, at, TokenKind.newline, breaks > 1 ? 2 : 1)
    return at
  }

  private single(text: string, at: number, type: number): number {
    const unit = text.charCodeAt(at)
    const mark = SAME_MARK.get(unit) ?? unit
    const kind =
      type === CharClass.ideograph ? TokenKind.ideograph : (PUNCTUATION_KIND.get(mark) ?? TokenKind.other)
    const token = this.open(at, at + 1, kind, addUnit(HASH_SEED, type === CharClass.ideograph ? unit : mark))
    if (type === CharClass.ideograph) {
      // Neighbourhoods of the block: names of one origin share ranges of code points more often than chance.
      this.prefix2[token] = unit >> 8
      this.suffix2[token] = unit >> 5
    }
    return at + 1
  }

  private wordAt(text: string, from: number): number {
    const { states, units, heads } = this
    let at = from
    let hash = HASH_SEED
    let lowers = 0
    let uppers = 0
    let digits = 0
    let uncased = 0
    let firstUpper = false
    let length = 0
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const type = charClass(unit)
      if (type === CharClass.mark) continue
      if (type < CharClass.lower || type === CharClass.other || type === CharClass.ideograph) break
      const folded = type === CharClass.digit ? 48 : foldedUnit(unit)
      states[length % KEPT] = hash
      units[length % KEPT] = folded
      hash = addUnit(hash, folded)
      if (type === CharClass.lower) lowers++
      else if (type === CharClass.upper) {
        uppers++
        if (length === 0) firstUpper = true
      } else if (type === CharClass.digit) digits++
      else uncased++
      length++
      if (length < heads.length) heads[length] = hash
    }
    const token = this.open(from, at, kindOf(lowers, uppers, digits, uncased, firstUpper), hash)
    if (length > 2) this.setAffixes(token, length)
    return at
  }

  private setAffixes(token: number, length: number): void {
    const { states, heads } = this
    this.prefix2[token] = heads[2] ?? 0
    if (length > 4) this.prefix4[token] = heads[4] ?? 0
    this.suffix2[token] = this.suffix(length, 2)
    if (length > 3) this.suffix3[token] = this.suffix(length, 3)
    if (length > 4) this.suffix4[token] = this.suffix(length, 4)
    if (length > 4) this.stem1[token] = states[(length - 1) % KEPT] ?? 0
    if (length > 5) this.stem2[token] = states[(length - 2) % KEPT] ?? 0
    if (length > 6) this.stem3[token] = states[(length - 3) % KEPT] ?? 0
  }

  private suffix(length: number, size: number): number {
    let hash = HASH_SEED
    for (let back = size; back > 0; back--) hash = addUnit(hash, this.units[(length - back) % KEPT] ?? 0)
    return mix(hash, size)
  }
}

function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(array)
  return larger
}

function kindOf(
  lowers: number,
  uppers: number,
  digits: number,
  uncased: number,
  firstUpper: boolean,
): number {
  const letters = lowers + uppers + uncased
  if (letters === 0) return TokenKind.digits
  if (digits > 0) return TokenKind.alphanumeric
  if (uncased > 0) return TokenKind.uncased
  if (uppers === 0) return TokenKind.lower
  if (lowers === 0) return uppers === 1 ? TokenKind.initial : TokenKind.upper
  return firstUpper && uppers === 1 ? TokenKind.title : TokenKind.mixed
}
