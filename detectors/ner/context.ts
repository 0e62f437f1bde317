/**
 * What the tagger knows about each token before it scores it: what the word lists say, how the line is
 * written, whether the word occurs elsewhere in the text, which field of a form it stands in.
 */
import { mix } from './hash.ts'
import {
  addToPhrase,
  CLUSTER_BITS,
  FUNCTION_WORD,
  KIND_BITS,
  LANGUAGE_SHIFT,
  LANGUAGES,
  type Lexicon,
  LexiconBit,
  MAX_PHRASE,
  PLAIN_WORD,
} from './lexicon.ts'
import { caseOf } from './line-case.ts'
import { markListItems } from './list-items.ts'
import { Register, registerOf } from './register.ts'
import { Segments } from './segments.ts'
import { longestTail } from './tails.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'

/** Bits of `TokenContext.flags`. */
export const Flag = {
  sentenceStart: 1,
  /** The same word stands in lower case elsewhere in the text. */
  seenLower: 2,
  /** The same word stands with a capital in mid-sentence elsewhere in the text. */
  seenCapital: 4,
  /** The same word follows a title or a given name, or precedes a family name, elsewhere in the text. */
  seenAsName: 8,
} as const

/** A field name reaches this many tokens. */
const FIELD_REACH = 12
const NAME_BITS = LexiconBit.given | LexiconBit.family | LexiconBit.givenRare | LexiconBit.familyRare
const PHRASE_BITS =
  LexiconBit.place |
  LexiconBit.country |
  LexiconBit.company |
  LexiconBit.job |
  LexiconBit.given |
  LexiconBit.orgWord

function isCapitalised(kind: number): boolean {
  return kind >= TokenKind.title && kind <= TokenKind.mixed
}

function isWord(kind: number): boolean {
  return (kind >= TokenKind.lower && kind <= TokenKind.mixed) || kind === TokenKind.uncased
}

/** Facts about the tokens of one text, in typed arrays reused from text to text. */
export class TokenContext {
  /** `LexiconBit` and language bits. */
  mask = new Int32Array(0)
  /** Name bits of the word without its ending, for inflected names; 0 when the word itself is known. */
  stemMask = new Int32Array(0)
  /** Phrase of the lexicon the token stands in: kind bits, shifted by 16 when it begins it; 0 for none. */
  phrase = new Int32Array(0)
  /** Token kind plus sixteen times the case of its line. */
  shape = new Uint8Array(0)
  flags = new Uint8Array(0)
  /** Length of the longest ending that is itself a frequent word, for words on no list: "Arbeits|vertrag". */
  tail = new Uint8Array(0)
  /** Hash of the field name the token is a value of, or 0. */
  field = new Int32Array(0)
  /** `ListItem` of each token: where enumerations "A. …", "B. …" over several lines have their letters. */
  listItem = new Uint8Array(0)
  /** Index in `LANGUAGES` of the text's language, or `LANGUAGES.length` when unknown. */
  language: number = LANGUAGES.length
  /** `FUNCTION_WORD` and `PLAIN_WORD`. */
  usage = new Uint16Array(0)
  /** Cluster of the word; 0 for none. */
  cluster = new Uint16Array(0)
  /** Group of that cluster; 0 for none. */
  group = new Uint8Array(0)
  /** How much a word on no list is built like names of people: 1 to 8; 0 for others. */
  form = new Uint8Array(0)
  /** The words of scripts without spaces. */
  readonly segments = new Segments()
  /** A value of `Register`. */
  register: number = Register.prose
  private readonly seen = new Uint8Array(1 << 16)
  private readonly votes = new Int32Array(LANGUAGES.length)

  /** Fills the arrays for the tokens of one text; linear in their number. */
  fill(text: string, tokens: TokenBuffer, lexicon: Lexicon): void {
    if (this.mask.length < tokens.count) this.resize(tokens.start.length)
    this.segments.fill(text, tokens)
    this.lookUp(text, tokens, lexicon)
    this.findPhrases(tokens, lexicon)
    this.setLanguage(tokens)
    this.register = registerOf(text, tokens)
    this.setLines(tokens)
    markListItems(text, tokens, this.listItem)
    this.rememberWords(tokens)
    this.setFields(tokens)
  }

  private resize(size: number): void {
    this.mask = new Int32Array(size)
    this.stemMask = new Int32Array(size)
    this.phrase = new Int32Array(size)
    this.shape = new Uint8Array(size)
    this.flags = new Uint8Array(size)
    this.tail = new Uint8Array(size)
    this.field = new Int32Array(size)
    this.listItem = new Uint8Array(size)
    this.usage = new Uint16Array(size)
    this.cluster = new Uint16Array(size)
    this.group = new Uint8Array(size)
    this.form = new Uint8Array(size)
  }

  private lookUp(text: string, tokens: TokenBuffer, lexicon: Lexicon): void {
    for (let n = 0; n < tokens.count; n++) {
      const kind = tokens.kind[n] ?? 0
      this.stemMask[n] = 0
      this.tail[n] = 0
      this.phrase[n] = 0
      this.usage[n] = 0
      this.cluster[n] = 0
      this.group[n] = 0
      this.form[n] = 0
      if (!isWord(kind)) {
        this.mask[n] = 0
        continue
      }
      const entry = lexicon.find(tokens.word[n] ?? 0)
      const mask = entry < 0 ? 0 : lexicon.maskAt(entry)
      this.mask[n] = mask
      if (entry >= 0) this.setCluster(lexicon, entry, n)
      if (mask !== 0) continue
      this.stemMask[n] = this.lookUpStem(tokens, lexicon, n)
      this.form[n] = lexicon.formDegree(text, tokens.start[n] ?? 0, tokens.end[n] ?? 0)
      if (kind === TokenKind.title)
        this.tail[n] = longestTail(text, tokens.start[n] ?? 0, tokens.end[n] ?? 0, lexicon)
    }
  }

  private setCluster(lexicon: Lexicon, entry: number, n: number): void {
    const cluster = lexicon.clusterAt(entry)
    this.cluster[n] = cluster & CLUSTER_BITS
    this.group[n] = lexicon.groupOf(cluster & CLUSTER_BITS)
    this.usage[n] = cluster & (FUNCTION_WORD | PLAIN_WORD)
  }

  private lookUpStem(tokens: TokenBuffer, lexicon: Lexicon, n: number): number {
    for (const stems of [tokens.stem1, tokens.stem2, tokens.stem3]) {
      const stem = stems[n] ?? 0
      if (stem === 0) return 0
      const mask = lexicon.lookUp(stem) & KIND_BITS & ~LexiconBit.phraseStart
      if (mask !== 0) return mask
    }
    return 0
  }

  private findPhrases(tokens: TokenBuffer, lexicon: Lexicon): void {
    let n = 0
    while (n < tokens.count) {
      const length =
        ((this.mask[n] ?? 0) & LexiconBit.phraseStart) === 0 ? 0 : this.phraseAt(tokens, lexicon, n)
      n += Math.max(1, length)
    }
  }

  /** Marks the longest phrase that begins at token `n`; its number of tokens, or 0. */
  private phraseAt(tokens: TokenBuffer, lexicon: Lexicon, n: number): number {
    let hash = tokens.word[n] ?? 0
    let length = 0
    let bits = 0
    const limit = Math.min(tokens.count, n + MAX_PHRASE)
    for (let next = n + 1; next < limit && tokens.kind[next] !== TokenKind.newline; next++) {
      hash = addToPhrase(hash, tokens.word[next] ?? 0)
      const found = lexicon.lookUp(hash) & PHRASE_BITS
      if (found === 0) continue
      length = next + 1 - n
      bits = found
    }
    for (let inside = 0; inside < length; inside++) this.phrase[n + inside] = inside === 0 ? bits << 16 : bits
    return length
  }

  private setLanguage(tokens: TokenBuffer): void {
    const { votes } = this
    votes.fill(0)
    for (let n = 0; n < tokens.count; n++) {
      if (tokens.kind[n] !== TokenKind.lower) continue
      const bits = (this.mask[n] ?? 0) >>> LANGUAGE_SHIFT
      for (let language = 0; bits >>> language !== 0; language++) {
        if ((bits >>> language) & 1) votes[language] = (votes[language] ?? 0) + 1
      }
    }
    this.language = LANGUAGES.length
    let best = 1
    for (let language = 0; language < votes.length; language++) {
      const count = votes[language] ?? 0
      if (count > best) {
        best = count
        this.language = language
      }
    }
  }

  private setLines(tokens: TokenBuffer): void {
    let from = 0
    while (from < tokens.count) {
      let to = from
      let lowers = 0
      let capitals = 0
      let shouts = 0
      for (; to < tokens.count && tokens.kind[to] !== TokenKind.newline; to++) {
        const kind = tokens.kind[to] ?? 0
        if (kind === TokenKind.lower) lowers++
        else if (kind === TokenKind.upper) shouts++
        else if (kind === TokenKind.title || kind === TokenKind.mixed) capitals++
      }
      const lineCase = caseOf(lowers, capitals, shouts)
      for (let n = from; n <= to && n < tokens.count; n++) {
        this.shape[n] = (tokens.kind[n] ?? 0) + 16 * lineCase
        this.flags[n] = this.startsSentence(tokens, n) ? Flag.sentenceStart : 0
      }
      from = to + 1
    }
  }

  private startsSentence(tokens: TokenBuffer, n: number): boolean {
    if (n === 0) return true
    const before = tokens.kind[n - 1]
    if (before === TokenKind.newline) return true
    if (before === TokenKind.period) {
      const earlier = n < 2 ? TokenKind.newline : tokens.kind[n - 2]
      return earlier !== TokenKind.initial && ((this.mask[n - 2] ?? 0) & LexiconBit.title) === 0
    }
    if (before === TokenKind.other) {
      const word = tokens.word[n - 1]
      return word === EXCLAMATION || word === QUESTION || word === BULLET || word === HASH
    }
    return (
      (before === TokenKind.quote || before === TokenKind.hyphen) &&
      (n === 1 || tokens.kind[n - 2] === TokenKind.newline || tokens.kind[n - 2] === TokenKind.period)
    )
  }

  private rememberWords(tokens: TokenBuffer): void {
    const { seen } = this
    let size = 1024
    while (size < tokens.count * 4 && size < seen.length) size *= 2
    seen.fill(0, 0, size)
    for (let n = 0; n < tokens.count; n++) {
      const kind = tokens.kind[n] ?? 0
      if (!isWord(kind)) continue
      const slot = (tokens.word[n] ?? 0) & (size - 1)
      const start = ((this.flags[n] ?? 0) & Flag.sentenceStart) !== 0
      if (kind === TokenKind.lower) seen[slot] = (seen[slot] ?? 0) | Flag.seenLower
      else if (kind === TokenKind.title && !start) seen[slot] = (seen[slot] ?? 0) | Flag.seenCapital
      if (isCapitalised(kind) && this.looksLikeName(tokens, n))
        seen[slot] = (seen[slot] ?? 0) | Flag.seenAsName
    }
    for (let n = 0; n < tokens.count; n++) {
      if (!isWord(tokens.kind[n] ?? 0)) continue
      this.flags[n] = (this.flags[n] ?? 0) | (seen[(tokens.word[n] ?? 0) & (size - 1)] ?? 0)
    }
  }

  private looksLikeName(tokens: TokenBuffer, n: number): boolean {
    if (n > 0) {
      const back = tokens.kind[n - 1] === TokenKind.period && n > 1 ? n - 2 : n - 1
      const before = this.mask[back] ?? 0
      if ((before & LexiconBit.title) !== 0) return true
      if (back === n - 1 && (before & LexiconBit.given) !== 0 && isCapitalised(tokens.kind[back] ?? 0))
        return true
    }
    if (((this.mask[n] ?? 0) & LexiconBit.given) === 0 || n + 1 >= tokens.count) return false
    return ((this.mask[n + 1] ?? 0) & NAME_BITS) !== 0 && isCapitalised(tokens.kind[n + 1] ?? 0)
  }

  private setFields(tokens: TokenBuffer): void {
    let field = 0
    let age = 0
    let lastWord = 0
    for (let n = 0; n < tokens.count; n++) {
      const kind = tokens.kind[n] ?? 0
      if (kind === TokenKind.newline || age > FIELD_REACH) field = 0
      this.field[n] = field
      age++
      if (isWord(kind)) lastWord = tokens.word[n] ?? 0
      else if (kind === TokenKind.colon) {
        field = lastWord === 0 ? 0 : mix(lastWord, 7)
        age = 0
      } else if (kind === TokenKind.newline) lastWord = 0
    }
  }
}

function hashOfMark(mark: string): number {
  return Math.imul((0x811c9dc5 | 0) ^ mark.charCodeAt(0), 0x01000193)
}
const EXCLAMATION = hashOfMark('!')
const QUESTION = hashOfMark('?')
const BULLET = hashOfMark('•')
const HASH = hashOfMark('#')
