/** The way back through the door: what an answer may look like, how long it may take, and how it is closed. */
import type { Dispatcher } from 'undici'
import { errors } from 'undici'
import type { UpstreamResponse } from '../ports.ts'
import { EgressError } from './egress-error.ts'

/** Bounds of one exchange. */
export interface ReceiveLimits {
  readonly totalMs: number
  /** Of the answer's body. */
  readonly maxBytes: number
}

/** A finished stream has a few bytes of framing left; reading them lets the connection serve again. */
const LEFTOVER_BYTES = 1024
const LEFTOVER_MS = 100

type Answer = Dispatcher.ResponseData

/**
 * Runs one request and checks its headers. Rejects with `EgressError`: `redirect` for any 3xx, `timeout`,
 * `aborted`, `connection` for everything else that is not a plain answer.
 */
export async function receive(
  request: (signal: AbortSignal) => Promise<Answer>,
  limits: ReceiveLimits,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  const exchange = new Exchange(limits.totalMs, signal)
  try {
    const answer = await request(exchange.signal)
    const refusal = refusalOf(answer)
    if (refusal !== null) {
      answer.body.on('error', ignore).destroy()
      throw new EgressError(refusal)
    }
    return {
      status: answer.statusCode,
      mediaType: mediaTypeOf(answer.headers['content-type']),
      retryAfterSeconds: retryAfterOf(answer.headers['retry-after']),
      body: new AnswerBody(answer.body, exchange, limits.maxBytes),
    }
  } catch (error) {
    exchange.finish()
    throw exchange.explain(error)
  }
}

function refusalOf(answer: Answer): 'redirect' | 'connection' | null {
  if (answer.statusCode >= 300 && answer.statusCode < 400) return 'redirect'
  if (answer.statusCode < 200 || answer.statusCode > 599) return 'connection'
  const encoding = answer.headers['content-encoding']
  return encoding === undefined || encoding === 'identity' ? null : 'connection'
}

function mediaTypeOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? (header.split(';', 1)[0] ?? '').trim().toLowerCase() : ''
}

function retryAfterOf(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^[0-9]{1,6}$/.test(header) ? Number(header) : null
}

/** Destroying a body makes it emit an error that says nothing new. */
function ignore(): void {
  return
}

/** One exchange: its clock, its abort, and what an error in it means. */
class Exchange {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #client: AbortSignal
  readonly #onAbort = (): void => this.#controller.abort()
  #timedOut = false

  constructor(totalMs: number, client: AbortSignal) {
    this.#client = client
    this.#timer = setTimeout(() => {
      this.#timedOut = true
      this.#controller.abort()
    }, totalMs)
    if (client.aborted) this.#controller.abort()
    else client.addEventListener('abort', this.#onAbort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get isAborted(): boolean {
    return this.#controller.signal.aborted
  }

  finish(): void {
    clearTimeout(this.#timer)
    this.#client.removeEventListener('abort', this.#onAbort)
  }

  explain(error: unknown): EgressError {
    if (error instanceof EgressError) return error
    if (this.#timedOut) return new EgressError('timeout')
    if (this.#client.aborted) return new EgressError('aborted')
    const late =
      error instanceof errors.HeadersTimeoutError ||
      error instanceof errors.BodyTimeoutError ||
      error instanceof errors.ConnectTimeoutError
    // The cause stays behind: an error of the HTTP parser quotes the bytes it failed on.
    return new EgressError(late ? 'timeout' : 'connection')
  }
}

/** The bytes of an answer, as the consumer pulls them. */
class AnswerBody implements AsyncIterable<Uint8Array> {
  readonly #body: Answer['body']
  readonly #exchange: Exchange
  readonly #maxBytes: number

  constructor(body: Answer['body'], exchange: Exchange, maxBytes: number) {
    this.#body = body
    this.#exchange = exchange
    this.#maxBytes = maxBytes
    // Errors reach the consumer through its iterator; without a listener one between two pulls would be fatal.
    body.on('error', ignore)
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const inner = this.#body.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]()
    let size = 0
    let pulling = false
    return {
      next: async () => {
        try {
          pulling = true
          const step = await inner.next()
          pulling = false
          if (step.done === true) {
            this.#exchange.finish()
            return { done: true, value: undefined }
          }
          const bytes = step.value as Uint8Array
          size += bytes.byteLength
          if (size > this.#maxBytes) throw new EgressError('connection')
          return { done: false, value: bytes }
        } catch (error) {
          this.#close()
          throw this.#exchange.explain(error)
        }
      },
      return: async () => {
        if (pulling || this.#exchange.isAborted) this.#close()
        else {
          await inner.return?.()
          this.#leave()
        }
        return { done: true, value: undefined }
      },
    }
  }

  #close(): void {
    this.#exchange.finish()
    this.#body.destroy()
  }

  /** Does not wait: the last bytes are read off in the background, or the connection is closed. */
  #leave(): void {
    this.#exchange.finish()
    const body = this.#body
    const close = (): void => {
      body.destroy()
    }
    const late = setTimeout(close, LEFTOVER_MS)
    let left = LEFTOVER_BYTES
    body.on('close', () => clearTimeout(late))
    body.on('data', (bytes: Uint8Array) => {
      left -= bytes.byteLength
      if (left < 0) close()
    })
  }
}
