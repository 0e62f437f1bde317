/** Answers from the local model, in the wire format the client asked in. Nothing leaves, so nothing is replaced. */
import { type Exchange, exchangeHeaders } from '../exchange.ts'
import type { LocalModel, WireObject } from '../ports.ts'
import { Problem, type ProblemHint, renderProblem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import {
  type AnswerStream,
  type Endpoint,
  encodeSseEvent,
  type LocalCodec,
  WireError,
} from '../wire/index.ts'
import {
  answerOptions,
  type Conclude,
  type Ending,
  type Keep,
  noteUsage,
  SSE_HEADERS,
  stepText,
} from './ending.ts'

/** What a local model is asked. */
export interface LocalQuestion {
  readonly endpoint: Endpoint
  readonly model: LocalModel
  readonly body: WireObject
  readonly signal: AbortSignal
}

/** What a local model says: a chat answer, or chat chunks, as the client asked. */
export type LocalSource =
  | { readonly kind: 'whole'; readonly answer: Promise<WireObject> }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterator<WireObject> }

/** What a local answer is made from. */
export interface LocalAnswerParts extends LocalQuestion {
  readonly exchange: Exchange
  /** An answer that was begun before, as a draft; null: the model is asked now. */
  readonly draft: LocalSource | null
  readonly keep: Keep
  readonly conclude: Conclude
}

/** Asks the model; `more` are chat fields besides those of the request. Throws a Problem for what it cannot be asked. */
export function askLocally(question: LocalQuestion, more: WireObject = {}): LocalSource {
  const { endpoint, model, body, signal } = question
  const chat = { ...asChat(endpoint, body).chat, ...more }
  return endpoint.wantsStream(body)
    ? { kind: 'stream', chunks: model.chatStream(chat, signal)[Symbol.asyncIterator]() }
    : { kind: 'whole', answer: model.chat(chat, signal) }
}

/** The reply, whole or streamed. Rejects with a Problem before the first byte; later failures end the stream. */
export async function answerLocally(parts: LocalAnswerParts): Promise<Reply> {
  const { exchange, endpoint, model, body } = parts
  const headers = exchangeHeaders(exchange)
  const { codec } = asChat(endpoint, body)
  const options = { ...answerOptions(exchange, endpoint, body), model: model.name }
  const source = parts.draft ?? askLocally(parts)
  if (source.kind === 'whole') {
    const answer = codec.readAnswer(await orProblem(source.answer), body, options)
    noteUsage(exchange, endpoint.usageOf(answer))
    await parts.keep(answer)
    parts.conclude('complete')
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(answer),
    }
  }
  const steps = codec.openStream(body, options)
  // The first chunk is awaited here: a model that cannot answer must be a status code, not a broken stream.
  const first = await orProblem(source.chunks.next())
  return {
    status: 200,
    headers: { ...headers, ...SSE_HEADERS },
    body: streamed(parts, steps, source.chunks, first),
  }
}

/** Local models speak chat completions; what cannot be said in them is refused. */
function asChat(endpoint: Endpoint, body: WireObject): { codec: LocalCodec; chat: WireObject } {
  if (endpoint.local === null) throw new Problem('unsupported_content', { hint: 'local_unsupported' })
  try {
    return { codec: endpoint.local, chat: endpoint.local.toChat(body) }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new Problem(error.code, { hint: 'local_unsupported', param: error.param })
  }
}

async function* streamed(
  parts: LocalAnswerParts,
  steps: AnswerStream,
  chunks: AsyncIterator<WireObject>,
  first: IteratorResult<WireObject>,
): AsyncGenerator<string> {
  let ending: Ending = 'aborted'
  try {
    for (let next = first; next.done !== true; next = await chunks.next()) {
      const step = steps.pushObject(next.value)
      noteUsage(parts.exchange, step.usage)
      const text = stepText(step)
      if (text !== '') yield text
    }
    const rest = steps.end()
    const text = rest === null ? '' : stepText(rest)
    if (steps.final) await parts.keep(steps.final)
    if (text !== '') yield text
    ending = 'complete'
    if (parts.endpoint.doneMark !== null) yield encodeSseEvent({ data: parts.endpoint.doneMark })
  } catch (error) {
    const problem = localProblem(error)
    ending = parts.signal.aborted ? 'aborted' : problem
    yield encodeSseEvent({ data: renderProblem(problem) })
  } finally {
    await chunks.return?.()
    parts.conclude(ending)
  }
}

async function orProblem<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw localProblem(error)
  }
}

const HINTS: Readonly<Record<string, ProblemHint>> = {
  context_overflow: 'context_overflow',
  unsupported: 'local_unsupported',
}

/** What a client is told when the local model did not answer; matched by code, so that no adapter is imported. */
export function localProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const hint = HINTS[code]
  if (hint !== undefined)
    return new Problem(code === 'unsupported' ? 'unsupported_content' : 'invalid_request', {
      hint,
      cause: error,
    })
  const retryAfterSeconds =
    error instanceof Error && 'retryAfterSeconds' in error ? Number(error.retryAfterSeconds) : 0
  return new Problem(code === 'busy' ? 'overloaded' : 'local_unavailable', {
    cause: error,
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  })
}
