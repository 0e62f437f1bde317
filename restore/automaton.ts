/**
 * Finds many words in one pass: Aho-Corasick over UTF-16 units. Source: A. V. Aho, M. J. Corasick, "Efficient
 * string matching", CACM 18 (1975). Building costs the words' length, a step amortised constant time.
 */

/** No word ends here. */
export const NO_WORD = -1

/**
 * An automaton over some words. States are numbers; 0 is the start. Words are known by their place in the list.
 * Edges stand in one open-addressed table that holds target states: about 30 bytes for each unit of the words.
 */
export class Automaton {
  /** Units of the longest word. */
  readonly longest: number
  readonly #ascii = new Uint16Array(128)
  readonly #symbols = new Map<number, number>()
  readonly #parents: Int32Array
  readonly #labels: Uint16Array
  readonly #depths: Int32Array
  readonly #words: Int32Array
  readonly #fails: Int32Array
  readonly #suffixes: Int32Array
  readonly #table: Int32Array
  readonly #shift: number
  #states = 1

  constructor(words: readonly string[]) {
    let longest = 0
    let units = 1
    for (const word of words) {
      longest = Math.max(longest, word.length)
      units += word.length
    }
    this.longest = longest
    this.#parents = new Int32Array(units)
    this.#labels = new Uint16Array(units)
    this.#depths = new Int32Array(units)
    this.#words = new Int32Array(units).fill(NO_WORD)
    this.#fails = new Int32Array(units)
    this.#suffixes = new Int32Array(units)
    this.#shift = Math.clz32(2 * units)
    this.#table = new Int32Array(2 ** (32 - this.#shift))
    for (const [index, word] of words.entries()) this.#add(word, index)
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

  /** The place in the table of the edge from a state, or the free one where it belongs. */
  #placeOf(state: number, symbol: number): number {
    const mask = this.#table.length - 1
    let place = (Math.imul(state, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b)) >>> this.#shift
    for (;;) {
      const target = this.#table[place] ?? 0
      if (target === 0) return place
      if (this.#parents[target] === state && this.#labels[target] === symbol) return place
      place = (place + 1) & mask
    }
  }

  #add(word: string, index: number): void {
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const symbol = this.#symbolFor(word.charCodeAt(i))
      const place = this.#placeOf(state, symbol)
      let next = this.#table[place] ?? 0
      if (next === 0) {
        next = this.#states++
        this.#parents[next] = state
        this.#labels[next] = symbol
        this.#depths[next] = i + 1
        this.#table[place] = next
      }
      state = next
    }
    if (state !== 0 && this.#words[state] === NO_WORD) this.#words[state] = index
  }

  /** Fail links, from the shallowest state on, and from each state the next shorter one where a word ends. */
  #link(): void {
    for (const state of this.#byDepth()) {
      const parent = this.#parents[state] ?? 0
      const fail = parent === 0 ? 0 : this.#follow(this.#fails[parent] ?? 0, this.#labels[state] ?? 0)
      this.#fails[state] = fail
      this.#suffixes[state] = this.#words[fail] === NO_WORD ? (this.#suffixes[fail] ?? 0) : fail
    }
  }

  /** All states but the start, counted into place by depth. */
  #byDepth(): Int32Array {
    const starts = new Int32Array(this.longest + 2)
    for (let state = 1; state < this.#states; state++) {
      const depth = this.#depths[state] ?? 0
      starts[depth + 1] = (starts[depth + 1] ?? 0) + 1
    }
    for (let depth = 1; depth < starts.length; depth++) {
      starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0)
    }
    const order = new Int32Array(this.#states - 1)
    for (let state = 1; state < this.#states; state++) {
      const depth = this.#depths[state] ?? 0
      const place = starts[depth] ?? 0
      order[place] = state
      starts[depth] = place + 1
    }
    return order
  }

  #follow(state: number, symbol: number): number {
    for (let from = state; ; from = this.#fails[from] ?? 0) {
      const next = this.#table[this.#placeOf(from, symbol)] ?? 0
      if (next !== 0 || from === 0) return next
    }
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
    return this.#words[state] === NO_WORD ? (this.#suffixes[state] ?? 0) : state
  }

  /** The state of the next shorter word that ends in a state where one ends, or 0. */
  nextEnding(state: number): number {
    return this.#suffixes[state] ?? 0
  }

  /** The word that ends in a state, or `NO_WORD`. */
  wordAt(state: number): number {
    return this.#words[state] ?? NO_WORD
  }

  /** Length of the word that ends in a state. */
  depthOf(state: number): number {
    return this.#depths[state] ?? 0
  }
}
