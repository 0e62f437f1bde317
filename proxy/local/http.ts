/** The `openai` engine: any OpenAI-compatible server beside us, such as vLLM, Ollama or llama-server. */
import { OpenAI } from 'openai'
import type { Stream } from 'openai/streaming'
import type { AskModel } from '../../detectors/index.ts'
import type { LocalModel, WireObject } from '../ports.ts'
import { linkSignals } from './abort.ts'
import { checkedJson, LocalModelError } from './errors.ts'
import { createHealth, type Health } from './health.ts'
import { httpError } from './http-errors.ts'
import { createPoolFetch, type PoolFetch } from './http-fetch.ts'
import { isObject } from './llama-messages.ts'
import { Slots } from './slots.ts'

/** Where the server is and how it is used. */
export interface HttpModelOptions {
  /** With its version path, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string
  /** Sent to the server and shown to clients. */
  readonly model: string
  readonly apiKey?: string | null
  /** Longest silence of the server, in ms. Default 60000. */
  readonly timeoutMs?: number
  /** Requests in flight at once; default 32. */
  readonly connections?: number
  /** Requests that may wait; default 128. */
  readonly queueLimit?: number
  /** Largest answer accepted, in bytes; default 32 MiB. */
  readonly maxBytes?: number
}

/** A `LocalModel` over HTTP, with its health check. */
export interface HttpModel extends LocalModel {
  /** Asks `/models` once, now; never rejects. */
  probe(): Promise<void>
  /** Keeps asking every `intervalMs` until `close`. */
  startProbing(intervalMs: number): void
  /** The names that the server lists under `/models`, at most 1,000. Rejects with `LocalModelError`. */
  models(signal: AbortSignal): Promise<readonly string[]>
}

const DEFAULTS = { timeoutMs: 60_000, connections: 32, queueLimit: 128, maxBytes: 32 * 1024 * 1024 } as const
const PROBE_TIMEOUT_MS = 5_000
const MAX_MODELS = 1_000

/** Request fields that mean something to OpenAI's own service only, or would identify somebody to the server. */
const DROPPED_FIELDS: ReadonlySet<string> = new Set([
  'store',
  'metadata',
  'user',
  'safety_identifier',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
])

/** Connects to nothing yet: `status` is `down` until a probe or call succeeds. Throws on a URL that is not http(s). */
export function createHttpModel(options: HttpModelOptions): HttpModel {
  const baseUrl = new URL(options.baseUrl)
  if (baseUrl.protocol !== 'http:' && baseUrl.protocol !== 'https:') {
    throw new LocalModelError('not_loaded', 'base_url of the local model must be http or https')
  }
  return new HttpEngine(options, baseUrl)
}

class HttpEngine implements HttpModel {
  readonly name: string
  readonly engine = 'openai'
  private readonly transport: PoolFetch
  private readonly client: OpenAI
  private readonly streamClient: OpenAI
  private readonly slots: Slots
  private readonly health: Health
  private readonly closing = new AbortController()
  /** How this server is told to answer in JSON; learnt from its first refusal. */
  private jsonMode: 'json_schema' | 'json_object' = 'json_schema'

  constructor(options: HttpModelOptions, baseUrl: URL) {
    const { model, apiKey = null, ...rest } = options
    const settings = { ...DEFAULTS, ...rest }
    this.name = model
    this.transport = createPoolFetch({ ...settings, baseUrl, apiKey })
    this.client = createClient(baseUrl, settings.timeoutMs, this.transport.fetch)
    this.streamClient = createClient(baseUrl, settings.timeoutMs, this.transport.fetchEvents)
    this.slots = new Slots({ slots: settings.connections, queueLimit: settings.queueLimit })
    this.health = createHealth((signal) => this.isServing(signal))
  }

  status(): 'ok' | 'down' {
    return this.closing.signal.aborted ? 'down' : this.health.status()
  }

  probe(): Promise<void> {
    return this.health.probe()
  }

  startProbing(intervalMs: number): void {
    this.health.start(intervalMs)
  }

  async chat(request: WireObject, signal: AbortSignal): Promise<WireObject> {
    const release = await this.slots.acquire(signal)
    const call = linkSignals(signal, this.closing.signal)
    try {
      const body = { ...this.bodyOf(request), stream: false }
      const answer = await this.client.post<unknown>('/chat/completions', { body, signal: call.signal })
      const checked = { ...checkedAnswer(answer), model: this.name }
      this.health.report('ok')
      return checked
    } catch (error) {
      throw this.met(httpError(error, call.signal))
    } finally {
      call.unlink()
      release()
    }
  }

  async *chatStream(request: WireObject, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    const release = await this.slots.acquire(signal)
    const call = linkSignals(signal, this.closing.signal)
    const options = { body: { ...this.bodyOf(request), stream: true }, signal: call.signal, stream: true }
    try {
      const stream = await this.streamClient.post<Stream<unknown>>('/chat/completions', options)
      const finished = new Map<unknown, boolean>()
      for await (const chunk of stream) yield { ...checkedChunk(chunk, finished), model: this.name }
      // The SDK ends quietly when it is aborted, and when the connection closes early.
      if (call.signal.aborted || finished.size === 0 || [...finished.values()].includes(false))
        throw brokenOff()
      this.health.report('ok')
    } catch (error) {
      throw this.met(httpError(error, call.signal))
    } finally {
      call.abort()
      call.unlink()
      release()
    }
  }

  async models(signal: AbortSignal): Promise<readonly string[]> {
    const call = linkSignals(signal, this.closing.signal)
    try {
      const answer = await this.client.get<unknown>('/models', { signal: call.signal })
      const listed: readonly unknown[] = isObject(answer) && Array.isArray(answer.data) ? answer.data : []
      return listed
        .slice(0, MAX_MODELS)
        .flatMap((entry) => (isObject(entry) && typeof entry.id === 'string' ? [entry.id] : []))
    } catch (error) {
      throw this.met(httpError(error, call.signal))
    } finally {
      call.unlink()
    }
  }

  readonly ask: AskModel = async (request, signal) => {
    const mode = this.jsonMode
    try {
      return await this.askIn(mode, request, signal)
    } catch (error) {
      const refused = error instanceof LocalModelError && error.code === 'unsupported'
      if (!refused || mode === 'json_object') throw error
      const answer = await this.askIn('json_object', request, signal)
      this.jsonMode = 'json_object'
      return answer
    }
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.health.stop()
    this.slots.close()
    await this.transport.close()
  }

  private async askIn(
    mode: 'json_schema' | 'json_object',
    request: Parameters<AskModel>[0],
    signal: AbortSignal,
  ): Promise<string> {
    const { schema, system } = request
    const isStrict = mode === 'json_schema'
    const answer = await this.chat(
      {
        messages: [
          {
            role: 'system',
            content: isStrict ? system : `${system}\n\nJSON schema: ${JSON.stringify(schema)}`,
          },
          { role: 'user', content: request.user },
        ],
        temperature: 0,
        max_tokens: request.maxTokens,
        response_format: isStrict
          ? { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } }
          : { type: 'json_object' },
      },
      signal,
    )
    return jsonOf(answer)
  }

  private bodyOf(request: WireObject): WireObject {
    const kept = Object.entries(request).filter(([field]) => !DROPPED_FIELDS.has(field))
    return { ...Object.fromEntries(kept), model: this.name }
  }

  /** A server that cannot be reached is down at once; one that answers, even with an error, is judged by probes. */
  private met(error: LocalModelError): LocalModelError {
    const isGone = error.reason === 'unreachable' || error.code === 'timeout' || error.reason === 'redirect'
    if (isGone) this.health.report('down')
    return error
  }

  private async isServing(signal: AbortSignal): Promise<boolean> {
    const limit = linkSignals(signal)
    const timer = setTimeout(limit.abort, PROBE_TIMEOUT_MS)
    try {
      const response = await this.transport.fetch(`${this.client.baseURL}/models`, { signal: limit.signal })
      // What answers everything with a page is no model server.
      if (response.ok) return isObject(await response.json())
      await response.body?.cancel()
      // Some servers have no list of models: that they answer is enough.
      return response.status === 404 || response.status === 405
    } finally {
      clearTimeout(timer)
      limit.unlink()
    }
  }
}

/** Every setting the SDK would look up in the environment is given here. */
function createClient(baseUrl: URL, timeoutMs: number, transport: typeof fetch): OpenAI {
  const silent = (): void => undefined
  return new OpenAI({
    baseURL: baseUrl.href.replace(/\/+$/u, ''),
    apiKey: 'sent-by-the-transport',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutMs,
    fetch: transport,
    logLevel: 'off',
    logger: { error: silent, warn: silent, info: silent, debug: silent },
  })
}

function brokenOff(): LocalModelError {
  return new LocalModelError('failed', 'the model server broke off its answer', { reason: 'bad_answer' })
}

function badAnswer(): LocalModelError {
  return new LocalModelError('failed', 'the model server sent what is not a chat completion', {
    reason: 'bad_answer',
  })
}

function checkedAnswer(answer: unknown): WireObject {
  if (!isObject(answer) || !Array.isArray(answer.choices) || answer.choices.length === 0) throw badAnswer()
  const isWhole = answer.choices.every((choice) => isObject(choice) && isObject(choice.message))
  if (!isWhole) throw badAnswer()
  return answer
}

/** `finished` learns which choices were seen, and which of them came to their end. */
function checkedChunk(chunk: unknown, finished: Map<unknown, boolean>): WireObject {
  if (!isObject(chunk) || !Array.isArray(chunk.choices)) throw badAnswer()
  for (const choice of chunk.choices) {
    if (!isObject(choice)) throw badAnswer()
    const isLast = choice.finish_reason !== undefined && choice.finish_reason !== null
    finished.set(choice.index, isLast || finished.get(choice.index) === true)
  }
  return chunk
}

function jsonOf(answer: WireObject): string {
  const choice: unknown = Array.isArray(answer.choices) ? answer.choices[0] : undefined
  const message = isObject(choice) ? choice.message : undefined
  const content = isObject(message) ? message.content : undefined
  if (!isObject(choice) || typeof content !== 'string') throw badAnswer()
  if (choice.finish_reason === 'length') {
    throw new LocalModelError('failed', 'the model server did not finish its JSON in time', {
      reason: 'length',
    })
  }
  return checkedJson(content)
}
