/** Signals that follow others. */

/** A signal that fires with any of those it follows, or by itself; `unlink` when the call is over. */
export interface LinkedSignal {
  readonly signal: AbortSignal
  abort(): void
  unlink(): void
}

/**
 * Follows signals until unlinked. Unlike `AbortSignal.any` it leaves nothing behind on a signal that outlives the
 * call, such as the one that fires when a model is closed.
 */
export function linkSignals(...signals: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  for (const signal of signals) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  }
  return {
    signal: controller.signal,
    abort,
    unlink: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort)
    },
  }
}
