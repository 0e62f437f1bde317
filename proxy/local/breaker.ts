/** A circuit breaker: a server that keeps failing is left alone for a while, then tried with one call. */

/** Whether calls may go to one server. */
export interface Breaker {
  /** Closed, or open for long enough that one call may try it. */
  allows(now: number): boolean
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
  return {
    allows: (now) => failures < TOLERATED || now >= retryAt,
    succeeded() {
      failures = 0
    },
    failed(now) {
      failures += 1
      const pause = FIRST_PAUSE_MS * 2 ** Math.min(10, Math.max(0, failures - TOLERATED))
      retryAt = now + Math.min(LONGEST_PAUSE_MS, pause)
    },
  }
}
