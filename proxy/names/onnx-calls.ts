/** What is said between the process and the thread that has the model. */
import type { Finding } from '../../detectors/index.ts'
import type { NamesErrorReason } from './errors.ts'

/** What the thread needs to start. */
export interface OnnxThreadOptions {
  readonly folder: string
  readonly minScore: number
}

/** To the thread: texts to look at, or that a call is over. */
export type OnnxCall =
  | { readonly id: number; readonly texts: readonly string[] }
  | { readonly id: number; readonly over: true }

/** From the thread: what was found, or that it failed; for `LOADING`, that it is ready or why not. */
export type OnnxAnswer =
  | { readonly id: number; readonly findings: readonly (readonly Finding[])[] }
  | { readonly id: number; readonly reason: NamesErrorReason; readonly message: string }

/** The number of the answer that comes without a call. */
export const LOADING = 0
