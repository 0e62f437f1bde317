/** Copies of documents in other letter cases, so that text without capitals, or all in capitals, is known too. */
import type { LabelledDocument } from './corpus.ts'
import type { SeededRandom } from './random.ts'

const LOWER_SHARE = 0.2
/** Sets of text that people typed on the run: more of the like. */
const CARELESS_SETS = new Set(['btc', 'wnut17', 'restaurants8k.en', 'generated.written.en-posts'])
const CARELESS_LOWER_SHARE = 0.45
const UPPER_SHARE = 0.06
const TITLE_SHARE = 0.03
/** Copies teach the case, not the words once more. */
const COPY_WEIGHT = 0.5

/** The copies to train on besides the document itself: usually none. */
export function recased(document: LabelledDocument, random: SeededRandom): LabelledDocument[] {
  const draw = random.next()
  const lowerShare = CARELESS_SETS.has(document.source) ? CARELESS_LOWER_SHARE : LOWER_SHARE
  if (draw < lowerShare) return copy(document, document.text.toLowerCase())
  if (draw < lowerShare + UPPER_SHARE) return copy(document, document.text.toUpperCase())
  if (draw < lowerShare + UPPER_SHARE + TITLE_SHARE) return copy(document, inTitleCase(document.text))
  return []
}

function copy(document: LabelledDocument, text: string): LabelledDocument[] {
  const changesLength = text.length !== document.text.length || text === document.text
  return changesLength ? [] : [{ ...document, text, weight: document.weight * COPY_WEIGHT }]
}

function inTitleCase(text: string): string {
  return text.replace(
    /\p{L}[\p{L}\p{M}]*/gu,
    (word) => (word[0] ?? '').toUpperCase() + word.slice(1).toLowerCase(),
  )
}
