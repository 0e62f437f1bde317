/** A text reduced to its folded letters and digits, with the way back. */
import { Buffer } from 'node:buffer'
import type { Span } from '../../detectors/index.ts'
import { ASCII_FOLD, foldAt, INVISIBLE, SEPARATOR, widthAt } from '../../restore/fold.ts'
import { GRAM, placeOf, shifted } from '../../restore/grams.ts'
import { endsWord, MAX_GAP, occurrenceAt, startsWord, type ValueRules } from '../../restore/value-rules.ts'

/** Stands for a boundary between two strings: in no value. */
const STOP = 1

/** A text and its folded units. */
export class FoldedText {
  readonly text: string
  /** Folded units in a row. */
  readonly units: string
  readonly #boundary: string
  #known: Int32Array | undefined

  /** `boundary` is one unit. `units` are those of an ASCII text, when they are known. */
  constructor(text: string, boundary: string, units?: string) {
    this.text = text
    this.#boundary = boundary
    if (units !== undefined) this.units = units
    else {
      const folded = foldAll(text, boundary)
      this.units = folded.units
      this.#known = folded.places
    }
  }

  /** Offset in `text` of the character that each unit came from; asked for only where something was found. */
  get #places(): Int32Array {
    this.#known ??= foldAll(this.text, this.#boundary).places
    return this.#known
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

/** What one pass over an ASCII text gives. */
export interface Pass {
  readonly units: string
  /** Where words of the two tables may begin: in the text, and in its folded units. */
  readonly rawAt: readonly number[]
  readonly foldedAt: readonly number[]
}

/**
 * Folds an ASCII text and looks up every four units of it, and every four folded units, in the tables of two `Grams`;
 * undefined for other texts. One pass, because this runs over every byte that leaves.
 */
export function passOver(
  text: string,
  boundary: string,
  rawSeen: Uint8Array,
  foldedSeen: Uint8Array,
): Pass | undefined {
  const units = new Uint8Array(text.length)
  const stop = boundary.charCodeAt(0)
  const rawAt: number[] = []
  const foldedAt: number[] = []
  let raw = 0
  let folded = 0
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 127) return undefined
    raw = shifted(raw, unit)
    if (rawSeen[placeOf(raw)] === 1) rawAt.push(at - GRAM + 1)
    const next = unit === stop ? STOP : (ASCII_FOLD[unit] ?? 0)
    if (next === 0) continue
    units[count++] = next
    folded = shifted(folded, next)
    if (foldedSeen[placeOf(folded)] === 1) foldedAt.push(count - GRAM)
  }
  return { units: Buffer.from(units.buffer, 0, count).toString('latin1'), rawAt, foldedAt }
}
