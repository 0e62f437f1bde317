/** Finds a few words in one pass, by the first four units of each. */

/** Words of fewer units cannot be looked for. */
export const GRAM = 4
/** Bits of the hash that chooses a place in the table of beginnings. */
const FEWEST_BITS = 10
const MOST_BITS = 16
/** So many words may be compared for each unit of a text before another way costs less. */
const COMPARED_PER_UNIT = 2
const COMPARED_AT_LEAST = 4096

/** The table of no words: nothing is ever written to it. */
const NONE_SEEN = new Uint8Array(2 ** FEWEST_BITS)

/** What a visitor says: look no further at all, at no other word at this place, or go on. */
export type Verdict = 'done' | 'taken' | 'pass'

/** How a search ended: the visitor was done, the text was, or there was too much to compare. */
export type Ended = 'done' | 'whole' | 'costly'

/** Some words, known by their place in the list. */
export class Grams {
  /** Whether some word may begin with four units, by `placeOf` of them. */
  readonly seen: Uint8Array
  /** What `placeOf` needs to know of this table. */
  readonly shift: number
  readonly #words: readonly string[]
  readonly #byStart = new Map<number, number[]>()
  #compared = 0

  constructor(words: readonly string[]) {
    this.#words = words
    if (words.length === 0) {
      this.seen = NONE_SEEN
      this.shift = 32 - FEWEST_BITS
      return
    }
    // Sixteen places for each word: one unit of a text in sixteen is looked up in vain.
    const bits = Math.min(Math.max(36 - Math.clz32(words.length), FEWEST_BITS), MOST_BITS)
    this.seen = new Uint8Array(2 ** bits)
    this.shift = 32 - bits
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? ''
      if (word.length >= GRAM) this.#add(word, index)
    }
    for (const same of this.#byStart.values()) {
      if (same.length > 1) same.sort((a, b) => (words[b]?.length ?? 0) - (words[a]?.length ?? 0))
    }
  }

  #add(word: string, index: number): void {
    const start = gramAt(word, 0)
    this.seen[placeOf(start, this.shift)] = 1
    const same = this.#byStart.get(start)
    if (same === undefined) this.#byStart.set(start, [index])
    else same.push(index)
  }

  /**
   * Calls `visit` for each word at each place of a text, longest first. `candidates`: where words may begin, if that is
   * known. Where many words begin alike and their beginning is everywhere, it gives up as `costly`.
   */
  each(
    text: string,
    candidates: readonly number[] | undefined,
    visit: (index: number, start: number) => Verdict,
  ): Ended {
    this.#compared = 0
    const enough = Math.max(text.length * COMPARED_PER_UNIT, COMPARED_AT_LEAST)
    if (candidates !== undefined) {
      for (const start of candidates) {
        if (this.#visitAt(text, start, visit)) return 'done'
        if (this.#compared > enough) return 'costly'
      }
      return 'whole'
    }
    const { seen, shift } = this
    let last = 0
    for (let at = 0; at < text.length; at++) {
      last = shifted(last, text.charCodeAt(at))
      if (seen[placeOf(last, shift)] !== 1) continue
      if (this.#visitAt(text, at - GRAM + 1, visit)) return 'done'
      if (this.#compared > enough) return 'costly'
    }
    return 'whole'
  }

  /** Calls `visit` for each word that stands at one place, longest first; says whether it was `done`. */
  #visitAt(text: string, start: number, visit: (index: number, start: number) => Verdict): boolean {
    if (start < 0) return false
    const words = this.#byStart.get(gramAt(text, start))
    if (words === undefined) return false
    for (const index of words) {
      this.#compared++
      if (!text.startsWith(this.#words[index] ?? '', start)) continue
      const verdict = visit(index, start)
      if (verdict !== 'pass') return verdict === 'done'
    }
    return false
  }
}

/** The last four units as one number, after one more. Units beyond a byte may collide, which comparing finds out. */
export function shifted(units: number, unit: number): number {
  return (units << 8) ^ unit
}

/** Place of four units in the table of those seen; `shift` is that of the table. */
export function placeOf(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> shift
}

function gramAt(text: string, start: number): number {
  let gram = 0
  for (let i = start; i < start + GRAM; i++) gram = shifted(gram, text.charCodeAt(i))
  return gram
}
