/**
 * The features of a token as slots of the weight table. Every feature is a hash of a template number and one
 * or two facts; training and run time share this file, so a change here needs a new model.
 */
import type { TokenContext } from './context.ts'
import { mix } from './hash.ts'
import { KIND_BITS, LANGUAGE_SHIFT, LexiconBit } from './lexicon.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'

/** More features than any token has. */
export const MAX_FEATURES = 80

/** Templates up to this number are about the word itself: training hides them now and then. */
export const LAST_WORD_TEMPLATE = 9

const EDGE = 0x5bd1e995
/** Longer words of scripts without spaces count as so long. */
const MAX_LENGTH = 7
const OWN_BITS = KIND_BITS & ~LexiconBit.phraseStart

/** Computes feature hashes; the caller maps them to slots of the weight table. */
export class FeatureExtractor {
  /** Hashes of the features of the latest token. */
  readonly hashes = new Int32Array(MAX_FEATURES)
  /** How many of them depend on the word itself; they come first. */
  wordFeatures = 0
  private count = 0

  private add(template: number, fact: number): void {
    this.hashes[this.count++] = mix(fact, template * 0x9e3779b1)
  }

  /** Fills `hashes` for token `n` and returns their number. */
  extract(tokens: TokenBuffer, context: TokenContext, n: number): number {
    this.count = 0
    this.addWord(tokens, context, n)
    this.wordFeatures = this.count
    this.addLists(context, n, tokens.count)
    this.addClusters(context, n, tokens.count)
    this.addSurroundings(tokens, context, n)
    if (tokens.kind[n] === TokenKind.ideograph) this.addSegments(tokens, context, n)
    return this.count
  }

  private addWord(tokens: TokenBuffer, context: TokenContext, n: number): void {
    const word = tokens.word[n] ?? 0
    const shape = context.shape[n] ?? 0
    const before = n > 0 ? (tokens.word[n - 1] ?? 0) : EDGE
    const after = n + 1 < tokens.count ? (tokens.word[n + 1] ?? 0) : EDGE
    this.add(1, mix(word, shape))
    this.add(2, word)
    this.add(3, mix(tokens.suffix2[n] ?? 0, shape))
    this.add(4, mix(tokens.suffix3[n] ?? 0, shape))
    this.add(5, mix(tokens.suffix4[n] ?? 0, shape))
    this.add(6, mix(tokens.prefix2[n] ?? 0, shape))
    this.add(7, mix(tokens.prefix4[n] ?? 0, shape))
    this.add(8, mix(before, word))
    this.add(9, mix(word, after))
  }

  private addLists(context: TokenContext, n: number, count: number): void {
    const shape = context.shape[n] ?? 0
    const mask = (context.mask[n] ?? 0) & OWN_BITS
    const before = n > 0 ? (context.mask[n - 1] ?? 0) & OWN_BITS : EDGE
    const after = n + 1 < count ? (context.mask[n + 1] ?? 0) & OWN_BITS : EDGE
    const isCommon = this.commonness(context, n)
    const cased = mix(shape, isCommon)
    this.add(10, mix(mask, cased))
    this.add(11, mix(mix(before, mask), shape))
    this.add(12, mix(mix(mask, after), shape))
    this.add(13, mix(before, cased))
    this.add(14, mix(after, cased))
    this.add(15, mix(mix(cased, context.language), (context.flags[n] ?? 0) & 1))
    this.add(16, mix(cased, context.flags[n] ?? 0))
    for (let bits = mask; bits !== 0; bits &= bits - 1) this.add(17, mix(bits & -bits, shape))
    this.add(24, mix(cased, context.register + 7))
    this.add(25, mix(mix(mask, shape), context.register + 7))
    const stem = context.stemMask[n] ?? 0
    if (stem !== 0) this.add(18, mix(stem, shape))
    const tail = context.tail[n] ?? 0
    if (tail !== 0) this.add(23, mix(tail * 32 + context.language, shape))
    const form = context.form[n] ?? 0
    if (form !== 0) {
      this.add(26, mix(form, shape))
      this.add(27, mix(form, mix(shape, context.register + 7)))
    }
    const phrase = context.phrase[n] ?? 0
    if (phrase !== 0) {
      this.add(19, mix(phrase, shape))
      this.add(20, phrase)
    }
    if (n > 1) this.add(21, mix(mix((context.mask[n - 2] ?? 0) & OWN_BITS, before), shape))
    if (n + 2 < count) this.add(22, mix(mix(after, (context.mask[n + 2] ?? 0) & OWN_BITS), shape))
  }

  /** Words that stand in the same places share a cluster, and clusters a group. */
  private addClusters(context: TokenContext, n: number, count: number): void {
    const shape = context.shape[n] ?? 0
    const cluster = context.cluster[n] ?? 0
    const group = context.group[n] ?? 0
    const before = n > 0 ? (context.cluster[n - 1] ?? 0) : EDGE
    const after = n + 1 < count ? (context.cluster[n + 1] ?? 0) : EDGE
    const groupBefore = n > 0 ? (context.group[n - 1] ?? 0) : 255
    const groupAfter = n + 1 < count ? (context.group[n + 1] ?? 0) : 255
    const groupBefore2 = n > 1 ? (context.group[n - 2] ?? 0) : 255
    const groupAfter2 = n + 2 < count ? (context.group[n + 2] ?? 0) : 255
    this.add(50, mix(cluster, shape))
    if (cluster !== 0) this.add(51, cluster)
    this.add(52, mix(before, shape))
    this.add(53, mix(after, shape))
    this.add(54, mix((groupBefore << 8) | group, shape))
    this.add(55, mix((group << 8) | groupAfter, shape))
    this.add(56, mix((groupBefore2 << 8) | groupBefore, shape))
    this.add(57, mix((groupAfter << 8) | groupAfter2, shape))
    this.add(58, mix((groupBefore << 16) | (group << 8) | groupAfter, shape))
  }

  /** Of scripts without spaces: the word a character stands in and where, the words around it, and three characters. */
  private addSegments(tokens: TokenBuffer, { segments }: TokenContext, n: number): void {
    const { count, word } = tokens
    const first = segments.first[n] ?? n
    const end = segments.end[n] ?? n + 1
    const own = segments.hash[n] ?? 0
    const before = first > 0 ? (segments.hash[first - 1] ?? 0) : EDGE
    const after = end < count ? (segments.hash[end] ?? 0) : EDGE
    const length = Math.min(MAX_LENGTH, end - first)
    const lengthBefore = first > 0 ? Math.min(MAX_LENGTH, first - (segments.first[first - 1] ?? 0)) : 0
    const lengthAfter = end < count ? Math.min(MAX_LENGTH, (segments.end[end] ?? end) - end) : 0
    const place = (n === first ? 1 : 0) + (n + 1 === end ? 2 : 0)
    this.add(60, mix(own, place))
    this.add(61, length * 4 + place)
    this.add(62, mix(before, length * 4 + place))
    this.add(63, mix(after, length * 4 + place))
    this.add(64, mix(mix(before, own), place))
    this.add(65, mix(mix(own, after), place))
    this.add(66, mix(word[n] ?? 0, length * 4 + place))
    this.add(67, (lengthBefore << 12) | (length << 8) | (lengthAfter << 4) | place)
    const one = n > 0 ? (word[n - 1] ?? 0) : EDGE
    const two = n > 1 ? (word[n - 2] ?? 0) : EDGE
    const next = n + 1 < count ? (word[n + 1] ?? 0) : EDGE
    const second = n + 2 < count ? (word[n + 2] ?? 0) : EDGE
    this.add(68, mix(mix(two, one), word[n] ?? 0))
    this.add(69, mix(mix(word[n] ?? 0, next), second))
    this.add(70, mix(mix(one, word[n] ?? 0), next))
  }

  /** 0: not a frequent word anywhere; 1: in some language; 2: in the language of the text. */
  private commonness(context: TokenContext, n: number): number {
    const languages = (context.mask[n] ?? 0) >>> LANGUAGE_SHIFT
    if (languages === 0) return 0
    return (languages >>> context.language) & 1 ? 2 : 1
  }

  private addSurroundings(tokens: TokenBuffer, context: TokenContext, n: number): void {
    const { count } = tokens
    const shape = context.shape[n] ?? 0
    const shape1 = n > 0 ? (context.shape[n - 1] ?? 0) : 77
    const shape2 = n > 1 ? (context.shape[n - 2] ?? 0) : 77
    const next1 = n + 1 < count ? (context.shape[n + 1] ?? 0) : 78
    const next2 = n + 2 < count ? (context.shape[n + 2] ?? 0) : 78
    const before = n > 0 ? (tokens.word[n - 1] ?? 0) : EDGE
    const before2 = n > 1 ? (tokens.word[n - 2] ?? 0) : EDGE
    const after = n + 1 < count ? (tokens.word[n + 1] ?? 0) : EDGE
    const after2 = n + 2 < count ? (tokens.word[n + 2] ?? 0) : EDGE
    const length = Math.min(12, (tokens.end[n] ?? 0) - (tokens.start[n] ?? 0))
    this.add(30, shape)
    this.add(31, shape * 16 + length)
    this.add(32, mix(before, shape))
    this.add(33, mix(after, shape))
    this.add(34, mix(before2, shape))
    this.add(35, mix(after2, shape))
    this.add(36, mix(mix(before2, before), shape))
    this.add(37, mix(mix(after, after2), shape))
    this.add(38, mix(mix(before, after), shape))
    this.add(39, (shape1 << 16) | (shape << 8) | next1)
    this.add(40, mix((shape2 << 8) | shape1, shape))
    this.add(41, mix((next1 << 8) | next2, shape))
    this.add(42, mix((shape2 << 24) | (shape1 << 16) | (next1 << 8) | next2, shape))
    this.add(43, mix(n > 0 ? (tokens.suffix3[n - 1] ?? 0) : EDGE, shape))
    this.add(44, mix(n + 1 < count ? (tokens.suffix3[n + 1] ?? 0) : EDGE, shape))
    const glue = glueOf(tokens, n)
    if (glue !== 0) {
      this.add(47, mix(glue, shape))
      this.add(48, mix((glue & 1) !== 0 ? before : 0, mix((glue & 2) !== 0 ? after : 0, shape)))
    }
    const field = context.field[n] ?? 0
    if (field !== 0) {
      this.add(45, mix(field, shape))
      this.add(46, mix(field, shape1))
    }
  }
}

/** Whether a token touches the one before it (1) and the one after it (2), as in code, addresses and hashtags. */
function glueOf(tokens: TokenBuffer, n: number): number {
  const touchesBefore = n > 0 && tokens.start[n] === tokens.end[n - 1]
  const touchesAfter = n + 1 < tokens.count && tokens.end[n] === tokens.start[n + 1]
  return (touchesBefore ? 1 : 0) + (touchesAfter ? 2 : 0)
}
