/** Time limits on progress rather than on the whole: a long answer is fine, a silent one is not. */
import { linkSignals } from './abort.ts'
import { abortedError, type LocalModelError, timeoutError } from './errors.ts'

/** Watches one call. `signal` fires when the caller's does or when nothing happened for the time given. */
export interface ProgressWatch {
  readonly signal: AbortSignal
  /** Something happened. */
  touch(): void
  /** The work's result, or a rejection as soon as the signal fires. */
  race<Result>(work: Promise<Result>): Promise<Result>
  /** The error to report: `timeout` or `aborted` where that is why the work ended, else the error given. */
  reasonFor(error: LocalModelError): LocalModelError
  stop(): void
}

/** Starts watching. `timeoutMs` without progress, or one of the caller's signals, fires the signal. */
export function watchProgress(timeoutMs: number, ...signals: readonly AbortSignal[]): ProgressWatch {
  const linked = linkSignals(...signals)
  const either = linked.signal
  const timer = setTimeout(linked.abort, timeoutMs)
  let stopped = false
  // A timer that was cleared would start again when refreshed.
  const touch = (): void => {
    if (!stopped && !either.aborted) timer.refresh()
  }
  const isAborted = (): boolean => signals.some((signal) => signal.aborted)
  const reason = (): LocalModelError => (isAborted() ? abortedError() : timeoutError(timeoutMs))
  return {
    signal: either,
    touch,
    race: (work) => raceAbort(work, either, reason),
    reasonFor: (error) => (either.aborted ? reason() : error),
    stop: () => {
      stopped = true
      clearTimeout(timer)
      linked.unlink()
    },
  }
}

function raceAbort<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  reason: () => LocalModelError,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(reason())
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
