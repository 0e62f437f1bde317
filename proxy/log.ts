/**
 * The operational log: one JSON object a line on a given sink. Its type has no free-text parameter, so no
 * request or answer can reach it.
 */
import type { Clock } from './ports.ts'

/** Everything that can be logged. */
export type LogEvent =
  | 'started'
  | 'stopping'
  | 'stopped'
  | 'request_failed'
  | 'client_aborted'
  | 'egress_violation'
  | 'upstream_failed'
  | 'local_model_down'
  | 'local_model_ok'
  | 'audit_down'
  | 'audit_ok'
  | 'audit_damaged'
  | 'detector_down'
  | 'budget_warning'
  | 'internal_error'

/** Ids, counts and names from closed sets. */
export interface LogFields {
  readonly request_id?: string
  readonly code?: string
  readonly status?: number
  readonly duration_ms?: number
  readonly destination?: string
  /** Class name of an error, such as `TypeError`; never its message. */
  readonly error?: string
  /** Function, file name and line of the frames of an error, without its message. */
  readonly at?: readonly string[]
  readonly count?: number
  /** Whose budget: a word of the policy's language, such as `identity.team`, never a name. */
  readonly per?: string
  readonly window?: 'day' | 'week' | 'month'
  readonly percent?: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

export interface Log {
  write(level: LogLevel, event: LogEvent, fields?: LogFields): void
}

/** A log that writes lines of `minimum` level or above to `sink`. */
export function createLog(sink: (line: string) => void, clock: Clock, minimum: LogLevel): Log {
  const threshold = LEVELS.indexOf(minimum)
  return {
    write(level, event, fields) {
      if (LEVELS.indexOf(level) < threshold) return
      sink(`${JSON.stringify({ time: new Date(clock()).toISOString(), level, event, ...fields })}\n`)
    },
  }
}

/** The class of an error and where it was thrown: what may be logged of it. Messages may hold content and stay out. */
export function errorShape(error: unknown): Pick<LogFields, 'error' | 'at'> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = [
    ...(error.stack ?? '').matchAll(
      /^\s+at (?:async )?(?:([\w.<>$ ]{1,60}) )?\(?.*?([\w.-]{1,60}:\d+):\d+\)?$/gm,
    ),
  ]
  return {
    error: error.constructor.name,
    at: frames.slice(0, 6).map((frame) => `${frame[1] ?? ''}@${frame[2]}`),
  }
}
