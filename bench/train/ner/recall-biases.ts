/**
 * What each recall level adds to the score of every label of a type, in the order of `NER_TYPES`. Chosen with
 * `tune.ts` on the `dev` sets alone: `high` keeps character precision above 60 % on all of them but one.
 */
import type { RecallLevel } from '../../../detectors/ner/model-file.ts'

/** Biases by level. */
export const RECALL_BIASES: Readonly<Record<RecallLevel, readonly number[]>> = {
  balanced: [0.7, 0.4, 0.6, 0.4, 0.3, 0.3, 0.3],
  high: [1.7, 1.1, 1.3, 1, 0.7, 0.7, 0.7],
  max: [3, 2.2, 2.6, 1.6, 1, 1, 1],
}
