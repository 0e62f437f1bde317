/** Trains the parts of the prompt classifier and puts them into one file of weights. */
import { FEATURES, measure } from '../../../proxy/classify/features.ts'
import { CLIP, type ModelFile } from '../../../proxy/classify/model.ts'
import { sampleOf } from '../../../proxy/classify/sample.ts'
import { hashPair, newScan, scanText } from '../../../proxy/classify/scan.ts'
import { trainAnswer } from './answers.ts'
import { DOMAINS, type Example } from './corpus.ts'
import { fit, fitMonotone, type LinearModel, type Row } from './fit.ts'
import { LANGUAGE_SEEDS } from './languages.ts'

/** An example with everything the heads look at. */
export interface Prepared {
  readonly example: Example
  /** Features as measured. */
  readonly features: Float64Array
  /** Words and pairs with their counts. */
  readonly counts: ReadonlyMap<number, number>
  /** Number of words. */
  readonly words: number
}

/** Words and pairs kept in the file. */
const VOCABULARY = 10_000
/** Examples a word must stand in. */
const MIN_EXAMPLES = 4

/** Features each head may see. Length says which data set a prompt is from, so only difficulty may use it. */
const DOMAIN_FEATURES =
  /^(log fences|codeSigns per chars|mathSigns per chars|code per word|compute per word)$/
const ATTACK_FEATURES =
  /^(log (overrides|freedoms|controls|persona)|(persona|override|rules|limits|trust|harm|self|other|create|ask|hedge) per word)$/
const DIFFICULTY_FEATURES = /^log (chars|numbers|mathSigns|condition|reason|step|code|fences|listLines)$/

const scan = newScan()

/** Reads an example the way the runtime does. */
export function prepare(example: Example): Prepared {
  scanText(sampleOf([example.text]), scan)
  const features = new Float64Array(FEATURES.length)
  measure(scan, features)
  const counts = new Map<number, number>()
  const count = (hash: number) => counts.set(hash, (counts.get(hash) ?? 0) + 1)
  for (let i = 0; i < scan.words; i++) {
    const hash = scan.hashes[i] ?? 0
    count(hash)
    if (i > 0) count(hashPair(scan.hashes[i - 1] ?? 0, hash))
  }
  return { example, features, counts, words: scan.words }
}

interface Scaling {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** Each source counts the same in the scaling, however many rows it has. */
function scalingOf(all: readonly Prepared[]): Scaling {
  const examples = all.filter(({ example }) => example.source !== LANGUAGE_SEEDS)
  const sizes = sourceSizes(examples)
  const sources = sizes.size
  const mean = new Array<number>(FEATURES.length).fill(0)
  const square = new Array<number>(FEATURES.length).fill(0)
  for (const { example, features } of examples) {
    const weight = 1 / ((sizes.get(example.source) ?? 1) * sources)
    for (let f = 0; f < FEATURES.length; f++) {
      mean[f] = (mean[f] ?? 0) + weight * (features[f] ?? 0)
      square[f] = (square[f] ?? 0) + weight * (features[f] ?? 0) ** 2
    }
  }
  const deviation = square.map((value, f) => round(Math.sqrt(Math.max(1e-6, value - (mean[f] ?? 0) ** 2))))
  return { mean: mean.map(round), deviation }
}

function sourceSizes(examples: readonly Prepared[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { example } of examples) sizes.set(example.source, (sizes.get(example.source) ?? 0) + 1)
  return sizes
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}

function scaled(one: Prepared, f: number, scaling: Scaling): number {
  const z = ((one.features[f] ?? 0) - (scaling.mean[f] ?? 0)) / (scaling.deviation[f] ?? 1)
  return Math.max(-CLIP, Math.min(CLIP, z))
}

/** A row for `fit`: the features a head may see, then the words. */
function rowOf(one: Prepared, vocabulary: Vocabulary, scaling: Scaling, seen: RegExp): Row {
  const features: number[] = []
  const values: number[] = []
  for (const [f, { name }] of FEATURES.entries()) {
    if (!seen.test(name)) continue
    features.push(f)
    values.push(scaled(one, f, scaling))
  }
  const damping = 1 / Math.sqrt(one.words + 1)
  for (const [hash, count] of one.counts) {
    const entry = vocabulary.get(hash)
    if (entry === undefined) continue
    features.push(FEATURES.length + entry.word)
    values.push(count * damping * entry.rarity)
  }
  return { features: Uint32Array.from(features), values: Float32Array.from(values) }
}

/** Words by hash: their row, and how much an occurrence says (words that stand everywhere say little). */
type Vocabulary = ReadonlyMap<number, { readonly word: number; readonly rarity: number }>

function index(hashes: Iterable<number>, frequency: ReadonlyMap<number, number>, total: number): Vocabulary {
  const sorted = [...hashes].sort((a, b) => a - b)
  const rarity = (hash: number) => Math.log(total / (frequency.get(hash) ?? 1)) / 4
  return new Map(sorted.map((hash, word) => [hash, { word, rarity: rarity(hash) }]))
}

/** How much a row of a source counts for its domain: bank queries are many and all alike. */
const DOMAIN_WEIGHT: Readonly<Record<string, number>> = { banking77: 0.2, clinc: 0.5, seed: 2 }

function trainDomain(all: readonly Prepared[], vocabulary: Vocabulary, scaling: Scaling) {
  const examples = all.filter(({ example }) => example.domain !== undefined)
  const rows = examples.map((one) => rowOf(one, vocabulary, scaling, DOMAIN_FEATURES))
  const names: readonly string[] = DOMAINS
  const labels = examples.map(({ example }) => names.indexOf(example.domain ?? ''))
  const sizes = new Map<number, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const target = (i: number, into: Float64Array) => void into.fill(0).fill(1, labels[i], (labels[i] ?? 0) + 1)
  // Square root: large domains still count more, but do not drown small ones.
  const weight = (i: number) =>
    (DOMAIN_WEIGHT[examples[i]?.example.source ?? ''] ?? 1) *
    Math.sqrt(1000 / (sizes.get(labels[i] ?? 0) ?? 1000))
  const size = FEATURES.length + vocabulary.size
  return fit(rows, target, weight, {
    size,
    outputs: DOMAINS.length,
    epochs: 4,
    rate: 0.3,
    decay: 1e-4,
    seed: 11,
  })
}

function trainAttack(all: readonly Prepared[], vocabulary: Vocabulary, scaling: Scaling) {
  const examples = all.filter(({ example }) => example.isAttack !== undefined)
  const rows = examples.map((one) => rowOf(one, vocabulary, scaling, ATTACK_FEATURES))
  const target = (i: number, into: Float64Array) =>
    void into.fill(examples[i]?.example.isAttack === true ? 1 : 0)
  const weight = (i: number) => ATTACK_WEIGHT[examples[i]?.example.source ?? ''] ?? 1
  const size = FEATURES.length + vocabulary.size
  return fit(rows, target, weight, { size, outputs: 1, epochs: 10, rate: 0.3, decay: 1e-5, seed: 12 })
}

/** How much a row of a source counts: a lone harmless prompt in the words of attacks teaches more than a bank query. */
const ATTACK_WEIGHT: Readonly<Record<string, number>> = {
  clinc: 0.5,
  banking77: 0.3,
  'arena-hard': 3,
  'near-miss': 8,
  jbb: 3,
  'jbb-goals': 2,
  advbench: 1.5,
  synthetic: 2,
}

/** Benchmarks whose difficulty is an artefact of their form. */
const ARTEFACTS = new Set(['high_school_mathematics', 'moral_scenarios'])

/**
 * Difficulty by a few surface features, each only ever adding: on unseen benchmarks models with more freedom did worse
 * than the length of the prompt alone.
 */
function trainDifficulty(all: readonly Prepared[], scaling: Scaling): LinearModel {
  const examples = all.filter(
    ({ example }) =>
      (example.answered !== undefined && !ARTEFACTS.has(example.group)) || example.pole !== undefined,
  )
  const sizes = sourceSizes(examples)
  const seen = FEATURES.map(({ name }) => DIFFICULTY_FEATURES.test(name))
  const rows = examples.map((one) => FEATURES.map((_, f) => (seen[f] ? scaled(one, f, scaling) : 0)))
  const targets = examples.map(({ example: { answered, pole } }) =>
    answered === undefined
      ? Number(pole === 'hard')
      : (1 + Number(answered.strong) - Number(answered.weak)) / 2,
  )
  const importance = examples.map(
    ({ example }) => (POLE_WEIGHT[example.source] ?? 1) / (sizes.get(example.source) ?? 1),
  )
  const { weights: dense, bias } = fitMonotone(rows, targets, importance, {
    steps: 300,
    rate: 1.5,
    decay: 1e-3,
  })
  const scores = rows.map((values) => values.reduce((sum, value, f) => sum + value * (dense[f] ?? 0), bias))
  const { factor, offset } = calibration(scores.filter((_, i) => examples[i]?.example.pole === 'easy'))
  const weights = Float32Array.from(dense, (weight) => weight * factor)
  return { outputs: 1, weights, bias: Float32Array.of(bias * factor + offset) }
}

/** Where two quantiles of everyday requests shall lie: half of them below 0.1, all but one in 200 below 0.6. */
const ANCHORS = [
  { quantile: 0.5, value: 0.1 },
  { quantile: 0.995, value: 0.6 },
] as const

/** Makes the output mean something: a straight line through the two anchors. */
function calibration(scores: readonly number[]): { readonly factor: number; readonly offset: number } {
  const sorted = [...scores].sort((a, b) => a - b)
  const [low, high] = ANCHORS.map(({ quantile, value }) => ({
    score: sorted[Math.floor(quantile * sorted.length)] ?? 0,
    logit: Math.log(value / (1 - value)),
  }))
  if (low === undefined || high === undefined || high.score <= low.score) return { factor: 1, offset: 0 }
  const factor = (high.logit - low.logit) / (high.score - low.score)
  return { factor, offset: low.logit - factor * low.score }
}

const POLE_WEIGHT: Readonly<Record<string, number>> = { clinc: 0.5, banking77: 0.25, 'arena-hard': 0.75 }

/** The words that matter most to the heads that read words. */
function chooseVocabulary(examples: readonly Prepared[], scaling: Scaling): Vocabulary {
  const frequency = new Map<number, number>()
  for (const { counts } of examples) {
    for (const hash of counts.keys()) frequency.set(hash, (frequency.get(hash) ?? 0) + 1)
  }
  const enough = [...frequency].filter(([, n]) => n >= MIN_EXAMPLES).map(([hash]) => hash)
  const frequent = index(enough, frequency, examples.length)
  const domain = trainDomain(examples, frequent, scaling)
  const attack = trainAttack(examples, frequent, scaling)
  const ranked = [...frequent].map(([hash, { word, rarity }]) => {
    const largest = Math.max(...row(domain, word).map(Math.abs), ...row(attack, word).map(Math.abs))
    return { hash, importance: largest * rarity * Math.log1p(frequency.get(hash) ?? 0) }
  })
  ranked.sort((a, b) => b.importance - a.importance || a.hash - b.hash)
  return index(
    ranked.slice(0, VOCABULARY).map(({ hash }) => hash),
    frequency,
    examples.length,
  )
}

function row(model: LinearModel, word: number): number[] {
  const base = (FEATURES.length + word) * model.outputs
  return [...model.weights.subarray(base, base + model.outputs)]
}

/** Trains everything on these examples. Deterministic. */
export function trainPromptModel(examples: readonly Prepared[], id: string): ModelFile {
  const scaling = scalingOf(examples)
  const vocabulary = chooseVocabulary(examples, scaling)
  const domain = trainDomain(examples, vocabulary, scaling)
  const attack = trainAttack(examples, vocabulary, scaling)
  const difficulty = trainDifficulty(examples, scaling)
  const dense = FEATURES.flatMap((_, f) => [
    ...domain.weights.subarray(f * DOMAINS.length, (f + 1) * DOMAINS.length),
    attack.weights[f] ?? 0,
    difficulty.weights[f] ?? 0,
  ])
  const rows = [...vocabulary.values()].map(({ word, rarity }) =>
    [...row(domain, word), ...row(attack, word)].map((weight) => weight * rarity),
  )
  const scale = Array.from({ length: DOMAINS.length + 1 }, (_, k) => scaleOf(rows, k))
  const bytes = Int8Array.from(
    rows.flatMap((values) => values.map((value, k) => Math.round(value / (scale[k] ?? 1)))),
  )
  return {
    id,
    domains: DOMAINS,
    features: FEATURES.map(({ name }) => name),
    ...scaling,
    dense: dense.map(round),
    bias: [...domain.bias, attack.bias[0] ?? 0, difficulty.bias[0] ?? 0].map(round),
    words: encodeWords([...vocabulary.keys()]),
    weights: Buffer.from(bytes.buffer).toString('base64'),
    scale,
    answer: trainAnswer(examples.map(({ example }) => example)),
  }
}

function scaleOf(rows: readonly (readonly number[])[], k: number): number {
  return round(Math.max(1e-6, ...rows.map((values) => Math.abs(values[k] ?? 0))) / 127)
}

function encodeWords(hashes: readonly number[]): string {
  const bytes = Buffer.alloc(hashes.length * 4)
  hashes.forEach((hash, i) => {
    bytes.writeUInt32LE(hash, i * 4)
  })
  return bytes.toString('base64')
}
