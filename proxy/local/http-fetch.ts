/**
 * The only way the `openai` engine reaches the network: a `fetch` for the OpenAI SDK, on a pool of connections to
 * one configured origin. Redirects are errors, sizes and silences are bounded, and the headers are ours: whatever
 * the SDK or its environment adds is left out.
 */
import { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import { LocalModelError } from './errors.ts'
import { isObject } from './llama-messages.ts'

/** One origin and how to talk to it. */
export interface PoolFetchOptions {
  /** Such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: URL
  /** Sent as bearer token; null sends none. */
  readonly apiKey: string | null
  /** Longest silence in ms: until the headers, and between pieces of the body. */
  readonly timeoutMs: number
  readonly connections: number
  /** Largest answer accepted, in bytes. */
  readonly maxBytes: number
}

/** `fetch` bound to one origin, and the pool's end. */
export interface PoolFetch {
  readonly fetch: typeof globalThis.fetch
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
const MAX_ERROR_BYTES = 256 * 1024
const MAX_EVENT_BYTES = 1024 * 1024
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Opens no connection before the first call. The `fetch` rejects with `LocalModelError`. */
export function createPoolFetch(options: PoolFetchOptions): PoolFetch {
  const pool = new Pool(options.baseUrl.origin, {
    connections: options.connections,
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxHeaderSize: 32 * 1024,
  })
  return {
    fetch: (input, init) => send(pool, options, input, init ?? {}),
    close: () => pool.destroy(),
  }
}

async function send(
  pool: Pool,
  options: PoolFetchOptions,
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input)
  if (url.origin !== options.baseUrl.origin) {
    throw new LocalModelError('failed', 'a call left the configured origin', { reason: 'redirect' })
  }
  if (init.body !== undefined && init.body !== null && typeof init.body !== 'string') {
    throw new LocalModelError('failed', 'a request body must be text', { reason: 'bad_answer' })
  }
  const response = await pool.request({
    path: url.pathname,
    method: init.method === 'POST' ? 'POST' : 'GET',
    headers: fixedHeaders(options, typeof init.body === 'string'),
    body: init.body ?? null,
    signal: init.signal ?? null,
  })
  if (response.statusCode >= 300 && response.statusCode < 400) {
    discard(response)
    throw new LocalModelError('failed', 'the model server answered with a redirect', { reason: 'redirect' })
  }
  return response.statusCode >= 400 ? errorResponse(response) : asResponse(response, options.maxBytes)
}

/** Some servers, such as older vLLM, write the error itself where the SDK looks for an `error` around it. */
async function errorResponse(response: Dispatcher.ResponseData): Promise<Response> {
  const pieces: Uint8Array[] = []
  for await (const piece of bounded(response.body, MAX_ERROR_BYTES, false)) pieces.push(piece)
  const text = Buffer.concat(pieces).toString('utf8')
  const init = { status: response.statusCode, headers: { 'content-type': 'application/json' } }
  const said = parsed(text)
  const isBare = isObject(said) && !('error' in said)
  return new Response(isBare ? JSON.stringify({ error: said }) : text, init)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A page of HTML or nothing: the status says enough.
    return null
  }
}

function fixedHeaders(options: PoolFetchOptions, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json, text/event-stream',
    'user-agent': 'cloakroom',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
  }
}

function asResponse(response: Dispatcher.ResponseData, maxBytes: number): Response {
  const mediaType = response.headers['content-type']
  const init = {
    status: response.statusCode,
    headers: { 'content-type': typeof mediaType === 'string' ? mediaType : '' },
  }
  if (response.statusCode === 204) {
    discard(response)
    return new Response(null, init)
  }
  const isStream = init.headers['content-type'].startsWith('text/event-stream')
  const body = Readable.from(bounded(response.body, maxBytes, isStream), {
    objectMode: false,
    highWaterMark: 0,
  })
  return new Response(Readable.toWeb(body), init)
}

/** Closes the connection; the error that the body then reports is of nobody's concern. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy()
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  isStream: boolean,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  const event: EventProgress = { bytes: 0, atLineStart: true }
  for await (const piece of body) {
    bytes += piece.length
    if (isStream) countEvent(event, piece)
    if (bytes > maxBytes || event.bytes > MAX_EVENT_BYTES) {
      throw new LocalModelError('failed', 'the model server sent more than is accepted', {
        reason: 'too_large',
      })
    }
    yield piece
  }
}

interface EventProgress {
  bytes: number
  atLineStart: boolean
}

/** Bytes since the last blank line: the SDK's decoder joins an unfinished event anew with every piece of it. */
function countEvent(event: EventProgress, piece: Uint8Array): void {
  for (const byte of piece) {
    event.bytes += 1
    if (byte === CARRIAGE_RETURN) continue
    const isNewline = byte === LINE_FEED
    if (isNewline && event.atLineStart) event.bytes = 0
    event.atLineStart = isNewline
  }
}
