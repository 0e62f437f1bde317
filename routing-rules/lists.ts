/** Word lists of a policy, matched against text. Counts come out; the text stays in here. */
import type { CompiledPolicy } from './policy.ts'

/** Longest term, in words. */
export const MAX_TERM_WORDS = 32

/** One word further into a term. `ends` are the lists a term of which ends here. */
interface TermNode {
  readonly next: Map<string, TermNode>
  readonly ends: Set<string>
}

/** Every term of every list in one tree of words: matching takes one walk over the text. */
export interface ListMatcher {
  /** Terms per list, in the order of the policy. */
  readonly sizes: ReadonlyMap<string, number>
  readonly root: TermNode
}

/**
 * Compiles lists of terms. Terms are compared without regard to case, compatibility forms, invisible
 * characters, and the kind and number of spaces, hyphens and underscores between words.
 */
export function compileLists(lists: ReadonlyMap<string, readonly string[]>): ListMatcher {
  const root = newNode()
  const sizes = new Map<string, number>()
  for (const [name, terms] of lists) {
    let size = 0
    for (const term of terms) {
      const words = wordsOf(term)
      if (words.length === 0 || words.length > MAX_TERM_WORDS) continue
      let node = root
      for (const word of words) node = child(node, word)
      node.ends.add(name)
      size++
    }
    sizes.set(name, size)
  }
  return { sizes, root }
}

function newNode(): TermNode {
  return { next: new Map(), ends: new Set() }
}

function child(node: TermNode, word: string): TermNode {
  const known = node.next.get(word)
  if (known !== undefined) return known
  const created = newNode()
  node.next.set(word, created)
  return created
}

/**
 * How often terms of each list stand in the texts; every list has its count, 0 included. Linear in the length
 * of the texts whatever the number of terms: at most 32 steps per word. Terms match whole words only; in
 * scripts written without spaces every character is a word. Terms do not match across two texts.
 */
export function countListHits(
  policy: Pick<CompiledPolicy, 'lists'>,
  texts: Iterable<string>,
): Record<string, number> {
  const { root, sizes } = policy.lists
  const hits = new Map<string, number>()
  for (const name of sizes.keys()) hits.set(name, 0)
  if (root.next.size > 0) for (const text of texts) countInto(hits, root, wordsOf(text))
  return Object.fromEntries(hits)
}

function countInto(hits: Map<string, number>, root: TermNode, words: readonly string[]): void {
  for (let start = 0; start < words.length; start++) {
    let node = root.next.get(words[start] ?? '')
    for (let i = start + 1; node !== undefined; i++) {
      for (const list of node.ends) hits.set(list, (hits.get(list) ?? 0) + 1)
      node = node.next.size === 0 ? undefined : node.next.get(words[i] ?? '')
    }
  }
}

/** Characters that show nothing and must not part a word: soft hyphen, zero-width and bidi marks, selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu
const ASCII_ONLY = /^[\x00-\x7f]*$/
const APOSTROPHES = /[‘’ʼ]/g

/**
 * A word: letters, marks and digits; or one character of a script that is written without spaces; or one sign.
 * Spaces, dashes and underscores part words and are none. Each alternative is one run: linear.
 */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{M}\p{N}])+|[^\p{L}\p{M}\p{N}\p{Z}\p{Pd}\p{Cc}_]/gu
const ASCII_WORD = /[A-Z0-9]+|[!-,./:-@[-^`{-~]/g

/** Longest word compared, in UTF-16 units: longer than any term can be. */
const MAX_WORD = 256

/** Upper case, because it folds more than lower case does: sharp s, both sigmas, dotless i. */
function wordsOf(text: string): readonly string[] {
  if (ASCII_ONLY.test(text)) return text.toUpperCase().match(ASCII_WORD) ?? []
  const words = text.replace(INVISIBLE, '').replace(APOSTROPHES, "'").match(WORD) ?? []
  return words.map(foldWord)
}

/**
 * Word by word, never the whole text: normalising a long run of combining marks takes quadratic time
 * (measured: minutes for 1 MB).
 */
function foldWord(word: string): string {
  if (word.length > MAX_WORD) return word
  return ASCII_ONLY.test(word) ? word.toUpperCase() : word.normalize('NFKC').toUpperCase()
}
