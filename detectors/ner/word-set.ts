/** Lists of words by their hashes, as the tokeniser makes them. */
import { TokenBuffer } from './tokens.ts'

/** The hashes of words with spaces between them, made at the first call. */
export function wordSet(words: string): () => ReadonlySet<number> {
  let hashes: ReadonlySet<number> | null = null
  return () => {
    if (hashes !== null) return hashes
    const tokens = new TokenBuffer()
    tokens.fill(words)
    hashes = new Set(tokens.word.subarray(0, tokens.count))
    return hashes
  }
}
