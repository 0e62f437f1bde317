/** How much of the recall level's bias a token gets: more where it may be a name, less where it looks like a plain word. */
import { Flag, type TokenContext } from './context.ts'
import { FUNCTION_WORD, LANGUAGE_SHIFT, LANGUAGES, LexiconBit, PLAIN_WORD } from './lexicon.ts'
import { Register } from './register.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'

/** Shares of the bias, chosen on the `dev` sets alone. */
const SHARE = {
  /** What has no capital and is on no list, and marks. */
  dull: 0.25,
  /** Words in small letters that nothing knows, in careless text. */
  unknown: 0.6,
  /** What looks like a plain noun. */
  noun: 0.5,
  /** Words of scripts without capitals, in whatever text: nothing there tells a name from a word. */
  caseless: 1.2,
  /** Pronouns and articles with a capital. */
  glue: 0,
} as const

/** Factors for all words of a text, and once more for the labels of people. */
const TEXT = {
  prose: { all: 1, people: 1 },
  /** Little text says little about its names. */
  short: { all: 1.4, people: 1.3 },
  informal: { all: 1.6, people: 1.5 },
  technical: { all: 1, people: 1 },
} as const

/** Factors for the labels of people: given names, given names with an ending, and unknown words built like names. */
const GIVEN_NAME = 2.2
const GIVEN_STEM = 1.8
const GIVEN_FORM = 1.6

const SHORT_TEXT = 40
/** Degrees from which on a word is built like names of people, and up to which like plain words. */
const NAME_FORM = 6
const WORD_FORM = 3
const GERMAN = LANGUAGES.indexOf('de')
const PERSON_BITS = LexiconBit.given | LexiconBit.family | LexiconBit.title
const NAME_BITS = LexiconBit.given | LexiconBit.family | LexiconBit.place | LexiconBit.country
const MIN_UNKNOWN = 4
/** Shapes from here on are of lines in one case. */
const MIXED_LINE = 16

function isCaseless(kind: number): boolean {
  return kind === TokenKind.uncased || kind === TokenKind.ideograph
}

/** Reads the tokens and context that it was made with. */
export class Eagerness {
  private readonly tokens: TokenBuffer
  private readonly context: TokenContext
  private textShare = 1
  private peopleShare = 1

  constructor(tokens: TokenBuffer, context: TokenContext) {
    this.tokens = tokens
    this.context = context
  }

  /** Call once the tokens and context of a text are there. */
  begin(): void {
    const { all, people } = this.kindOfText()
    this.textShare = all
    this.peopleShare = people
  }

  private kindOfText(): { readonly all: number; readonly people: number } {
    const { register } = this.context
    if (register === Register.technical) return TEXT.technical
    if (register === Register.informal) return TEXT.informal
    return this.tokens.count < SHORT_TEXT ? TEXT.short : TEXT.prose
  }

  /** The share of a token. */
  share(n: number): number {
    const { usage, shape } = this.context
    const kind = this.tokens.kind[n] ?? 0
    const isGlue =
      ((usage[n] ?? 0) & FUNCTION_WORD) !== 0 && kind !== TokenKind.lower && (shape[n] ?? 0) < MIXED_LINE
    if (isGlue) return SHARE.glue
    if (isCaseless(kind)) return SHARE.caseless
    return this.textShare * this.shareOfWord(n)
  }

  /** The share of a token for the labels of people, given its share for the others. */
  shareForPeople(n: number, share: number): number {
    if (isCaseless(this.tokens.kind[n] ?? 0)) return share
    return this.peopleShare * this.peopleShareOfWord(n, share)
  }

  private shareOfWord(n: number): number {
    const kind = this.tokens.kind[n] ?? 0
    const mask = this.context.mask[n] ?? 0
    const isPlain = mask >>> LANGUAGE_SHIFT !== 0 || ((this.context.usage[n] ?? 0) & PLAIN_WORD) !== 0
    const isListed = (mask & NAME_BITS) !== 0 && !isPlain
    if (kind === TokenKind.lower) return isListed ? 1 : this.isUnknown(n) ? this.shareOfForm(n) : SHARE.dull
    if (kind < TokenKind.title || kind > TokenKind.ideograph || kind === TokenKind.other) return SHARE.dull
    if (kind === TokenKind.initial) return SHARE.noun
    return isListed || !this.isNounOnly(n) ? 1 : SHARE.noun
  }

  /** Given names are names in small letters too, and frequent words that nobody is called are not. */
  private peopleShareOfWord(n: number, share: number): number {
    const mask = this.context.mask[n] ?? 0
    const isPlain = ((this.context.usage[n] ?? 0) & PLAIN_WORD) !== 0
    const kind = this.tokens.kind[n] ?? 0
    if ((isPlain && kind === TokenKind.lower) || kind === TokenKind.alphanumeric)
      return Math.min(share, SHARE.dull)
    if ((mask & LexiconBit.nationality) !== 0) return Math.min(share, SHARE.dull)
    if (mask >>> LANGUAGE_SHIFT !== 0) return (mask & PERSON_BITS) === 0 ? Math.min(share, SHARE.dull) : share
    if ((mask & LexiconBit.given) !== 0) return GIVEN_NAME * share
    if (((this.context.stemMask[n] ?? 0) & LexiconBit.given) !== 0) return GIVEN_STEM * share
    return (this.context.form[n] ?? 0) >= NAME_FORM ? GIVEN_FORM * share : share
  }

  private shareOfForm(n: number): number {
    const form = this.context.form[n] ?? 0
    if (form >= NAME_FORM) return 1
    return form > 0 && form <= WORD_FORM ? SHARE.dull : SHARE.unknown
  }

  private isUnknown(n: number): boolean {
    const { register, mask, cluster } = this.context
    if (register !== Register.informal || mask[n] !== 0 || cluster[n] !== 0) return false
    return (this.tokens.end[n] ?? 0) - (this.tokens.start[n] ?? 0) >= MIN_UNKNOWN
  }

  /** Whether a word on no list looks like a plain noun: it ends like one, or its language gives nouns capitals. */
  private isNounOnly(n: number): boolean {
    const { tail, flags, language } = this.context
    return (tail[n] ?? 0) > 0 || ((flags[n] ?? 0) & Flag.seenLower) !== 0 || language === GERMAN
  }
}
