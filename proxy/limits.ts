/** How much may be in progress at once. */

/** Counts what is in progress; `enter` says whether there is room. */
export interface Gate {
  enter(): boolean
  leave(): void
  readonly inside: number
  /** Resolves once nothing is inside; used to drain at shutdown. */
  empty(): Promise<void>
}

/** A gate for at most `limit` entries. */
export function createGate(limit: number): Gate {
  let inside = 0
  let waiting: (() => void)[] = []
  return {
    get inside() {
      return inside
    },
    enter() {
      if (inside >= limit) return false
      inside++
      return true
    },
    leave() {
      inside--
      if (inside > 0) return
      for (const done of waiting) done()
      waiting = []
    },
    empty: () => (inside === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
