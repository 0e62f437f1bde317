/**
 * Names that are run together in hashtags, "#JaneMiller" and "#janemiller": the pieces are looked up where the tagger
 * saw one long word.
 */
import { CharClass, charClass, foldedUnit } from './characters.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { beginLabel, NER_TYPES, OUTSIDE } from './labels.ts'
import { LANGUAGE_SHIFT, type Lexicon, LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { TokenKind } from './tokens.ts'

const HASH_SIGN = addUnit(HASH_SEED, 0x23)
const PERSON = NER_TYPES.indexOf('PERSON')
const LOCATION = NER_TYPES.indexOf('LOCATION')
/** Shorter given names are part of too many words. */
const MIN_GIVEN = 5
const MIN_REST = 3
const MAX_LENGTH = 40

/** Labels hashtags that a name is part of. Linear: a tag is bounded. */
export function nameHashtags(tagger: Tagger, text: string): void {
  const { tokens, labels, margins } = tagger
  for (let n = 1; n < tokens.count; n++) {
    if (tokens.word[n - 1] !== HASH_SIGN || tokens.start[n] !== tokens.end[n - 1]) continue
    if ((labels[n] ?? OUTSIDE) !== OUTSIDE) continue
    const type = typeOfTag(
      text,
      tokens.start[n] ?? 0,
      tokens.end[n] ?? 0,
      tokens.kind[n] ?? 0,
      tagger.lexicon,
    )
    if (type < 0) continue
    labels[n] = beginLabel(type)
    margins[n] = 0
  }
}

function typeOfTag(text: string, start: number, end: number, kind: number, lexicon: Lexicon): number {
  if (end - start > MAX_LENGTH) return -1
  const whole = maskOf(text, start, end, lexicon)
  if (isName(whole)) return PERSON
  if (isPlace(whole)) return LOCATION
  const pieces =
    kind === TokenKind.mixed || kind === TokenKind.alphanumeric ? capitalPieces(text, start, end) : []
  if (pieces.length > 2) return typeOfPieces(text, pieces, lexicon)
  return beginsWithName(text, start, end, lexicon) ? PERSON : -1
}

/** Where the pieces of a word in camel case begin, then its end. */
function capitalPieces(text: string, start: number, end: number): number[] {
  const edges = [start]
  for (let at = start + 1; at < end; at++) {
    const own = charClass(text.charCodeAt(at))
    const before = charClass(text.charCodeAt(at - 1))
    if (own === CharClass.upper && before !== CharClass.upper) edges.push(at)
    else if (own === CharClass.lower && before === CharClass.upper && at - 1 > (edges.at(-1) ?? start))
      edges.push(at - 1)
  }
  edges.push(end)
  return edges
}

function typeOfPieces(text: string, edges: readonly number[], lexicon: Lexicon): number {
  let type = -1
  for (let n = 0; n + 1 < edges.length; n++) {
    const from = edges[n] ?? 0
    const to = edges[n + 1] ?? 0
    const mask = to - from < MIN_REST ? 0 : maskOf(text, from, to, lexicon)
    if (isName(mask)) return PERSON
    if (isPlace(mask)) type = LOCATION
  }
  return type
}

/** Whether the longest word that a tag begins with is a given name, "#annaslife". A tag that is a word itself is none. */
function beginsWithName(text: string, start: number, end: number, lexicon: Lexicon): boolean {
  let hash = HASH_SEED
  let longest = 0
  let mask = 0
  for (let at = start; at < end; at++) {
    charClass(text.charCodeAt(at))
    hash = addUnit(hash, foldedUnit(text.charCodeAt(at)))
    mask = lexicon.lookUp(hash)
    if (mask !== 0) longest = at - start + 1 < MIN_GIVEN ? 0 : mask
  }
  return mask === 0 && (longest & LexiconBit.given) !== 0 && longest >>> LANGUAGE_SHIFT === 0
}

function maskOf(text: string, start: number, end: number, lexicon: Lexicon): number {
  let hash = HASH_SEED
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    const type = charClass(unit)
    hash = addUnit(hash, type === CharClass.digit ? 48 : foldedUnit(unit))
  }
  return lexicon.lookUp(hash)
}

function isName(mask: number): boolean {
  return (mask & (LexiconBit.given | LexiconBit.family)) !== 0 && mask >>> LANGUAGE_SHIFT === 0
}

function isPlace(mask: number): boolean {
  return (mask & (LexiconBit.place | LexiconBit.country)) !== 0 && mask >>> LANGUAGE_SHIFT === 0
}
