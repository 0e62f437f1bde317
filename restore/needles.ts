/** Values in base64 or base64url, at any of its three alignments, inside longer runs too. */
import { Buffer } from 'node:buffer'
import { Automaton, NO_WORD } from './automaton.ts'
import { Grams } from './grams.ts'

/** Which item, and where it stands in base64: only the characters it decides alone. */
export interface NeedleHit {
  readonly item: number
  readonly start: number
  readonly end: number
}

/** Characters that a value at one alignment decides alone. */
export interface Needle {
  readonly text: string
  /** Place of the value in the list. */
  readonly item: number
}

/** From so many values on an automaton is cheaper than comparing. */
const MANY = 24
/** Of longer needles so much is enough. */
const MAX_NEEDLE = 64
/** Values of fewer bytes have too few characters of their own. */
const MIN_BYTES = 5

/** Looks for the base64 of some values; those under five bytes are left out. */
export class Base64Needles {
  readonly #needles: readonly Needle[]
  readonly #grams: Grams | undefined
  readonly #automaton: Automaton | undefined

  constructor(values: readonly string[]) {
    this.#needles = needlesOf(values)
    const words = this.#needles.map(({ text }) => text)
    if (values.length >= MANY) this.#automaton = new Automaton(words)
    else this.#grams = new Grams(words)
  }

  /** Hits in a text, ascending by start or by end. */
  find(text: string): readonly NeedleHit[] {
    if (this.#needles.length === 0) return NO_HITS
    if (this.#automaton !== undefined) return this.#search(text, this.#automaton)
    let hits: NeedleHit[] | undefined
    this.#grams?.each(text, (index, start) => {
      const needle = this.#needles[index]
      if (needle === undefined) return false
      hits ??= []
      hits.push({ item: needle.item, start, end: start + needle.text.length })
      return false
    })
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

/** The needles of all values of five bytes or more. */
export function needlesOf(values: readonly string[]): readonly Needle[] {
  const needles: Needle[] = []
  for (let item = 0; item < values.length; item++) addNeedles(values[item] ?? '', item, needles)
  return needles
}

/**
 * Behind 0, 1 or 2 bytes of something else, the first 0, 2 or 3 characters depend on that, and so does the last
 * one unless the bytes fill it.
 */
function addNeedles(value: string, item: number, needles: Needle[]): void {
  const bytes = Buffer.byteLength(value, 'utf8')
  if (bytes < MIN_BYTES) return
  for (const [before, skipped] of ALIGNMENTS) {
    const whole = Buffer.from(before + value, 'utf8').toString('base64')
    const end = Math.min(Math.floor(((before.length + bytes) * 8) / 6), skipped + MAX_NEEDLE)
    const standard = whole.slice(skipped, end)
    needles.push({ text: standard, item })
    if (!SPECIAL.test(standard)) continue
    needles.push({ text: standard.replaceAll('+', '-').replaceAll('/', '_'), item })
  }
}

const SPECIAL = /[+/]/
const ALIGNMENTS: readonly (readonly [before: string, skipped: number])[] = [
  ['', 0],
  ['.', 2],
  ['..', 3],
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
