/** `POST /v1/responses`. */
import { Buffer } from 'node:buffer'
import type { WireObject } from '../ports.ts'
import { usageCounts } from './answer.ts'
import type { Endpoint, PromptPart } from './endpoint.ts'
import { isRecord, readByRule } from './read.ts'
import { readResponse, repeatedFields, responseSlots } from './responses-answer.ts'
import { responsesContinuation } from './responses-continuation.ts'
import { wantsJsonText } from './responses-items.ts'
import { localResponses } from './responses-local.ts'
import { RESPONSES_REQUEST } from './responses-request.ts'
import { ResponsesStream } from './responses-stream.ts'
import { vocabulary } from './schema.ts'
import { slotsByRule } from './slots.ts'
import { type RunMessage, textRuns } from './text-runs.ts'

type Fields = Record<string, unknown>

const { names, words } = vocabulary(RESPONSES_REQUEST)
/** What an item costs besides its text. */
const TOKENS_PER_ITEM = 4
/** Lanes of the words of an item. */
const ITEM_TEXT = /^input\.(\d+)\.(?:content|output)(?:\.\d+\.(?:text|refusal))?$/
const SPEAKERS: Readonly<Record<string, PromptPart['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
}

function itemsOf(body: WireObject): readonly WireObject[] {
  return typeof body.input === 'string' ? [] : (body.input as readonly WireObject[])
}

/** Texts of content, whether it is one string or parts. */
function contentTexts(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return []
  return content.flatMap((part: unknown) =>
    isRecord(part) && typeof part.text === 'string' ? [part.text] : [],
  )
}

/** Results of tools follow each other, and each stands for itself. */
function speakerOf(item: WireObject, index: number): RunMessage {
  const { type, role, content, output } = item
  const parts = content ?? output
  return {
    speaker: type === 'message' ? String(role) : `item ${index}`,
    hasParts: Array.isArray(parts) && parts.length > 1,
  }
}

function promptText(body: WireObject): readonly PromptPart[] {
  const instructions: PromptPart[] =
    typeof body.instructions === 'string' ? [{ role: 'system', text: body.instructions }] : []
  if (typeof body.input === 'string') return [...instructions, { role: 'user', text: body.input }]
  const said = itemsOf(body).flatMap(({ type, role, content, output }) => {
    if (type === 'message') {
      return contentTexts(content).map((text) => ({ role: SPEAKERS[String(role)] ?? 'user', text }))
    }
    return contentTexts(output).map((text) => ({ role: 'tool' as const, text }))
  })
  return [...instructions, ...said]
}

function hasImages(body: WireObject): boolean {
  return itemsOf(body).some(({ content, output }) => [content, output].some(hasMedia))
}

function hasMedia(content: unknown): boolean {
  if (!Array.isArray(content)) return false
  return content.some(
    (part) => isRecord(part) && String(part.type).match(/^input_(image|file|audio)$/) !== null,
  )
}

/** The responses endpoint. A stream ends with an event of its own, not with a mark. */
export const responsesEndpoint: Endpoint = {
  name: 'responses',
  path: '/v1/responses',
  upstreamPath: '/responses',
  request: RESPONSES_REQUEST,
  doneMark: null,
  parse: (json, options) => readByRule(RESPONSES_REQUEST, json, options) as WireObject,
  requestSlots: (body) => slotsByRule(RESPONSES_REQUEST, body),
  textRuns: (body, slots) => textRuns(itemsOf(body).map(speakerOf), slots, ITEM_TEXT),
  promptText,
  estimateTokens(body) {
    const bytes = slotsByRule(RESPONSES_REQUEST, body).reduce(
      (sum, { text }) => sum + Buffer.byteLength(text),
      0,
    )
    return Math.ceil(bytes / 4) + TOKENS_PER_ITEM * itemsOf(body).length
  },
  hasTools: (body) => Array.isArray(body.tools) && body.tools.length > 0,
  hasImages,
  wantsStream: (body) => body.stream === true,
  modelOf: (body) => String(body.model),
  withoutTools(body) {
    for (const field of ['tools', 'tool_choice', 'parallel_tool_calls', 'max_tool_calls']) {
      delete (body as Fields)[field]
    }
    return body
  },
  toUpstream(body, model) {
    const fields = body as Fields
    fields.model = model
    // Nothing may lie at the cloud, and nothing may be taken up from there.
    fields.store = false
    delete fields.previous_response_id
    if (fields.stream !== true) {
      delete fields.stream
      delete fields.stream_options
    }
    return body
  },
  leafAllowance: (model) => ({ names, words, model }),
  repeated: repeatedFields,
  readResponse,
  responseSlots,
  usageOf: (response) => usageCounts(response.usage),
  openStream: (request, options) => new ResponsesStream(wantsJsonText(request), options),
  local: localResponses,
  continuation: responsesContinuation,
}
