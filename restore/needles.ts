/** Values in base64 or base64url, at any of its three alignments, inside longer runs too. */
import { Buffer } from 'node:buffer'
import { Automaton, NO_WORD } from './automaton.ts'

/** Which item, and where it stands in base64: only the characters it decides alone. */
export interface NeedleHit {
  readonly item: number
  readonly start: number
  readonly end: number
}

interface Needle {
  readonly text: string
  readonly item: number
}

/** From so many needles on an automaton is cheaper than comparing. */
const MANY = 128
/** Of longer needles so much is enough. */
const MAX_NEEDLE = 64
/** Values of fewer bytes have too few characters of their own. */
const MIN_BYTES = 5

/** Looks for the base64 of some values; those under five bytes are left out. */
export class Base64Needles {
  readonly #needles: readonly Needle[]
  readonly #byStart = new Map<number, Needle[]>()
  readonly #seen = new Uint8Array(4096)
  readonly #automaton: Automaton | undefined

  constructor(values: readonly string[]) {
    const needles: Needle[] = []
    for (const [item, value] of values.entries()) addNeedles(value, item, needles)
    this.#needles = needles
    if (needles.length > MANY) this.#automaton = new Automaton(needles.map(({ text }) => text))
    else for (const needle of needles) this.#index(needle)
  }

  /** The first four characters as one number, and whether such a number was ever seen. */
  #index(needle: Needle): void {
    let start = 0
    for (let i = 0; i < 4; i++) start = (start << 8) | needle.text.charCodeAt(i)
    this.#seen[placeOf(start)] = 1
    const same = this.#byStart.get(start)
    if (same === undefined) this.#byStart.set(start, [needle])
    else same.push(needle)
  }

  /** Hits in a text, ascending; one at each place at most. */
  find(text: string): readonly NeedleHit[] {
    if (this.#needles.length === 0) return NO_HITS
    return this.#automaton === undefined ? this.#compare(text) : this.#search(text, this.#automaton)
  }

  #compare(text: string): readonly NeedleHit[] {
    let hits: NeedleHit[] | undefined
    let last = 0
    for (let at = 0; at < text.length; at++) {
      last = (last << 8) | (text.charCodeAt(at) & 0xff)
      if (this.#seen[placeOf(last)] === 0) continue
      const start = at - 3
      const found = this.#byStart.get(last)?.find((needle) => text.startsWith(needle.text, start))
      if (found === undefined) continue
      hits ??= []
      hits.push({ item: found.item, start, end: start + found.text.length })
    }
    return hits ?? NO_HITS
  }

  #search(text: string, automaton: Automaton): readonly NeedleHit[] {
    const hits: NeedleHit[] = []
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      const ending = automaton.longestEnding(state)
      const word = ending === 0 ? NO_WORD : automaton.wordAt(ending)
      const needle = this.#needles[word]
      if (needle !== undefined) {
        hits.push({ item: needle.item, start: at + 1 - needle.text.length, end: at + 1 })
      }
    }
    return hits
  }
}

const NO_HITS: readonly NeedleHit[] = []

function placeOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> 20
}

/**
 * Behind 0, 1 or 2 bytes of something else, the first 0, 2 or 3 characters depend on that, and so does the last
 * one unless the bytes fill it.
 */
function addNeedles(value: string, item: number, needles: Needle[]): void {
  const bytes = Buffer.from(value, 'utf8')
  if (bytes.length < MIN_BYTES) return
  for (const [before, skipped] of ALIGNMENTS) {
    const whole = before === 0 ? bytes : Buffer.concat([ZEROS.subarray(0, before), bytes])
    const end = Math.min(Math.floor((whole.length * 8) / 6), skipped + MAX_NEEDLE)
    const standard = whole.toString('base64').slice(skipped, end)
    needles.push({ text: standard, item })
    if (!/[+/]/.test(standard)) continue
    needles.push({ text: standard.replaceAll('+', '-').replaceAll('/', '_'), item })
  }
}

const ZEROS = Buffer.alloc(2)
const ALIGNMENTS: readonly (readonly [before: number, skipped: number])[] = [
  [0, 0],
  [1, 2],
  [2, 3],
]

const RUN = /[A-Za-z0-9+/_=-]/

/** The whole run of base64 characters around a hit. */
export function runAround(
  text: string,
  { start, end }: NeedleHit,
): { readonly start: number; readonly end: number } {
  let from = start
  while (from > 0 && RUN.test(text.charAt(from - 1))) from--
  let to = end
  while (to < text.length && RUN.test(text.charAt(to))) to++
  return { start: from, end: to }
}
