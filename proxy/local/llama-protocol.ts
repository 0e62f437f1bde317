/** The messages between the proxy and the process that holds the model. */
import type { LocalModelErrorCode } from '../ports.ts'
import { LocalModelError, type LocalModelErrorReason } from './errors.ts'
import type { LlamaEvent, LlamaJob, LlamaResult, RunnerInfo, RunnerOptions } from './llama-job.ts'

/** An error as a message. */
export interface ErrorMessage {
  readonly code: LocalModelErrorCode
  readonly message: string
  readonly reason: LocalModelErrorReason | null
}

/** To the model's process. `read` says how many events of a job the reader has taken. */
export type ToWorker =
  | { readonly type: 'start'; readonly options: RunnerOptions }
  | { readonly type: 'generate'; readonly id: number; readonly job: LlamaJob }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'read'; readonly id: number; readonly count: number }
  | { readonly type: 'close' }

/** From the model's process. `refused` answers `start`, `failed` answers `generate`. */
export type FromWorker =
  | { readonly type: 'ready'; readonly info: RunnerInfo }
  | { readonly type: 'refused'; readonly error: ErrorMessage }
  | { readonly type: 'event'; readonly id: number; readonly event: LlamaEvent }
  | { readonly type: 'done'; readonly id: number; readonly result: LlamaResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorMessage }

/** Events a job may be ahead of its reader before it waits. */
export const WINDOW = 64

/** An error as a message; its cause stays behind. */
export function errorMessage(error: LocalModelError): ErrorMessage {
  return { code: error.code, message: error.message, reason: error.reason }
}

/** The error of a message. */
export function errorOf(message: ErrorMessage): LocalModelError {
  const { code, reason } = message
  return new LocalModelError(code, message.message, reason === null ? {} : { reason })
}
