/**
 * The tables, as drizzle sees them. `migrations/` says the same in SQL; a test compares the two.
 * Times are ms since the epoch, like everywhere in the audit records.
 */
import { isNotNull } from 'drizzle-orm'
import { bigint, doublePrecision, index, integer, pgTable, text } from 'drizzle-orm/pg-core'

/** The audit log: `seq` is the leaf index (0, 1, 2 … without gaps), `record` the canonical bytes as text. */
export const auditRecords = pgTable(
  'audit_records',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    requestId: text('request_id').notNull(),
    kind: text('kind').notNull(),
    time: bigint('time', { mode: 'number' }).notNull(),
    user: text('user_name'),
    team: text('team'),
    action: text('action').notNull(),
    destination: text('destination'),
    entities: text('entities').array().notNull(),
    record: text('record').notNull(),
  },
  (table) => [
    index('audit_records_request').on(table.requestId),
    // Records come in the order of their time: a range of blocks is enough, and costs next to nothing to keep.
    index('audit_records_time').using('brin', table.time),
    index('audit_records_team').on(table.team, table.time).where(isNotNull(table.team)),
    index('audit_records_user').on(table.user, table.time).where(isNotNull(table.user)),
  ],
)

/** One row: how many records there are. Locked while records are added, so that leaf indices have no gap. */
export const auditHead = pgTable('audit_head', {
  id: integer('id').primaryKey(),
  size: bigint('size', { mode: 'number' }).notNull(),
})

/** How far each write-ahead segment was stored: what makes a replay after a crash change nothing. */
export const auditWriters = pgTable('audit_writers', {
  writer: text('writer').primaryKey(),
  next: bigint('next_position', { mode: 'number' }).notNull(),
})

/** API keys: the hash, never the key. */
export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull(),
  team: text('team').notNull(),
  user: text('user_name').notNull(),
  region: text('region'),
  scopes: text('scopes').array().notNull(),
  created: bigint('created_at', { mode: 'number' }).notNull(),
  revoked: bigint('revoked_at', { mode: 'number' }),
})

/** Counts of use for limits and budgets: one row for each counter, window and caller, until the window is over. */
export const usageCounters = pgTable(
  'usage_counters',
  {
    counter: text('counter').primaryKey(),
    expires: bigint('expires_at', { mode: 'number' }).notNull(),
    amount: doublePrecision('amount').notNull(),
  },
  (table) => [index('usage_counters_expires').on(table.expires)],
)
