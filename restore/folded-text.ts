/** A text reduced to its folded letters and digits, with the way back. */
import { Buffer } from 'node:buffer'
import type { Span } from '../detectors/index.ts'
import { ASCII_FOLD, foldAt, SEPARATOR, widthAt } from './fold.ts'
import { GRAM, type Grams, placeOf, shifted } from './grams.ts'
import { endsWord, MAX_GAP, occurrenceAt, startsWord, type ValueRules } from './value-rules.ts'

/** Stands for a boundary between two strings: in no value. */
const STOP = 1

/** A text, its folded units, and where words of two tables may begin. */
export class FoldedText {
  readonly text: string
  /** Folded units in a row. */
  readonly units: string
  /** Where raw words may begin in `text`, and folded ones in `units`; ascending. */
  readonly rawAt: readonly number[]
  readonly foldedAt: readonly number[]
  /** Offset in `text` of the character that each unit came from. */
  readonly #places: Int32Array
  readonly #room: Room
  /** Units that stand behind more than `MAX_GAP` separators, ascending. */
  readonly #wideGaps: readonly number[]

  /**
   * One pass over `text`, because this runs over everything that leaves: folds it, and looks up every four units of it
   * and every four folded ones. At the unit `boundary` (-1: nowhere) one string ends and another begins.
   */
  constructor(text: string, boundary: number, raw: Grams, folded: Grams) {
    this.text = text
    const pass = new FoldingPass(text, takeRoom(text.length))
    this.rawAt = pass.run(boundary, raw, folded)
    this.foldedAt = pass.foldedAt
    this.units = pass.units()
    this.#room = pass.room
    this.#places = pass.room.places
    this.#wideGaps = pass.wideGaps
  }

  /** Ends the use of this text: its memory serves the next one. `occurrenceAt` may not be called any more. */
  release(): void {
    this.#room.release(this.units.length)
  }

  /**
   * The range in `text` of a value whose letters and digits begin at `at`; undefined where they are none. At the
   * offsets of `cuts` words begin and end.
   */
  occurrenceAt(at: number, rules: ValueRules, cuts: ReadonlySet<number>): Span | undefined {
    const last = at + rules.folded.length - 1
    const start = this.#places[at] ?? 0
    const lastStart = this.#places[last] ?? 0
    // A character that folds to several must be inside as a whole.
    if (at > 0 && this.#places[at - 1] === start) return undefined
    if (last + 1 < this.units.length && this.#places[last + 1] === lastStart) return undefined
    if (lastStart - start > last - at + MAX_GAP && this.#hasWideGap(at, last)) return undefined
    const end = lastStart + widthAt(this.text, lastStart)
    const edges =
      (startsWord(this.text, start) || cuts.has(start)) &&
      (endsWord(this.text, end, foldAt(this.text, lastStart).kind) || cuts.has(end))
    return occurrenceAt(rules, this.text, { start, end, edges })
  }

  #hasWideGap(first: number, last: number): boolean {
    const gaps = this.#wideGaps
    let low = 0
    let high = gaps.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((gaps[middle] ?? 0) > first) high = middle
      else low = middle + 1
    }
    return (gaps[low] ?? Infinity) <= last
  }
}

function separatorsBetween(text: string, from: number, to: number): number {
  let count = 0
  for (let at = from + widthAt(text, from); at < to; at += widthAt(text, at)) {
    if (foldAt(text, at).kind === SEPARATOR) count++
  }
  return count
}

/** The room of the text before, for the next one; none while it is in use. */
let spare: Room | undefined
const KEPT_UNITS = 2 ** 16

/** Where the folded units of a text go, and the places they came from. Memory is dearer than its use. */
class Room {
  places: Int32Array
  units: Uint16Array

  constructor(size: number) {
    this.places = new Int32Array(size)
    this.units = new Uint16Array(size)
  }

  /** Few characters fold to more units than they have, but some do. */
  grow(least: number): void {
    if (least <= this.units.length) return
    const size = least + this.units.length
    const places = new Int32Array(size)
    places.set(this.places)
    this.places = places
    const units = new Uint16Array(size)
    units.set(this.units)
    this.units = units
  }

  /** Gives the room back; of the text, `used` units long, nothing stays in it. */
  release(used: number): void {
    if (this.units.length > KEPT_UNITS) return
    this.units.fill(0, 0, used)
    spare = this
  }
}

function takeRoom(size: number): Room {
  const room = spare
  if (room === undefined || room.units.length < size) return new Room(Math.max(size, 1024))
  spare = undefined
  return room
}

class FoldingPass {
  readonly foldedAt: number[] = []
  readonly wideGaps: number[] = []
  readonly room: Room
  readonly #text: string
  #count = 0
  #last = 0

  constructor(text: string, room: Room) {
    this.#text = text
    this.room = room
  }

  /** ASCII, which is nearly everything, is folded in the loop itself; its state is then in variables. */
  run(boundary: number, raw: Grams, folded: Grams): readonly number[] {
    const text = this.#text
    const rawAt: number[] = []
    const { seen, shift } = raw
    const { seen: foldedSeen, shift: foldedShift } = folded
    const { room } = this
    let { places, units } = room
    let count = 0
    let last = 0
    let lastFolded = 0
    let before = 0
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      last = shifted(last, unit)
      if (seen[placeOf(last, shift)] === 1) rawAt.push(at - GRAM + 1)
      const next = unit === boundary ? STOP : unit < 128 ? (ASCII_FOLD[unit] ?? 0) : -1
      if (next === 0) continue
      if (next > 0 && at - before <= MAX_GAP) {
        units[count] = next
        places[count] = at
        lastFolded = shifted(lastFolded, next)
        if (foldedSeen[placeOf(lastFolded, foldedShift)] === 1) this.foldedAt.push(count - GRAM + 1)
        count += 1
        before = at
        continue
      }
      this.#count = count
      this.#last = lastFolded
      if (next > 0) this.#add(next, at, folded)
      else at += this.#addCharacter(at, folded) - 1
      if (this.#count > count) before = room.places[this.#count - 1] ?? at
      count = this.#count
      lastFolded = this.#last
      places = room.places
      units = room.units
    }
    this.#count = count
    return rawAt
  }

  #add(unit: number, at: number, folded: Grams): void {
    const count = this.#count++
    const before = count === 0 ? at : (this.room.places[count - 1] ?? at)
    if (at - before > MAX_GAP && separatorsBetween(this.#text, before, at) > MAX_GAP)
      this.wideGaps.push(count)
    this.room.units[count] = unit
    this.room.places[count] = at
    this.#last = shifted(this.#last, unit)
    if (folded.seen[placeOf(this.#last, folded.shift)] === 1) this.foldedAt.push(count - GRAM + 1)
  }

  /** A character that is not ASCII; gives its width. */
  #addCharacter(at: number, folded: Grams): number {
    const text = this.#text
    const units = foldAt(text, at).text
    if (units.length > 1) this.room.grow(this.#count + units.length + text.length - at)
    for (let i = 0; i < units.length; i++) this.#add(units.charCodeAt(i), at, folded)
    return widthAt(text, at)
  }

  units(): string {
    return Buffer.from(this.room.units.buffer, 0, this.#count * 2).toString('utf16le')
  }
}
