/** Finds the explain record of a request: in memory while it is recent, else in the database. */
import type { AuditLog, AuditRow, RecordStore } from '../ports.ts'
import { decisionOf, REQUEST_ID } from './entry.ts'

/** A decision and who made the request; null when there is none. */
export type DecisionLookup = Awaited<ReturnType<AuditLog['findDecision']>>

/** Records that are in the database are kept in memory up to this many. */
const RECENT = 2_000
/** `decision` is an unescaped key only there: quotes inside strings are escaped. */
const DECISION_KEY = '"decision":{'

/** Every record that the database does not have yet is here, and the last ones that it has. */
export class DecisionIndex {
  readonly #store: RecordStore
  readonly #waiting = new Map<string, string>()
  readonly #recent = new Map<string, string>()

  constructor(store: RecordStore) {
    this.#store = store
  }

  /** Takes a record that is on disk. */
  add(row: AuditRow): void {
    if (row.record.includes(DECISION_KEY)) this.#waiting.set(row.request_id, row.record)
  }

  /** Rows that are in the database now: they may be forgotten. */
  stored(rows: readonly AuditRow[]): void {
    for (const { request_id, record } of rows) {
      if (this.#waiting.get(request_id) !== record) continue
      this.#waiting.delete(request_id)
      this.#recent.set(request_id, record)
    }
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= RECENT) break
      this.#recent.delete(oldest)
    }
  }

  /** Rejects with `StoreError` when the database has to be asked and cannot be. */
  async find(requestId: string): Promise<DecisionLookup> {
    if (!REQUEST_ID.test(requestId)) return null
    const inMemory = this.#waiting.get(requestId) ?? this.#recent.get(requestId)
    const records = inMemory ? [{ record: inMemory }] : await this.#store.recordsOf(requestId)
    for (const { record } of records) {
      const found = decisionOf(record)
      if (!found) continue
      const { user, team, key } = found.entry
      return { decision: found.decision, user, team, key }
    }
    return null
  }
}
