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
  /** The same for answers that must be streams of events, which come one by one. */
  readonly fetchEvents: typeof globalThis.fetch
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
const MAX_ERROR_BYTES = 256 * 1024
const MAX_EVENT_BYTES = 1024 * 1024
/** A blank line alone, of one kind or the other. */
const MAX_BLANK_BYTES = 2
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
    fetch: async (input, init) => asWhole(await send(pool, options, input, init ?? {}), options.maxBytes),
    fetchEvents: async (input, init) =>
      asEvents(await send(pool, options, input, init ?? {}), options.maxBytes),
    close: () => pool.destroy(),
  }
}

async function send(
  pool: Pool,
  options: PoolFetchOptions,
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
): Promise<Dispatcher.ResponseData> {
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
    // A question that is asked now and then leaves no connection to find dead later.
    reset: init.method !== 'POST',
    signal: init.signal ?? null,
  })
  if (response.statusCode >= 300 && response.statusCode < 400) {
    discard(response)
    throw new LocalModelError('failed', 'the model server answered with a redirect', { reason: 'redirect' })
  }
  return response
}

/** Some servers, such as older vLLM, write the error itself where the SDK looks for an `error` around it. */
async function errorResponse(response: Dispatcher.ResponseData): Promise<Response> {
  const pieces: Uint8Array[] = []
  for await (const piece of bounded(response.body, MAX_ERROR_BYTES)) pieces.push(piece)
  const text = Buffer.concat(pieces).toString('utf8')
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'date'] as const) {
    const value = response.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const init = { status: response.statusCode, headers }
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

function mediaTypeOf(response: Dispatcher.ResponseData): string {
  const mediaType = response.headers['content-type']
  return typeof mediaType === 'string' ? mediaType : ''
}

async function asWhole(response: Dispatcher.ResponseData, maxBytes: number): Promise<Response> {
  if (response.statusCode >= 400) return errorResponse(response)
  const init = { status: response.statusCode, headers: { 'content-type': mediaTypeOf(response) } }
  if (response.statusCode === 204) {
    discard(response)
    return new Response(null, init)
  }
  return new Response(webStream(bounded(response.body, maxBytes)), init)
}

/** The SDK would take anything for events, and a megabyte that is none takes it seconds. */
async function asEvents(response: Dispatcher.ResponseData, maxBytes: number): Promise<Response> {
  if (response.statusCode >= 400) return errorResponse(response)
  const mediaType = mediaTypeOf(response)
  if (!mediaType.startsWith('text/event-stream')) {
    discard(response)
    throw new LocalModelError('failed', 'the model server answered without a stream', {
      reason: 'bad_answer',
    })
  }
  const init = { status: response.statusCode, headers: { 'content-type': mediaType } }
  return new Response(webStream(oneByOne(bounded(response.body, maxBytes))), init)
}

function webStream(pieces: AsyncIterable<Uint8Array>): ReturnType<typeof Readable.toWeb> {
  return Readable.toWeb(Readable.from(pieces, { objectMode: false, highWaterMark: 0 }))
}

/** Closes the connection; the error that the body then reports is of nobody's concern. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy()
}

async function* bounded(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > maxBytes) throw tooLarge()
    yield piece
  }
}

function tooLarge(): LocalModelError {
  return new LocalModelError('failed', 'the model server sent more than is accepted', { reason: 'too_large' })
}

/**
 * Events in pieces that end where they do: the SDK's decoder copies everything it holds for each event, and joins an
 * unfinished one anew with every piece of it. Blank lines between events are left out.
 */
async function* oneByOne(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let eventBytes = 0
  let isLineStart = true
  for await (const piece of body) {
    let from = 0
    for (let at = 0; at < piece.length; at += 1) {
      eventBytes += 1
      if (piece[at] === CARRIAGE_RETURN) continue
      const isBlank = piece[at] === LINE_FEED && isLineStart
      isLineStart = piece[at] === LINE_FEED
      if (!isBlank) continue
      if (eventBytes > MAX_BLANK_BYTES) yield piece.subarray(from, at + 1)
      from = at + 1
      eventBytes = 0
    }
    if (eventBytes > MAX_EVENT_BYTES) throw tooLarge()
    if (from < piece.length) yield piece.subarray(from)
  }
}
