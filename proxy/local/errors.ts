/** The one error class of this folder. */
import type { LocalModelErrorCode } from '../ports.ts'

/** What exactly was wrong, for operators and logs: a closed list, never text of a request or an answer. */
export type LocalModelErrorReason =
  | 'missing'
  | 'unreadable'
  | 'lfs_pointer'
  | 'not_gguf'
  | 'unsupported_version'
  | 'damaged'
  | 'truncated'
  | 'split_file'
  | 'hash_mismatch'
  | 'no_memory'
  | 'load_failed'
  | 'runtime_missing'
  | 'crashed'
  | 'closed'
  | 'queue_full'
  | 'images'
  | 'tools'
  | 'schema'
  | 'field'
  | 'history'
  | 'length'
  | 'not_json'
  | 'unreachable'
  | 'redirect'
  | 'status'
  | 'bad_answer'
  | 'too_large'

/**
 * Why a local model could not be used or did not answer. `code` is what the pipeline acts on, `reason` what an
 * operator reads. The message is fixed text, at most with a path or name from the configuration.
 */
export class LocalModelError extends Error {
  override readonly name = 'LocalModelError'
  readonly code: LocalModelErrorCode
  readonly reason: LocalModelErrorReason | null
  /** When it is worth asking again; null where nothing is known. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: LocalModelErrorCode,
    message: string,
    options: {
      readonly reason?: LocalModelErrorReason
      readonly cause?: unknown
      readonly retryAfterSeconds?: number
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.reason = options.reason ?? null
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** The error of a call whose signal was aborted. */
export function abortedError(): LocalModelError {
  return new LocalModelError('aborted', 'the call to the local model was aborted')
}

/** The error of a call that made no progress for `timeoutMs`. */
export function timeoutError(timeoutMs: number): LocalModelError {
  return new LocalModelError('timeout', `the local model made no progress for ${timeoutMs} ms`)
}

/** An error of this folder as it is; anything else becomes `failed` without its message, which may hold text. */
export function asLocalModelError(error: unknown): LocalModelError {
  return error instanceof LocalModelError ? error : new LocalModelError('failed', 'the local model failed')
}

/** The text itself when it is JSON; throws `failed` otherwise. */
export function checkedJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    throw new LocalModelError('failed', 'the local model did not answer in JSON', { reason: 'not_json' })
  }
  return text
}
