/** What the main thread and the database's thread say to each other. */
import type { StoreErrorCode } from './errors.ts'
import type { SqlStore } from './sql-store.ts'

/** Methods that run in the database's thread; `close` ends it. */
export type CallName = Exclude<keyof SqlStore, 'kind' | 'appendRecords'>

/** One call; the thread answers in any order. */
export interface Call {
  readonly id: number
  readonly name: CallName
  readonly args: readonly unknown[]
}

/** The end of a call. A failure is code and message of a `StoreError`, never what the driver said. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly code: StoreErrorCode; readonly message: string }

/** What the thread works with. */
export interface ThreadOptions {
  /** Folder of the database; null: in memory. */
  readonly dir: string | null
  /** ms for one statement. */
  readonly deadlineMs: number
}

/** The id of the answer that tells how opening went; calls have ids from 1. */
export const OPENING = 0
