/**
 * How much a word that no list knows is built like names of people: a logistic model over its letter sequences,
 * taught from the lists of names and of words, so that the lists reach beyond themselves.
 */
import { CharClass, charClass, foldedUnit } from './characters.ts'
import { addUnit, HASH_SEED } from './hash.ts'

/** log2 of the weights. */
export const FORM_BITS = 17

/** Weights of a model; slot 0 is the bias. One unit is worth `FORM_STEP`. */
export const FORM_SLOTS = 1 << FORM_BITS

/** What one unit of a weight adds to the log-odds. */
export const FORM_STEP = 1 / 16

/** The longest letter sequence looked at, edges of the word included. */
const LONGEST = 5
const SHORTEST = 2
/** Longer words are no names; they are not looked at beyond this. */
const MOST_UNITS = 24
const EDGE = 0x7f
const LAST_LATIN = 0x24f

/** Upper ends of the degrees, in log-odds; above the last one begins the highest degree. */
const DEGREES = [-4, -2.5, -1.2, 0, 1.2, 2.5, 4]

const units = new Int32Array(MOST_UNITS + 2)

/**
 * Calls `use` with the slot of every letter sequence of the word in `[start, end)` of the text. Returns whether the word is of Latin
 * letters alone; for others nothing is called. Of long words only the beginning is looked at.
 */
export function eachFormSlot(text: string, start: number, end: number, use: (slot: number) => void): boolean {
  const count = foldWord(text, start, end)
  if (count === 0) return false
  for (let from = 0; from < count; from++) {
    let hash = HASH_SEED
    const limit = Math.min(count, from + LONGEST)
    for (let at = from; at < limit; at++) {
      hash = addUnit(hash, units[at] as number)
      if (at - from + 1 >= SHORTEST) use(slotOf(hash))
    }
  }
  return true
}

/** The word's folded units between edges, in `units`; 0 for a word that is not of Latin letters. */
function foldWord(text: string, start: number, end: number): number {
  let count = 0
  units[count++] = EDGE
  for (let at = start; at < end && count <= MOST_UNITS; at++) {
    const unit = text.charCodeAt(at)
    const type = charClass(unit)
    if (type === CharClass.mark) continue
    const folded = foldedUnit(unit)
    if ((type !== CharClass.lower && type !== CharClass.upper) || folded > LAST_LATIN) return 0
    units[count++] = folded
  }
  units[count++] = EDGE
  return count
}

function slotOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - FORM_BITS) || 1
}

/** Degree of likeness to a name, 1 (a word) to 8 (a name); 0 when the model is empty or the word is not Latin. */
export function formDegree(weights: Int8Array, text: string, start: number, end: number): number {
  if (weights.length === 0) return 0
  let sum = weights[0] as number
  if (
    !eachFormSlot(text, start, end, (slot) => {
      sum += weights[slot] as number
    })
  )
    return 0
  const odds = sum * FORM_STEP
  let degree = 0
  while (degree < DEGREES.length && odds > (DEGREES[degree] as number)) degree++
  return degree + 1
}
