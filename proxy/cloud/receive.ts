/**
 * The way back through the door: what an answer may look like, how long it may take, and how it is closed. Takes the
 * client library's events as they come, without a stream around them: that costs a third of the request.
 */
import type { Buffer } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
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
/** So much of an answer waits for its reader before the connection is not read any further. */
const MAX_WAITING_BYTES = 64 * 1024

/**
 * Runs one request and checks its headers. Rejects with `EgressError`: `redirect` for any 3xx, `timeout`,
 * `aborted`, `connection` for everything else that is not a plain answer.
 */
export function receive(
  dispatch: (handler: Dispatcher.DispatchHandler) => void,
  limits: ReceiveLimits,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  const exchange = new Exchange(limits, signal)
  try {
    if (!signal.aborted) dispatch(exchange)
  } catch (error) {
    exchange.fail(error)
  }
  return exchange.response
}

function refusalOf(status: number, headers: IncomingHttpHeaders): 'redirect' | 'connection' | null {
  if (status >= 300 && status < 400) return 'redirect'
  if (status > 599) return 'connection'
  const encoding = headers['content-encoding']
  return encoding === undefined || encoding === 'identity' ? null : 'connection'
}

function mediaTypeOf(header: unknown): string {
  return typeof header === 'string' ? (header.split(';', 1)[0] ?? '').trim().toLowerCase() : ''
}

function retryAfterOf(header: unknown): number | null {
  return typeof header === 'string' && /^[0-9]{1,6}$/.test(header) ? Number(header) : null
}

interface Reader {
  resolve(step: IteratorResult<Uint8Array>): void
  reject(error: EgressError): void
}

const ENDED: IteratorResult<Uint8Array> = { done: true, value: undefined }

/** One exchange: its answer as it comes, its clock, its abort, and what an error in it means. */
class Exchange implements Dispatcher.DispatchHandler, AsyncIterator<Uint8Array> {
  readonly response: Promise<UpstreamResponse>
  readonly #maxBytes: number
  readonly #client: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #onAbort = (): void => this.fail(new EgressError('aborted'))
  #controller: Dispatcher.DispatchController | null = null
  #answered: ((response: UpstreamResponse) => void) | null = null
  #refused: ((error: EgressError) => void) | null = null
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  #size = 0
  #reader: Reader | null = null
  #isComplete = false
  #error: EgressError | null = null
  /** Bytes that may still come after the reader has left; null while it reads. */
  #leftover: number | null = null
  #late: NodeJS.Timeout | undefined

  constructor({ totalMs, maxBytes }: ReceiveLimits, client: AbortSignal) {
    this.#maxBytes = maxBytes
    this.#client = client
    this.response = new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#refused = reject
    })
    this.#timer = setTimeout(() => this.fail(new EgressError('timeout')), totalMs)
    if (client.aborted) this.#onAbort()
    else client.addEventListener('abort', this.#onAbort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#error !== null) controller.abort(this.#error)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Early hints and the like come before the answer.
    if (status < 200) return
    const refusal = refusalOf(status, headers)
    if (refusal !== null) {
      this.fail(new EgressError(refusal))
      return
    }
    this.#answered?.({
      status,
      mediaType: mediaTypeOf(headers['content-type']),
      retryAfterSeconds: retryAfterOf(headers['retry-after']),
      body: { [Symbol.asyncIterator]: () => this },
    })
    this.#answered = null
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#leftover !== null) {
      this.#leftover -= chunk.length
      if (this.#leftover < 0) this.fail(new EgressError('connection'))
      return
    }
    this.#size += chunk.length
    if (this.#size > this.#maxBytes) {
      this.fail(new EgressError('connection'))
      return
    }
    const reader = this.#reader
    if (reader !== null) {
      this.#reader = null
      reader.resolve({ done: false, value: chunk })
      return
    }
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes > MAX_WAITING_BYTES) controller.pause()
  }

  onResponseEnd(): void {
    this.#isComplete = true
    this.#finish()
    this.#reader?.resolve(ENDED)
    this.#reader = null
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error)
  }

  /** Ends the exchange, whatever state it is in; the first reason counts. */
  fail(reason: unknown): void {
    if (this.#error !== null || this.#isComplete) return
    const error = explained(reason, this.#client)
    this.#error = error
    this.#finish()
    this.#waiting.length = 0
    this.#controller?.abort(error)
    this.#refused?.(error)
    this.#reader?.reject(error)
    this.#reader = null
  }

  #finish(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#late)
    this.#client.removeEventListener('abort', this.#onAbort)
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#error !== null) return Promise.reject(this.#error)
    const value = this.#waiting.shift()
    if (value !== undefined) {
      this.#waitingBytes -= value.length
      if (this.#controller?.paused === true && this.#waitingBytes <= MAX_WAITING_BYTES / 2)
        this.#controller.resume()
      return Promise.resolve({ done: false, value })
    }
    if (this.#isComplete || this.#leftover !== null) return Promise.resolve(ENDED)
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  /**
   * The reader has enough. Does not wait: the last bytes are read off in the background, or the connection is closed.
   * One that leaves while it waits for more has given up.
   */
  return(): Promise<IteratorResult<Uint8Array>> {
    if (this.#isComplete || this.#error !== null || this.#leftover !== null) return Promise.resolve(ENDED)
    if (this.#reader !== null) this.fail(new EgressError('aborted'))
    else {
      this.#leftover = LEFTOVER_BYTES - this.#waitingBytes
      this.#waiting.length = 0
      if (this.#leftover < 0) this.fail(new EgressError('aborted'))
      else {
        this.#late = setTimeout(() => this.fail(new EgressError('aborted')), LEFTOVER_MS)
        if (this.#controller?.paused === true) this.#controller.resume()
      }
    }
    return Promise.resolve(ENDED)
  }
}

function explained(reason: unknown, client: AbortSignal): EgressError {
  if (reason instanceof EgressError) return reason
  if (client.aborted) return new EgressError('aborted')
  const late =
    reason instanceof errors.HeadersTimeoutError ||
    reason instanceof errors.BodyTimeoutError ||
    reason instanceof errors.ConnectTimeoutError
  // The cause stays behind: an error of the HTTP parser quotes the bytes it failed on.
  return new EgressError(late ? 'timeout' : 'connection')
}
