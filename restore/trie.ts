/** A trie over placeholder symbols, shared by what was issued and by what merely looks like it. */
import { NO_SYMBOL, symbolOf } from './spelling.ts'

const NODE_WIDTH = 64
/** The node every word starts from. */
export const ROOT = 0

/** Words over placeholder symbols, any case; at most one item for each. */
export class SymbolTrie<Item> {
  readonly #next = new Map<number, number>()
  readonly #items: (Item | undefined)[] = [undefined]
  readonly #starts = new Uint8Array(NODE_WIDTH)

  add(word: string, item: Item): void {
    let node = ROOT
    for (let i = 0; i < word.length; i++) {
      const symbol = symbolOf(word.charCodeAt(i))
      if (node === ROOT) this.#starts[symbol] = 1
      const edge = node * NODE_WIDTH + symbol
      let next = this.#next.get(edge)
      if (next === undefined) {
        next = this.#items.push(undefined) - 1
        this.#next.set(edge, next)
      }
      node = next
    }
    this.#items[node] = item
  }

  /** Whether a word begins with this UTF-16 unit, in any case and width. */
  startsWith(unit: number): boolean {
    const symbol = symbolOf(unit)
    return symbol !== NO_SYMBOL && this.#starts[symbol] === 1
  }

  /** The node behind an edge; undefined when no word goes on like that. */
  step(node: number, symbol: number): number | undefined {
    return this.#next.get(node * NODE_WIDTH + symbol)
  }

  /** What ends at a node. */
  itemAt(node: number): Item | undefined {
    return this.#items[node]
  }
}
