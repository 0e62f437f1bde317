/** `POST /v1/embeddings`: texts in, numbers out. */
import { Buffer } from 'node:buffer'
import type { WireObject } from '../ports.ts'
import { indexOf, invalid, readUsage, record, refuseError, usageCounts, word } from './answer.ts'
import type { AnswerOptions, Endpoint } from './endpoint.ts'
import { readByRule } from './read.ts'
import {
  choice,
  dropped,
  either,
  integer,
  list,
  type ObjectRule,
  object,
  setString,
  text,
  vocabulary,
} from './schema.ts'
import { slotsByRule } from './slots.ts'

/** Every field of an embedding request. Token arrays cannot be looked into, so only text is taken. */
const EMBEDDINGS_REQUEST: ObjectRule = object({
  'model!': setString,
  'input!': either({ string: text, list: list(text, { min: 1, max: 2048 }) }),
  dimensions: integer(1, 65_536),
  encoding_format: choice('float', 'base64'),
  user: dropped,
})

const { names, words } = vocabulary(EMBEDDINGS_REQUEST)
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

function inputsOf(body: WireObject): readonly string[] {
  return (typeof body.input === 'string' ? [body.input] : body.input) as readonly string[]
}

/** Numbers, or their bytes in base64: there is no text in it that could be restored. */
function readVector(value: unknown): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value
  return typeof value === 'string' && BASE64.test(value) ? value : invalid()
}

function readEmbeddings(json: unknown, options: AnswerOptions = {}): WireObject {
  const value = record(json)
  refuseError(value)
  if (!Array.isArray(value.data)) return invalid()
  const rows = value.data.map((item: unknown, position) => {
    const row = record(item)
    return {
      object: 'embedding',
      index: row.index === undefined ? position : indexOf(row.index),
      embedding: readVector(row.embedding),
    }
  })
  const usage = readUsage(value.usage)
  const answer = { object: 'list', data: rows, model: options.model ?? word(value.model) ?? '' }
  return usage === undefined ? answer : { ...answer, usage }
}

/** The embeddings endpoint. It does not stream. */
export const embeddingsEndpoint: Endpoint = {
  name: 'embeddings',
  path: '/v1/embeddings',
  upstreamPath: '/embeddings',
  request: EMBEDDINGS_REQUEST,
  doneMark: null,
  parse: (json, options) => readByRule(EMBEDDINGS_REQUEST, json, options) as WireObject,
  requestSlots: (body) => slotsByRule(EMBEDDINGS_REQUEST, body),
  promptText: (body) => inputsOf(body).map((input) => ({ role: 'user', text: input })),
  estimateTokens: (body) =>
    Math.ceil(inputsOf(body).reduce((sum, input) => sum + Buffer.byteLength(input), 0) / 4),
  hasTools: () => false,
  hasImages: () => false,
  wantsStream: () => false,
  modelOf: (body) => String(body.model),
  withoutTools: (body) => body,
  toUpstream(body, model) {
    ;(body as Record<string, unknown>).model = model
    return body
  },
  leafAllowance: (model) => ({ names, words, model }),
  readResponse: readEmbeddings,
  responseSlots: () => [],
  usageOf: (response) => usageCounts(response.usage),
  openStream: () => invalid(),
  local: null,
}
