/** The mean of several models. */
import { isDeepStrictEqual } from 'node:util'
import type { NerModel } from '../../../detectors/ner/model-file.ts'
import type { TrainedWeights } from './crf.ts'

/** The mean of the weights of models that are kin. */
export function meanOf(models: readonly NerModel[]): TrainedWeights {
  const share = 1 / models.length
  const [first] = models
  const weights = new Float32Array(first?.weights.length ?? 0)
  const transitions = new Float32Array(first?.transitions.length ?? 0)
  for (const model of models) {
    for (let n = 0; n < weights.length; n++)
      weights[n] = (weights[n] as number) + share * model.scale * (model.weights[n] as number)
    for (let n = 0; n < transitions.length; n++)
      transitions[n] = (transitions[n] as number) + share * (model.transitions[n] as number)
  }
  return { weights, transitions }
}

/** Whether weights of one mean the same in the other: the same slots and word lists. */
export function isKin(left: NerModel, right: NerModel): boolean {
  return left.weightBits === right.weightBits && isDeepStrictEqual(left.lexicon.tables, right.lexicon.tables)
}
