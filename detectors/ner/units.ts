/** Units that are called after people: "20 degrees Celsius" names nobody. */
import { NER_TYPES, OUTSIDE, typeOfLabel } from './labels.ts'
import type { Tagger } from './tagger.ts'
import { wordSet } from './word-set.ts'

/** Nobody is called that any more. */
const UNITS = 'celsius fahrenheit'

const PERSON = NER_TYPES.indexOf('PERSON')
const units = wordSet(UNITS)

/** Takes the label of a person from units that stand alone. Linear. */
export function unnameUnits({ tokens, labels }: Tagger): void {
  const known = units()
  for (let n = 0; n < tokens.count; n++) {
    if (typeOfLabel(labels[n] ?? OUTSIDE) !== PERSON || !known.has(tokens.word[n] ?? 0)) continue
    const isAlone =
      (n === 0 || labels[n - 1] === OUTSIDE) && (n + 1 === tokens.count || labels[n + 1] === OUTSIDE)
    if (isAlone) labels[n] = OUTSIDE
  }
}
