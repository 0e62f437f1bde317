/** Finds words of one to three units in one pass. */
import { GRAM, placeOf, shifted, type Verdict } from './grams.ts'

/** Of values that differ only in case and separators, so many are told apart. */
export const MANY_SPELLINGS = 64

/** Bits of the hash that chooses a place in the table of words seen. */
const BITS = 12

/** The short ones among some words, known by their place in the list. */
export class ShortWords {
  /** For each length that occurs, the words of it. */
  readonly #tables: readonly Table[]

  constructor(words: readonly string[]) {
    const tables: (Table | undefined)[] = []
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? ''
      if (word.length === 0 || word.length >= GRAM) continue
      tables[word.length] ??= new Table(word.length)
      tables[word.length]?.add(word, index)
    }
    this.#tables = tables.filter((table) => table !== undefined)
  }

  /** Calls `visit` for each word at each place of a text, ascending for each length; says whether it was `done`. */
  each(text: string, visit: (index: number, start: number) => Verdict): boolean {
    return this.#tables.some((table) => table.each(text, visit))
  }
}

/** Words of one length. */
class Table {
  readonly #length: number
  /** Leaves of a gram what the last units of this length are. */
  readonly #mask: number
  readonly #seen = new Uint8Array(2 ** BITS)
  readonly #words = new Map<string, number[]>()

  constructor(length: number) {
    this.#length = length
    this.#mask = 2 ** (8 * length) - 1
  }

  add(word: string, index: number): void {
    let units = 0
    for (let i = 0; i < word.length; i++) units = shifted(units, word.charCodeAt(i))
    this.#seen[this.#placeOf(units)] = 1
    const same = this.#words.get(word)
    if (same === undefined) this.#words.set(word, [index])
    else if (same.length < MANY_SPELLINGS) same.push(index)
  }

  #placeOf(units: number): number {
    return placeOf(units & this.#mask, 32 - BITS)
  }

  each(text: string, visit: (index: number, start: number) => Verdict): boolean {
    const length = this.#length
    let units = 0
    for (let at = 0; at < text.length; at++) {
      units = shifted(units, text.charCodeAt(at))
      if (this.#seen[this.#placeOf(units)] !== 1 || at + 1 < length) continue
      const start = at + 1 - length
      for (const index of this.#words.get(text.slice(start, at + 1)) ?? NONE) {
        const verdict = visit(index, start)
        if (verdict === 'done') return true
        if (verdict === 'taken') break
      }
    }
    return false
  }
}

const NONE: readonly number[] = []
