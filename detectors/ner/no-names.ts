/**
 * What is no name alone: units that are called after people ("20 degrees Celsius"), languages, pronouns in small letters,
 * amounts ("50 words"), the result of a sum.
 */
import { addUnit, HASH_SEED } from './hash.ts'
import { beginLabel, NER_TYPES, OUTSIDE, typeOfLabel } from './labels.ts'
import { FUNCTION_WORD, LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** Nobody is called that any more. */
const UNITS = 'celsius fahrenheit'

const PERSON = NER_TYPES.indexOf('PERSON')
const ADDRESS = NER_TYPES.indexOf('ADDRESS')
const BEGIN_PEOPLE = beginLabel(NER_TYPES.indexOf('NRP'))
const units = wordSet(UNITS)

const EQUALS = addUnit(HASH_SEED, 0x3d)

/** Whether a token is a number behind "NUMBER =". */
function isResult({ tokens }: Tagger, n: number): boolean {
  const { kind, word } = tokens
  const isNumber = kind[n] === TokenKind.digits && kind[n - 2] === TokenKind.digits
  return n > 1 && isNumber && word[n - 1] === EQUALS
}

/** Longer numbers may be years and postcodes. */
const MAX_AMOUNT = 3

/** Words in front of amounts, and of hardly anything else. */
const BOUNDS = 'most least than'
const bounds = wordSet(BOUNDS)
/** A street stands so many tokens before the number of the house, or less. */
const STREET_REACH = 3

/** Whether a token is a number in front of what it counts, "50 words"; the number of a house has a name near before it. */
function isAmount({ tokens, labels }: Tagger, n: number): boolean {
  const { kind, start, end } = tokens
  if (kind[n] !== TokenKind.digits || (end[n] ?? 0) - (start[n] ?? 0) > MAX_AMOUNT) return false
  const reach = typeOfLabel(labels[n] ?? OUTSIDE) === ADDRESS ? Math.min(STREET_REACH, n) : 0
  for (let back = 1; back <= reach; back++) if ((labels[n - back] ?? OUTSIDE) !== OUTSIDE) return false
  return n + 1 < tokens.count && kind[n + 1] === TokenKind.lower && start[n + 1] === (end[n] ?? 0) + 1
}

/**
 * Takes the label of a person from units that stand alone, and any label from results, amounts, pronouns, articles and the
 * like in small letters that do, and from "most" and the like; names of languages and peoples become those. Linear.
 */
export function clearNoNames(tagger: Tagger): void {
  const { tokens, labels, context } = tagger
  const known = units()
  for (let n = 0; n < tokens.count; n++) {
    const label = labels[n] ?? OUTSIDE
    if (label === OUTSIDE) continue
    if (tokens.kind[n] === TokenKind.lower && bounds().has(tokens.word[n] ?? 0)) {
      labels[n] = OUTSIDE
      continue
    }
    const isAlone =
      (n === 0 || labels[n - 1] === OUTSIDE) && (n + 1 === tokens.count || labels[n + 1] === OUTSIDE)
    if (!isAlone) continue
    const isGlue = ((context.usage[n] ?? 0) & FUNCTION_WORD) !== 0 && tokens.kind[n] === TokenKind.lower
    const isPerson = typeOfLabel(label) === PERSON
    if (isGlue || isResult(tagger, n) || isAmount(tagger, n) || (isPerson && known.has(tokens.word[n] ?? 0)))
      labels[n] = OUTSIDE
    else if (isPerson && ((context.mask[n] ?? 0) & LexiconBit.nationality) !== 0) labels[n] = BEGIN_PEOPLE
  }
}
