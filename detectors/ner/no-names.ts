/**
 * What is no name alone: units that are called after people ("20 degrees Celsius"), languages, pronouns in small letters, the
 * result of a sum.
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
const BEGIN_PEOPLE = beginLabel(NER_TYPES.indexOf('NRP'))
const units = wordSet(UNITS)

const EQUALS = addUnit(HASH_SEED, 0x3d)

/** Whether a token is a number behind "NUMBER =". */
function isResult({ tokens }: Tagger, n: number): boolean {
  const { kind, word } = tokens
  const isNumber = kind[n] === TokenKind.digits && kind[n - 2] === TokenKind.digits
  return n > 1 && isNumber && word[n - 1] === EQUALS
}

/**
 * Takes the label of a person from units that stand alone, and any label from results and from pronouns, articles and the
 * like in small letters that do; names of languages and peoples become those. Linear.
 */
export function clearNoNames(tagger: Tagger): void {
  const { tokens, labels, context } = tagger
  const known = units()
  for (let n = 0; n < tokens.count; n++) {
    const label = labels[n] ?? OUTSIDE
    if (label === OUTSIDE) continue
    const isAlone =
      (n === 0 || labels[n - 1] === OUTSIDE) && (n + 1 === tokens.count || labels[n + 1] === OUTSIDE)
    if (!isAlone) continue
    const isGlue = ((context.usage[n] ?? 0) & FUNCTION_WORD) !== 0 && tokens.kind[n] === TokenKind.lower
    const isPerson = typeOfLabel(label) === PERSON
    if (isGlue || isResult(tagger, n) || (isPerson && known.has(tokens.word[n] ?? 0))) labels[n] = OUTSIDE
    else if (isPerson && ((context.mask[n] ?? 0) & LexiconBit.nationality) !== 0) labels[n] = BEGIN_PEOPLE
  }
}
