/** Units that are called after people: "20 degrees Celsius" names nobody. */
import { NER_TYPES, OUTSIDE, typeOfLabel } from './labels.ts'
import type { Tagger } from './tagger.ts'
import { TokenBuffer } from './tokens.ts'

/** Nobody is called that any more. */
const UNITS = 'celsius fahrenheit'

const PERSON = NER_TYPES.indexOf('PERSON')
let unitHashes: ReadonlySet<number> | null = null

function units(): ReadonlySet<number> {
  if (unitHashes !== null) return unitHashes
  const tokens = new TokenBuffer()
  tokens.fill(UNITS)
  unitHashes = new Set(tokens.word.subarray(0, tokens.count))
  return unitHashes
}

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
