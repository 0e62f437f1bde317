/** Finds a few words in one pass, by the first four units of each. */

/** Words of fewer units cannot be looked for. */
export const GRAM = 4
/** Bits of the hash that chooses a place in the table of beginnings. */
const FEWEST_BITS = 10
const MOST_BITS = 16
/** So many words may begin alike before comparing them all is too much. */
const CROWD = 32

/** What a visitor says: look no further at all, at no other word at this place, or go on. */
export type Verdict = 'done' | 'taken' | 'pass'

/** Some words, known by their place in the list. Comparing costs their number where many begin alike. */
export class Grams {
  /** Whether some word may begin with four units, by `placeOf` of them. */
  readonly seen: Uint8Array
  /** What `placeOf` needs to know of this table. */
  readonly shift: number
  readonly #words: readonly string[]
  readonly #byStart = new Map<number, number[]>()
  #crowded = false

  constructor(words: readonly string[]) {
    this.#words = words
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

  /** Whether so many words begin alike that an automaton should look for them. */
  get isCrowded(): boolean {
    return this.#crowded
  }

  #add(word: string, index: number): void {
    const start = gramAt(word, 0)
    this.seen[placeOf(start, this.shift)] = 1
    const same = this.#byStart.get(start)
    if (same === undefined) this.#byStart.set(start, [index])
    else if (same.push(index) > CROWD) this.#crowded = true
  }

  /** Calls `visit` for each word at each place of a text, ascending, longest first; says whether it was `done`. */
  each(text: string, visit: (index: number, start: number) => Verdict): boolean {
    const { seen, shift } = this
    let last = 0
    for (let at = 0; at < text.length; at++) {
      last = shifted(last, text.charCodeAt(at))
      if (seen[placeOf(last, shift)] === 1 && this.visitAt(text, at - GRAM + 1, visit)) return true
    }
    return false
  }

  /** Calls `visit` for each word that stands at one place, longest first; says whether it was `done`. */
  visitAt(text: string, start: number, visit: (index: number, start: number) => Verdict): boolean {
    if (start < 0) return false
    for (const index of this.#byStart.get(gramAt(text, start)) ?? []) {
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
