/**
 * Carries durable records from the write-ahead log into the database: in order, in small transactions, in the
 * background. The database skips what it has, so a batch whose answer was lost is simply sent again.
 */
import type { AuditRow, RecordStore } from '../ports.ts'
import type { Durable } from './group-commit.ts'
import type { SegmentFolder } from './segment.ts'
import type { Timers } from './timers.ts'

/** What the drain works with. */
export interface DrainOptions {
  readonly store: RecordStore
  readonly folder: SegmentFolder
  readonly timers: Timers
  /** Called with each batch that is in the database. */
  onStored(rows: readonly AuditRow[]): void
}

interface SealedSegment {
  readonly name: string
  readonly isDamaged: boolean
  /** How many records in all must be in the database before the file may go. */
  readonly upTo: number
}

/**
 * A transaction costs as much as some fifty rows, so rows wait a little for company: they are durable already, and
 * whoever searches has them stored first.
 */
const BATCH_ROWS = 512
const HURRY_BATCH_ROWS = 1_024
const GATHER_MS = 200
const HURRY_ROWS = 4_096
const RETRY_QUICK_MS = 100
const RETRY_FIRST_MS = 500
const RETRY_LAST_MS = 5_000

/** The background half of the log. */
export class Drain {
  readonly #options: DrainOptions
  #pending: Durable<AuditRow>[] = []
  /** Index of the first row in `#pending` that is not in the database. */
  #head = 0
  #stored = 0
  #bytes = 0
  #sealed: SealedSegment[] = []
  #failures = 0
  #cancel: (() => void) | null = null
  #working: Promise<boolean> | null = null
  #stopped = false
  #relieve: (() => void) | null = null
  #relief: Promise<void> | null = null

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** Whether a flush and its quick retry failed and none has succeeded since. */
  get isDown(): boolean {
    return this.#failures >= 2
  }

  /** UTF-16 units of records that are not in the database yet. */
  get backlog(): number {
    return this.#bytes
  }

  /** Resolves after the next batch, stored or failed: what an append waits for while the backlog is large. */
  relief(): Promise<void> {
    this.#relief ??= new Promise((resolve) => {
      this.#relieve = resolve
    })
    return this.#relief
  }

  /** Lets everybody go on who waits for relief. */
  relieve(): void {
    this.#relieve?.()
    this.#relieve = null
    this.#relief = null
  }

  /** Takes records that are on disk, in order. */
  push(group: readonly Durable<AuditRow>[]): void {
    for (const durable of group) {
      this.#pending.push(durable)
      this.#bytes += durable.item.record.length
    }
    this.#schedule(GATHER_MS)
  }

  /** No more records of this segment will come: its file goes (a damaged one: aside) once all are stored. */
  sealed(name: string, isDamaged = false): void {
    this.#sealed.push({ name, isDamaged, upTo: this.#stored + this.#pending.length - this.#head })
    this.#schedule(GATHER_MS)
  }

  /**
   * Stores what is pending without pauses, and gives up at the first failure or after `ms`: what is left stays in
   * the write-ahead log for the next start. Never rejects.
   */
  async finish(ms: number): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    let isLate = false
    let cancel = (): void => undefined
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.timers.after(ms, () => {
        isLate = true
        resolve()
      })
    })
    const all = async () => {
      while (!isLate && this.#hasWork() && (await this.#step()));
    }
    await Promise.race([all(), late])
    cancel()
  }

  /** Stores what was pushed before, without pauses; false when the database refused. Never rejects. */
  async flush(): Promise<boolean> {
    const goal = this.#stored + this.#pending.length - this.#head
    while (this.#stored < goal) if (!(await this.#step())) return false
    return true
  }

  #hasWork(): boolean {
    return this.#head < this.#pending.length || this.#sealed.length > 0
  }

  #schedule(ms: number): void {
    if (this.#cancel || this.#working || this.#stopped) return
    this.#cancel = this.#options.timers.after(ms, () => {
      this.#cancel = null
      void this.#step().then((isDone) => {
        if (this.#hasWork()) this.#schedule(isDone ? this.#pause() : this.#backOff())
      })
    })
  }

  #pause(): number {
    return this.#pending.length - this.#head < BATCH_ROWS ? GATHER_MS : 0
  }

  #backOff(): number {
    if (this.#failures === 1) return RETRY_QUICK_MS
    // None: the rows are in, only removing a file failed, which has time.
    if (this.#failures === 0) return RETRY_LAST_MS
    return Math.min(RETRY_FIRST_MS * 2 ** (this.#failures - 2), RETRY_LAST_MS)
  }

  /** One batch, one at a time; false when it failed. */
  #step(): Promise<boolean> {
    this.#working ??= this.#flush().finally(() => {
      this.#working = null
      this.relieve()
    })
    return this.#working
  }

  async #flush(): Promise<boolean> {
    const batch = this.#nextBatch()
    const writer = batch[0]?.writer
    const rows = batch.map(({ position, item }) => ({ ...item, position }))
    try {
      if (writer !== undefined) await this.#options.store.appendRecords(writer, rows)
    } catch {
      // Counted: the log is down from the second failure on, and says so in its status.
      this.#failures += 1
      return false
    }
    this.#failures = 0
    this.#forget(rows)
    this.#options.onStored(rows)
    return this.#removeSegments()
  }

  /** Rows of one writer: a segment's positions are its own. */
  #nextBatch(): readonly Durable<AuditRow>[] {
    const writer = this.#pending[this.#head]?.writer
    const waiting = this.#pending.length - this.#head
    const rows = this.#pending.slice(
      this.#head,
      this.#head + (waiting > HURRY_ROWS ? HURRY_BATCH_ROWS : BATCH_ROWS),
    )
    const other = rows.findIndex((row) => row.writer !== writer)
    return other < 0 ? rows : rows.slice(0, other)
  }

  #forget(rows: readonly AuditRow[]): void {
    this.#head += rows.length
    this.#stored += rows.length
    for (const row of rows) this.#bytes -= row.record.length
    if (this.#head < this.#pending.length / 2) return
    this.#pending = this.#pending.slice(this.#head)
    this.#head = 0
  }

  /** The database's copy must survive a power cut before the file goes. A failure here is tried again later. */
  async #removeSegments(): Promise<boolean> {
    const done = this.#sealed.filter((segment) => segment.upTo <= this.#stored)
    if (done.length === 0) return true
    try {
      await this.#options.store.persist()
      for (const { name, isDamaged } of done) {
        await (isDamaged ? this.#options.folder.setAside(name) : this.#options.folder.remove(name))
        this.#sealed = this.#sealed.filter((segment) => segment.name !== name)
      }
      return true
    } catch {
      // Nothing is lost: a file too many is read again at the next start, and its records skipped.
      return false
    }
  }
}
