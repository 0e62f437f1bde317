/**
 * What each recall level adds to the score of every label of a type, in the order of `NER_TYPES`. Chosen on the
 * `dev` sets with `tune.ts`: `high` keeps character precision above 60 % on nearly all of them.
 */
import type { RecallLevel } from '../../../detectors/ner/model-file.ts'

/** Biases by level. */
export const RECALL_BIASES: Readonly<Record<RecallLevel, readonly number[]>> = {
  balanced: [0.8, 0.5, 0.8, 0.5, 0.4, 0.4, 0.4],
  high: [1.8, 1.2, 1.5, 1, 0.7, 0.7, 0.7],
  max: [3, 2.2, 2.6, 1.6, 1, 1, 1],
}
