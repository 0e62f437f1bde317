/** Finds a few words in one pass, by the first four units of each. */

/** Words of fewer units cannot be looked for. */
export const GRAM = 4
/** The table of beginnings that were seen has so many bits of a hash. */
const TABLE_BITS = 10

/** Some words, known by their place in the list. Comparing costs their number where many begin alike. */
export class Grams {
  /** Whether some word may begin with four units, by `placeOf` of them. */
  readonly seen = new Uint8Array(2 ** TABLE_BITS)
  readonly #words: readonly string[]
  readonly #byStart = new Map<number, number[]>()

  constructor(words: readonly string[]) {
    this.#words = words
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? ''
      if (word.length >= GRAM) this.#add(word, index)
    }
  }

  #add(word: string, index: number): void {
    const start = gramAt(word, 0)
    this.seen[placeOf(start)] = 1
    const same = this.#byStart.get(start)
    if (same === undefined) this.#byStart.set(start, [index])
    else same.push(index)
  }

  /** Calls `visit` for each word at each place of a text, ascending, until it says to stop. */
  each(text: string, visit: (index: number, start: number) => boolean): void {
    const { seen } = this
    let last = 0
    for (let at = 0; at < text.length; at++) {
      last = shifted(last, text.charCodeAt(at))
      if (seen[placeOf(last)] === 1 && this.visitAt(text, at - GRAM + 1, visit)) return
    }
  }

  /** Calls `visit` for each word that stands at one place; says whether it said to stop. */
  visitAt(text: string, start: number, visit: (index: number, start: number) => boolean): boolean {
    if (start < 0) return false
    for (const index of this.#byStart.get(gramAt(text, start)) ?? []) {
      if (text.startsWith(this.#words[index] ?? '', start) && visit(index, start)) return true
    }
    return false
  }
}

/** The last four units as one number, after one more. Units beyond a byte may collide, which comparing finds out. */
export function shifted(units: number, unit: number): number {
  return (units << 8) ^ unit
}

/** Place of four units in the table of those seen. */
export function placeOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - TABLE_BITS)
}

function gramAt(text: string, start: number): number {
  let gram = 0
  for (let i = start; i < start + GRAM; i++) gram = shifted(gram, text.charCodeAt(i))
  return gram
}
