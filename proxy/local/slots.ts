/** A queue over a fixed number of slots: who waits, in order, and who is turned away. */
import { abortedError, LocalModelError } from './errors.ts'

/** How many work at once, and how many may wait. */
export interface SlotOptions {
  readonly slots: number
  readonly queueLimit: number
  /** ms of a clock that only goes forward; default the process's. */
  readonly now?: () => number
}

interface Waiter {
  readonly admit: () => void
  readonly refuse: (error: LocalModelError) => void
}

const UNKNOWN_HELD_MS = 1_000
const MAX_RETRY_SECONDS = 300

/** First come, first served. `acquire` rejects with `busy` when the queue is full, `aborted` while waiting. */
export class Slots {
  private readonly queueLimit: number
  private readonly slots: number
  private readonly now: () => number
  private free: number
  /** Mean time a slot is held, in ms, the last ones weighing most; null before one was given back. */
  private meanHeldMs: number | null = null
  private readonly waiting = new Set<Waiter>()
  private closed = false

  constructor(options: SlotOptions) {
    this.slots = options.slots
    this.free = options.slots
    this.now = options.now ?? performance.now.bind(performance)
    this.queueLimit = options.queueLimit
  }

  /** Callers that wait for a slot. */
  get queued(): number {
    return this.waiting.size
  }

  /** Resolves to the function that gives the slot back; calling it twice does nothing. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw abortedError()
    if (this.closed) throw closedError()
    if (this.free > 0) {
      this.free -= 1
      return this.releaseOnce()
    }
    if (this.waiting.size >= this.queueLimit) {
      throw new LocalModelError('busy', 'the local model has too many requests waiting', {
        reason: 'queue_full',
        retryAfterSeconds: this.retryAfterSeconds(),
      })
    }
    await this.wait(signal)
    return this.releaseOnce()
  }

  /** Turns away everybody who waits and everybody who comes. */
  close(): void {
    this.closed = true
    for (const waiter of this.waiting) waiter.refuse(closedError())
    this.waiting.clear()
  }

  /** About when the queue has moved up by one round. */
  private retryAfterSeconds(): number {
    const roundMs = this.meanHeldMs ?? UNKNOWN_HELD_MS
    const rounds = Math.max(1, this.waiting.size / this.slots)
    return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil((roundMs * rounds) / 1000)))
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.waiting.delete(waiter)
        reject(abortedError())
      }
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
        refuse: (error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      this.waiting.add(waiter)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  private releaseOnce(): () => void {
    let released = false
    const since = this.now()
    return () => {
      if (released) return
      released = true
      const held = this.now() - since
      this.meanHeldMs = this.meanHeldMs === null ? held : 0.8 * this.meanHeldMs + 0.2 * held
      const next = this.waiting.values().next()
      if (next.done === true) {
        this.free += 1
        return
      }
      // The slot passes straight to the next in line, so nobody can slip in between.
      this.waiting.delete(next.value)
      next.value.admit()
    }
  }
}

function closedError(): LocalModelError {
  return new LocalModelError('not_loaded', 'the local model is closed', { reason: 'closed' })
}
