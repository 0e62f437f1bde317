/** Finds issued placeholders, in any tolerated spelling, at a position of a text: a trie over all of them. */
import {
  isExact,
  isInvisible,
  MAX_INVISIBLE,
  mayEnd,
  NO_SYMBOL,
  readSeparator,
  symbolOf,
  UNDERSCORE,
} from './spelling.ts'
import { ROOT, SymbolTrie } from './trie.ts'
import type { Vault, VaultEntry } from './types.ts'

/** An issued placeholder in a text. */
export interface IssuedMatch {
  readonly entry: VaultEntry
  /** Offset behind it. */
  readonly end: number
  /** Markup that stood inside and goes before the value. */
  readonly before: string
  /** Markup that stood inside and goes behind the value. */
  readonly after: string
}

/** The placeholders of one vault at one time. */
export interface IssuedIndex {
  /** Entries of the vault when this was built. */
  readonly size: number
  readonly trie: SymbolTrie<VaultEntry>
}

const indexes = new WeakMap<Vault, IssuedIndex>()

/** The index of a vault, built once as long as the vault does not grow. */
export function issuedIndex(vault: Vault): IssuedIndex {
  const known = indexes.get(vault)
  if (known !== undefined && known.size === vault.size) return known
  const trie = new SymbolTrie<VaultEntry>()
  for (const entry of vault.entries()) trie.add(entry.placeholder, entry)
  const index = { size: vault.size, trie }
  indexes.set(vault, index)
  return index
}

/**
 * The issued placeholder at `start`; `more` when the text ends inside what may become one (never when `final`);
 * undefined when there is none. Whether one may begin at `start` is the caller's question (`mayBegin`).
 */
export function matchIssued(
  index: IssuedIndex,
  text: string,
  start: number,
  final: boolean,
): IssuedMatch | 'more' | undefined {
  const unit = text.charCodeAt(start)
  const first = index.trie.step(ROOT, symbolOf(unit))
  if (first === undefined) return undefined
  // Most candidates fail at their second letter: not worth a matcher.
  const second = start + 1 < text.length ? symbolOf(text.charCodeAt(start + 1)) : NO_SYMBOL
  if (second !== NO_SYMBOL && second !== UNDERSCORE && index.trie.step(first, second) === undefined)
    return undefined
  return new IssuedMatcher(index.trie, text, final).walk(first, start + 1, isExact(unit))
}

/** Walks the trie along a text. Since no code is the beginning of another, the first entry reached is the only one. */
class IssuedMatcher {
  readonly #trie: SymbolTrie<VaultEntry>
  readonly #text: string
  readonly #final: boolean
  #at = 0
  #exact = true
  #invisible = 0
  #before = ''
  #after = ''

  constructor(trie: SymbolTrie<VaultEntry>, text: string, final: boolean) {
    this.#trie = trie
    this.#text = text
    this.#final = final
  }

  walk(first: number, start: number, exact: boolean): IssuedMatch | 'more' | undefined {
    this.#at = start
    this.#exact = exact
    let node = first
    for (;;) {
      const entry = this.#trie.itemAt(node)
      if (entry !== undefined) return this.#end(entry)
      if (this.#at >= this.#text.length) return this.#final ? undefined : 'more'
      const unit = this.#text.charCodeAt(this.#at)
      const symbol = symbolOf(unit)
      const isWord = symbol !== NO_SYMBOL && symbol !== UNDERSCORE
      const next = isWord ? this.#trie.step(node, symbol) : this.#separated(node, unit)
      if (next === undefined || next === 'more') return next
      if (isWord) {
        if (!isExact(unit)) this.#exact = false
        this.#invisible = 0
        this.#at++
      }
      node = next
    }
  }

  /** Reads over whatever stands for an underscore, or over an invisible character inside a word. */
  #separated(node: number, unit: number): number | 'more' | undefined {
    const beyond = this.#trie.step(node, UNDERSCORE)
    if (beyond === undefined) {
      if (!isInvisible(unit) || ++this.#invisible > MAX_INVISIBLE) return undefined
      this.#at++
      this.#exact = false
      return node
    }
    const following = this.#text.charCodeAt(this.#at + 1)
    if (unit === 0x5f && symbolOf(following) !== NO_SYMBOL) {
      this.#at++
      return beyond
    }
    const separator = readSeparator(this.#text, this.#at, this.#final)
    if (separator.kind === 'more') return 'more'
    if (separator.kind === 'none') return undefined
    this.#at = separator.end
    this.#before += separator.before
    this.#after += separator.after
    this.#exact = false
    return beyond
  }

  #end(entry: VaultEntry): IssuedMatch | 'more' | undefined {
    const end = this.#at
    if (end >= this.#text.length) {
      if (!this.#final) return 'more'
    } else if (!mayEnd(this.#text.charCodeAt(end), this.#exact)) {
      const follows = this.#exact ? this.#followedByIssued(end) : false
      if (follows === 'more') return 'more'
      if (!follows) return undefined
    }
    // Markup before the underscore closed what had been opened before the placeholder (`**PERSON**_7KQ2F`), and
    // markup behind it opened what is closed after it. Both together cancel out.
    if (this.#before === this.#after) return { entry, end, before: '', after: '' }
    return { entry, end, before: this.#after, after: this.#before }
  }
  /** Whether another placeholder stands at `start` in exact spelling: two may touch, where scripts have no spaces. */
  #followedByIssued(start: number): boolean | 'more' {
    let node = ROOT
    for (let at = start; ; at++) {
      if (this.#trie.itemAt(node) !== undefined) return true
      if (at >= this.#text.length) return this.#final ? false : 'more'
      const unit = this.#text.charCodeAt(at)
      const next = isExact(unit) ? this.#trie.step(node, symbolOf(unit)) : undefined
      if (next === undefined) return false
      node = next
    }
  }
}
