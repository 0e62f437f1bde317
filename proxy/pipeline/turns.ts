/** Long work in pieces: other requests get their turns of the event loop in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** So long may one request keep all others waiting, in ms, as far as its steps allow. */
const TURN_MS = 8

/** The turns of one piece of work. */
export class Turns {
  readonly #signal: AbortSignal
  #ends = performance.now() + TURN_MS

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Whether it is the turn of others. */
  get isOver(): boolean {
    return performance.now() >= this.#ends
  }

  /** Resolves when it is this work's turn again. Rejects when the signal aborts. */
  async next(): Promise<void> {
    await nextTurn(undefined, { signal: this.#signal })
    this.renew()
  }

  /** Begins a new turn, after others had theirs. */
  renew(): void {
    this.#ends = performance.now() + TURN_MS
  }
}

/** Runs all steps, as many in one turn as there is time for. Rejects when the signal aborts, and with what a step throws. */
export async function inTurns<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  const turns = new Turns(signal)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (turns.isOver) await turns.next()
  }
}
