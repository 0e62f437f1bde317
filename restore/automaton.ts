/**
 * Finds many words in one pass: Aho-Corasick over UTF-16 units. Source: A. V. Aho, M. J. Corasick, "Efficient
 * string matching", CACM 18 (1975). Building costs the words' length, a step amortised constant time.
 */

/** No word ends here. */
export const NO_WORD = -1

/** What is kept of each state. */
const PARENT = 0
const LABEL = 1
const DEPTH = 2
const WORD = 3
const FAIL = 4
const SUFFIX = 5
const WIDTH = 6

/**
 * An automaton over some words. States are numbers; 0 is the start. Words are known by their place in the list.
 * All of it stands in one array, edges in an open-addressed table of target states: about 40 bytes for each unit of
 * the words.
 */
export class Automaton {
  /** Units of the longest word. */
  readonly longest: number
  readonly #ascii = new Uint16Array(128)
  readonly #symbols = new Map<number, number>()
  readonly #cells: Int32Array
  /** Where the table of edges begins, and how hashes become places in it. */
  readonly #table: number
  readonly #mask: number
  readonly #shift: number
  /** Target of each symbol from the start: where most units of a text end up. */
  #root = new Int32Array(0)
  #states = 1

  constructor(words: readonly string[]) {
    let longest = 0
    let units = 1
    for (const word of words) {
      longest = Math.max(longest, word.length)
      units += word.length
    }
    this.longest = longest
    this.#shift = Math.clz32(2 * units - 1)
    this.#mask = 2 ** (32 - this.#shift) - 1
    this.#table = units * WIDTH
    this.#cells = new Int32Array(this.#table + this.#mask + 1)
    this.#cells[WORD] = NO_WORD
    for (let index = 0; index < words.length; index++) this.#add(words[index] ?? '', index)
    this.#root = new Int32Array(this.#symbols.size + 1)
    for (let symbol = 1; symbol < this.#root.length; symbol++) {
      this.#root[symbol] = this.#cells[this.#placeOf(0, symbol)] ?? 0
    }
    this.#link()
  }

  #symbolFor(unit: number): number {
    const known = this.#symbolOf(unit)
    if (known !== 0) return known
    const symbol = this.#symbols.size + 1
    this.#symbols.set(unit, symbol)
    if (unit < 128) this.#ascii[unit] = symbol
    return symbol
  }

  #symbolOf(unit: number): number {
    return unit < 128 ? (this.#ascii[unit] ?? 0) : (this.#symbols.get(unit) ?? 0)
  }

  #get(state: number, field: number): number {
    return this.#cells[state * WIDTH + field] ?? 0
  }

  /** The place in the table of the edge from a state, or the free one where it belongs. */
  #placeOf(state: number, symbol: number): number {
    let place = (Math.imul(state, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b)) >>> this.#shift
    for (;;) {
      const target = this.#cells[this.#table + place] ?? 0
      if (target === 0 || (this.#get(target, PARENT) === state && this.#get(target, LABEL) === symbol)) {
        return this.#table + place
      }
      place = (place + 1) & this.#mask
    }
  }

  #add(word: string, index: number): void {
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const symbol = this.#symbolFor(word.charCodeAt(i))
      const place = this.#placeOf(state, symbol)
      let next = this.#cells[place] ?? 0
      if (next === 0) {
        next = this.#states++
        const cell = next * WIDTH
        this.#cells[cell + PARENT] = state
        this.#cells[cell + LABEL] = symbol
        this.#cells[cell + DEPTH] = i + 1
        this.#cells[cell + WORD] = NO_WORD
        this.#cells[place] = next
      }
      state = next
    }
    const cell = state * WIDTH + WORD
    if (state !== 0 && this.#cells[cell] === NO_WORD) this.#cells[cell] = index
  }

  /** Fail links, from the shallowest state on, and from each state the next shorter one where a word ends. */
  #link(): void {
    for (const state of this.#byDepth()) {
      const parent = this.#get(state, PARENT)
      const fail = parent === 0 ? 0 : this.#follow(this.#get(parent, FAIL), this.#get(state, LABEL))
      this.#cells[state * WIDTH + FAIL] = fail
      this.#cells[state * WIDTH + SUFFIX] = this.longestEnding(fail)
    }
  }

  /** All states but the start, counted into place by depth. */
  #byDepth(): Int32Array {
    const starts = new Int32Array(this.longest + 2)
    for (let state = 1; state < this.#states; state++) {
      const after = this.#get(state, DEPTH) + 1
      starts[after] = (starts[after] ?? 0) + 1
    }
    for (let depth = 1; depth < starts.length; depth++) {
      starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0)
    }
    const order = new Int32Array(this.#states - 1)
    for (let state = 1; state < this.#states; state++) {
      const depth = this.#get(state, DEPTH)
      const place = starts[depth] ?? 0
      order[place] = state
      starts[depth] = place + 1
    }
    return order
  }

  #follow(state: number, symbol: number): number {
    for (let from = state; from !== 0; from = this.#get(from, FAIL)) {
      const next = this.#cells[this.#placeOf(from, symbol)] ?? 0
      if (next !== 0) return next
    }
    return this.#root[symbol] ?? 0
  }

  /** Whether a word begins with this unit. */
  startsWith(unit: number): boolean {
    return this.step(0, unit) !== 0
  }

  /** The state after one more unit. */
  step(state: number, unit: number): number {
    const symbol = this.#symbolOf(unit)
    return symbol === 0 ? 0 : this.#follow(state, symbol)
  }

  /** The state of the longest word that ends in a state, or 0. */
  longestEnding(state: number): number {
    return this.#get(state, WORD) === NO_WORD ? this.#get(state, SUFFIX) : state
  }

  /** The state of the next shorter word that ends in a state where one ends, or 0. */
  nextEnding(state: number): number {
    return this.#get(state, SUFFIX)
  }

  /** The word that ends in a state, or `NO_WORD`. */
  wordAt(state: number): number {
    return this.#get(state, WORD)
  }

  /** Length of the word that ends in a state. */
  depthOf(state: number): number {
    return this.#get(state, DEPTH)
  }
}
