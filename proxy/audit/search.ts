/** Reading the log back: by time, user, team, action and entity, as entries or as lines. */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { AuditEntry, RecordQuery, RecordStore } from '../ports.ts'
import { parseRecord } from './entry.ts'

/** A record that was found. */
export interface FoundRecord {
  /** Its place in the log: 0, 1, 2 … */
  readonly leafIndex: number
  /** The canonical text, whose bytes are hashed. */
  readonly record: string
  /** Null when the text in the database is not a record: somebody changed it. */
  readonly entry: AuditEntry | null
}

const PAGE = 500

/** Matching records in the order of the log, read page by page as they are asked for. */
export async function* searchAudit(
  store: Pick<RecordStore, 'findRecords'>,
  query: RecordQuery,
  signal?: AbortSignal,
): AsyncGenerator<FoundRecord> {
  let after = -1
  for (;;) {
    signal?.throwIfAborted()
    const page = await store.findRecords(query, after, PAGE)
    for (const { seq, record } of page) {
      yield { leafIndex: seq, record, entry: parseRecord(record) }
      after = seq
    }
    if (page.length < PAGE) return
  }
}

/**
 * The same as JSON lines: `{"leaf_index":N,"record":{…}}`, the record as it stands in the log, so that
 * the bytes between `"record":` and the last brace are what is hashed.
 */
export async function* exportLines(
  store: Pick<RecordStore, 'findRecords'>,
  query: RecordQuery,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for await (const { leafIndex, record, entry } of searchAudit(store, query, signal)) {
    const requestId = JSON.stringify(entry?.request_id ?? null)
    const text = entry ? record : JSON.stringify(record)
    yield `{"leaf_index":${leafIndex},"request_id":${requestId},"record":${text}}`
  }
}

/**
 * Writes lines to a stream, waiting whenever it is full, and resolves with their number once the last one was
 * handed to the operating system: a pipe gets them whole. Rejects when the stream or the lines fail.
 */
export async function writeLines(
  lines: AsyncIterable<string>,
  out: Writable,
  signal?: AbortSignal,
): Promise<number> {
  let written = 0
  for await (const line of lines) {
    if (!out.write(`${line}\n`)) await once(out, 'drain', signal ? { signal } : {})
    written += 1
  }
  await new Promise<void>((resolve, reject) => {
    out.write('', (error) => (error ? reject(error) : resolve()))
  })
  return written
}
