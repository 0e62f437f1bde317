/** Counts the words of raw text: which words stand side by side, and how each is written in mid-sentence. */
import { Flag, TokenContext } from '../../../detectors/ner/context.ts'
import { Lexicon } from '../../../detectors/ner/lexicon.ts'
import { TokenBuffer, TokenKind } from '../../../detectors/ner/tokens.ts'
import type { Bigrams } from './clusters.ts'

/** What a token that is no frequent word counts as; the numbers are classes of their own. */
const Mark = {
  edge: 0,
  rareLower: 1,
  rareCapital: 2,
  rareUncased: 3,
  capital: 4,
  small: 5,
  kinds: 6,
} as const

/** Numbers below this one are no words. */
export const FIXED = Mark.kinds + 16

/** How often a word was written in mid-sentence, by case. */
export interface Casing {
  lower: number
  capital: number
}

/** An empty lexicon: the context then knows what the text itself says. */
function emptyLexicon(): Lexicon {
  return new Lexicon({
    keys: new Int32Array(0),
    maskNumbers: new Uint16Array(0),
    masks: new Int32Array(0),
    clusters: new Uint16Array(0),
    groups: new Uint8Array(0),
    forms: new Int8Array(0),
  })
}

/** Collects the tokens of texts. */
export class WordCounter {
  private readonly tokens = new TokenBuffer()
  private readonly context = new TokenContext()
  private readonly lexicon = emptyLexicon()
  /** Word hashes where the kind is a word; kinds and casing of every token, texts one after the other. */
  private words = new Int32Array(1 << 20)
  private kinds = new Uint8Array(1 << 20)
  private count = 0

  /** Adds a text; its edges are neighbours too. */
  add(text: string): void {
    const { tokens, context } = this
    tokens.fill(text)
    context.fill(text, tokens, this.lexicon)
    this.push(0, Mark.edge)
    for (let n = 0; n < tokens.count; n++) {
      const kind = tokens.kind[n] ?? 0
      const isPlainLine = (context.shape[n] ?? 0) < 16
      const isStart = ((context.flags[n] ?? 0) & Flag.sentenceStart) !== 0
      this.push(tokens.word[n] ?? 0, kind + (isPlainLine && !isStart ? 32 : 0))
    }
    this.push(0, Mark.edge)
  }

  /** How every word is written in mid-sentence, by hash. */
  casing(): Map<number, Casing> {
    const found = new Map<number, Casing>()
    for (let n = 0; n < this.count; n++) {
      const kind = this.kinds[n] as number
      if (kind < 32 || !isCasedWord(kind - 32)) continue
      const word = this.words[n] as number
      const casing = found.get(word) ?? { lower: 0, capital: 0 }
      if (kind - 32 === TokenKind.lower) casing.lower++
      else casing.capital++
      found.set(word, casing)
    }
    return found
  }

  /** The words that occur `least` times or more, by falling frequency, and their neighbours. */
  bigrams(least: number): { readonly bigrams: Bigrams; readonly words: readonly number[] } {
    const words = this.frequentWords(least)
    const numbers = new Map(words.map((word, n) => [word, n + FIXED]))
    const pairs = new Map<number, number>()
    const wordCount = words.length + FIXED
    const add = (left: number, right: number): void => {
      const pair = left * wordCount + right
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    let previous: number = Mark.edge
    for (let n = 0; n < this.count; n++) {
      const kind = this.kinds[n] as number
      const own = this.numberOf(n, numbers)
      add(previous, own)
      previous = own
      if (kind < 32 || !isCasedWord(kind - 32) || own < FIXED) continue
      add(own, kind - 32 === TokenKind.lower ? Mark.small : Mark.capital)
    }
    const entries = [...pairs]
    return {
      words,
      bigrams: {
        wordCount,
        fixed: FIXED,
        left: Int32Array.from(entries, ([pair]) => Math.floor(pair / wordCount)),
        right: Int32Array.from(entries, ([pair]) => pair % wordCount),
        counts: Int32Array.from(entries, ([, count]) => count),
      },
    }
  }

  private numberOf(n: number, numbers: ReadonlyMap<number, number>): number {
    const kind = (this.kinds[n] as number) & 31
    if (kind === TokenKind.newline) return Mark.edge
    if (!isCasedWord(kind) && kind !== TokenKind.uncased) return Mark.kinds + kind
    const number = numbers.get(this.words[n] as number)
    if (number !== undefined) return number
    if (kind === TokenKind.uncased) return Mark.rareUncased
    return kind === TokenKind.lower ? Mark.rareLower : Mark.rareCapital
  }

  private frequentWords(least: number): number[] {
    const counts = new Map<number, number>()
    for (let n = 0; n < this.count; n++) {
      const kind = (this.kinds[n] as number) & 31
      if (!isCasedWord(kind) && kind !== TokenKind.uncased) continue
      const word = this.words[n] as number
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    return [...counts]
      .filter(([, count]) => count >= least)
      .sort((one, other) => other[1] - one[1] || one[0] - other[0])
      .map(([word]) => word)
  }

  private push(word: number, kind: number): void {
    if (this.count === this.words.length) {
      const words = new Int32Array(this.count * 2)
      words.set(this.words)
      this.words = words
      const kinds = new Uint8Array(this.count * 2)
      kinds.set(this.kinds)
      this.kinds = kinds
    }
    this.words[this.count] = word
    this.kinds[this.count++] = kind
  }
}

function isCasedWord(kind: number): boolean {
  return kind >= TokenKind.lower && kind <= TokenKind.mixed
}
