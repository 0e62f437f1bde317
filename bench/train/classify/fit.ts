/** Linear models over sparse rows: logistic and softmax regression by AdaGrad. Deterministic. */

/** A row: feature numbers and their values. */
export interface Row {
  readonly features: Uint32Array
  readonly values: Float32Array
}

export interface FitOptions {
  /** Number of features. */
  readonly size: number
  /** Number of outputs; with one the model is logistic, with more softmax. */
  readonly outputs: number
  readonly epochs: number
  readonly rate: number
  /** L2 penalty per step. */
  readonly decay: number
  readonly seed: number
}

/** `weights` by feature, then output; `bias` by output. */
export interface LinearModel {
  readonly outputs: number
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** xorshift32: the same numbers on every machine. */
export function randomSource(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

/** A permutation of 0..n-1. */
export function shuffled(n: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}

/** The outputs of a row before the link function. */
export function logits(model: LinearModel, row: Row, into: Float64Array): void {
  const { outputs, weights, bias } = model
  for (let k = 0; k < outputs; k++) into[k] = bias[k] ?? 0
  for (let f = 0; f < row.features.length; f++) {
    const base = (row.features[f] ?? 0) * outputs
    const value = row.values[f] ?? 0
    for (let k = 0; k < outputs; k++) into[k] = (into[k] ?? 0) + value * (weights[base + k] ?? 0)
  }
}

/** Turns logits into probabilities in place: sigmoid for one output, softmax for more. */
export function link(scores: Float64Array): void {
  if (scores.length === 1) {
    scores[0] = 1 / (1 + Math.exp(-(scores[0] ?? 0)))
    return
  }
  const top = Math.max(...scores)
  let sum = 0
  for (let k = 0; k < scores.length; k++) {
    const value = Math.exp((scores[k] ?? 0) - top)
    scores[k] = value
    sum += value
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] ?? 0) / sum
}

/** Fits a model. `target(i)` writes the wanted outputs of row i (sum 1 for softmax); `weight(i)` its importance. */
export function fit(
  rows: readonly Row[],
  target: (i: number, into: Float64Array) => void,
  weight: (i: number) => number,
  options: FitOptions,
): LinearModel {
  const { size, outputs, epochs, rate, decay, seed } = options
  const weights = new Float32Array(size * outputs)
  const squares = new Float32Array(size * outputs).fill(1e-6)
  const bias = new Float32Array(outputs)
  const model = { outputs, weights, bias }
  const scores = new Float64Array(outputs)
  const wanted = new Float64Array(outputs)
  const random = randomSource(seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const step = rate / (1 + epoch * 0.3)
    for (const i of shuffled(rows.length, random)) {
      const row = rows[i]
      const importance = weight(i)
      if (row === undefined || importance === 0) continue
      logits(model, row, scores)
      link(scores)
      target(i, wanted)
      for (let k = 0; k < outputs; k++) {
        scores[k] = ((scores[k] ?? 0) - (wanted[k] ?? 0)) * importance
        bias[k] = (bias[k] ?? 0) - 0.02 * step * (scores[k] ?? 0)
      }
      for (let f = 0; f < row.features.length; f++) {
        const base = (row.features[f] ?? 0) * outputs
        const value = row.values[f] ?? 0
        for (let k = 0; k < outputs; k++) {
          const old = weights[base + k] ?? 0
          const gradient = (scores[k] ?? 0) * value + decay * old
          const square = (squares[base + k] ?? 0) + gradient * gradient
          squares[base + k] = square
          weights[base + k] = old - (step * gradient) / Math.sqrt(square)
        }
      }
    }
  }
  return model
}

/** Logistic regression whose weights are never negative: each feature can only raise the output. Full batches. */
export function fitMonotone(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  importance: readonly number[],
  { steps, rate, decay }: { readonly steps: number; readonly rate: number; readonly decay: number },
): { readonly weights: readonly number[]; readonly bias: number } {
  const size = rows[0]?.length ?? 0
  const weights = new Float64Array(size)
  const total = importance.reduce((sum, value) => sum + value, 0)
  let bias = 0
  for (let step = 0; step < steps; step++) {
    const gradient = new Float64Array(size)
    let ofBias = 0
    for (const [i, row] of rows.entries()) {
      let score = bias
      for (let f = 0; f < size; f++) score += (weights[f] ?? 0) * (row[f] ?? 0)
      const error = ((importance[i] ?? 0) / total) * (1 / (1 + Math.exp(-score)) - (targets[i] ?? 0))
      ofBias += error
      for (let f = 0; f < size; f++) gradient[f] = (gradient[f] ?? 0) + error * (row[f] ?? 0)
    }
    bias -= rate * ofBias
    for (let f = 0; f < size; f++) {
      const old = weights[f] ?? 0
      weights[f] = Math.max(0, old - rate * ((gradient[f] ?? 0) + decay * old))
    }
  }
  return { weights: [...weights], bias }
}
