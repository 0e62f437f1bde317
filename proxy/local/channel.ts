/** A bounded hand-over from one producer to one consumer. */

interface Gate {
  readonly opened: Promise<void>
  readonly open: () => void
}

function gate(): Gate {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/**
 * Values in order, at most `limit` waiting: `push` resolves when there is room again, so a producer that awaits it
 * goes at the consumer's pace. After `end` the rest is read and the iteration ends, or throws the given error.
 */
export class Channel<T> implements AsyncIterable<T> {
  private readonly limit: number
  private readonly values: T[] = []
  private room: Gate | null = null
  private more: Gate | null = null
  private ended: { readonly error: unknown } | null = null

  constructor(limit: number) {
    this.limit = limit
  }

  /** Values that wait to be read. */
  get length(): number {
    return this.values.length
  }

  /** Hands a value over; the promise is pending while the channel is full. Values after `end` are dropped. */
  push(value: T): Promise<void> | undefined {
    if (this.ended !== null) return undefined
    this.values.push(value)
    this.more?.open()
    this.more = null
    if (this.values.length < this.limit) return undefined
    this.room ??= gate()
    return this.room.opened
  }

  /** No more values; `error` is thrown to the consumer after the values that wait. */
  end(error: unknown = null): void {
    this.ended ??= { error }
    this.more?.open()
    this.more = null
    this.release()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    try {
      while (true) {
        const value = this.values.shift()
        if (value !== undefined) {
          if (this.values.length < this.limit) this.release()
          yield value
        } else if (this.ended !== null) {
          if (this.ended.error !== null) throw this.ended.error
          return
        } else {
          this.more ??= gate()
          await this.more.opened
        }
      }
    } finally {
      this.ended ??= { error: null }
      this.values.length = 0
      this.release()
    }
  }

  private release(): void {
    this.room?.open()
    this.room = null
  }
}
