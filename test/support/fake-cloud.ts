/** The fake cloud of the demo, and the ways in which real ones fail. */
import type { CloudMessage } from '../../proxy/demo/chat-script.ts'
import { type ChatOptions, chatSteps, head, httpChunk, jsonSteps } from '../../proxy/demo/chat-script.ts'
import type { CloudRequest, CloudScript, CloudStep } from '../../proxy/demo/fake-cloud.ts'

export * from '../../proxy/demo/chat-script.ts'
export * from '../../proxy/demo/fake-cloud.ts'

/** Builds the model's answer from the parsed body, such as from placeholders that stand in it. */
export type ReplyCallback = (body: ChatBody, request: CloudRequest) => CloudMessage | readonly CloudMessage[]

/** As much of a chat request as a reply needs. */
export interface ChatBody {
  readonly model: string
  readonly n?: number
  readonly stream?: boolean
  readonly messages: readonly {
    readonly role: string
    readonly content: unknown
    readonly [name: string]: unknown
  }[]
  readonly [name: string]: unknown
}

/** A script that answers chat requests with what `reply` says; a single message is given `n` times. */
export function replyWith(reply: ReplyCallback, options: ChatOptions = {}): CloudScript {
  return (request) => {
    const body = request.body as ChatBody
    const answer = reply(body, request)
    const messages = isList(answer) ? answer : Array.from({ length: body.n ?? 1 }, () => answer)
    return chatSteps(request, messages, options)
  }
}

function isList(answer: CloudMessage | readonly CloudMessage[]): answer is readonly CloudMessage[] {
  return Array.isArray(answer)
}

/** All placeholders in a request, in order, without doubles. */
export function placeholdersIn(request: CloudRequest): readonly string[] {
  const found = request.raw
    .toString('utf8')
    .match(/(?<![A-Z0-9_])[A-Z][A-Z_]{1,30}_[0-9A-HJKMNP-TV-Z]{5,20}(?![A-Z0-9_])/g)
  return [...new Set(found ?? [])]
}

/** The text of the last user message. */
export function lastUserText(body: ChatBody): string {
  const content = body.messages.findLast(({ role }) => role === 'user')?.content
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part) => String(part?.text ?? '')).join('\n') : ''
}

/** Runs the scripts one after the other, one per request; the last one stays. */
export function inTurn(...scripts: readonly CloudScript[]): CloudScript {
  return (request, index) => {
    const script = scripts[Math.min(index, scripts.length - 1)]
    return script === undefined ? [] : script(request, index)
  }
}

const START = head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' })
const chunk = (text: string): CloudStep => ({ send: httpChunk(Buffer.from(text)) })
const delta = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`
const error = (code: string): object => ({
  error: { message: 'echo: the prompt', type: 'error', param: null, code },
})

/** Ways to fail, by name. Each is a script. */
export const FAILURES = {
  rateLimited: () => jsonSteps(429, error('rate_limit_exceeded'), { 'retry-after': '7' }),
  badRequest: () => jsonSteps(400, error('context_length_exceeded')),
  wrongKey: () => jsonSteps(401, error('invalid_api_key')),
  serverError: () => jsonSteps(500, error('server_error')),
  neverAnswers: () => [{ stall: true }],
  slowHeaders: () => [{ send: 'HTTP/1.1 200 Fake\r\ncontent-type: text/ev' }, { stall: true }],
  resetAtOnce: () => [{ reset: true }],
  closesAtOnce: () => [{ end: true }],
  resetMidStream: () => [{ send: START }, chunk(delta('Hello PER')), { reset: true }],
  closesMidStream: () => [{ send: START }, chunk(delta('Hello PER')), { end: true }],
  stallsMidStream: () => [{ send: START }, chunk(delta('Hello')), { stall: true }],
  endsWithoutDone: () => [{ send: START }, chunk(delta('Hello')), { send: '0\r\n\r\n' }],
  errorMidStream: () => [
    { send: START },
    chunk(delta('Hello')),
    chunk(`data: ${JSON.stringify(error('server_error'))}\n\n`),
    { send: '0\r\n\r\n' },
  ],
  garbageEvent: () => [
    { send: START },
    chunk(delta('Hello')),
    chunk('data: {"choices":[{\n\n'),
    { send: '0\r\n\r\n' },
  ],
  notUtf8: () => [
    { send: START },
    { send: httpChunk(Buffer.from([0x64, 0xff, 0xfe, 0x0a])) },
    { send: '0\r\n\r\n' },
  ],
  hugeEvent: () => [{ send: START }, chunk(`data: ${'x'.repeat(6_000_000)}`), { stall: true }],
  garbageBody: () => [
    { send: `${head(200, { 'content-type': 'application/json', 'content-length': '5' })}{"a":` },
  ],
  emptyBody: () => [{ send: head(200, { 'content-type': 'application/json', 'content-length': '0' }) }],
  html: () => [
    { send: `${head(200, { 'content-type': 'text/html', 'content-length': '13' })}<html></html>` },
  ],
  notHttp: () => [{ send: 'SSH-2.0-fake\r\n' }, { end: true }],
  gzip: () => [
    {
      send: `${head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': '2' })}{}`,
    },
  ],
  redirect: () => [
    { send: head(307, { location: 'http://127.0.0.1:1/v1/chat/completions', 'content-length': '0' }) },
  ],
  redirectToGet: () => [{ send: head(302, { location: '/v1/models', 'content-length': '0' }) }],
} as const satisfies Readonly<Record<string, CloudScript>>
