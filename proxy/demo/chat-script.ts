/** Well-formed answers of the fake cloud: chat completions, whole or as events, cut as the caller likes. */
import { Buffer } from 'node:buffer'
import type { CloudRequest, CloudStep } from './fake-cloud.ts'

/** A tool call of the model. */
export interface CloudToolCall {
  readonly name: string
  /** JSON text. */
  readonly arguments: string
}

/** What the model says in one choice. */
export interface CloudMessage {
  readonly content?: string
  readonly refusal?: string
  readonly toolCalls?: readonly CloudToolCall[]
  readonly finishReason?: string
}

/** How an answer is put on the wire. */
export interface ChatOptions {
  /** Characters per delta. Default 4. */
  readonly pieceLength?: number
  /** Line end of the events. Default LF. */
  readonly lineEnd?: '\n' | '\r\n' | '\r'
  /** Bytes per chunk of the body, so that events and characters are cut anywhere. Default: one event each. */
  readonly chunkBytes?: number
  /** Whether the stream ends with `[DONE]`. Default true. */
  readonly done?: boolean
}

const FRAME = { id: 'chatcmpl-fake', created: 1_700_000_000, system_fingerprint: 'fp_fake' }
const USAGE = { prompt_tokens: 40, completion_tokens: 20, total_tokens: 60 }

/** Answers a chat request as it asks: streamed or whole, with the usage where it wants it. */
export function chatSteps(
  request: CloudRequest,
  messages: readonly CloudMessage[],
  options: ChatOptions = {},
): readonly CloudStep[] {
  const body = member(request.body)
  const model = String(body.model)
  if (body.stream !== true) return jsonSteps(200, wholeAnswer(model, messages))
  const usage = member(body.stream_options).include_usage === true
  return sseSteps(chatEvents(model, messages, usage, options.pieceLength ?? 4), options)
}

/** A JSON answer with any status. */
export function jsonSteps(
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): readonly CloudStep[] {
  const bytes = Buffer.from(JSON.stringify(json))
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers }
  return [{ send: head(status, all) }, { send: bytes }]
}

/** An event stream of these data texts; the connection stays usable. */
export function sseSteps(events: readonly string[], options: ChatOptions = {}): readonly CloudStep[] {
  const end = options.lineEnd ?? '\n'
  const all = options.done === false ? events : [...events, '[DONE]']
  return rawSseSteps(
    all.map((text) => `data: ${text}${end}${end}`),
    options.chunkBytes,
  )
}

/** An event stream of exactly these pieces of text. */
export function rawSseSteps(pieces: readonly string[], chunkBytes?: number): readonly CloudStep[] {
  const bytes = pieces.map((piece) => Buffer.from(piece))
  const chunks = chunkBytes === undefined ? bytes : cut(Buffer.concat(bytes), chunkBytes)
  const start = head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' })
  return [{ send: start }, ...chunks.map((chunk) => ({ send: httpChunk(chunk) })), { send: '0\r\n\r\n' }]
}

/** Status line and headers. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Fake\r\n${lines.join('')}\r\n`
}

/** One chunk of a chunked body. */
export function httpChunk(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** The data texts of a streamed answer. */
export function chatEvents(
  model: string,
  messages: readonly CloudMessage[],
  usage: boolean,
  pieceLength: number,
): readonly string[] {
  const event = (fields: object): string =>
    JSON.stringify({ ...FRAME, object: 'chat.completion.chunk', model, ...fields })
  const delta = (index: number, fields: object, finish: string | null = null): string =>
    event({ choices: [{ index, delta: fields, logprobs: null, finish_reason: finish }] })
  const events = messages.flatMap((message, index) => [
    delta(index, { role: 'assistant', content: message.toolCalls === undefined ? '' : null }),
    ...pieces(message.content ?? '', pieceLength).map((content) => delta(index, { content })),
    ...pieces(message.refusal ?? '', pieceLength).map((refusal) => delta(index, { refusal })),
    ...(message.toolCalls ?? []).flatMap((call, tool) => [
      delta(index, { tool_calls: [toolStart(call, index, tool)] }),
      ...pieces(call.arguments, pieceLength).map((text) =>
        delta(index, { tool_calls: [{ index: tool, function: { arguments: text } }] }),
      ),
    ]),
    delta(index, {}, finishOf(message)),
  ])
  return usage ? [...events, event({ choices: [], usage: USAGE })] : events
}

function wholeAnswer(model: string, messages: readonly CloudMessage[]): object {
  const choices = messages.map((message, index) => ({
    index,
    message: {
      role: 'assistant',
      content: message.content ?? null,
      refusal: message.refusal ?? null,
      ...(message.toolCalls === undefined ? {} : { tool_calls: toolCalls(message.toolCalls, index) }),
    },
    logprobs: null,
    finish_reason: finishOf(message),
  }))
  return { ...FRAME, object: 'chat.completion', model, choices, usage: USAGE }
}

function toolCalls(calls: readonly CloudToolCall[], choice: number): readonly object[] {
  return calls.map(({ name, arguments: text }, tool) => ({
    id: `call_fake_${choice}_${tool}`,
    type: 'function',
    function: { name, arguments: text },
  }))
}

function toolStart(call: CloudToolCall, choice: number, tool: number): object {
  const id = `call_fake_${choice}_${tool}`
  return { index: tool, id, type: 'function', function: { name: call.name, arguments: '' } }
}

function finishOf(message: CloudMessage): string {
  return message.finishReason ?? (message.toolCalls === undefined ? 'stop' : 'tool_calls')
}

function pieces(text: string, length: number): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < text.length; at += length) found.push(text.slice(at, at + length))
  return found
}

function cut(bytes: Buffer, size: number): readonly Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) found.push(bytes.subarray(at, at + size))
  return found
}

function member(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
