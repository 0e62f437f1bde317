/** The answer object of `/v1/responses`: an allow-list, with what the client asked for as the client wrote it. */
import type { TextSlot } from '../../restore/index.ts'
import type { WireObject } from '../ports.ts'
import { FieldSlot, invalid, numberOr, readUsage, record, refuseError, word } from './answer.ts'
import type { AnswerOptions } from './endpoint.ts'
import { isRecord } from './read.ts'
import { readItems, responseId, textsOfItem, wantsJsonText } from './responses-items.ts'

type Fields = Record<string, unknown>

/** Fields of a request that its answer repeats, and what stands there where the request says nothing. */
const REPEATED: Readonly<Record<string, unknown>> = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
}
const STATUSES: readonly unknown[] = [
  'completed',
  'failed',
  'in_progress',
  'cancelled',
  'queued',
  'incomplete',
]
const TIERS: readonly unknown[] = ['auto', 'default', 'flex', 'scale', 'priority']
const REASONS: readonly unknown[] = ['max_output_tokens', 'content_filter']
const ERROR_CODES: readonly unknown[] = [
  'server_error',
  'rate_limit_exceeded',
  'invalid_prompt',
  'bio_policy',
]
/** A code says enough: the cloud's own words may repeat the prompt. */
const ERROR_MESSAGE = 'the model did not complete its answer'

/** What answers repeat of a request: a copy of its fields as the client wrote them. */
export function repeatedFields(body: WireObject): WireObject {
  const fields: Fields = {}
  for (const name of Object.keys(REPEATED)) {
    const value = body[name]
    if (value !== undefined) fields[name] = typeof value === 'object' ? structuredCopy(value) : value
  }
  return fields
}

/** By way of JSON, because texts of a body may be computed from the tree behind them. */
function structuredCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** Everything of an answer but its items and usage. */
export function responseFrame(value: Readonly<Fields>, options: AnswerOptions): Fields {
  const { id = 'unknown', echo = {} } = options
  const frame: Fields = {
    id: responseId(id),
    object: 'response',
    created_at: numberOr(value.created_at, 0),
    status: STATUSES.includes(value.status) ? value.status : 'completed',
    background: false,
    error: readFailure(value.error),
    incomplete_details: readIncomplete(value.incomplete_details),
    metadata: {},
    model: options.model ?? word(value.model) ?? '',
    ...REPEATED,
    ...echo,
  }
  if (typeof value.completed_at === 'number') frame.completed_at = value.completed_at
  if (TIERS.includes(value.service_tier)) frame.service_tier = value.service_tier
  for (const name of ['temperature', 'top_p', 'max_output_tokens']) {
    if (frame[name] === null && typeof value[name] === 'number') frame[name] = value[name]
  }
  return frame
}

function readFailure(value: unknown): Fields | null {
  if (!isRecord(value)) return null
  const code = ERROR_CODES.includes(value.code) ? value.code : 'server_error'
  return { code, message: ERROR_MESSAGE }
}

function readIncomplete(value: unknown): Fields | null {
  if (!isRecord(value)) return null
  return REASONS.includes(value.reason) ? { reason: value.reason } : {}
}

/** Reads a whole answer, or the one that an event of a stream carries. Throws `ResponseError`. */
export function readResponse(json: unknown, options: AnswerOptions = {}): Fields {
  const value = record(json)
  if (value.object !== 'response') {
    refuseError(value)
    return invalid()
  }
  const response = responseFrame(value, options)
  response.output = readItems(value.output ?? [], options.id ?? 'unknown')
  response.usage = readUsage(value.usage) ?? null
  return response
}

/** The text in a whole answer that `readResponse` made. */
export function responseSlots(response: WireObject, request: WireObject): readonly TextSlot[] {
  const json = wantsJsonText(request)
  return (response.output as readonly Fields[]).flatMap((item, index) =>
    textsOfItem(item, index, json).map(
      ({ holder, key, lane, json: escaped, tool }) =>
        new FieldSlot(holder, key, lane, { json: escaped, last: true, tool }),
    ),
  )
}
