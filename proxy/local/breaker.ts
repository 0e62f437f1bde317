/** A circuit breaker: a server that keeps failing is left alone for a while, then tried with one call. */

/** Whether calls may go to one server. */
export interface Breaker {
  /** Closed, or open for long enough that one call may try it. */
  allows(now: number): boolean
  /** A call goes there; where it tries an open one, the next may only after another pause. */
  begun(now: number): void
  succeeded(): void
  failed(now: number): void
}

/** Failures in a row that open it. */
const TOLERATED = 3
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** A closed breaker. Times in ms. */
export function createBreaker(): Breaker {
  let failures = 0
  let retryAt = 0
  const pause = (): number =>
    Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, Math.max(0, failures - TOLERATED)))
  return {
    allows: (now) => failures < TOLERATED || now >= retryAt,
    begun(now) {
      if (failures >= TOLERATED && now >= retryAt) retryAt = now + pause()
    },
    succeeded() {
      failures = 0
    },
    failed(now) {
      failures += 1
      retryAt = now + pause()
    },
  }
}
