/** A text with some stretches replaced, and the way back: each replaced stretch is one piece. */
import type { Span } from './types.ts'

/** A rewritten text; `toOuter` gives the range of the outer text that a range of it came from. */
export interface RewrittenText {
  readonly text: string
  toOuter(span: Span): Span
}

/** Builds a rewritten text from left to right. */
export class Rewriter {
  readonly #outerText: string
  readonly #parts: string[] = []
  // One entry per piece: where it starts inside, where outside, and how long it is outside when it was replaced.
  readonly #inner: number[] = []
  readonly #outer: number[] = []
  readonly #sizes: number[] = []
  #length = 0
  #done = 0
  #isChanged = false

  constructor(text: string) {
    this.#outerText = text
  }

  /** Replaces `size` units at `at`, at or behind the last replaced stretch; an empty text takes them away. */
  replace(at: number, size: number, text: string): void {
    this.#push(this.#outerText.slice(this.#done, at), this.#done, 0)
    this.#push(text, at, size)
    this.#done = at + size
    this.#isChanged = true
  }

  /** Where the last replaced stretch ended. */
  get done(): number {
    return this.#done
  }

  #push(part: string, at: number, size: number): void {
    if (part === '') return
    this.#parts.push(part)
    this.#inner.push(this.#length)
    this.#outer.push(at)
    this.#sizes.push(size)
    this.#length += part.length
  }

  /** The result; null when nothing was replaced. */
  finish(): RewrittenText | null {
    if (!this.#isChanged) return null
    this.#push(this.#outerText.slice(this.#done), this.#done, 0)
    const edge = (at: number, isEnd: boolean): number => {
      const piece = lastAtMost(this.#inner, isEnd ? at - 1 : at)
      const start = this.#outer[piece] ?? 0
      const size = this.#sizes[piece] ?? 0
      if (size > 0) return isEnd ? start + size : start
      return start + at - (this.#inner[piece] ?? 0)
    }
    return {
      text: this.#parts.join(''),
      toOuter: ({ start, end }) => ({ start: edge(start, false), end: edge(end, true) }),
    }
  }
}

/** Index of the last value that is not greater than `at`. */
function lastAtMost(values: readonly number[], at: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((values[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return low
}
