/**
 * What each recall level adds to the score of every label of a type, in the order of `NER_TYPES`. Chosen with
 * `tune.ts` on the `dev` sets alone: `high` keeps character precision above 60 % on all of them but one.
 */
import { RECALL_LEVELS, type RecallLevel } from '../../../detectors/ner/model-file.ts'

/** Biases by level. */
export const RECALL_BIASES: Readonly<Record<RecallLevel, readonly number[]>> = {
  balanced: [0.7, 0.5, 0.7, 0.4, 0.3, 0.3, 0.3],
  high: [1.8, 1.6, 1.7, 1, 0.8, 0.8, 0.9],
  max: [3, 2.4, 2.8, 1.6, 1, 1, 1.2],
}

/** The same as a model file holds them: one row per level. */
export function biasRows(): Float32Array {
  return Float32Array.from(RECALL_LEVELS.flatMap((level) => RECALL_BIASES[level]))
}
