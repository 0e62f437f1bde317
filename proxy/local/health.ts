/** Whether a model server is up: from what calls met, and from a light question asked now and then. */

/** A server's state, and the probe that keeps it fresh. */
export interface Health {
  status(): 'ok' | 'down'
  /** What a call just met. */
  report(outcome: 'ok' | 'down'): void
  /** Asks once, now; never rejects. */
  probe(): Promise<void>
  /** Asks every `intervalMs`, counted from each answer. The timer does not keep the process alive. */
  start(intervalMs: number): void
  stop(): void
}

/** `ask` resolves to whether the server can serve; a rejection counts as `down`. Down until something was seen. */
export function createHealth(ask: (signal: AbortSignal) => Promise<boolean>): Health {
  let state: 'ok' | 'down' = 'down'
  let timer: NodeJS.Timeout | null = null
  const stopped = new AbortController()
  const probe = async (): Promise<void> => {
    const isUp = await ask(stopped.signal).catch(() => false)
    state = isUp ? 'ok' : 'down'
  }
  const schedule = (intervalMs: number): void => {
    if (stopped.signal.aborted) return
    timer = setTimeout(() => void probe().then(() => schedule(intervalMs)), intervalMs)
    timer.unref()
  }
  return {
    status: () => state,
    report: (outcome) => {
      state = outcome
    },
    probe,
    start: (intervalMs) => {
      if (timer === null) schedule(intervalMs)
    },
    stop: () => {
      stopped.abort()
      if (timer !== null) clearTimeout(timer)
    },
  }
}
