/**
 * Trains a linear-chain conditional random field on hashed features, by AdaGrad on one sequence at a time.
 * Tokens may be labelled in part (a set of allowed labels): the gradient is then the difference between the
 * expectations under the allowed labels and under all labels, so a source teaches nothing about types that it
 * does not label.
 */
import { MAX_FEATURES } from '../../../detectors/ner/features.ts'
import { LABEL_COUNT, mayFollow } from '../../../detectors/ner/labels.ts'
import { TABLE_MARGIN } from '../../../detectors/ner/model-file.ts'
import type { TrainingSet } from './examples.ts'
import type { SeededRandom } from './random.ts'

/** How to train. */
export interface TrainingOptions {
  /** log2 of the slots of the weight table. */
  readonly weightBits: number
  readonly epochs: number
  readonly rate: number
  /** Probability that a token's features about the word itself are hidden, so that context learns too. */
  readonly wordDropout: number
  /** Probability that any feature of a token is hidden. */
  readonly featureDropout: number
  /** The result is the mean of so many moments of every epoch but the first; 0: the weights at the end. */
  readonly snapshots: number
  /** Called after every epoch with the mean log-likelihood per token. */
  readonly onEpoch: (epoch: number, logLikelihood: number, seconds: number) => void
}

/** Learned weights, not yet quantised. */
export interface TrainedWeights {
  readonly weights: Float32Array
  readonly transitions: Float32Array
}

const SMALL = 0.004
const L = LABEL_COUNT
const MAX_LENGTH = 512

/** Trains on every sequence of the set; deterministic for one seed and order of documents. */
export function trainCrf(set: TrainingSet, options: TrainingOptions, random: SeededRandom): TrainedWeights {
  const trainer = new Trainer(set, options, random)
  const mean = new Mean()
  const every = options.snapshots === 0 ? 0 : Math.ceil(set.sequenceStart.length / options.snapshots)
  const order = Int32Array.from(set.sequenceStart.keys())
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const begun = performance.now()
    random.shuffle(order)
    trainer.setRate(options.rate * (1 - (0.9 * (epoch - 1)) / Math.max(1, options.epochs - 1)))
    let sum = 0
    for (let n = 0; n < order.length; n++) {
      sum += trainer.learn(order[n] as number)
      if (every > 0 && epoch > 1 && (n + 1) % every === 0) mean.add(trainer.result())
    }
    options.onEpoch(epoch, sum / set.tokenCount, (performance.now() - begun) / 1000)
  }
  return mean.count > 0 ? mean.result() : trainer.result()
}

/** The mean of the weights on the way: less of it is chance than of those at the end. */
class Mean {
  count = 0
  private weights = new Float32Array(0)
  private transitions = new Float32Array(0)

  add({ weights, transitions }: TrainedWeights): void {
    if (this.count === 0) {
      this.weights = new Float32Array(weights.length)
      this.transitions = new Float32Array(transitions.length)
    }
    this.count++
    weights.forEach((weight, n) => {
      this.weights[n] = (this.weights[n] as number) + weight
    })
    transitions.forEach((weight, n) => {
      this.transitions[n] = (this.transitions[n] as number) + weight
    })
  }

  result(): TrainedWeights {
    const mean = (sum: number): number => sum / this.count
    return { weights: this.weights.map(mean), transitions: this.transitions.map(mean) }
  }
}

class Trainer {
  private readonly weights: Float32Array
  private readonly squares: Float32Array
  private readonly transitions = new Float32Array(L * L)
  private readonly transitionSquares = new Float32Array(L * L).fill(1)
  private readonly transitionGradient = new Float64Array(L * L)
  private readonly steps = new Float64Array(L * L)
  private readonly potentials = new Float64Array(MAX_LENGTH * L)
  private readonly forward = new Float64Array(MAX_LENGTH * L)
  private readonly scales = new Float64Array(MAX_LENGTH)
  private readonly gradient = new Float64Array(MAX_LENGTH * L)
  private readonly backward = new Float64Array(L)
  private readonly weighted = new Float64Array(L)
  /** Slots of the features that are seen this time, and where those of each token begin. */
  private readonly slots = new Int32Array(MAX_LENGTH * MAX_FEATURES)
  private readonly slotStart = new Int32Array(MAX_LENGTH + 1)
  private readonly shift: number
  private readonly set: TrainingSet
  private readonly options: TrainingOptions
  private readonly random: SeededRandom
  private rate = 0
  private sinceSteps = 0

  constructor(set: TrainingSet, options: TrainingOptions, random: SeededRandom) {
    this.set = set
    this.options = options
    this.random = random
    this.shift = 32 - options.weightBits
    this.weights = new Float32Array(2 ** options.weightBits + TABLE_MARGIN)
    this.squares = new Float32Array(this.weights.length).fill(0.5)
    this.updateSteps()
  }

  setRate(rate: number): void {
    this.rate = rate
  }

  result(): TrainedWeights {
    return { weights: this.weights, transitions: this.transitions }
  }

  /** One step on one sequence; its log-likelihood before the step. */
  learn(sequence: number): number {
    const { set } = this
    const from = set.sequenceStart[sequence] as number
    const to = set.sequenceStart[sequence + 1] ?? set.tokenCount
    const length = to - from
    this.gradient.fill(0, 0, length * L)
    this.transitionGradient.fill(0)
    this.score(from, length)
    const likelihood = this.expectations(from, length, true, 1) - this.expectations(from, length, false, -1)
    this.update(length, set.sequenceWeight[sequence] as number)
    if (++this.sinceSteps === 8) this.updateSteps()
    return likelihood
  }

  /** Fills the potentials of every token: exp(score - highest score of the token). */
  private score(from: number, length: number): void {
    const { set, weights, potentials, shift } = this
    const sums = this.backward
    const limit = this.options.featureDropout * 65536
    let filled = 0
    for (let n = 0; n < length; n++) {
      const token = from + n
      const start = set.featureStart[token] as number
      const end = set.featureStart[token + 1] as number
      const isHidden = this.random.next() < this.options.wordDropout
      const first = isHidden ? start + (set.wordFeatures[token] as number) : start
      sums.fill(0)
      const salt = Math.floor(this.random.next() * 2 ** 31)
      for (let feature = first; feature < end; feature++) {
        const hash = set.hashes[feature] as number
        if (Math.imul(hash ^ salt, 0x2c1b3c6d) >>> 16 < limit) continue
        const slot = hash >>> shift
        this.slots[filled++] = slot
        for (let label = 0; label < L; label++)
          sums[label] = (sums[label] as number) + (weights[slot + label] as number)
      }
      this.slotStart[n + 1] = filled
      let highest = sums[0] as number
      for (let label = 1; label < L; label++)
        if ((sums[label] as number) > highest) highest = sums[label] as number
      for (let label = 0; label < L; label++)
        potentials[n * L + label] = Math.exp((sums[label] as number) - highest)
    }
  }

  /**
   * Adds `sign` times the expected counts to the gradients, over all labels or the allowed ones.
   * Returns the logarithm of the partition sum.
   */
  private expectations(from: number, length: number, onlyAllowed: boolean, sign: number): number {
    let logSum = 0
    for (let n = 0; n < length; n++) logSum += this.stepForward(n, this.mask(from + n, onlyAllowed))
    this.backward.fill(1)
    for (let n = length - 1; n >= 0; n--) this.stepBackward(n, this.mask(from + n, onlyAllowed), sign)
    return logSum
  }

  private mask(token: number, onlyAllowed: boolean): number {
    return onlyAllowed ? (this.set.allowed[token] as number) : -1
  }

  /** Scaled forward probabilities of one token; the logarithm of its scale. */
  private stepForward(n: number, mask: number): number {
    const { forward, steps, potentials } = this
    const row = n * L
    let total = 0
    for (let label = 0; label < L; label++) {
      let sum = 0
      if ((mask >> label) & 1) {
        if (n === 0) sum = steps[label] as number
        else {
          for (let before = 0; before < L; before++) {
            sum += (forward[row - L + before] as number) * (steps[before * L + label] as number)
          }
        }
        sum *= potentials[row + label] as number
      }
      forward[row + label] = sum
      total += sum
    }
    total = Math.max(total, 1e-300)
    this.scales[n] = total
    for (let label = 0; label < L; label++) forward[row + label] = (forward[row + label] as number) / total
    return Math.log(total)
  }

  /** Adds one token's expected counts and moves the backward probabilities to the token before it. */
  private stepBackward(n: number, mask: number, sign: number): void {
    const { forward, steps, backward, gradient, transitionGradient, weighted } = this
    const row = n * L
    const scale = this.scales[n] as number
    for (let label = 0; label < L; label++) {
      const value = backward[label] as number
      gradient[row + label] =
        (gradient[row + label] as number) + sign * (forward[row + label] as number) * value
      weighted[label] = (mask >> label) & 1 ? (value * (this.potentials[row + label] as number)) / scale : 0
    }
    for (let before = 0; before < L; before++) {
      const reach = n === 0 ? (before === 0 ? 1 : 0) : (forward[row - L + before] as number)
      let sum = 0
      for (let label = 0; label < L; label++) {
        const at = before * L + label
        const term = (steps[at] as number) * (weighted[label] as number)
        sum += term
        if (reach !== 0) transitionGradient[at] = (transitionGradient[at] as number) + sign * reach * term
      }
      backward[before] = sum
    }
  }

  private update(length: number, weight: number): void {
    const { weights, squares, gradient } = this
    const rate = this.rate
    for (let n = 0; n < length; n++) {
      const row = n * L
      let largest = 0
      for (let label = 0; label < L; label++)
        largest = Math.max(largest, Math.abs(gradient[row + label] as number))
      if (largest < SMALL) continue
      const first = this.slotStart[n] as number
      const end = this.slotStart[n + 1] as number
      for (let label = 0; label < L; label++) {
        const slope = (gradient[row + label] as number) * weight
        if (slope < 1e-3 && slope > -1e-3) continue
        const square = slope * slope
        for (let feature = first; feature < end; feature++) {
          const slot = (this.slots[feature] as number) + label
          const sum = (squares[slot] as number) + square
          squares[slot] = sum
          weights[slot] = (weights[slot] as number) + (rate * slope) / Math.sqrt(sum)
        }
      }
    }
    for (let at = 0; at < L * L; at++) {
      const slope = (this.transitionGradient[at] as number) * weight
      if (slope === 0) continue
      const sum = (this.transitionSquares[at] as number) + slope * slope
      this.transitionSquares[at] = sum
      this.transitions[at] = (this.transitions[at] as number) + (rate * slope) / Math.sqrt(sum)
    }
  }

  private updateSteps(): void {
    this.sinceSteps = 0
    for (let at = 0; at < L * L; at++) {
      this.steps[at] = mayFollow(Math.floor(at / L), at % L) ? Math.exp(this.transitions[at] as number) : 0
    }
  }
}
