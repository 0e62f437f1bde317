/**
 * What each recall level adds to the score of every label of a type, in the order of `NER_TYPES`. Chosen with
 * `tune.ts` on the `dev` sets alone: `high` keeps character precision above 60 % on all of them.
 */
import { RECALL_LEVELS, type RecallLevel } from '../../../detectors/ner/model-file.ts'

/** Biases by level. */
export const RECALL_BIASES: Readonly<Record<RecallLevel, readonly number[]>> = {
  balanced: [0.5, -1.2, 0, 0.2, 0, 0, 0.1],
  high: [1.8, -0.8, 0.6, 0.5, 0.2, 0.2, 0.3],
  max: [5, 1.5, 2.5, 1.5, 0.6, 0.6, 0.9],
}

/** The same as a model file holds them: one row per level. */
export function biasRows(): Float32Array {
  return Float32Array.from(RECALL_LEVELS.flatMap((level) => RECALL_BIASES[level]))
}
