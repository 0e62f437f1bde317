/** Every statement of the store, written once for both databases. */
import { and, asc, eq, gt, gte, isNull, lt, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { ApiKeyRecord, KeyStore, RecordQuery, RecordStore, StoredRecord, UsageStore } from '../ports.ts'
import { columnsOf, insertStatement, type RecordColumns } from './columns.ts'
import { withDeadline } from './deadline.ts'
import { asStoreError, StoreError } from './errors.ts'
import { apiKeys, auditHead, auditRecords } from './schema.ts'
import { selectUsage, upsertUsage } from './usage.ts'

/** A database opened by drizzle, whichever driver is below. */
export type SqlDatabase = PgDatabase<PgQueryResultHKT>

/** The whole store: what the audit log, the keys and the counters need, and its end. */
export interface Store extends RecordStore, KeyStore, UsageStore {
  readonly kind: 'embedded' | 'postgres'
  /** Closes the database; what was stored is on disk afterwards. Calling it again does nothing. */
  close(): Promise<void>
}

/** A store that also takes rows as columns, which is how they come from another thread. */
export interface SqlStore extends Store {
  appendColumns(writer: string, columns: RecordColumns): Promise<void>
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
export function createSqlStore(db: SqlDatabase, options: SqlStoreOptions): SqlStore {
  let closing: Promise<void> | null = null
  const run = async <T>(doing: string, work: () => PromiseLike<T>): Promise<T> => {
    if (closing) throw new StoreError('closed', `${doing}: the store is closed`)
    try {
      return await withDeadline(doing, options.deadlineMs, work)
    } catch (error) {
      throw asStoreError(error, doing)
    }
  }
  const appendColumns = (writer: string, columns: RecordColumns): Promise<void> =>
    run('storing audit records', () => insertRecords(db, writer, columns))
  return {
    kind: options.kind,
    ready: () => run('asking the database', async () => void (await db.execute(sql`select 1`))),
    appendRecords: async (writer, rows) => {
      if (rows.length > 0) await appendColumns(writer, columnsOf(rows))
    },
    appendColumns,
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
 * Adds rows behind the last leaf. The head row is locked first, by a statement of its own, so that the next one sees
 * what others have stored: several proxies that share one PostgreSQL take turns, leaf indices have no gaps, and a
 * failed transaction leaves none.
 */
async function insertRecords(db: SqlDatabase, writer: string, columns: RecordColumns): Promise<void> {
  await db.transaction(async (tx) => {
    const [head] = await tx.select({ size: auditHead.size }).from(auditHead).for('update')
    if (!head) throw new StoreError('migration', 'storing audit records: the head row is missing')
    await tx.execute(insertStatement(writer, columns))
  })
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
