/**
 * Makes records durable in groups: everything that arrives while the disk syncs shares the next sync. A failed
 * write or sync fails its whole group, ends the segment (after a failed sync nobody knows what its pages hold),
 * and closes the door until a new segment can be written.
 */
import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { AuditUrgency } from '../ports.ts'
import { AuditError } from './errors.ts'
import { frame, type SegmentFile, type SegmentFolder, segmentName } from './segment.ts'
import type { Timers } from './timers.ts'

/** A record that is on disk, with what its caller handed in beside it. */
export interface Durable<T> {
  readonly writer: string
  readonly position: number
  readonly item: T
}

/** What the group commit works with. */
export interface GroupCommitOptions<T> {
  readonly folder: SegmentFolder
  readonly timers: Timers
  /** Ordinal of the first segment to be made. */
  readonly firstOrdinal: number
  /** 32 lower-case hex characters, never the same twice. */
  newWriter(): string
  /** A segment is ended when it is this long. */
  readonly segmentBytes: number
  /** Called in order, before the appends of a group resolve. */
  onDurable(group: readonly Durable<T>[]): void
  /** A segment gets no more records; `records` may be 0. */
  onSealed(segment: { readonly name: string; readonly writer: string; readonly records: number }): void
}

interface Waiting<T> {
  readonly record: string
  readonly item: T
  resolve(): void
  reject(error: AuditError): void
}

interface Segment {
  readonly name: string
  readonly writer: string
  readonly file: SegmentFile
  bytes: number
  records: number
}

const MAX_GROUP_RECORDS = 1_024
/** How long a record that may wait does: a write of its own would stand in front of records that may not. */
const SOON_MS = 20
const PROBE_FIRST_MS = 250
const PROBE_LAST_MS = 5_000
/** Blank, so that reading skips it; a block long, so that a full disk shows. */
const PROBE = Buffer.from(`${' '.repeat(4_095)}\n`)

/** The writing end of the write-ahead log. */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>
  #queue: Waiting<T>[] = []
  #working: Promise<void> | null = null
  /** Whether a record in the queue is awaited by a request. */
  #isUrgent = false
  /** Ends the wait for company. */
  #hurry: (() => void) | null = null
  /** The record that was appended last. */
  #last: Promise<void> = Promise.resolve()
  #segment: Segment | null = null
  #ordinal: number
  #isDown = false
  #cancelProbe: (() => void) | null = null
  #closed = false

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options
    this.#ordinal = options.firstOrdinal
  }

  /** Whether the last write failed and no probe has succeeded since. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** Resolves when `record` (one line) is on disk. Rejects with `AuditError` `unavailable` or `closed`. */
  append(record: string, item: T, urgency: AuditUrgency = 'now'): Promise<void> {
    if (this.#closed) return Promise.reject(new AuditError('closed', 'the audit log is closed'))
    if (this.#isDown) return Promise.reject(unwritable())
    this.#last = new Promise((resolve, reject) => {
      this.#queue.push({ record, item, resolve, reject })
    })
    if (urgency === 'now') this.#hasten()
    this.#working ??= this.#work()
    return this.#last
  }

  /** Resolves when everything that was appended before is on disk or refused. Never rejects. */
  async settled(): Promise<void> {
    this.#hasten()
    await this.#last.catch(() => undefined)
  }

  #hasten(): void {
    if (this.#queue.length === 0) return
    this.#isUrgent = true
    this.#hurry?.()
  }

  /** Waits for what was appended, then seals the segment. Nothing can be appended afterwards. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelProbe?.()
    while (this.#working) {
      this.#hasten()
      await this.#working
    }
    if (this.#segment) await this.#seal(this.#segment)
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      if (!this.#isUrgent) await this.#company()
      // To the end of this turn of the event loop: requests that arrived together share a write, which costs more
      // than all their records.
      await endOfTurn()
      const group = this.#queue.splice(0, MAX_GROUP_RECORDS)
      this.#isUrgent = this.#queue.length > 0
      try {
        this.#segment ??= await this.#create()
        await this.#write(this.#segment, group)
      } catch {
        await this.#fail(group)
      }
    }
    // In the same turn as the last look at the queue: the next append starts anew.
    this.#working = null
  }

  #company(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(SOON_MS, () => this.#hurry?.())
      this.#hurry = () => {
        this.#hurry = null
        cancel()
        resolve()
      }
    })
  }

  async #write(segment: Segment, group: readonly Waiting<T>[]): Promise<void> {
    const { writer, records: first } = segment
    const bytes = frame(
      first,
      group.map(({ record }) => record),
    )
    await segment.file.append(bytes)
    await segment.file.sync()
    segment.bytes += bytes.length
    segment.records += group.length
    this.#options.onDurable(group.map(({ item }, i) => ({ writer, position: first + i, item })))
    for (const waiting of group) waiting.resolve()
    if (segment.bytes >= this.#options.segmentBytes) await this.#seal(segment)
  }

  async #create(): Promise<Segment> {
    const writer = this.#options.newWriter()
    const name = segmentName(this.#ordinal, writer)
    // Counted even if it fails: a name is never used twice.
    this.#ordinal += 1
    const file = await this.#options.folder.create(name)
    return { name, writer, file, bytes: 0, records: 0 }
  }

  async #seal(segment: Segment): Promise<void> {
    this.#segment = null
    await quietly(() => segment.file.close())
    const { name, writer, records } = segment
    this.#options.onSealed({ name, writer, records })
  }

  async #fail(group: readonly Waiting<T>[]): Promise<void> {
    this.#isDown = true
    const segment = this.#segment
    if (segment) {
      // Takes the refused records off the disk again; should that fail too, they are read as extra records after
      // a crash, behind every acknowledged one of their segment.
      await quietly(() => segment.file.truncate(segment.bytes))
      await this.#seal(segment)
    }
    const refused = [...group, ...this.#queue.splice(0)]
    for (const waiting of refused) waiting.reject(unwritable())
    if (!this.#closed) this.#probeAfter(PROBE_FIRST_MS)
  }

  #probeAfter(ms: number): void {
    this.#cancelProbe = this.#options.timers.after(ms, () => {
      void this.#probe().then((works) => {
        if (works || this.#closed) return
        this.#probeAfter(Math.min(ms * 2, PROBE_LAST_MS))
      })
    })
  }

  async #probe(): Promise<boolean> {
    let segment: Segment | null = null
    try {
      segment = await this.#create()
      await segment.file.append(PROBE)
      await segment.file.sync()
    } catch {
      // Still no disk to write on; what was made is sealed empty, so that it gets removed.
      if (segment) await this.#seal(segment)
      return false
    }
    segment.bytes = PROBE.length
    if (this.#closed) {
      await this.#seal(segment)
      return true
    }
    this.#segment = segment
    this.#isDown = false
    return true
  }
}

function unwritable(): AuditError {
  return new AuditError('unavailable', 'the write-ahead log cannot be written')
}

/** For steps whose failure changes nothing any more. */
async function quietly(step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch {
    // The segment is given up either way.
  }
}
