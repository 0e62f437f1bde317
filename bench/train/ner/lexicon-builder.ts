/** A lexicon in the making. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addToPhrase,
  CLUSTER_BITS,
  FUNCTION_WORD,
  LexiconBit,
  type LexiconTables,
  lexiconKey,
  MAX_PHRASE,
  PLAIN_WORD,
} from '../../../detectors/ner/lexicon.ts'
import { TokenBuffer, TokenKind } from '../../../detectors/ner/tokens.ts'
import { tablesOf } from './lexicon-tables.ts'

/** The rows of a list: the first line is a header. Values may be quoted in CSV files. */
export function readList(folder: string, file: string): readonly (readonly string[])[] {
  const separator = file.endsWith('.csv') ? ',' : '\t'
  return readFileSync(join(folder, file), 'utf8')
    .replace(/^\ufeff/u, '')
    .split(/\r?\n/u)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => (separator === ',' && line.includes('"') ? splitQuoted(line) : line.split(separator)))
}

function splitQuoted(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,|$)/gu)].map((cell) => cell[1] ?? cell[2] ?? '')
}

/** Entries of a lexicon in the making: key to bits. */
export class LexiconBuilder {
  readonly entries = new Map<number, number>()
  private readonly clusters = new Map<number, number>()
  private readonly tokens = new TokenBuffer()

  /** Adds a word or phrase; phrases of more than `longest` tokens are left out. */
  add(text: string, bits: number, longest: number = MAX_PHRASE): void {
    const { tokens } = this
    tokens.fill(text)
    const count = tokens.count
    if (count === 0 || count > longest || (count === 1 && text.length < 2)) return
    for (let n = 0; n < count; n++) if (tokens.kind[n] === TokenKind.ideograph) return
    if (count === 1) {
      if (!/\p{L}/u.test(text)) return
      this.set(tokens.word[0] ?? 0, bits)
      return
    }
    let hash = tokens.word[0] ?? 0
    this.set(hash, LexiconBit.phraseStart)
    for (let n = 1; n < count; n++) hash = addToPhrase(hash, tokens.word[n] ?? 0)
    this.set(hash, bits)
  }

  /** The bits a single word has so far. */
  bitsOf(word: string): number {
    this.tokens.fill(word)
    return this.tokens.count === 1 ? (this.entries.get(lexiconKey(this.tokens.word[0] ?? 0)) ?? 0) : 0
  }

  /** The hash of a single word; 0 for anything else. */
  hashOf(word: string): number {
    this.tokens.fill(word)
    return this.tokens.count === 1 ? (this.tokens.word[0] ?? 0) : 0
  }

  /** Marks a word that holds sentences together. */
  markFunctionWord(word: string): void {
    const key = lexiconKey(this.hashOf(word))
    this.clusters.set(key, (this.clusters.get(key) ?? 0) | FUNCTION_WORD)
  }

  /** Marks words of the lexicon, by hash, that are mostly written in small letters. */
  markPlainWords(words: Iterable<number>): void {
    for (const hash of words) {
      const key = lexiconKey(hash)
      if (this.entries.has(key)) this.clusters.set(key, (this.clusters.get(key) ?? 0) | PLAIN_WORD)
    }
  }

  /** Puts words, by hash, into clusters numbered from 1. */
  addClusters(words: readonly number[], clusterOf: (n: number) => number): void {
    words.forEach((hash, n) => {
      const key = lexiconKey(hash)
      this.clusters.set(key, ((this.clusters.get(key) ?? 0) & ~CLUSTER_BITS) | clusterOf(n))
      if (!this.entries.has(key)) this.entries.set(key, 0)
    })
  }

  /** The tables of the lexicon so far; `groups` by cluster. */
  tables(groups: Uint8Array, forms: Int8Array): LexiconTables {
    return tablesOf(this.entries, this.clusters, groups, forms)
  }

  /** The words of a text, as typed. */
  words(text: string): string[] {
    this.tokens.fill(text)
    const found: string[] = []
    for (let n = 0; n < this.tokens.count; n++)
      found.push(text.slice(this.tokens.start[n], this.tokens.end[n]))
    return found
  }

  private set(hash: number, bits: number): void {
    const key = lexiconKey(hash)
    this.entries.set(key, (this.entries.get(key) ?? 0) | bits)
  }
}
