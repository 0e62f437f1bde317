/** Endings that are words themselves, as compounds have: "Arbeits|vertrag". */
import { charClass, foldedUnit } from './characters.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { LANGUAGE_SHIFT, type Lexicon } from './lexicon.ts'

/** Endings of this many units are looked up. */
const MIN_TAIL = 4
const MAX_TAIL = 9
/** What remains before the ending is at least this long. */
const MIN_HEAD = 3

/** The length of the longest ending of a word that is a frequent word of some language; 0 for none. */
export function longestTail(text: string, start: number, end: number, lexicon: Lexicon): number {
  for (let length = Math.min(MAX_TAIL, end - start - MIN_HEAD); length >= MIN_TAIL; length--) {
    let hash = HASH_SEED
    for (let at = end - length; at < end; at++) {
      const unit = text.charCodeAt(at)
      charClass(unit)
      hash = addUnit(hash, foldedUnit(unit))
    }
    if (lexicon.lookUp(hash) >>> LANGUAGE_SHIFT !== 0) return length
  }
  return 0
}
