/** Turns labelled documents into training sequences: feature hashes and allowed labels of every token. */
import { TokenContext } from '../../../detectors/ner/context.ts'
import { FeatureExtractor } from '../../../detectors/ner/features.ts'
import {
  beginLabel,
  insideLabel,
  isInside,
  LABEL_COUNT,
  NER_TYPES,
  type NerType,
} from '../../../detectors/ner/labels.ts'
import { LANGUAGE_SHIFT, LANGUAGES, type Lexicon, LexiconBit } from '../../../detectors/ner/lexicon.ts'
import { TokenBuffer, TokenKind } from '../../../detectors/ner/tokens.ts'
import type { LabelledDocument } from './corpus.ts'

const ALL_LABELS = 2 ** LABEL_COUNT - 1
const MAX_SEQUENCE = 400
const UNLABELLED_WEIGHT = 0.3

function labelsOf(type: NerType): number {
  const index = NER_TYPES.indexOf(type)
  return (1 << beginLabel(index)) | (1 << insideLabel(index))
}

/** Every training sequence, in flat arrays. Token `t` has hashes `[featureStart[t], featureStart[t + 1])`. */
export class TrainingSet {
  hashes = new Int32Array(1 << 22)
  featureStart = new Float64Array(1 << 18)
  /** How many of a token's features are about the word itself; they come first. */
  wordFeatures = new Uint8Array(1 << 18)
  /** One bit per label that the token may have. */
  allowed = new Uint16Array(1 << 18)
  tokenCount = 0
  featureCount = 0
  /** First token of every sequence, then the end of the last one. */
  readonly sequenceStart: number[] = []
  readonly sequenceWeight: number[] = []
  readonly sequenceSource: string[] = []
  private readonly tokens = new TokenBuffer()
  private readonly context = new TokenContext()
  private readonly extractor = new FeatureExtractor()
  private readonly lexicon: Lexicon

  private readonly sparesInstitutions: boolean

  /** `sparesInstitutions`: unlabelled German text does not say that a court or an authority is none. */
  constructor(lexicon: Lexicon, sparesInstitutions = false) {
    this.lexicon = lexicon
    this.sparesInstitutions = sparesInstitutions
  }

  /** Adds the sequences of a document. */
  add(document: LabelledDocument): void {
    this.analyse(document.text)
    this.addSequences(allowedLabels(this.tokens, this.context, document), document.source, document.weight)
  }

  /** Adds a sentence of which only that much is known: its frequent words are no names. */
  addUnlabelled(text: string, language: string): void {
    this.analyse(text)
    const allowed = plainWordsOutside(this.tokens, this.context, language)
    if (this.sparesInstitutions && language === 'de')
      freeInstitutions(text, this.tokens, this.context, allowed)
    this.addSequences(allowed, 'unlabelled', UNLABELLED_WEIGHT)
  }

  private analyse(text: string): void {
    this.tokens.fill(text)
    this.context.fill(text, this.tokens, this.lexicon)
  }

  private addSequences(allowed: Uint16Array, source: string, weight: number): void {
    const { tokens } = this
    let from = 0
    while (from < tokens.count) {
      if (tokens.kind[from] === TokenKind.newline) {
        from++
        continue
      }
      this.sequenceStart.push(this.tokenCount)
      this.sequenceWeight.push(weight)
      this.sequenceSource.push(source)
      const limit = Math.min(tokens.count, from + MAX_SEQUENCE)
      let to = from
      let before = 1
      for (; to < limit && tokens.kind[to] !== TokenKind.newline; to++) {
        before = reachable(before, allowed[to] ?? 1)
        this.addToken(to, before)
      }
      from = to
    }
  }

  private addToken(n: number, allowed: number): void {
    const count = this.extractor.extract(this.tokens, this.context, n)
    if (this.featureCount + count > this.hashes.length) this.hashes = grown(this.hashes, Int32Array)
    if (this.tokenCount + 2 > this.allowed.length) {
      this.featureStart = grown(this.featureStart, Float64Array)
      this.wordFeatures = grown(this.wordFeatures, Uint8Array)
      this.allowed = grown(this.allowed, Uint16Array)
    }
    const token = this.tokenCount++
    this.hashes.set(this.extractor.hashes.subarray(0, count), this.featureCount)
    this.featureStart[token] = this.featureCount
    this.featureCount += count
    this.featureStart[token + 1] = this.featureCount
    this.wordFeatures[token] = this.extractor.wordFeatures
    this.allowed[token] = allowed
  }

  /** Drops the features that occur fewer than `least` times in the whole set. */
  prune(least: number): void {
    const counts = new Uint8Array(1 << 26)
    for (let n = 0; n < this.featureCount; n++) {
      const slot = (this.hashes[n] as number) >>> 6
      const count = counts[slot] as number
      if (count < 255) counts[slot] = count + 1
    }
    let kept = 0
    for (let token = 0; token < this.tokenCount; token++) {
      const from = this.featureStart[token] as number
      const to = this.featureStart[token + 1] as number
      const words = this.wordFeatures[token] as number
      let keptWords = 0
      this.featureStart[token] = kept
      for (let n = from; n < to; n++) {
        const hash = this.hashes[n] as number
        if ((counts[hash >>> 6] as number) < least) continue
        this.hashes[kept++] = hash
        if (n - from < words) keptWords++
      }
      this.wordFeatures[token] = keptWords
    }
    this.featureStart[this.tokenCount] = kept
    this.featureCount = kept
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array | Uint16Array>(
  array: T,
  Type: new (length: number) => T,
): T {
  const larger = new Type(array.length * 2)
  larger.set(array)
  return larger
}

/** The allowed labels of a token, given those of the token before it: an inside label without a beginning begins. */
function reachable(before: number, allowed: number): number {
  if ((allowed & (allowed - 1)) !== 0) return allowed
  const label = 31 - Math.clz32(allowed)
  if (!isInside(label) || (before & (allowed | (allowed >> 1))) !== 0) return allowed
  return allowed >> 1
}

const ANY_NAME_BITS =
  LexiconBit.given |
  LexiconBit.family |
  LexiconBit.place |
  LexiconBit.country |
  LexiconBit.company |
  LexiconBit.nationality |
  LexiconBit.title |
  LexiconBit.job |
  LexiconBit.calendar

const LISTED_BITS = ANY_NAME_BITS | LexiconBit.givenRare | LexiconBit.familyRare

/** Words in front of German nouns. Names of people and towns have none, and those with one are on the lists. */
const ARTICLES =
  'der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner dieser diese dieses diesen ' +
  'diesem jeder jede jedes jeden jedem welche welcher welches seine seinen seinem seiner ihre ihren ihrem ihrer mein ' +
  'meine meinen unser unsere unseren im am zum zur vom beim ins viele wenige einige alle mehr'

const GERMAN_BIT = 1 << (LANGUAGE_SHIFT + LANGUAGES.indexOf('de'))

/** Names of German institutions stand behind an article like any noun. */
const INSTITUTION =
  /(?:gericht|hof|amt|ministerium|behörde|kammer|anwaltschaft|senat|regierung|präsidium|rat|tag|agentur|anstalt|kasse|bank|zentrale|verband|bund|partei|gewerkschaft|schule|universität|wehr|polizei)(?:e?s)?$/iu

let articles: ReadonlySet<number> | null = null

function followsArticle(tokens: TokenBuffer, n: number): boolean {
  if (articles === null) {
    const words = new TokenBuffer()
    words.fill(ARTICLES)
    articles = new Set(words.word.subarray(0, words.count))
  }
  return n > 0 && articles.has(tokens.word[n - 1] ?? 0)
}

/** "Outside" for words that are frequent in the language and on no list of names; anything for the others. */
function plainWordsOutside(tokens: TokenBuffer, context: TokenContext, language: string): Uint16Array {
  const allowed = new Uint16Array(tokens.count)
  const bit = 1 << (LANGUAGE_SHIFT + LANGUAGES.indexOf(language))
  const isGerman = language === 'de'
  for (let n = 0; n < tokens.count; n++) {
    const mask = context.mask[n] ?? 0
    const kind = tokens.kind[n] ?? 0
    const isNoun =
      isGerman && kind === TokenKind.title && (mask & LISTED_BITS) === 0 && followsArticle(tokens, n)
    const isPlain = isNoun || kind === TokenKind.lower || ((mask & bit) !== 0 && (mask & ANY_NAME_BITS) === 0)
    const isMark = kind >= TokenKind.other && kind !== TokenKind.uncased && kind !== TokenKind.ideograph
    allowed[n] = isPlain || isMark ? 1 : ALL_LABELS
  }
  return allowed
}

function freeInstitutions(
  text: string,
  tokens: TokenBuffer,
  context: TokenContext,
  allowed: Uint16Array,
): void {
  for (let n = 0; n < tokens.count; n++) {
    const mask = context.mask[n] ?? 0
    if (tokens.kind[n] !== TokenKind.title) continue
    if ((mask & GERMAN_BIT) !== 0 && (mask & ANY_NAME_BITS) === 0) continue
    const word = text.slice(tokens.start[n] ?? 0, tokens.end[n] ?? 0)
    if (INSTITUTION.test(word)) allowed[n] = ALL_LABELS
  }
}

const ADDRESS_BITS = LexiconBit.street | LexiconBit.addressWord

/**
 * Whether a token outside the labelled spans may be of a type that its source does not label. Left wholly open,
 * such types would be free to explain any token; so each needs a sign of its own.
 */
function couldBe(type: NerType, tokens: TokenBuffer, context: TokenContext, n: number): boolean {
  const kind = tokens.kind[n] ?? 0
  const mask = context.mask[n] ?? 0
  const isCapitalised = kind >= TokenKind.title && kind <= TokenKind.mixed
  const isNumber = kind === TokenKind.digits || kind === TokenKind.alphanumeric
  switch (type) {
    case 'PERSON':
    case 'ORG':
    case 'LOCATION':
      return isCapitalised || kind === TokenKind.uncased || kind === TokenKind.ideograph
    case 'ADDRESS':
      return isNumber || (mask & ADDRESS_BITS) !== 0
    case 'TITLE_OR_JOB':
      return (mask & (LexiconBit.title | LexiconBit.job)) !== 0
    case 'NRP':
      return (mask & LexiconBit.nationality) !== 0
    case 'DATE_TIME':
      return isNumber || (mask & LexiconBit.calendar) !== 0
  }
}

/** The labels every token may have: its own where it is labelled, "outside" or an unlabelled type elsewhere. */
function allowedLabels(tokens: TokenBuffer, context: TokenContext, document: LabelledDocument): Uint16Array {
  const unlabelled = NER_TYPES.filter((type) => !document.scope.includes(type))
  const allowed = new Uint16Array(tokens.count)
  for (let n = 0; n < tokens.count; n++) {
    let outside = 1
    for (const type of unlabelled) if (couldBe(type, tokens, context, n)) outside |= labelsOf(type)
    allowed[n] = outside
  }
  let token = 0
  for (const span of [...document.spans].sort((left, right) => left.start - right.start)) {
    while (token > 0 && (tokens.end[token - 1] ?? 0) > span.start) token--
    while (token < tokens.count && (tokens.end[token] ?? 0) <= span.start) token++
    let starts = true
    for (; token < tokens.count && (tokens.start[token] ?? 0) < span.end; token++) {
      if (tokens.kind[token] === TokenKind.newline) {
        starts = true
        continue
      }
      if (span.type === 'free') allowed[token] = ALL_LABELS
      else {
        const type = NER_TYPES.indexOf(span.type)
        allowed[token] = 1 << (starts ? beginLabel(type) : insideLabel(type))
      }
      starts = false
    }
  }
  return allowed
}
