/** Whoever is addressed with a title is a person: "Mr. Okonjo", "Frau Yılmaz", "il signor Ferri". */
import { beginLabel, NER_TYPES, OUTSIDE } from './labels.ts'
import { LANGUAGE_SHIFT, LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** Titles that stand right in front of a name, and seldom in front of anything else with a capital. */
const HONORIFICS =
  'mr mrs ms miss mister dr herr herrn frau fräulein monsieur madame mademoiselle mme mlle señor señora señorita sr sra srta ' +
  'signor signora signorina sig dott senhor senhora dhr mevr mevrouw meneer pan pani pana panią panu fru frøken ' +
  'hr domnul doamna pán paní'

const BEGIN_PERSON = beginLabel(NER_TYPES.indexOf('PERSON'))
const FAMILY_BITS = LexiconBit.family | LexiconBit.familyRare | LexiconBit.given | LexiconBit.givenRare
const MIN_LETTERS = 3

const honorifics = wordSet(HONORIFICS)

/** Labels the capitalised word behind a title where the tagger saw nothing. Linear. */
export function nameAddressed(tagger: Tagger): void {
  const { tokens, labels, margins } = tagger
  const known = honorifics()
  for (let n = 0; n + 1 < tokens.count; n++) {
    if (!known.has(tokens.word[n] ?? 0) || isAbbreviation(tokens, n)) continue
    const isShortened = tokens.kind[n + 1] === TokenKind.period && touches(tokens, n + 1)
    const name = isShortened ? n + 2 : n + 1
    if (name >= tokens.count || labels[name] !== OUTSIDE || !isOneSpaceBehind(tokens, name)) continue
    if (!mayBeName(tagger, name)) continue
    labels[name] = BEGIN_PERSON
    margins[name] = 0
  }
}

/** "HR" and "MS" are no titles, unless everything around is in capitals too. */
function isAbbreviation({ kind, start, end }: TokenBuffer, n: number): boolean {
  const isShort = (end[n] ?? 0) - (start[n] ?? 0) <= 2
  return (
    isShort &&
    kind[n] === TokenKind.upper &&
    kind[n + 1] !== TokenKind.upper &&
    kind[n + 2] !== TokenKind.upper
  )
}

function touches(tokens: TokenBuffer, n: number): boolean {
  return tokens.start[n] === tokens.end[n - 1]
}

function isOneSpaceBehind(tokens: TokenBuffer, n: number): boolean {
  return (tokens.start[n] ?? 0) - (tokens.end[n - 1] ?? 0) === 1
}

/**
 * A word with a capital that is no frequent one, unless people are called so too; or the letter that a name was cut to,
 * "Herr B", but not a word of one letter that begins a sentence behind a short title: "thanks, Dr. I will".
 */
function mayBeName({ tokens, context }: Tagger, n: number): boolean {
  const kind = tokens.kind[n] ?? 0
  if (kind === TokenKind.initial)
    return tokens.kind[n - 1] !== TokenKind.period || tokens.kind[n + 1] !== TokenKind.lower
  if (kind !== TokenKind.title && kind !== TokenKind.upper && kind !== TokenKind.mixed) return false
  if ((tokens.end[n] ?? 0) - (tokens.start[n] ?? 0) < MIN_LETTERS) return false
  const mask = context.mask[n] ?? 0
  return mask >>> LANGUAGE_SHIFT === 0 || (mask & FAMILY_BITS) !== 0
}
