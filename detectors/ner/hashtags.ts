/**
 * Names that are run together in hashtags, "#JaneMiller" and "#janesdiary": the tagger sees one long word, so the tag
 * is taken apart at its capitals, or into the words that it is made of.
 */
import { CharClass, charClass, foldedUnit } from './characters.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { beginLabel, NER_TYPES, OUTSIDE, typeOfLabel } from './labels.ts'
import { LANGUAGE_SHIFT, LANGUAGES, type Lexicon, LexiconBit, PLAIN_WORD } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { TokenKind } from './tokens.ts'

const HASH_SIGN = addUnit(HASH_SEED, 0x23)
const PERSON = NER_TYPES.indexOf('PERSON')
const LOCATION = NER_TYPES.indexOf('LOCATION')
const ENGLISH = 1 << LANGUAGE_SHIFT
const MAX_LENGTH = 40
/** Shorter pieces between capitals say nothing. */
const MIN_PIECE = 3
/** Shorter pieces that no list knows are endings and abbreviations. */
const MIN_ODD = 4
/** Degree from which on an unknown piece is not built like a plain word. */
const ODD_FORM = 3
/** In tags without capitals, shorter given names and words are part of too many words; and names at the beginning. */
const MIN_NAME = 4
const MIN_FAMILY = 6
const MIN_WORD = 3
const MIN_FIRST = 5

/** What a piece of a tag may be. */
const Piece = { unknown: 0, plain: 1, given: 2, family: 4, name: 8, place: 16, odd: 32 } as const

/** What a tag is made of, beside the number of a type. */
const PLAIN_TAG = -1
const OPEN_TAG = -2

/** Labels hashtags that a name is part of, and takes the label of people from those of plain words. Linear: a tag is bounded. */
export function nameHashtags(tagger: Tagger, text: string): void {
  const { tokens, labels, margins } = tagger
  for (let n = 1; n < tokens.count; n++) {
    if (tokens.word[n - 1] !== HASH_SIGN || tokens.start[n] !== tokens.end[n - 1]) continue
    const label = labels[n] ?? OUTSIDE
    if (label !== OUTSIDE && typeOfLabel(label) !== PERSON) continue
    const type = typeOfTag(tagger, text, n)
    if (type === PLAIN_TAG) labels[n] = OUTSIDE
    if (type < 0 || label !== OUTSIDE) continue
    labels[n] = beginLabel(type)
    margins[n] = 0
  }
}

/** The pieces of one tag, in a text of some language. */
interface Tag {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly lexicon: Lexicon
  /** Bits of the languages whose words are plain words here. */
  readonly languages: number
}

function typeOfTag({ tokens, lexicon, context }: Tagger, text: string, n: number): number {
  const start = tokens.start[n] ?? 0
  const end = tokens.end[n] ?? 0
  const kind = tokens.kind[n] ?? 0
  if (end - start > MAX_LENGTH) return OPEN_TAG
  const languages =
    ENGLISH | (context.language < LANGUAGES.length ? 1 << (LANGUAGE_SHIFT + context.language) : 0)
  const tag: Tag = { text, start, end, lexicon, languages }
  const whole = pieceOf(tag, start, end)
  if ((whole & Piece.name) !== 0) return PERSON
  if ((whole & Piece.place) !== 0) return LOCATION
  if ((whole & Piece.plain) !== 0) return OPEN_TAG
  if (kind === TokenKind.mixed || kind === TokenKind.alphanumeric) {
    const edges = capitalEdges(text, start, end)
    if (edges.length > 2) return typeOfPieces(tag, edges)
  }
  const made = typeOfWords(tag)
  if (made !== OPEN_TAG) return made
  return beginsWithName(tag) ? PERSON : OPEN_TAG
}

/** Where the pieces of a word in camel case begin, then its end. */
function capitalEdges(text: string, start: number, end: number): number[] {
  const edges = [start]
  for (let at = start + 1; at < end; at++) {
    const own = charClass(text.charCodeAt(at))
    const before = charClass(text.charCodeAt(at - 1))
    if (own === CharClass.upper && before !== CharClass.upper) edges.push(at)
    else if (own === CharClass.lower && before === CharClass.upper && at - 1 > (edges.at(-1) ?? start))
      edges.push(at - 1)
    else if ((own === CharClass.digit) !== (before === CharClass.digit)) edges.push(at)
  }
  edges.push(end)
  return edges
}

/** A piece that is a name, or that nothing knows, makes a tag one of people. */
function typeOfPieces(tag: Tag, edges: readonly number[]): number {
  let all = 0
  let before = 0
  for (let n = 0; n + 1 < edges.length; n++) {
    const from = edges[n] ?? 0
    const to = edges[n + 1] ?? 0
    const piece = to - from < MIN_PIECE ? 0 : pieceOf(tag, from, to)
    if ((before & Piece.given) !== 0 && (piece & Piece.family) !== 0) return PERSON
    all |= piece
    before = piece
  }
  if ((all & (Piece.name | Piece.odd)) !== 0) return PERSON
  if ((all & Piece.place) !== 0) return LOCATION
  return typeOfPlain(all)
}

/** A tag without a piece that can only be a name: where one could be a given name, what the tagger saw stands. */
function typeOfPlain(all: number): number {
  return (all & Piece.plain) !== 0 && (all & Piece.given) === 0 ? PLAIN_TAG : OPEN_TAG
}

/** What the words are that a tag in one case consists of, as few as can be; open when it does not consist of words alone. */
function typeOfWords(tag: Tag): number {
  const { text, start, end } = tag
  const length = end - start
  const fewest = new Uint8Array(length + 1).fill(255)
  const all = new Uint8Array(length + 1)
  fewest[0] = 0
  for (let from = 0; from < length; from++) {
    if (fewest[from] === 255) continue
    let hash = HASH_SEED
    for (let to = from + 1; to <= length; to++) {
      const unit = text.charCodeAt(start + to - 1)
      hash = addUnit(hash, charClass(unit) === CharClass.digit ? 48 : foldedUnit(unit))
      const piece = pieceOfHash(tag, hash)
      const size = to - from
      const isName =
        (piece & Piece.name) !== 0 && size >= ((piece & Piece.given) !== 0 ? MIN_NAME : MIN_FAMILY)
      const isWord = (piece & Piece.plain) !== 0 && (size >= MIN_WORD || isGlue(text, start + from, size))
      if (!isName && !isWord) continue
      const count = (fewest[from] as number) + 2 + (isName ? 1 : 0)
      if (count >= (fewest[to] as number)) continue
      fewest[to] = count
      all[to] = (all[from] as number) | (isName ? piece : piece & ~Piece.name)
    }
  }
  if (fewest[length] === 255) return OPEN_TAG
  return ((all[length] as number) & Piece.name) !== 0 ? PERSON : typeOfPlain(all[length] as number)
}

/** Short words that tags are made with; the `s` is that of "janes". */
const GLUE = ' a i s my me we us is it in on of to at by no so go do be up or the '

function isGlue(text: string, at: number, size: number): boolean {
  return GLUE.includes(` ${text.slice(at, at + size).toLowerCase()} `)
}

/** Whether the longest word that a tag begins with is a given name, "#annaslife". */
function beginsWithName(tag: Tag): boolean {
  const { text, start, end } = tag
  let hash = HASH_SEED
  let longest = 0
  for (let at = start; at < end; at++) {
    hash = addUnit(hash, foldedUnit(text.charCodeAt(at)))
    const piece = pieceOfHash(tag, hash)
    if (piece !== 0) longest = at - start + 1 < MIN_FIRST ? 0 : piece
  }
  return (longest & Piece.name) !== 0 && (longest & Piece.given) !== 0
}

function pieceOf(tag: Tag, start: number, end: number): number {
  const { text, lexicon } = tag
  let hash = HASH_SEED
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    hash = addUnit(hash, charClass(unit) === CharClass.digit ? 48 : foldedUnit(unit))
  }
  const piece = pieceOfHash(tag, hash)
  if (piece !== Piece.unknown || end - start < MIN_ODD) return piece
  return lexicon.formDegree(text, start, end) >= ODD_FORM ? Piece.odd : Piece.unknown
}

function pieceOfHash({ lexicon, languages }: Tag, hash: number): number {
  const entry = lexicon.find(hash)
  if (entry < 0) return Piece.unknown
  const mask = lexicon.maskAt(entry)
  const isPlain = (mask & languages) !== 0 || (lexicon.clusterAt(entry) & PLAIN_WORD) !== 0
  let piece = 0
  if ((mask & LexiconBit.given) !== 0) piece |= Piece.given
  if ((mask & LexiconBit.family) !== 0) piece |= Piece.family
  if (isPlain) return piece | Piece.plain
  if (piece !== 0) return piece | Piece.name
  return (mask & (LexiconBit.place | LexiconBit.country)) !== 0 ? Piece.place : Piece.unknown
}
