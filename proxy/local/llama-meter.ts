/**
 * Watches what a sequence samples: exact counts, log-probabilities, and the consumer's pace. The library's chat
 * layer calls `sequence.evaluate` for every token; it is replaced on our own sequence by one that measures.
 */
import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import type { TokenLogprob } from './llama-job.ts'

/** What to measure during one answer. */
export interface MeterOptions {
  readonly detokenise: (token: Token) => string
  /** Null for none, else alternatives per token. */
  readonly logprobs: number | null
}

/** The measurements of one sequence; `begin` starts over. */
export interface SequenceMeter {
  /** Tokens sampled since `begin`, the end mark included. */
  readonly sampled: number
  begin(options: MeterOptions): void
  /** Log-probabilities of these tokens, which must come in the order they were sampled; empty when not asked for. */
  take(tokens: readonly Token[]): readonly TokenLogprob[]
  /** No further token is sampled until the promise resolves. */
  holdUntil(ready: Promise<void> | undefined): void
}

interface MeterState {
  options: MeterOptions
  sampled: number
  records: { readonly token: Token; readonly logprob: TokenLogprob }[]
  hold: Promise<void> | undefined
}

/** Puts a meter on a sequence, for as long as the sequence lives. */
export function meterSequence(sequence: LlamaContextSequence): SequenceMeter {
  const state: MeterState = {
    options: { detokenise: () => '', logprobs: null },
    sampled: 0,
    records: [],
    hold: undefined,
  }
  const evaluate = sequence.evaluate.bind(sequence)
  sequence.evaluate = (tokens, options) =>
    state.options.logprobs === null
      ? counted(state, evaluate(tokens, options))
      : measured(state, sequence, tokens, options)
  return {
    get sampled() {
      return state.sampled
    },
    begin: (options) => {
      Object.assign(state, { options, sampled: 0, records: [], hold: undefined })
    },
    take: (tokens) => tokens.flatMap((token) => takeRecord(state, token)),
    holdUntil: (ready) => {
      state.hold = ready
    },
  }
}

/** Records before the token are dropped: they belong to marks and thoughts that are not part of the answer. */
function takeRecord(state: MeterState, token: Token): readonly TokenLogprob[] {
  const at = state.records.findIndex((record) => record.token === token)
  if (at < 0) return []
  const [record] = state.records.splice(0, at + 1).slice(-1)
  return record === undefined ? [] : [record.logprob]
}

type TokenStream = AsyncGenerator<Token, void, undefined | Token | Token[]>

async function* counted(state: MeterState, tokens: TokenStream): TokenStream {
  try {
    let reply: undefined | Token | Token[]
    while (true) {
      await state.hold
      const { value, done } = await tokens.next(reply)
      if (done === true) return
      state.sampled += 1
      reply = yield value
    }
  } finally {
    await tokens.return()
  }
}

async function* measured(
  state: MeterState,
  sequence: LlamaContextSequence,
  tokens: Token[],
  options: SequenceEvaluateOptions | undefined,
): TokenStream {
  const wanted = state.options.logprobs ?? 0
  const samples = sequence.evaluateWithMetadata(tokens, { confidence: true, probabilities: true }, options)
  try {
    let reply: undefined | Token | Token[]
    while (true) {
      await state.hold
      const { value, done } = await samples.next(reply)
      if (done === true) return
      state.sampled += 1
      const { token, confidence, probabilities } = value
      const top = strongest(state, probabilities, wanted)
      state.records.push({ token, logprob: { ...logprobOf(state, token, confidence), top } })
      reply = yield token
    }
  } finally {
    await samples.return()
  }
}

/** OpenAI's floor for a probability that rounds to zero. */
const LEAST_LOGPROB = -9999

function logprobOf(
  state: MeterState,
  token: Token,
  probability: number,
): { readonly token: string; readonly logprob: number } {
  const logprob = probability > 0 ? Math.min(0, Math.log(probability)) : LEAST_LOGPROB
  return { token: state.options.detokenise(token), logprob }
}

/** The library lists probabilities from the highest down. */
function strongest(
  state: MeterState,
  probabilities: ReadonlyMap<Token, number>,
  count: number,
): readonly { readonly token: string; readonly logprob: number }[] {
  const top: { readonly token: string; readonly logprob: number }[] = []
  for (const [token, probability] of probabilities) {
    if (top.length >= count) break
    top.push(logprobOf(state, token, probability))
  }
  return top
}
