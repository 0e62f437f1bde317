/** Fakes for the ports of the audit log: a disk that can fail, a database that can fail, timers turned by hand. */

import type { SegmentFile, SegmentFolder } from '../../proxy/audit/segment.ts'
import type { Timers } from '../../proxy/audit/timers.ts'
import type { AuditRow, RecordStore, StoredRecord } from '../../proxy/ports.ts'

/** What the disk does wrong at the moment. */
export interface DiskFaults {
  create?: boolean
  /** Bytes that still fit before a write fails half-way. */
  room?: number
  sync?: boolean
  truncate?: boolean
  remove?: boolean
}

const fault = (code: string) => Object.assign(new Error(code), { code })

/** A folder in memory. `written` is what reading finds; `synced` what a power cut would leave. */
export class FakeDisk implements SegmentFolder {
  readonly files = new Map<string, { written: Buffer; synced: number }>()
  readonly aside: string[] = []
  faults: DiskFaults = {}
  syncs = 0
  /** When set, syncs wait for it. */
  gate: Promise<void> | null = null

  async list() {
    return [...this.files.keys()].sort()
  }

  async read(name: string) {
    return this.files.get(name)?.written ?? Buffer.alloc(0)
  }

  async remove(name: string) {
    if (this.faults.remove) throw fault('EIO')
    this.files.delete(name)
  }

  async setAside(name: string) {
    this.files.delete(name)
    this.aside.push(name)
  }

  async create(name: string): Promise<SegmentFile> {
    if (this.faults.create) throw fault('EROFS')
    const file = { written: Buffer.alloc(0), synced: 0 }
    this.files.set(name, file)
    return {
      append: async (bytes) => {
        const room = this.faults.room ?? Number.POSITIVE_INFINITY
        const fits = bytes.subarray(0, Math.min(bytes.length, room))
        file.written = Buffer.concat([file.written, fits])
        if (this.faults.room !== undefined) this.faults.room -= fits.length
        if (fits.length < bytes.length) throw fault('ENOSPC')
      },
      sync: async () => {
        this.syncs += 1
        await this.gate
        if (this.faults.sync) throw fault('EIO')
        file.synced = file.written.length
      },
      truncate: async (length) => {
        if (this.faults.truncate) throw fault('EIO')
        file.written = file.written.subarray(0, length)
      },
      close: async () => undefined,
    }
  }
}

/** A database in memory that keeps rows as the real one does. */
export class FakeStore implements RecordStore {
  readonly rows: (AuditRow & { readonly writer: string })[] = []
  readonly batches: number[] = []
  fails = false
  persists = 0
  persistFails = false
  /** When set, every method that writes waits for it. */
  opening: Promise<void> | null = null

  async ready() {
    await this.opening
  }

  async appendRecords(writer: string, rows: readonly AuditRow[]) {
    await this.opening
    if (this.fails) throw fault('ECONNREFUSED')
    this.batches.push(rows.length)
    for (const row of rows) {
      const isKnown = this.rows.some((known) => known.writer === writer && known.position >= row.position)
      if (!isKnown) this.rows.push({ ...row, writer })
    }
  }

  async persist() {
    this.persists += 1
    if (this.persistFails) throw fault('EIO')
  }

  async recordsOf(requestId: string): Promise<readonly StoredRecord[]> {
    if (this.fails) throw fault('ECONNREFUSED')
    return this.stored().filter((_, seq) => this.rows[seq]?.request_id === requestId)
  }

  async findRecords(_query: object, after: number, limit: number): Promise<readonly StoredRecord[]> {
    return this.stored()
      .filter(({ seq }) => seq > after)
      .slice(0, limit)
  }

  async recordCount() {
    return this.rows.length
  }

  /** Request ids in the order of the log. */
  ids(): string[] {
    return this.rows.map((row) => row.request_id)
  }

  private stored(): StoredRecord[] {
    return this.rows.map(({ record }, seq) => ({ seq, record }))
  }
}

/** Time stands still until `run`. */
export class HandTimers implements Timers {
  #waiting: { readonly due: number; readonly run: () => void }[] = []
  #now = 0

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + ms, run }
    this.#waiting.push(timer)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer)
    }
  }

  /** Lets `ms` pass: timers fire in order, and what they start gets to run. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const next = this.#waiting.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
      if (!next) break
      this.#waiting = this.#waiting.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.due)
      next.run()
    }
    this.#now = end
  }
}

/** Lets everything that can run without a timer run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
