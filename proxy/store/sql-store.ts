/** Every statement of the store, written once for both databases. */
import { and, asc, eq, gt, gte, isNull, lt, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type {
  ApiKeyRecord,
  AuditRow,
  KeyStore,
  RecordQuery,
  RecordStore,
  StoredRecord,
  UsageStore,
} from '../ports.ts'
import { withDeadline } from './deadline.ts'
import { asStoreError, StoreError } from './errors.ts'
import { apiKeys, auditHead, auditRecords, auditWriters } from './schema.ts'
import { selectUsage, upsertUsage } from './usage.ts'

/** A database opened by drizzle, whichever driver is below. */
export type SqlDatabase = PgDatabase<PgQueryResultHKT>

/** The whole store: what the audit log, the keys and the counters need, and its end. */
export interface Store extends RecordStore, KeyStore, UsageStore {
  readonly kind: 'embedded' | 'postgres'
  /** Closes the database; what was stored is on disk afterwards. Calling it again does nothing. */
  close(): Promise<void>
}

/** What the two databases do differently. */
export interface SqlStoreOptions {
  readonly kind: Store['kind']
  /** ms after which a statement counts as failed. */
  readonly deadlineMs: number
  persist(): Promise<void>
  close(): Promise<void>
}

/** At most this many rows come from one `findRecords`. */
export const MAX_PAGE = 1_000

/** The store over an open, migrated database. Methods reject with `StoreError`, after `close` with `closed`. */
export function createSqlStore(db: SqlDatabase, options: SqlStoreOptions): Store {
  let closing: Promise<void> | null = null
  const run = async <T>(doing: string, work: () => PromiseLike<T>): Promise<T> => {
    if (closing) throw new StoreError('closed', `${doing}: the store is closed`)
    try {
      return await withDeadline(doing, options.deadlineMs, work)
    } catch (error) {
      throw asStoreError(error, doing)
    }
  }
  return {
    kind: options.kind,
    ready: () => run('asking the database', async () => void (await db.execute(sql`select 1`))),
    appendRecords: (writer, rows) => run('storing audit records', () => insertRecords(db, writer, rows)),
    persist: () => run('writing the database out', options.persist),
    recordsOf: (requestId) => run('reading audit records', () => selectByRequest(db, requestId)),
    findRecords: (query, after, limit) =>
      run('searching audit records', () => selectRecords(db, query, after, limit)),
    recordCount: () =>
      run('counting audit records', async () => {
        const [head] = await db.select({ size: auditHead.size }).from(auditHead)
        return head?.size ?? 0
      }),
    addKey: (key) => run('adding a key', async () => void (await db.insert(apiKeys).values(keyColumns(key)))),
    findKey: (id) =>
      run('looking a key up', async () => {
        const [key] = await db.select().from(apiKeys).where(eq(apiKeys.id, id)).limit(1)
        return key ?? null
      }),
    listKeys: () =>
      run('listing keys', () => db.select().from(apiKeys).orderBy(asc(apiKeys.created), asc(apiKeys.id))),
    revokeKey: (id, now) =>
      run('revoking a key', async () => {
        const changed = await db
          .update(apiKeys)
          .set({ revoked: now })
          .where(and(eq(apiKeys.id, id), isNull(apiKeys.revoked)))
          .returning({ id: apiKeys.id })
        return changed.length > 0
      }),
    readUsage: (counters) => run('reading counters', () => selectUsage(db, counters)),
    addUsage: (changes, now) => run('counting', () => upsertUsage(db, changes, now)),
    close: () => {
      closing ??= options.close().catch((error: unknown) => {
        throw asStoreError(error, 'closing the database')
      })
      return closing
    },
  }
}

/**
 * Adds rows behind the last leaf. The head row is locked first: several proxies that share one PostgreSQL take
 * turns, leaf indices have no gaps, and a failed transaction leaves none.
 */
async function insertRecords(db: SqlDatabase, writer: string, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return
  await db.transaction(async (tx) => {
    const [head] = await tx.select({ size: auditHead.size }).from(auditHead).for('update')
    if (!head) throw new StoreError('migration', 'storing audit records: the head row is missing')
    const [known] = await tx
      .select({ next: auditWriters.next })
      .from(auditWriters)
      .where(eq(auditWriters.writer, writer))
    const fresh = rows.filter((row) => row.position >= (known?.next ?? 0))
    const last = fresh.at(-1)
    if (!last) return
    await tx.execute(insertFrom(fresh, head.size))
    await tx
      .insert(auditWriters)
      .values({ writer, next: last.position + 1 })
      .onConflictDoUpdate({ target: auditWriters.writer, set: { next: last.position + 1 } })
    await tx.update(auditHead).set({ size: head.size + fresh.length })
  })
}

/**
 * One list per column: half the cost of one JSON text for the batch, and no limit on rows as with one parameter per
 * value. Lists of lists must be of one length in SQL, so the entities of a row go as one text.
 */
function insertFrom(rows: readonly AuditRow[], firstSeq: number) {
  const column = <T>(pick: (row: AuditRow, i: number) => T) => sql.param(rows.map(pick))
  return sql`insert into ${auditRecords}
    (seq, request_id, kind, time, user_name, team, action, destination, entities, record)
    select seq, request_id, kind, time, user_name, team, action, destination, string_to_array(entities, ','), record
    from unnest(
      ${column((_, i) => firstSeq + i)}::bigint[],
      ${column((row) => row.request_id)}::text[],
      ${column((row) => row.kind)}::text[],
      ${column((row) => row.time)}::bigint[],
      ${column((row) => row.user)}::text[],
      ${column((row) => row.team)}::text[],
      ${column((row) => row.action)}::text[],
      ${column((row) => row.destination)}::text[],
      ${column((row) => row.entities.join())}::text[],
      ${column((row) => row.record)}::text[]
    ) as batch(seq, request_id, kind, time, user_name, team, action, destination, entities, record)`
}

const STORED = { seq: auditRecords.seq, record: auditRecords.record }

function selectByRequest(db: SqlDatabase, requestId: string): PromiseLike<readonly StoredRecord[]> {
  const where = eq(auditRecords.requestId, requestId)
  return db.select(STORED).from(auditRecords).where(where).orderBy(asc(auditRecords.seq)).limit(MAX_PAGE)
}

function selectRecords(
  db: SqlDatabase,
  query: RecordQuery,
  after: number,
  limit: number,
): PromiseLike<readonly StoredRecord[]> {
  const where = and(
    gt(auditRecords.seq, after),
    query.from === undefined ? undefined : gte(auditRecords.time, query.from),
    query.to === undefined ? undefined : lt(auditRecords.time, query.to),
    query.user === undefined ? undefined : eq(auditRecords.user, query.user),
    query.team === undefined ? undefined : eq(auditRecords.team, query.team),
    query.action === undefined ? undefined : eq(auditRecords.action, query.action),
    query.entity === undefined ? undefined : sql`${query.entity} = any(${auditRecords.entities})`,
  )
  const rows = Math.min(Math.max(1, limit), MAX_PAGE)
  return db.select(STORED).from(auditRecords).where(where).orderBy(asc(auditRecords.seq)).limit(rows)
}

function keyColumns(key: ApiKeyRecord) {
  const { id, hash, team, user, region, scopes, created, revoked } = key
  return { id, hash, team, user, region, scopes: [...scopes], created, revoked }
}
