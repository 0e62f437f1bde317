/**
 * Reads a text as pieces of identifiers: groups of digits, numbers in words, short groups of letters among them,
 * with whatever stands between: spaces, marks, line breaks with their quoting, table cells, tags, field names.
 */
import type { TextScan } from '../scan.ts'
import { joinedDigits, mayBeJoined } from './joined-words.ts'
import { lonely } from './lonely.ts'
import { NUMBER_WORDS, SINGLE_WORDS } from './number-words.ts'
import { type Piece, Reader, type Seed } from './reader.ts'

/** Pieces in a row, with what stands in front of each but the first. */
export interface Run {
  readonly pieces: readonly Piece[]
  /** `gaps[i]` stands in front of `pieces[i]`; marks that were said are written. */
  readonly gaps: readonly string[]
}

/** Longest stretch between two pieces. */
const MAX_GAP = 64
/** More pieces than any identifier has; a longer run is read in portions that overlap. */
export const MAX_PIECES = 48

/** A tag, a comment, the name of the next field, or a single character that is no letter or digit. */
const GAP =
  /(?:<!--[^<>]{0,24}-->|<\/?[A-Za-z][^<>\n]{0,40}>|\[\/?[A-Za-z]{1,6}\]|\/\*[^*\n]{0,24}\*\/|["'] ?[,;]? ?["'][\w-]{1,16}["'] ?: ?["']?|[&?;,] ?[A-Za-z_][\w-]{0,15} ?[=:] ?["']?|\n[ ]{0,8}["']?[A-Za-z_][\w-]{0,15}["']?[=:] ?["']?|&(?:#[0-9]{1,5}|[A-Za-z]{2,8});|\\[nrt](?![A-Za-z])|[^\p{L}\p{N}]){0,40}/uy
/** Bounded: in scripts without spaces, a token may be as long as its text, and is asked about at each of its digits. */
const TOKEN = /[\p{L}\p{N}]{1,64}/uy
const DIGIT = /[0-9]/u
/** Letters that stand for digits when they are mixed with them, or that identifiers have between their digits. */
const SHORT_LETTERS = /^(?:[A-Zoli]{1,6}|[A-Za-z]|[oOlIiSsZzBGgqQDTAEb]{1,16})$/u
const MAX_TOKEN = 40
const NOT_ASCII = /[^\x20-\x7e]/u

/** A phrase of several words that goes on behind its end. */
const COMPOUND = /^\p{L}+ .*-\p{L}$/u

/** Numbers in words, by their offsets. */
export function readWords(text: string, scan: TextScan): ReadonlyMap<number, Seed> {
  const seeds = new Map<number, Seed>()
  NUMBER_WORDS.each(text, scan.words, (start, end, reading) => {
    // "trente quatre-vingt" is 30 and 80, not 34 and 20.
    const isCut = text.charAt(end) === '-' && COMPOUND.test(text.slice(start, end + 2))
    const single = isCut ? wordEnd(text, start) : end
    const first = isCut ? SINGLE_WORDS.get(text.slice(start, single).toLowerCase()) : undefined
    seeds.set(start, first === undefined ? { start, end, reading } : { start, end: single, reading: first })
  })
  const { starts, ends, count } = scan.words
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0
    const end = ends[i] ?? 0
    if (!mayBeJoined(text, start, end) || seeds.has(start)) continue
    const digits = joinedDigits(text.slice(start, end))
    if (digits !== null) seeds.set(start, { start, end, reading: { kind: 'digits', digits } })
  }
  return seeds
}

/** Whether a long group of letters may be digits in disguise: mostly capitals, half of them like digits. */
export function isLookAlike(token: string): boolean {
  if (token.length < 7 || token.length > 34 || DIGIT.test(token)) return false
  const capitals = token.replace(/[^A-Z]/gu, '').length
  return (
    capitals * 5 >= token.length * 3 && token.replace(/[^oOlIiSsZzBGgqQD]/gu, '').length * 2 >= token.length
  )
}

const isCapital = (unit: number): boolean => unit >= 0x41 && unit <= 0x5a

/** Starts of such groups. */
function lookAlikes(text: string, { starts, ends, count }: TextScan['words']): readonly Seed[] {
  const seeds: Seed[] = []
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0
    const end = ends[i] ?? 0
    const first = text.charCodeAt(start + 1)
    const last = text.charCodeAt(end - 2)
    // A capital that is not the first letter: prose is passed over without a look at the letters between.
    if (end - start < 7 || (!isCapital(first) && !isCapital(last))) continue
    if (isLookAlike(text.slice(start, end))) seeds.push({ start, end, reading: null })
  }
  return seeds
}

/** The token at an offset; null when there is none, or it can be no part of an identifier. */
function tokenAt(text: string, at: number, words: ReadonlyMap<number, Seed>): Seed | null {
  const word = words.get(at)
  if (word !== undefined && !(word.reading?.kind === 'mark' && /^[A-Z]$/u.test(text.slice(at, word.end))))
    return word
  TOKEN.lastIndex = at
  const token = TOKEN.exec(text)?.[0]
  if (token === undefined || token.length > MAX_TOKEN) return null
  if (isLookAlike(token)) return { start: at, end: at + token.length, reading: null }
  if (
    !DIGIT.test(token) &&
    !SHORT_LETTERS.test(NOT_ASCII.test(token) ? token.normalize('NFD').replace(/\p{M}/gu, '') : token)
  )
    return null
  return { start: at, end: at + token.length, reading: null }
}

/** Lines belong together when they are pieces, not when a line of text follows another. */
const LONGEST_BESIDE_BREAK = 8

/** Where what stands behind `at` ends: the start of the next token that is no name. -1 when it is too far away. */
function gapEnd(text: string, at: number, depth = 0): number {
  GAP.lastIndex = at
  const length = GAP.exec(text)?.[0].length ?? 0
  const end = at + length
  if (length > MAX_GAP || end >= text.length) return -1
  const nameEnd = wordEnd(text, end)
  if (nameEnd - end > LONGEST_BESIDE_BREAK && text.slice(at, end).includes('\n')) return -1
  if (nameEnd === end || !isName(text, end, nameEnd) || depth >= 2) return end
  return gapEnd(text, nameEnd, depth + 1)
}

/** The run that begins with the token at an offset. */
function runAt(text: string, first: Seed, words: ReadonlyMap<number, Seed>): Run & { readonly next: number } {
  const reader = new Reader(text, first.start)
  let next = first.end
  for (let token: Seed | null = first; token !== null && reader.pieces.length < MAX_PIECES; ) {
    reader.take(token)
    next = token.end
    const at = gapEnd(text, token.end)
    token = at < 0 ? null : tokenAt(text, at, words)
  }
  return { pieces: reader.pieces, gaps: reader.gaps, next }
}

/** Where the gap that ends at an offset begins: marks, spaces, and whole tags and comments. */
function gapStart(text: string, at: number, floor: number): number {
  let start = at
  while (start > floor && at - start < 24 && !WORD.test(text.charAt(start - 1))) {
    const closing = CLOSINGS.find(([close]) => text.startsWith(close, start - close.length))
    const opening = closing === undefined ? -1 : text.lastIndexOf(closing[1], start - 2)
    start = closing !== undefined && opening >= Math.max(floor, start - 24) ? opening : start - 1
  }
  return start
}

const CLOSINGS = [
  ['-->', '<!--'],
  ['*/', '/*'],
  ['>', '<'],
] as const

/** Where the token that ends at or a little before an offset begins; -1 when there is none close by. */
function tokenBefore(text: string, at: number, floor: number): number {
  const end = gapStart(text, at, floor)
  let start = end
  while (start > floor && end - start <= 5 && WORD.test(text.charAt(start - 1))) start -= 1
  return start === end || end === at || end - start > 5 || isName(text, start, end) ? -1 : start
}

const WORD = /[\p{L}\p{N}]/u

/** Short groups of letters in front of an offset may belong to what begins there. */
function withLettersBefore(
  text: string,
  at: number,
  floor: number,
  words: ReadonlyMap<number, Seed>,
): number {
  let start = at
  for (let i = 0; i < 8; i += 1) {
    const before = tokenBefore(text, start, floor)
    if (before < 0) break
    const token = tokenAt(text, before, words)
    if (token === null || token.reading?.kind === 'mark') break
    start = before
  }
  return start
}

/** Where the letters and digits at an offset end. */
function wordEnd(text: string, at: number): number {
  TOKEN.lastIndex = at
  return at + (TOKEN.exec(text)?.[0].length ?? 0)
}

/** A name of a field, an attribute or a tag: `part1=`, `"p1":`, `<part1>`. */
function isName(text: string, start: number, end: number): boolean {
  const after = text.slice(end, end + 3)
  const before = text.slice(Math.max(0, start - 2), start)
  return (
    (/^(?:=|"?: ?["'[{]|": )/u.test(after) && !/^={1,2}$/u.test(after)) ||
    (/(?:<|<\/)$/u.test(before) && /^[> ]/u.test(after))
  )
}

const CAPITALS = /^[A-Zoli]{2,6}$/u

/** Digits of a run; in a group that has one, the letters that look like digits count too. */
function digitsIn(run: Run): number {
  let count = 0
  for (const { value } of run.pieces)
    if (DIGIT.test(value) || isLookAlike(value) || CAPITALS.test(value))
      count += value.replace(/[^0-9oOlIiSsZzBGgqQD]/gu, '').length
  return count
}

/**
 * Calls `visit` with every run of at least `least` digits that is more than one plain group of them. Runs may
 * overlap at their ends when they are long. Linear: every token is read a bounded number of times.
 */
export function eachRun(text: string, scan: TextScan, least: number, visit: (run: Run) => void): void {
  const words = readWords(text, scan)
  const seeds = [
    ...scan.numbers.starts.map((start): Seed => ({ start, end: start, reading: null })),
    ...words.values(),
    ...lookAlikes(text, scan.words),
  ]
  seeds.sort((a, b) => a.start - b.start)
  let done = 0
  const isLonely = lonely(text, scan, words)
  for (const seed of seeds) {
    if (seed.start < done || (seed.reading?.kind === 'mark' && seed.reading.mark !== '+')) continue
    const lonelyEnd = isLonely(seed, least)
    if (lonelyEnd >= 0) {
      done = lonelyEnd
      continue
    }
    if (seed.reading === null && isName(text, seed.start, wordEnd(text, seed.start))) continue
    const start = withLettersBefore(text, seed.start, done, words)
    const first = tokenAt(text, start, words)
    if (first === null) continue
    const run = runAt(text, first, words)
    // A portion that was cut off is read again from its middle, so that nothing is lost at the cut.
    const last = run.pieces.at(-1)
    const middle = run.pieces[MAX_PIECES >> 1]
    done = run.pieces.length < MAX_PIECES || middle === undefined ? run.next : middle.start
    if (last !== undefined && run.pieces.length > 0 && digitsIn(run) >= least) visit(run)
  }
}
