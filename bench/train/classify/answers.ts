/** Trains the judge of local answers: one number per feature, from answers that were marked right or wrong. */
import { ANSWER_FEATURES, type AnswerWeights, answerFeatures } from '../../../proxy/classify/confidence.ts'
import type { Example } from './corpus.ts'

const CLIP = 3
const STEPS = 600
const DECAY = 1e-2

/** Fits the judge on the examples that carry an answer. Deterministic. Without any, it says 0.5 to everything. */
export function trainAnswer(examples: readonly Example[]): AnswerWeights {
  const answered = examples.flatMap(({ text, answer, answered: marks }) =>
    answer === undefined || marks === undefined
      ? []
      : [{ values: answerFeatures(text, answer), isRight: marks.weak }],
  )
  const size = ANSWER_FEATURES.length
  const n = Math.max(1, answered.length)
  const columns = ANSWER_FEATURES.map((_, f) => answered.map(({ values }) => values[f] ?? 0))
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / n)
  const deviation = columns.map((column, f) => {
    const square = column.reduce((sum, value) => sum + (value - (mean[f] ?? 0)) ** 2, 0)
    return Math.sqrt(square / n) + 1e-6
  })
  const rows = answered.map(({ values }) =>
    values.map((value, f) => Math.max(-CLIP, Math.min(CLIP, (value - (mean[f] ?? 0)) / (deviation[f] ?? 1)))),
  )
  const weights = new Float64Array(size)
  let bias = 0
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(size)
    let ofBias = 0
    for (const [i, row] of rows.entries()) {
      const score = row.reduce((sum, value, f) => sum + value * (weights[f] ?? 0), bias)
      const error = (1 / (1 + Math.exp(-score)) - Number(answered[i]?.isRight)) / n
      ofBias += error
      for (const [f, value] of row.entries()) gradient[f] = (gradient[f] ?? 0) + error * value
    }
    bias -= ofBias
    for (let f = 0; f < size; f++) {
      const old = weights[f] ?? 0
      weights[f] = old - ((gradient[f] ?? 0) + DECAY * old)
    }
  }
  const round = (value: number) => Number(value.toPrecision(5))
  return {
    features: ANSWER_FEATURES,
    mean: mean.map(round),
    deviation: deviation.map(round),
    weights: [...weights].map(round),
    bias: round(bias),
  }
}
