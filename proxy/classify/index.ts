/**
 * What kind of prompt this is: a guess from surface features, in microseconds, by linear weights. It reads at most
 * 4 Ki units of a prompt (`sample.ts`). Never throws once the weights are loaded.
 */
import { existsSync, readFileSync } from 'node:fs'
import { confidenceOf } from './confidence.ts'
import type { Task } from './markers.ts'
import { ClassifierError, type ModelFile, type PromptModel, readModel } from './model.ts'
import { sampleOf } from './sample.ts'
import { newScan, scanText } from './scan.ts'
import { taskOf } from './task.ts'

export type { Task } from './markers.ts'
export { ClassifierError } from './model.ts'

/** Which classifier this is; it stands in every decision. */
export const CLASSIFIER_ID = 'prompt-v1'

/** What the rules may ask about a prompt. */
export interface PromptClass {
  readonly task: Task
  /** A subject area such as `health`; `general` where nothing points anywhere. */
  readonly domain: string
  /** 0..1: how much a strong model would help. */
  readonly needs_strong: number
  /** 0..1: how much the prompt looks like an attack on the model or a request for harm. */
  readonly injection: number
}

/** Beside the sources, and where a build in `dist/` finds it in the package. */
const MODEL_PLACES = ['./prompt-v1.json', '../../../proxy/classify/prompt-v1.json']

let shipped: PromptModel | null = null

/** The shipped weights, read at the first call and kept. Throws `ClassifierError` when they cannot be. */
export function loadClassifier(): PromptModel {
  if (shipped !== null) return shipped
  const place = MODEL_PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url))
  if (place === undefined) throw new ClassifierError('missing', 'the file prompt-v1.json is missing')
  shipped = readModel(JSON.parse(readFileSync(place, 'utf8')) as ModelFile)
  return shipped
}

/** Reused by every call: classification is synchronous. */
const scan = newScan()

/**
 * Classifies a prompt: one text, or the user's messages of a conversation, oldest first. An empty prompt is
 * small talk. Throws `ClassifierError` when the weights cannot be loaded.
 */
export function classify(
  text: string | readonly string[],
  model: PromptModel = loadClassifier(),
): PromptClass {
  const texts = typeof text === 'string' ? [text] : text
  scanText(sampleOf(texts), scan)
  const scores = new Float64Array(model.domains.length + 2)
  model.score(scan, scores)
  return {
    task: taskOf(scan),
    domain: scan.words === 0 ? 'general' : domainOf(scores, model.domains),
    needs_strong: sigmoid(scores[model.domains.length + 1] ?? 0),
    injection: scan.words === 0 ? 0 : sigmoid(scores[model.domains.length] ?? 0),
  }
}

/**
 * 0..1: how likely an answer of the local model to a question is right, judged by the answer's own surface: sums that
 * do not add up, hedges, loops, a missing end; and by the log-probabilities of its tokens, where there are any. Learned
 * from answers to mathematical word problems alone; elsewhere it is a hint. Throws `ClassifierError` when the weights
 * cannot be loaded.
 */
export function confidence(
  question: string,
  answer: string,
  logprobs: readonly number[] = [],
  model: PromptModel = loadClassifier(),
): number {
  return confidenceOf(question, answer, model.answer, logprobs)
}

/** The most likely domain; `general` wins ties. */
function domainOf(scores: Float64Array, domains: readonly string[]): string {
  let best = 0
  for (let k = 1; k < domains.length; k++) if ((scores[k] ?? 0) > (scores[best] ?? 0)) best = k
  return domains[best] ?? 'general'
}

/** Rounded to three digits: more would pretend to know. */
function sigmoid(score: number): number {
  return Math.round(1000 / (1 + Math.exp(-score))) / 1000
}
