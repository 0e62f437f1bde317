/** The classifier's weights: the shape of their file, and what they say about a scan. */
import { ANSWER_FEATURES, type AnswerWeights } from './confidence.ts'
import { FEATURES, measure } from './features.ts'
import { hashPair, MAX_WORDS, type Scan } from './scan.ts'

/** The outputs after the domains, in this order. */
export const EXTRA_OUTPUTS = ['injection', 'needs_strong'] as const

/** What the training script writes. Numbers are rounded; words are kept as hashes. */
export interface ModelFile {
  readonly id: string
  /** Names of the domains: the first outputs. */
  readonly domains: readonly string[]
  /** Names of the features, in order: a file made for other features is refused. */
  readonly features: readonly string[]
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** Weights of the features, by feature, then output. */
  readonly dense: readonly number[]
  readonly bias: readonly number[]
  /** Hashes of words and pairs: base64 of 32-bit little-endian numbers, ascending. */
  readonly words: string
  /** Weights of the words, by word, then output without the last one: base64 of signed bytes. */
  readonly weights: string
  /** What a byte of each output is worth. */
  readonly scale: readonly number[]
  /** How answers of the local model are judged. */
  readonly answer: AnswerWeights
}

/** A model ready for use. `score` writes one number per domain, then `EXTRA_OUTPUTS`, before any link function. */
export interface PromptModel {
  readonly id: string
  readonly domains: readonly string[]
  readonly answer: AnswerWeights
  score(scan: Scan, into: Float64Array): void
}

/** The file of weights cannot be used. `code` says why; there is nothing in it that a request wrote. */
export class ClassifierError extends Error {
  readonly code: 'missing' | 'damaged'
  constructor(code: 'missing' | 'damaged', message: string) {
    super(message)
    this.name = 'ClassifierError'
    this.code = code
  }
}

/** Standard deviations beyond which a feature says no more. */
export const CLIP = 2.5

/** Prepares a model. Throws `ClassifierError` (`damaged`) when the parts of the file do not fit together. */
export function readModel(file: ModelFile): PromptModel {
  const outputs = file.domains.length + EXTRA_OUTPUTS.length
  const perWord = outputs - 1
  const words = decodeWords(file.words)
  const weights = new Int8Array(Buffer.from(file.weights, 'base64'))
  const fits =
    file.features.join() === FEATURES.map((feature) => feature.name).join() &&
    file.mean.length === FEATURES.length &&
    file.deviation.length === FEATURES.length &&
    file.dense.length === FEATURES.length * outputs &&
    file.bias.length === outputs &&
    file.scale.length === perWord &&
    weights.length === words.length * perWord &&
    file.answer.features.join() === ANSWER_FEATURES.join() &&
    file.answer.weights.length === ANSWER_FEATURES.length
  if (!fits) throw new ClassifierError('damaged', 'the weights of the classifier do not fit together')
  const dense = Float64Array.from(file.dense)
  const bias = Float64Array.from(file.bias)
  const scale = Float64Array.from(file.scale)
  const mean = Float64Array.from(file.mean)
  const deviation = Float64Array.from(file.deviation)
  const table = new WordTable(words)
  const features = new Float64Array(FEATURES.length)
  const sums = new Int32Array(perWord)
  const attack = new Int32Array(MAX_WORDS + 1)
  const injection = file.domains.length
  const score = (scan: Scan, into: Float64Array): void => {
    into.set(bias)
    measure(scan, features)
    for (let f = 0; f < features.length; f++) {
      const z = ((features[f] ?? 0) - (mean[f] ?? 0)) / (deviation[f] ?? 1)
      const value = z > CLIP ? CLIP : Math.max(z, -CLIP)
      for (let k = 0; k < outputs; k++) into[k] = (into[k] ?? 0) + value * (dense[f * outputs + k] ?? 0)
    }
    addWords(scan, table, weights, { sums, attack })
    const damping = 1 / Math.sqrt(scan.words + 1)
    for (let k = 0; k < perWord; k++) {
      const strength = k === injection ? attackStrength(scan.words, attack) : (sums[k] ?? 0) * damping
      into[k] = (into[k] ?? 0) + strength * (scale[k] ?? 0)
    }
  }
  return { id: file.id, domains: file.domains, answer: file.answer, score }
}

function decodeWords(base64: string): Uint32Array {
  const bytes = Buffer.from(base64, 'base64')
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readUInt32LE(i * 4))
}

/** Words of the passage an attack is looked for in. */
const PASSAGE = 48

/**
 * The strongest passage, not the average: an attack does not get weaker by standing in a long harmless text.
 * `attack` holds running sums per word.
 */
function attackStrength(words: number, attack: Int32Array): number {
  if (words <= PASSAGE) return (attack[words] ?? 0) / Math.sqrt(words + 1)
  let best = Number.NEGATIVE_INFINITY
  for (let end = PASSAGE; end <= words; end++) {
    best = Math.max(best, (attack[end] ?? 0) - (attack[end - PASSAGE] ?? 0))
  }
  return best / Math.sqrt(PASSAGE + 1)
}

/** Per-word weights added up: over all words for each output, and word by word for attacks. */
interface WordSums {
  readonly sums: Int32Array
  readonly attack: Int32Array
}

function addWords(scan: Scan, table: WordTable, weights: Int8Array, { sums, attack }: WordSums): void {
  sums.fill(0)
  const { hashes, words } = scan
  const last = sums.length - 1
  let before = 0
  for (let i = 0; i < words; i++) {
    const hash = hashes[i] ?? 0
    addRow(table.indexOf(hash), weights, sums)
    if (i > 0) addRow(table.indexOf(hashPair(before, hash)), weights, sums)
    attack[i + 1] = sums[last] ?? 0
    before = hash
  }
}

function addRow(row: number, weights: Int8Array, sums: Int32Array): void {
  if (row < 0) return
  const width = sums.length
  const base = row * width
  for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + (weights[base + k] ?? 0)
}

/** Hash to row: an open table, at most half full. Key and row lie side by side, for one cache miss a word. */
class WordTable {
  readonly #mask: number
  readonly #slots: Int32Array

  constructor(words: Uint32Array) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, words.length * 2)))
    this.#mask = size - 1
    this.#slots = new Int32Array(size * 2).fill(-1)
    for (const [row, word] of words.entries()) {
      let slot = word & this.#mask
      while ((this.#slots[slot * 2 + 1] ?? -1) >= 0) slot = (slot + 1) & this.#mask
      this.#slots[slot * 2] = word | 0
      this.#slots[slot * 2 + 1] = row
    }
  }

  /** The row of a word, or -1. */
  indexOf(word: number): number {
    const slots = this.#slots
    const key = word | 0
    for (let slot = word & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const row = slots[slot * 2 + 1] ?? -1
      if (row < 0 || slots[slot * 2] === key) return row
    }
  }
}
