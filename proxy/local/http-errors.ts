/** What went wrong with a model server, as this folder's errors. No text of the server goes on: it may quote. */
import { APIConnectionTimeoutError, APIError } from 'openai'
import { LocalModelError } from './errors.ts'

/** Codes by which servers say that a prompt is longer than the context: OpenAI and vLLM, llama-server. */
const OVERFLOW_CODES: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'exceed_context_size_error',
  'string_above_max_length',
])
const OVERFLOW_WORDS = /(?:maximum |available )?context (?:length|size|window)/u
const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
])
const TIMEOUT_CODES: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const MAX_CAUSES = 5

/** The error to report. `signal` is the caller's: when it fired, that is the reason, whatever came after. */
export function httpError(error: unknown, signal: AbortSignal): LocalModelError {
  if (signal.aborted) return new LocalModelError('aborted', 'the call to the model server was aborted')
  const causes = causesOf(error)
  const own = causes.find((cause): cause is LocalModelError => cause instanceof LocalModelError)
  if (own !== undefined) return own
  if (error instanceof APIError && error.status !== undefined) return statusError(error.status, error)
  if (error instanceof APIError && saysOverflow(error)) return overflow()
  const codes = causes.map(codeOf)
  if (codes.some((code) => CONNECT_CODES.has(code))) return unreachable()
  if (error instanceof APIConnectionTimeoutError || codes.some((code) => TIMEOUT_CODES.has(code))) {
    return new LocalModelError('timeout', 'the model server was silent for too long')
  }
  return new LocalModelError('failed', 'the model server broke off or sent what is not an answer', {
    reason: 'bad_answer',
  })
}

function unreachable(): LocalModelError {
  return new LocalModelError('not_loaded', 'the model server cannot be reached', { reason: 'unreachable' })
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = []
  let cause = error
  while (cause instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(cause)
    cause = cause.cause
  }
  return causes
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

function statusError(status: number, error: APIError): LocalModelError {
  const options = { reason: 'status' } as const
  if (saysOverflow(error)) return overflow()
  switch (status) {
    case 401:
    case 403:
      return new LocalModelError('not_loaded', 'the model server refuses the key it was given', options)
    case 404:
      return new LocalModelError('not_loaded', 'the model server has no such model or path', options)
    case 408:
    case 504:
      return new LocalModelError('timeout', 'the model server ran out of time', options)
    case 501:
      return new LocalModelError('unsupported', 'the model server cannot do what was asked', options)
    case 429:
    case 503:
      return new LocalModelError('busy', 'the model server takes no more requests now', {
        ...options,
        ...retryAfterOf(error),
      })
    default:
      break
  }
  return status < 500
    ? new LocalModelError('unsupported', 'the model server refused the request', options)
    : new LocalModelError('failed', 'the model server reported an error', options)
}

const LONGEST_RETRY_SECONDS = 3_600

/** What the server says of when to come again: seconds, or a date beside its own. */
function retryAfterOf({ headers }: APIError): { readonly retryAfterSeconds?: number } {
  const said = headers?.get('retry-after') ?? ''
  const until = (Date.parse(said) - Date.parse(headers?.get('date') ?? '')) / 1000
  const seconds = Math.ceil(/^\d{1,9}$/u.test(said) ? Number(said) : until)
  return seconds > 0 ? { retryAfterSeconds: Math.min(seconds, LONGEST_RETRY_SECONDS) } : {}
}

function overflow(): LocalModelError {
  return new LocalModelError('context_overflow', "the prompt is longer than the model server's context")
}

/** Without a status the error came inside a stream. */
function saysOverflow(error: APIError): boolean {
  if (OVERFLOW_CODES.has(String(error.code)) || OVERFLOW_CODES.has(String(error.type))) return true
  const canBe = error.status === 400 || error.status === undefined
  return canBe && OVERFLOW_WORDS.test(error.message.slice(0, 2_000).toLowerCase())
}
