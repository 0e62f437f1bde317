/**
 * Names from a server that speaks Presidio's `/analyze`: Presidio itself, or any server with the same interface in
 * front of another model. Texts go to the configured address as they are, so it is a loopback or https address of
 * the operator's own. Redirects are failures, answers are bounded and checked, time is bounded.
 */
import { Pool } from 'undici'
import type { Finding, LayerStatus } from '../../detectors/index.ts'
import type { NameEngine, NamesFound } from '../ports.ts'
import { readAnswer } from './http-answer.ts'
import { windowsOf } from './windows.ts'

/** Where the server is and how it is used. */
export interface HttpNamesOptions {
  /** Such as `http://127.0.0.1:5002`. */
  readonly url: string
  /** Sent as bearer token; null sends none. */
  readonly apiKey: string | null
  /** Each text is asked about in every one of these. */
  readonly languages: readonly string[]
  /** What the server is asked to leave out, 0..1. */
  readonly minScore: number
  /** For all texts of a call together. */
  readonly timeoutMs: number
  /** Questions in flight, of all calls together. Default 16. */
  readonly connections?: number
}

const CONNECTIONS = 16
/** Questions in flight of one call, so that a long request leaves room for others. */
const AT_ONCE = 4
const CONNECT_MS = 5_000
const WINDOW = 10_000
const OVERLAP = 300
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

interface Question {
  readonly textIndex: number
  readonly start: number
  readonly text: string
  readonly language: string
}

/** Connects to nothing before the first call. */
export function createHttpNames(options: HttpNamesOptions): NameEngine {
  return new HttpNames(options)
}

class HttpNames implements NameEngine {
  readonly engine = 'http'
  readonly #options: HttpNamesOptions
  readonly #pool: Pool
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>
  #status: LayerStatus = 'ok'

  constructor(options: HttpNamesOptions) {
    const url = new URL(options.url)
    this.#options = options
    this.#path = `${url.pathname.replace(/\/+$/u, '')}/analyze`
    this.#pool = new Pool(url.origin, {
      connections: options.connections ?? CONNECTIONS,
      connect: { timeout: Math.min(CONNECT_MS, options.timeoutMs) },
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      maxHeaderSize: 32 * 1024,
    })
    this.#headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'cloakroom',
      ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
    }
  }

  status(): LayerStatus {
    return this.#status
  }

  async find(texts: readonly string[], signal: AbortSignal): Promise<NamesFound> {
    const budget = AbortSignal.timeout(this.#options.timeoutMs)
    // The first failure ends the questions that are still on their way.
    const failed = new AbortController()
    const ending = AbortSignal.any([signal, budget, failed.signal])
    const findings = texts.map((): Finding[] => [])
    const questions = this.#questions(texts)
    const ask = async (): Promise<void> => {
      for (let next = questions.next(); !next.done; next = questions.next()) {
        const found = await this.#ask(next.value, ending)
        findings[next.value.textIndex]?.push(...found)
      }
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, ask))
      this.#status = 'ok'
      return { status: 'ok', findings }
    } catch (error) {
      failed.abort()
      const status = budget.aborted || isTimeout(error) ? 'timeout' : 'down'
      // A caller that went away says nothing about the server.
      if (!signal.aborted) this.#status = status
      return { status }
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  *#questions(texts: readonly string[]): Generator<Question> {
    for (const [textIndex, text] of texts.entries()) {
      for (const window of windowsOf(text, WINDOW, OVERLAP)) {
        for (const language of this.#options.languages) yield { textIndex, ...window, language }
      }
    }
  }

  async #ask({ text, start, language }: Question, signal: AbortSignal): Promise<readonly Finding[]> {
    const body = JSON.stringify({ text, language, score_threshold: this.#options.minScore })
    const answer = await this.#pool.request({
      path: this.#path,
      method: 'POST',
      headers: this.#headers,
      body,
      signal,
    })
    const found = answer.statusCode === 200 ? readAnswer(await bounded(answer.body), wellFormed(text)) : null
    if (found === null) {
      answer.body.on('error', () => undefined).destroy()
      throw new TypeError('not an answer to the question')
    }
    const { minScore } = this.#options
    return found
      .filter(({ score }) => score >= minScore)
      .map((one) => ({ ...one, span: { start: one.span.start + start, end: one.span.end + start } }))
  }
}

/** As the other side reads it: a lone half of a pair is one character there too. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}

async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > MAX_ANSWER_BYTES) throw new RangeError('the answer is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : ''
  return (
    code === 'UND_ERR_HEADERS_TIMEOUT' ||
    code === 'UND_ERR_BODY_TIMEOUT' ||
    code === 'UND_ERR_CONNECT_TIMEOUT'
  )
}
