/** Answers from a cloud: replace, check, send, and put back what was replaced. */
import {
  createLanes,
  hostsIn,
  type Lanes,
  type RestoreRules,
  type Sanitised,
  type SlotFindings,
  sanitiseSteps,
  type Vault,
} from '../../restore/index.ts'
import type { Destination } from '../../routing-rules/index.ts'
import { type Exchange, exchangeHeaders } from '../exchange.ts'
import type { Egress, UpstreamResponse, WireObject } from '../ports.ts'
import { Problem, renderProblem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import {
  type AnswerOptions,
  checkLeaves,
  decodeSse,
  type Endpoint,
  encodeSseEvent,
  noteOverhead,
  readJson,
  type StreamStep,
  textNow,
  type WireSlot,
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
import { inTurns } from './turns.ts'

/** A slot of the request with what was found in it. */
export interface WireSlotFindings extends SlotFindings {
  readonly slot: WireSlot
}

/** What a cloud answer is made from. */
export interface CloudAnswerParts {
  readonly exchange: Exchange
  readonly endpoint: Endpoint
  readonly destination: Destination
  readonly egress: Egress
  readonly vault: Vault
  readonly body: WireObject
  readonly slots: readonly WireSlotFindings[]
  /** False only where a destination is for public data (`sanitise: false`): then nothing is replaced. */
  readonly sanitised: boolean
  /** Where values are put back. */
  readonly restore: RestoreRules
  /** Values of the configuration that are never replaced. */
  readonly allow: readonly string[]
  readonly signal: AbortSignal
  /** Writes the audit intent; awaited after every check and before the first byte is sent. */
  recordIntent(): Promise<void>
  readonly keep: Keep
  readonly conclude: Conclude
}

const NO_HOSTS: ReadonlySet<string> = new Set()
/** Larger answers are refused: nothing a model writes is longer. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024
const ANSWER_DEPTH = 128

/** The reply, whole or streamed. Rejects with a Problem before the first byte; later failures end the stream. */
export async function answerFromCloud(parts: CloudAnswerParts): Promise<Reply> {
  const { exchange, endpoint, body, destination } = parts
  const model = destination.model
  // Both look at the request as the client sent it, so they come before anything is changed.
  const texts = parts.slots.map(({ slot }) => slot.text)
  const options = { ...answerOptions(exchange, endpoint, body), model }
  const steps = endpoint.wantsStream(body) ? endpoint.openStream(body, options) : null
  const outbound = await replaceAndCheck(parts, model)
  const overhead = overheadTokens(parts.slots)
  const upstream = await send(parts, outbound, steps !== null)
  // Without values there is none that an address could carry away.
  const allowedHosts = parts.vault.size === 0 ? NO_HOSTS : hostsIn(texts)
  const lanes = createLanes(parts.vault, { allowedHosts, rules: parts.restore })
  if (upstream.status < 200 || upstream.status > 299) throw await refusal(upstream)
  const headers = exchangeHeaders(exchange)
  if (steps === null) {
    const answer = await readAnswer(parts, upstream, lanes, options)
    noteOverhead(answer, overhead)
    await parts.keep(answer)
    parts.conclude('complete')
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(answer),
    }
  }
  if (upstream.mediaType !== 'text/event-stream') throw await refusal(upstream)
  const events = restoredEvents(parts, decodeSse(upstream.body, { doneMark: endpoint.doneMark }), steps, {
    lanes,
    overhead,
  })
  return { status: 200, headers: { ...headers, ...SSE_HEADERS }, body: events }
}

/** How many tokens longer the prompt has become, at four bytes a token. */
function overheadTokens(slots: readonly WireSlotFindings[]): number {
  let bytes = 0
  for (const { slot } of slots) {
    const now = textNow(slot)
    if (now !== slot.text) bytes += Buffer.byteLength(now) - Buffer.byteLength(slot.text)
  }
  return Math.round(bytes / 4)
}

/** The only way from a request to something that may be sent. */
async function replaceAndCheck(parts: CloudAnswerParts, model: string): Promise<Sanitised<WireObject>> {
  const body = parts.endpoint.toUpstream(parts.body, model)
  const slots = parts.sanitised ? parts.slots : []
  const steps = sanitiseSteps(body, slots, parts.vault, { allow: parts.allow })
  const outbound = await inTurns(steps, parts.signal)
  checkLeaves(
    outbound,
    parts.slots.map(({ slot }) => slot),
    parts.endpoint.leafAllowance(model),
  )
  return outbound
}

async function send(
  parts: CloudAnswerParts,
  outbound: Sanitised<WireObject>,
  stream: boolean,
): Promise<UpstreamResponse> {
  const { destination, endpoint, vault, signal } = parts
  try {
    const options = { destination, path: endpoint.upstreamPath, stream, vault }
    return await parts.egress.send(outbound, options, () => parts.recordIntent(), signal)
  } catch (error) {
    throw egressProblem(error)
  }
}

/** What a client is told when nothing usable came back; matched by code, so that no adapter is imported. */
function egressProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'violation') return new Problem('egress_violation')
  if (code === 'timeout') return new Problem('upstream_timeout', { cause: error })
  return new Problem('upstream_error', { cause: error })
}

/** A status other than success: the body may repeat the request, so it is thrown away unread. */
async function refusal(upstream: UpstreamResponse): Promise<Problem> {
  await upstream.body[Symbol.asyncIterator]().return?.()
  if (upstream.status === 429) {
    return new Problem(
      'rate_limited',
      upstream.retryAfterSeconds === null ? {} : { retryAfterSeconds: upstream.retryAfterSeconds },
    )
  }
  if (upstream.status === 400 || upstream.status === 413 || upstream.status === 422) {
    return new Problem('invalid_request', { hint: 'upstream_refused' })
  }
  return new Problem('upstream_error')
}

async function readAnswer(
  parts: CloudAnswerParts,
  upstream: UpstreamResponse,
  lanes: Lanes,
  options: AnswerOptions,
): Promise<WireObject> {
  const { endpoint, exchange, body } = parts
  try {
    const json = readJson(await collect(upstream.body), { depth: ANSWER_DEPTH })
    const answer = endpoint.readResponse(json, options)
    for (const slot of endpoint.responseSlots(answer, body)) slot.write(lanes.restore(slot))
    noteUsage(exchange, endpoint.usageOf(answer))
    exchange.restored = lanes.restoredCount
    return answer
  } catch (error) {
    throw egressProblem(error)
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw new Problem('upstream_error')
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

/** What is done to the events of a stream. */
interface Restoring {
  readonly lanes: Lanes
  readonly overhead: number
}

async function* restoredEvents(
  parts: CloudAnswerParts,
  events: ReturnType<typeof decodeSse>,
  steps: ReturnType<Endpoint['openStream']>,
  restoring: Restoring,
): AsyncGenerator<string> {
  const { lanes } = restoring
  const { doneMark } = parts.endpoint
  let ending: Ending = 'aborted'
  let done = doneMark === null
  try {
    for await (const event of events) {
      if (event.data === doneMark) {
        done = true
        break
      }
      const step = steps.push(event.data)
      const text = render(parts.exchange, step, restoring)
      if (step.last === true && steps.final) await parts.keep(steps.final)
      if (text !== '') yield text
      if (step.last === true) break
    }
    // A stream that just stops may have lost its end: the client must not take it for a whole answer.
    if (!done) throw new Problem('upstream_error')
    const rest = steps.end()
    const text = rest === null ? '' : render(parts.exchange, rest, restoring)
    if (text !== '') yield text
    parts.exchange.restored = lanes.restoredCount
    ending = 'complete'
    if (doneMark !== null) yield encodeSseEvent({ data: doneMark })
  } catch (error) {
    const problem = egressProblem(error)
    ending = parts.signal.aborted ? 'aborted' : problem
    yield encodeSseEvent({ data: renderProblem(problem) })
  } finally {
    parts.exchange.restored = lanes.restoredCount
    parts.conclude(ending)
  }
}

/** One event for the client with its values put back; empty when there is nothing to send. */
function render(exchange: Exchange, step: StreamStep, { lanes, overhead }: Restoring): string {
  for (const slot of step.slots) slot.write(lanes.restore(slot))
  noteUsage(exchange, step.usage)
  if (step.usage !== null) for (const { data } of step.events) noteOverhead(data, overhead)
  return stepText(step)
}
