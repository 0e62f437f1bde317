/**
 * Words of scripts that are written without spaces: Chinese, Japanese, Thai, Lao, Khmer and Burmese by the dictionaries
 * of `Intl.Segmenter` (Unicode Standard Annex 29, ICU), Korean by its spaces. Tokens stay single characters, for names
 * and words share them; what is kept is which word each stands in.
 */
import { CharClass, charClass } from './characters.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'

/** Longer runs without a space or a mark are taken in pieces, so that time and memory stay bounded. */
const MAX_RUN = 512

const FIRST_SYLLABLE = 0xac00
const LAST_SYLLABLE = 0xd7a3

/** The words in one text, in typed arrays reused from text to text; one value per token. */
export class Segments {
  /** First token of the word that a token stands in, or of itself where its script has spaces. */
  first = new Int32Array(0)
  /** The token behind the last one of that word. */
  end = new Int32Array(0)
  /** Hash of that word. */
  hash = new Int32Array(0)
  private segmenter: Intl.Segmenter | null = null

  /** Finds the words of the text that the tokens are of; a text without such scripts is left out. Linear. */
  fill(text: string, tokens: TokenBuffer): void {
    if (tokens.kind.subarray(0, tokens.count).indexOf(TokenKind.ideograph) < 0) return
    if (this.first.length < tokens.count) this.resize(tokens.start.length)
    let from = 0
    while (from < tokens.count) {
      if (tokens.kind[from] !== TokenKind.ideograph) {
        this.setWord(from, from + 1, tokens.word[from] ?? 0)
        from++
        continue
      }
      let to = from + 1
      while (to < tokens.count && to - from < MAX_RUN && continues(text, tokens, to)) to++
      this.split(text, tokens, from, to)
      from = to
    }
  }

  private resize(size: number): void {
    this.first = new Int32Array(size)
    this.end = new Int32Array(size)
    this.hash = new Int32Array(size)
  }

  private split(text: string, tokens: TokenBuffer, from: number, to: number): void {
    const start = tokens.start[from] ?? 0
    const end = tokens.end[to - 1] ?? 0
    if (to - from === 1 || isKorean(text, start, end)) {
      this.setWord(from, to, hashOf(text, start, end))
      return
    }
    this.segmenter ??= new Intl.Segmenter('en', { granularity: 'word' })
    let token = from
    for (const { segment, index } of this.segmenter.segment(text.slice(start, end))) {
      const limit = start + index + segment.length
      const first = token
      while (token < to && (tokens.end[token] ?? 0) <= limit) token++
      if (token > first) this.setWord(first, token, hashOf(segment, 0, segment.length))
    }
  }

  private setWord(first: number, end: number, hash: number): void {
    for (let n = first; n < end; n++) {
      this.first[n] = first
      this.end[n] = end
      this.hash[n] = hash
    }
  }
}

/** Whether a token goes on with the run before it: another character of such a script, or a mark upon one. */
function continues(text: string, tokens: TokenBuffer, n: number): boolean {
  if (tokens.start[n] !== tokens.end[n - 1]) return false
  const kind = tokens.kind[n]
  return (
    kind === TokenKind.ideograph ||
    (kind === TokenKind.other && charClass(text.charCodeAt(tokens.start[n] ?? 0)) === CharClass.mark)
  )
}

function isKorean(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit < FIRST_SYLLABLE || unit > LAST_SYLLABLE) return false
  }
  return true
}

function hashOf(text: string, start: number, end: number): number {
  let hash = HASH_SEED
  for (let at = start; at < end; at++) hash = addUnit(hash, text.charCodeAt(at))
  return hash
}
