/**
 * What each recall level adds to the score of every label of a type, in the order of `NER_TYPES`. Chosen on the
 * `dev` sets with `tune.ts`: `high` keeps character precision above 60 % on nearly all of them.
 */
import type { RecallLevel } from '../../../detectors/ner/model-file.ts'

/** Biases by level. */
export const RECALL_BIASES: Readonly<Record<RecallLevel, readonly number[]>> = {
  balanced: [0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2],
  high: [1.2, 1.0, 1.2, 1.2, 0.5, 0.5, 0.5],
  max: [2.2, 2, 2.2, 2, 1, 1, 1],
}
