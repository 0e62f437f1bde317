/** A text reduced to its folded letters and digits, with the way back. */
import { Buffer } from 'node:buffer'
import type { Span } from '../../detectors/index.ts'
import { foldAt, INVISIBLE, SEPARATOR, widthAt } from '../../restore/fold.ts'
import { endsWord, MAX_GAP, occurrenceAt, startsWord, type ValueRules } from '../../restore/value-rules.ts'

/** Stands for a boundary between two strings: in no value. */
const STOP = 1

const ASCII = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) {
  const character = String.fromCharCode(unit)
  ASCII[unit] = /[A-Za-z0-9]/.test(character) ? character.toLowerCase().charCodeAt(0) : 0
}

/** See the head of this file; `boundary` is one unit. */
export class FoldedText {
  readonly text: string
  /** Folded units in a row. */
  readonly units: string
  /** Offset in `text` of the character that each unit came from. */
  readonly #places: Int32Array

  constructor(text: string, boundary: string) {
    this.text = text
    const places = new Int32Array(text.length)
    const units = new Uint8Array(text.length)
    const count = foldAscii(text, boundary.charCodeAt(0), places, units)
    if (count >= 0) {
      this.#places = places
      this.units = Buffer.from(units.buffer, 0, count).toString('latin1')
    } else {
      const folded = foldAll(text, boundary)
      this.#places = folded.places
      this.units = folded.units
    }
  }

  /** The range in `text` of a value whose letters and digits begin at `at`; undefined where they are none. */
  occurrenceAt(at: number, rules: ValueRules): Span | undefined {
    const last = at + rules.folded.length - 1
    const start = this.#places[at] ?? 0
    const lastStart = this.#places[last] ?? 0
    // A character that folds to several must be inside as a whole.
    if (at > 0 && this.#places[at - 1] === start) return undefined
    if (last + 1 < this.units.length && this.#places[last + 1] === lastStart) return undefined
    if (this.#hasWideGap(at, last)) return undefined
    const end = lastStart + widthAt(this.text, lastStart)
    const { kind } = foldAt(this.text, lastStart)
    const edges = startsWord(this.text, start) && endsWord(this.text, end, kind)
    return occurrenceAt(rules, this.text, { start, end, edges })
  }

  #hasWideGap(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const here = this.#places[i] ?? 0
      const next = this.#places[i + 1] ?? 0
      if (next - here > MAX_GAP && separatorsBetween(this.text, here, next) > MAX_GAP) return true
    }
    return false
  }
}

function separatorsBetween(text: string, from: number, to: number): number {
  let count = 0
  for (let at = from + widthAt(text, from); at < to; at += widthAt(text, at)) {
    if (foldAt(text, at).kind === SEPARATOR) count++
  }
  return count
}

/** Fills both tables and gives the number of units, or -1 for a text that is not ASCII. */
function foldAscii(text: string, boundary: number, places: Int32Array, units: Uint8Array): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 127) return -1
    const folded = unit === boundary ? STOP : (ASCII[unit] ?? 0)
    if (folded === 0) continue
    places[count] = at
    units[count++] = folded
  }
  return count
}

function foldAll(text: string, boundary: string): { readonly units: string; readonly places: Int32Array } {
  const places: number[] = []
  let units = ''
  for (let at = 0; at < text.length; at += widthAt(text, at)) {
    const isBoundary = text.charAt(at) === boundary
    const { kind, text: folded } = foldAt(text, at)
    if (!isBoundary && (kind === SEPARATOR || kind === INVISIBLE)) continue
    const added = isBoundary ? String.fromCharCode(STOP) : folded
    units += added
    for (let i = 0; i < added.length; i++) places.push(at)
  }
  return { units, places: Int32Array.from(places) }
}
