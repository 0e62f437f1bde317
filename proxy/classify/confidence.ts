/** How much an answer of the local model can be trusted, from the answer itself. */
import { checkSums } from './arithmetic.ts'
import { isRefusal } from './refusals.ts'

/** Units read of a question and of an answer. */
const MAX_UNITS = 8192
const NUMBER = /\d[\d,]*(?:\.\d+)?/g
const WORD = /[\p{L}\p{N}']+/gu
const HEDGE =
  /\b(?:however|assum\w{1,6}|approximately|about|roughly|perhaps|maybe|might|unclear|actually)\b/gi
const REFUSAL =
  /\b(?:i (?:can(?:not|'t)|don't know|am not sure|am unable)|i'm (?:sorry|not sure|unable)|as an ai|not enough information|cannot be determined)\b/gi

/** Features of a question and its answer, by name, in the order of the weights. */
export const ANSWER_FEATURES = [
  'log answer words',
  'answer per question words',
  'wrong sums',
  'right sums',
  'share of wrong sums',
  'question numbers used',
  'question numbers',
  'final number is no integer',
  'final number is in the question',
  'long decimals',
  'hedges',
  'refusals',
  'repetition',
  'unfinished',
  'log question words',
  'log sentences',
] as const

/** Weights as the training script writes them. */
export interface AnswerWeights {
  readonly features: readonly string[]
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  readonly weights: readonly number[]
  readonly bias: number
}

/** The features of an answer, in the order of `ANSWER_FEATURES`. Linear; reads 8 Ki units of each text. */
export function answerFeatures(question: string, answer: string): readonly number[] {
  const asked = question.slice(0, MAX_UNITS)
  const said = answer.slice(0, MAX_UNITS).trim()
  const sums = checkSums(said)
  const questionNumbers = new Set(numbersIn(asked))
  const answerNumbers = numbersIn(said)
  const saidNumbers = new Set(answerNumbers)
  const used = [...questionNumbers].filter((number) => saidNumbers.has(number)).length
  const last = answerNumbers.at(-1)
  const words = said.toLowerCase().match(WORD) ?? []
  const questionWords = asked.match(WORD)?.length ?? 0
  return [
    Math.log1p(words.length),
    words.length / (questionWords + 1),
    sums.wrong,
    sums.right,
    sums.wrong / (sums.right + sums.wrong + 1),
    questionNumbers.size === 0 ? 1 : used / questionNumbers.size,
    questionNumbers.size,
    Number(last !== undefined && !Number.isInteger(last)),
    Number(last !== undefined && questionNumbers.has(last)),
    answerNumbers.filter((number) => !Number.isInteger(number * 100)).length,
    said.match(HEDGE)?.length ?? 0,
    said.match(REFUSAL)?.length ?? 0,
    repetition(words),
    Number(!/[.!?)\]}"'`\d]$/.test(said)),
    Math.log1p(questionWords),
    Math.log1p(said.match(/[.!?\n]+/g)?.length ?? 0),
  ]
}

function numbersIn(text: string): readonly number[] {
  return (text.match(NUMBER) ?? []).map((number) => Number(number.replaceAll(',', '')))
}

/** Part of the runs of four words that stood there before: 0 nothing is said twice, near 1 a loop. */
function repetition(words: readonly string[]): number {
  const seen = new Set<string>()
  let repeated = 0
  for (let i = 0; i + 4 <= words.length; i++) {
    const run = words.slice(i, i + 4).join(' ')
    if (seen.has(run)) repeated++
    seen.add(run)
  }
  return words.length < 8 ? 0 : repeated / (words.length - 3)
}

/** Standard deviations beyond which a feature says no more. */
const CLIP = 3

/**
 * 0..1: how likely the answer is right, by these weights and by the log-probabilities of its tokens, where the engine
 * gives them. An empty answer is 0.
 */
export function confidenceOf(
  question: string,
  answer: string,
  weights: AnswerWeights,
  logprobs: readonly number[] = [],
): number {
  if (answer.trim() === '') return 0
  let score = weights.bias
  for (const [i, value] of answerFeatures(question, answer).entries()) {
    const z = (value - (weights.mean[i] ?? 0)) / (weights.deviation[i] ?? 1)
    score += Math.max(-CLIP, Math.min(CLIP, z)) * (weights.weights[i] ?? 0)
  }
  score += certainty(logprobs)
  const value = 1 / (1 + Math.exp(-score))
  return Math.round(1000 * (isRefusal(answer) ? Math.min(value, OF_REFUSALS) : value)) / 1000
}

/** Most that an answer is trusted that says it is none: the answers learned from hold too few to weigh them. */
const OF_REFUSALS = 0.2

/** Mean probability of a token at which it says nothing, and how far a model's certainty may move the score. */
const USUAL_PROBABILITY = 0.85
const MAX_SHIFT = 1.5

/**
 * What the model's own certainty adds to the score: nothing without log-probabilities, and less than the text may say.
 * Set by hand: no open data has marked answers together with log-probabilities of small models.
 */
function certainty(logprobs: readonly number[]): number {
  if (logprobs.length === 0) return 0
  const mean = logprobs.reduce((sum, value) => sum + Math.max(-20, Math.min(0, value)), 0) / logprobs.length
  const shift = (Math.exp(mean) - USUAL_PROBABILITY) * 10
  return Math.max(-MAX_SHIFT, Math.min(MAX_SHIFT, shift))
}
