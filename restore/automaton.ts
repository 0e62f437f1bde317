/**
 * Finds many words in one pass: Aho-Corasick over UTF-16 units. Source: A. V. Aho, M. J. Corasick, "Efficient
 * string matching", CACM 18 (1975). Building costs the words' length, a step amortised constant time.
 */

/** No word ends here. */
export const NO_WORD = -1

/** An automaton over some words. States are numbers; 0 is the start. Words are known by their place in the list. */
export class Automaton {
  /** Units of the longest word. */
  readonly longest: number
  readonly #ascii = new Uint16Array(128)
  readonly #symbols = new Map<number, number>()
  readonly #edges = new Map<number, number>()
  readonly #parents: number[] = [0]
  readonly #labels: number[] = [0]
  readonly #depths: number[] = [0]
  readonly #words: number[] = [NO_WORD]
  readonly #width: number
  #fails = new Int32Array(0)
  #suffixes = new Int32Array(0)

  constructor(words: readonly string[]) {
    for (const word of words) this.#addSymbols(word)
    this.#width = this.#symbols.size + 1
    let longest = 0
    for (const [index, word] of words.entries()) {
      this.#add(word, index)
      longest = Math.max(longest, word.length)
    }
    this.longest = longest
    this.#link()
  }

  #addSymbols(word: string): void {
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i)
      if (this.#symbols.has(unit)) continue
      const symbol = this.#symbols.size + 1
      this.#symbols.set(unit, symbol)
      if (unit < 128) this.#ascii[unit] = symbol
    }
  }

  #symbolOf(unit: number): number {
    return unit < 128 ? (this.#ascii[unit] ?? 0) : (this.#symbols.get(unit) ?? 0)
  }

  #add(word: string, index: number): void {
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const symbol = this.#symbolOf(word.charCodeAt(i))
      const edge = state * this.#width + symbol
      let next = this.#edges.get(edge)
      if (next === undefined) {
        next = this.#parents.push(state) - 1
        this.#labels.push(symbol)
        this.#depths.push(i + 1)
        this.#words.push(NO_WORD)
        this.#edges.set(edge, next)
      }
      state = next
    }
    if (state !== 0 && this.#words[state] === NO_WORD) this.#words[state] = index
  }

  /** Fail links, from the shallowest state on, and from each state the next shorter one where a word ends. */
  #link(): void {
    const count = this.#parents.length
    this.#fails = new Int32Array(count)
    this.#suffixes = new Int32Array(count)
    for (const state of this.#byDepth()) {
      const parent = this.#parents[state] ?? 0
      const fail = parent === 0 ? 0 : this.#follow(this.#fails[parent] ?? 0, this.#labels[state] ?? 0)
      this.#fails[state] = fail
      this.#suffixes[state] = this.#words[fail] === NO_WORD ? (this.#suffixes[fail] ?? 0) : fail
    }
  }

  #byDepth(): Int32Array {
    const starts = new Int32Array(this.longest + 2)
    for (const depth of this.#depths) starts[depth + 1] = (starts[depth + 1] ?? 0) + 1
    for (let depth = 1; depth < starts.length; depth++) {
      starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0)
    }
    const order = new Int32Array(this.#depths.length)
    for (const [state, depth] of this.#depths.entries()) {
      const place = starts[depth] ?? 0
      order[place] = state
      starts[depth] = place + 1
    }
    // The start itself needs no link.
    return order.subarray(1)
  }

  #follow(state: number, symbol: number): number {
    for (let from = state; ; from = this.#fails[from] ?? 0) {
      const next = this.#edges.get(from * this.#width + symbol)
      if (next !== undefined) return next
      if (from === 0) return 0
    }
  }

  /** Whether a word begins with this unit. */
  startsWith(unit: number): boolean {
    const symbol = this.#symbolOf(unit)
    return symbol !== 0 && this.#edges.has(symbol)
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
