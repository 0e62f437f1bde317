/**
 * Server-sent events. Source: WHATWG HTML, section 9.2 "Server-sent events": lines end in LF, CRLF or CR, one
 * byte order mark may stand at the start, a colon at the start of a line is a comment, several `data` lines are
 * joined with LF, an event without data is none. Beyond it: bytes that are not UTF-8, an event over the limit
 * and a stream that stops before its end mark are errors, not silence.
 */
import { isAscii } from 'node:buffer'
import { ResponseError } from './errors.ts'

/** One event. `name` is its `event` field. */
export interface SseEvent {
  readonly data: string
  readonly name?: string
  readonly id?: string
  /** Milliseconds. */
  readonly retry?: number
}

/** What a decoder takes. */
export interface SseLimits {
  /** Largest event, in UTF-16 units over all its lines. Default 4 Mi. */
  readonly maxEventLength?: number
}

const MAX_EVENT_LENGTH = 4 * 1024 * 1024

/** Turns bytes into events, wherever the bytes are cut. Holds at most one event. */
export class SseDecoder {
  readonly #maxLength: number
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true })
  /** Whether the next byte starts a character. */
  #aligned = true
  #started = false
  #afterCr = false
  /** The line that has not ended yet. */
  #line = ''
  #size = 0
  #data: string | null = null
  #fields: { name?: string; id?: string; retry?: number } = {}

  constructor(limits: SseLimits = {}) {
    this.#maxLength = limits.maxEventLength ?? MAX_EVENT_LENGTH
  }

  /** The events that end in these bytes. Throws `ResponseError`: `invalid_response`, `event_too_large`. */
  push(bytes: Uint8Array): SseEvent[] {
    const text = this.#decode(bytes)
    const events: SseEvent[] = []
    let start = 0
    if (this.#afterCr && text.length > 0) {
      this.#afterCr = false
      if (text.startsWith('\n')) start = 1
    }
    let cr = text.indexOf('\r', start)
    let lf = text.indexOf('\n', start)
    while (cr >= 0 || lf >= 0) {
      const atCr = cr >= 0 && (lf < 0 || cr < lf)
      const end = atCr ? cr : lf
      this.#endLine(text.slice(start, end), events)
      start = end + 1
      if (atCr && lf === start) start += 1
      else if (atCr && start === text.length) this.#afterCr = true
      if (cr >= 0 && cr < start) cr = text.indexOf('\r', start)
      if (lf >= 0 && lf < start) lf = text.indexOf('\n', start)
    }
    if (start < text.length) this.#hold(text.slice(start))
    return events
  }

  /** Says that the bytes are over. Throws `ResponseError` code `truncated` when an event is half there. */
  end(): void {
    if (!this.#aligned || this.#line !== '' || this.#data !== null) throw new ResponseError('truncated')
  }

  #decode(bytes: Uint8Array): string {
    if (this.#aligned && this.#started && isAscii(bytes)) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    }
    if (bytes.length === 0) return ''
    this.#started = true
    this.#aligned = (bytes[bytes.length - 1] as number) < 0x80
    try {
      return this.#utf8.decode(bytes, { stream: true })
    } catch {
      throw new ResponseError('invalid_response')
    }
  }

  #hold(part: string): void {
    this.#line += part
    if (this.#size + this.#line.length > this.#maxLength) throw new ResponseError('event_too_large')
  }

  #endLine(rest: string, events: SseEvent[]): void {
    const line = this.#line === '' ? rest : this.#line + rest
    this.#line = ''
    if (line !== '') {
      this.#size += line.length
      if (this.#size > this.#maxLength) throw new ResponseError('event_too_large')
      this.#readLine(line)
      return
    }
    if (this.#data !== null) events.push({ data: this.#data, ...this.#fields })
    this.#data = null
    this.#fields = {}
    this.#size = 0
  }

  #readLine(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) {
      // A comment holds nothing; many of them must not add up to an event that is too large.
      this.#size -= line.length
      return
    }
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1)
    if (field === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`
    else if (field === 'event') this.#fields.name = value
    else if (field === 'id' && !value.includes('\0')) this.#fields.id = value
    else if (field === 'retry' && /^[0-9]{1,9}$/.test(value)) this.#fields.retry = Number(value)
  }
}

/** What `decodeSse` needs to know besides the limits. */
export interface SseOptions extends SseLimits {
  /** Data of the event that ends the stream. Null: the end of the bytes does. Default `[DONE]`. */
  readonly doneMark?: string | null
}

/**
 * The events of a body up to and with its end mark; nothing after the mark is read. Pull-based. Throws `ResponseError`:
 * `truncated` when the bytes stop before the mark or inside an event, and what `SseDecoder.push` throws.
 */
export async function* decodeSse(
  body: AsyncIterable<Uint8Array>,
  options: SseOptions = {},
): AsyncGenerator<SseEvent, void, undefined> {
  const doneMark = options.doneMark === undefined ? '[DONE]' : options.doneMark
  const decoder = new SseDecoder(options)
  for await (const bytes of body) {
    for (const event of decoder.push(bytes)) {
      yield event
      if (event.data === doneMark) return
    }
  }
  decoder.end()
  if (doneMark !== null) throw new ResponseError('truncated')
}

/** One event as text; line breaks in the data become several `data` lines. Names and ids must be one line. */
export function encodeSseEvent(event: SseEvent): string {
  const name = event.name === undefined ? '' : `event: ${oneLine(event.name)}\n`
  const id = event.id === undefined ? '' : `id: ${oneLine(event.id)}\n`
  const retry = event.retry === undefined ? '' : `retry: ${event.retry}\n`
  const data = /[\r\n]/.test(event.data) ? event.data.split(/\r\n|\r|\n/).join('\ndata: ') : event.data
  return `${name}${id}${retry}data: ${data}\n\n`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ')
}
