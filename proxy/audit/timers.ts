/** Timers, passed in so that tests turn them by hand. */
export interface Timers {
  /** Calls `run` once after `ms`; the function given back cancels that. */
  after(ms: number, run: () => void): () => void
}

/** Node's timers; they do not keep the process alive. */
export const NODE_TIMERS: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
