/** Units that are called after people, and languages: "20 degrees Celsius" and "in French" are no persons. */
import { beginLabel, NER_TYPES, OUTSIDE, typeOfLabel } from './labels.ts'
import { LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { wordSet } from './word-set.ts'

/** Nobody is called that any more. */
const UNITS = 'celsius fahrenheit'

const PERSON = NER_TYPES.indexOf('PERSON')
const BEGIN_PEOPLE = beginLabel(NER_TYPES.indexOf('NRP'))
const units = wordSet(UNITS)

/** Takes the label of a person from units that stand alone; names of languages and peoples become those. Linear. */
export function unnameUnits({ tokens, labels, context }: Tagger): void {
  const known = units()
  for (let n = 0; n < tokens.count; n++) {
    if (typeOfLabel(labels[n] ?? OUTSIDE) !== PERSON) continue
    const isAlone =
      (n === 0 || labels[n - 1] === OUTSIDE) && (n + 1 === tokens.count || labels[n + 1] === OUTSIDE)
    if (!isAlone) continue
    if (known.has(tokens.word[n] ?? 0)) labels[n] = OUTSIDE
    else if (((context.mask[n] ?? 0) & LexiconBit.nationality) !== 0) labels[n] = BEGIN_PEOPLE
  }
}
