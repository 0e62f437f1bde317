/** From labelled tokens to entity spans, with the rules that keep names whole. */
import { nameFields } from './fields.ts'
import { nameHashtags } from './hashtags.ts'
import { nameAddressed } from './honorifics.ts'
import { beginLabel, insideLabel, isInside, NER_TYPES, type NerType, OUTSIDE, typeOfLabel } from './labels.ts'
import { FUNCTION_WORD, LANGUAGE_SHIFT, LexiconBit } from './lexicon.ts'
import { nameFromMail } from './mail-names.ts'
import { clearNoNames } from './no-names.ts'
import { Register } from './register.ts'
import type { Tagger } from './tagger.ts'
import { TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** An entity in a text: UTF-16 units, half-open. */
export interface NerSpan {
  readonly type: NerType
  readonly start: number
  readonly end: number
  /** 0..1, from how far the label is ahead of "outside". */
  readonly score: number
}

const PERSON = NER_TYPES.indexOf('PERSON')
const ORG = NER_TYPES.indexOf('ORG')
const NAME_BITS = LexiconBit.given | LexiconBit.family

function isCapitalised(kind: number): boolean {
  return kind >= TokenKind.title && kind <= TokenKind.mixed
}

/** The entities of the text the tagger has just labelled, in order and disjoint. Linear. */
export function spansOf(tagger: Tagger, text: string): NerSpan[] {
  clearNoNames(tagger)
  nameFields(tagger)
  nameAddressed(tagger)
  nameFromMail(tagger)
  nameHashtags(tagger, text)
  repeatNames(tagger)
  joinNames(tagger)
  joinParticles(tagger)
  const { tokens, labels } = tagger
  const spans: NerSpan[] = []
  let n = 0
  while (n < tokens.count) {
    const label = labels[n] ?? OUTSIDE
    if (label === OUTSIDE) {
      n++
      continue
    }
    const type = typeOfLabel(label)
    let to = n + 1
    while (to < tokens.count && isInside(labels[to] ?? 0) && typeOfLabel(labels[to] ?? 0) === type) to++
    const span = toSpan(tagger, n, to, NER_TYPES[type] ?? 'PERSON')
    if (span !== null) spans.push(span)
    n = to
  }
  return spans
}

function toSpan(tagger: Tagger, from: number, to: number, type: NerType): NerSpan | null {
  const { tokens, margins } = tagger
  let first = from
  let last = to
  while (first < last && isEdgePunctuation(tokens.kind[first] ?? 0)) first++
  while (last > first && isEdgePunctuation(tokens.kind[last - 1] ?? 0)) last--
  if (first === last) return null
  let sum = 0
  for (let n = from; n < to; n++) sum += margins[n] ?? 0
  const score = 1 / (1 + Math.exp(-sum / (to - from)))
  return { type, start: tokens.start[first] ?? 0, end: tokens.end[last - 1] ?? 0, score }
}

function isEdgePunctuation(kind: number): boolean {
  return kind >= TokenKind.period || kind === TokenKind.newline
}

/** Small words inside names, of the languages that have them. */
const PARTICLES =
  'van von vom zu zur der den dem de da do das dos di del della dello du des la le les el al bin ibn ben ter ten te y e'

const particles = wordSet(PARTICLES)

const MAX_PARTICLES = 3

/** Particles behind a given name, and the capitalised word behind them, belong to the name. */
function joinParticles(tagger: Tagger): void {
  const { tokens, labels, context } = tagger
  const known = particles()
  for (let n = 1; n + 1 < tokens.count; n++) {
    const isAfterGiven = ((context.mask[n - 1] ?? 0) & LexiconBit.given) !== 0 && isPerson(tagger, n - 1)
    if (!isAfterGiven || tokens.kind[n] !== TokenKind.lower) continue
    let next = n
    while (next - n < MAX_PARTICLES && known.has(tokens.word[next] ?? 0) && gap(tagger, next) === 1) next++
    if (next === n || next >= tokens.count || gap(tagger, next) !== 1) continue
    if (!isCapitalised(tokens.kind[next] ?? 0) || typeOfLabel(labels[next] ?? OUTSIDE) === ORG) continue
    for (let inner = n; inner <= next; inner++) labels[inner] = insideLabel(PERSON)
  }
}

function isPerson({ labels }: Tagger, n: number): boolean {
  return typeOfLabel(labels[n] ?? OUTSIDE) === PERSON
}

/** A capitalised word that is no frequent one, right behind a given name that stands alone, is the family name. */
function isFamilyName(tagger: Tagger, n: number): boolean {
  const { tokens, context } = tagger
  const isGiven =
    ((context.mask[n - 1] ?? 0) & LexiconBit.given) !== 0 && tokens.kind[n - 1] === TokenKind.title
  const isPlain = (context.mask[n] ?? 0) >>> LANGUAGE_SHIFT !== 0 || (context.tail[n] ?? 0) > 0
  return isGiven && !isPlain && tokens.kind[n] === TokenKind.title && gap(tagger, n) === 1
}

/** A listed family name right behind a given name, both in small letters in careless text, whatever else it means. */
function isSmallFamilyName(tagger: Tagger, n: number): boolean {
  const { tokens, context } = tagger
  if (context.register !== Register.informal || tokens.kind[n] !== TokenKind.lower) return false
  const isGiven =
    tokens.kind[n - 1] === TokenKind.lower && ((context.mask[n - 1] ?? 0) & LexiconBit.given) !== 0
  const isFamily = ((context.mask[n] ?? 0) & LexiconBit.family) !== 0
  return isGiven && isFamily && ((context.usage[n] ?? 0) & FUNCTION_WORD) === 0 && gap(tagger, n) === 1
}

/** A listed name or an initial right after a person's name belongs to it. */
function joinNames(tagger: Tagger): void {
  const { tokens, labels, context } = tagger
  for (let n = 1; n < tokens.count; n++) {
    if (typeOfLabel(labels[n - 1] ?? 0) !== PERSON) continue
    const kind = tokens.kind[n] ?? 0
    if ((labels[n] ?? 0) !== OUTSIDE) continue
    const isNamePart = isCapitalised(kind) && ((context.mask[n] ?? 0) & NAME_BITS) !== 0
    const isAfterGiven = ((context.mask[n - 1] ?? 0) & LexiconBit.given) !== 0 && kind === TokenKind.initial
    const isName = isFamilyName(tagger, n) || isSmallFamilyName(tagger, n)
    if (((isNamePart || isAfterGiven) && gap(tagger, n) <= 1) || isName) {
      labels[n] = insideLabel(PERSON)
    }
  }
}

function gap(tagger: Tagger, n: number): number {
  return (tagger.tokens.start[n] ?? 0) - (tagger.tokens.end[n - 1] ?? 0)
}

/** A word that was surely part of a person's or organisation's name is one wherever it stands with a capital. */
function repeatNames(tagger: Tagger): void {
  const { tokens, labels, margins, context } = tagger
  const known = new Map<number, number>()
  for (let n = 0; n < tokens.count; n++) {
    const type = typeOfLabel(labels[n] ?? 0)
    if (type !== PERSON && type !== ORG) continue
    if (!isRepeatable(tagger, n) || (margins[n] ?? 0) < SURE) continue
    if (!known.has(tokens.word[n] ?? 0)) known.set(tokens.word[n] ?? 0, type)
  }
  if (known.size === 0) return
  for (let n = 0; n < tokens.count; n++) {
    if ((labels[n] ?? 0) !== OUTSIDE || !isRepeatable(tagger, n)) continue
    const type = known.get(tokens.word[n] ?? 0)
    if (type === undefined || (context.flags[n] ?? 0) === 0) continue
    const mask = context.mask[n] ?? 0
    const isFrequent = mask >>> LANGUAGE_SHIFT !== 0
    if (isFrequent && (type === ORG || (mask & NAME_BITS) === 0)) continue
    labels[n] = beginLabel(type)
    margins[n] = 0
  }
}

/** Names are repeated from this margin on. */
const SURE = 1.5
const MIN_REPEATED = 3

function isRepeatable(tagger: Tagger, n: number): boolean {
  const { tokens } = tagger
  const kind = tokens.kind[n] ?? 0
  const isName = kind === TokenKind.title || kind === TokenKind.upper || kind === TokenKind.mixed
  return isName && (tokens.end[n] ?? 0) - (tokens.start[n] ?? 0) >= MIN_REPEATED
}
