/** How much of the recall level's bias a token gets: more where it may be a name, less where it looks like a plain word. */
import { Flag, type TokenContext } from './context.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { FUNCTION_WORD, LANGUAGE_SHIFT, LANGUAGES, LexiconBit, PLAIN_WORD } from './lexicon.ts'
import { Register } from './register.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** Shares of the bias, chosen on the `dev` sets alone. */
const SHARE = {
  /** What has no capital and is on no list, and marks. */
  dull: 0.08,
  /** Words in small letters that nothing knows, in careless text. */
  unknown: 0.12,
  /** What looks like a plain noun. */
  noun: 0.1,
  /** Words of scripts without capitals, in whatever text. */
  caseless: 0.5,
  /** Frequent words with a capital that people are called too: a little less than nothing. */
  ambiguous: -0.2,
  /** Pronouns and articles with a capital. */
  glue: 0,
} as const

/**
 * Factors for all words of a text, and once more for the labels of people; and how much it counts which label
 * usually follows which, where 1 is what training found: less makes what a word says of itself count for more.
 */
const TEXT = {
  prose: { all: 0.3, people: 0.5, order: 0.87 },
  /** Prose with a listed name every few lines. */
  named: { all: 0.6, people: 0.8, order: 0.75 },
  /** Prose of a language that gives all nouns capitals. */
  german: { all: 0.5, people: 0.8, order: 1.1 },
  /** Little text says little about its names. */
  short: { all: 0.6, people: 0.6, order: 0.15 },
  shortGerman: { all: 0.6, people: 1.3, order: 0.5 },
  informal: { all: 1, people: 2, order: 0.7 },
  /** Careless text that calls people and subjects by `@` and `#`. */
  post: { all: 1.4, people: 3, order: 0.15 },
  /** Text in a script without capitals: nothing there tells a name from a word. */
  caseless: { all: 1, people: 1, order: 0.8 },
  technical: { all: 0.6, people: 0.8, order: 1.15 },
} as const

type TextFactors = (typeof TEXT)[keyof typeof TEXT]

/** Factors for the labels of people: given names, given names with an ending, and unknown words built like names. */
const NAME = { given: 1.8, stem: 1.6, form: 1.4 } as const

const SHORT_TEXT = 40
/** A listed name in so many tokens makes prose one that names people and places. */
const TOKENS_PER_NAME = 60
/** Degrees from which on a word is built like names of people, and up to which like plain words. */
const NAME_FORM = 6
const WORD_FORM = 3
const GERMAN = LANGUAGES.indexOf('de')
const PERSON_BITS = LexiconBit.given | LexiconBit.family | LexiconBit.title
const NAME_BITS = LexiconBit.given | LexiconBit.family | LexiconBit.place | LexiconBit.country
const MIN_UNKNOWN = 4
/** Shapes from here on are of lines in one case. */
const MIXED_LINE = 16

const repeats = wordSet('rt mt ht via cc')
const AT = addUnit(HASH_SEED, 0x40)
const HASH = addUnit(HASH_SEED, 0x23)

function isCaseless(kind: number): boolean {
  return kind === TokenKind.uncased || kind === TokenKind.ideograph
}

/** Reads the tokens and context that it was made with. */
export class Eagerness {
  private readonly tokens: TokenBuffer
  private readonly context: TokenContext
  private text: TextFactors = TEXT.prose

  constructor(tokens: TokenBuffer, context: TokenContext) {
    this.tokens = tokens
    this.context = context
  }

  /** Call once the tokens and context of a text are there. */
  begin(): void {
    this.text = this.kindOfText()
  }

  /** How much the transitions count. */
  get order(): number {
    return this.text.order
  }

  private kindOfText(): TextFactors {
    const { register } = this.context
    if (this.isMostlyCaseless()) return TEXT.caseless
    if (register === Register.technical) return TEXT.technical
    if (register === Register.informal) return this.isPost() ? TEXT.post : TEXT.informal
    const isGerman = this.context.language === GERMAN
    if (this.tokens.count < SHORT_TEXT) return isGerman ? TEXT.shortGerman : TEXT.short
    if (isGerman) return TEXT.german
    return this.isNamed() ? TEXT.named : TEXT.prose
  }

  private isMostlyCaseless(): boolean {
    const { kind, count } = this.tokens
    let more = 0
    for (let n = 0; n < count; n++) {
      const one = kind[n] ?? 0
      if (isCaseless(one)) more++
      else if (one >= TokenKind.lower && one <= TokenKind.mixed) more--
    }
    return more > 0
  }

  /** Whether listed names with a capital are frequent in the text. */
  private isNamed(): boolean {
    const { kind, count } = this.tokens
    let names = 0
    for (let n = 0; n < count; n++) if (kind[n] === TokenKind.title && this.isListed(n)) names++
    return names * TOKENS_PER_NAME >= count
  }

  /** Whether a word is on a list of names or places, and no plain word. */
  private isListed(n: number): boolean {
    const mask = this.context.mask[n] ?? 0
    const isPlain = mask >>> LANGUAGE_SHIFT !== 0 || ((this.context.usage[n] ?? 0) & PLAIN_WORD) !== 0
    return (mask & NAME_BITS) !== 0 && !isPlain
  }

  /** Whether a word begins with `@` or `#`; the sign inside of an address is none. */
  private isPost(): boolean {
    const { word, start, end, count } = this.tokens
    for (let n = 0; n + 1 < count; n++) {
      const isSign = word[n] === AT || word[n] === HASH
      if (isSign && start[n + 1] === end[n] && (n === 0 || start[n] !== end[n - 1])) return true
    }
    return false
  }

  /** The share of a token. */
  share(n: number): number {
    const { usage, shape } = this.context
    const kind = this.tokens.kind[n] ?? 0
    if (kind === TokenKind.digits || this.passesOn(n)) return 0
    const isGlue =
      ((usage[n] ?? 0) & FUNCTION_WORD) !== 0 && kind !== TokenKind.lower && (shape[n] ?? 0) < MIXED_LINE
    if (isGlue) return SHARE.glue
    if (isCaseless(kind)) return SHARE.caseless
    return this.text.all * this.shareOfWord(n)
  }

  /** The share of a token for the labels of people, given its share for the others. */
  shareForPeople(n: number, share: number): number {
    if (isCaseless(this.tokens.kind[n] ?? 0)) return share
    return this.text.people * this.peopleShareOfWord(n, share)
  }

  /** Whether a word says that the post is somebody else's, "RT @jane". */
  private passesOn(n: number): boolean {
    const { word, count } = this.tokens
    return n + 1 < count && word[n + 1] === AT && repeats().has(word[n] ?? 0)
  }

  private shareOfWord(n: number): number {
    const kind = this.tokens.kind[n] ?? 0
    const isListed = this.isListed(n)
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
    if (mask >>> LANGUAGE_SHIFT !== 0) {
      if ((mask & PERSON_BITS) === 0) return Math.min(share, SHARE.dull)
      return isPlain ? SHARE.ambiguous * share : share
    }
    if ((mask & LexiconBit.given) !== 0) return NAME.given * share
    if (((this.context.stemMask[n] ?? 0) & LexiconBit.given) !== 0) return NAME.stem * share
    return (this.context.form[n] ?? 0) >= NAME_FORM ? NAME.form * share : share
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
