/** The statements of usage counters, for both databases. */
import { inArray, lte, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { UsageChange } from '../ports.ts'
import { usageCounters } from './schema.ts'

type Database = PgDatabase<PgQueryResultHKT>
type Sums = readonly { counter: string; amount: number }[]

const SUM = { counter: usageCounters.counter, amount: usageCounters.amount }

/** The sums of these counters. */
export async function selectUsage(db: Database, counters: readonly string[]): Promise<Sums> {
  if (counters.length === 0) return []
  return db
    .select(SUM)
    .from(usageCounters)
    .where(inArray(usageCounters.counter, [...counters]))
}

/** Adds to counters and forgets old ones. In the order of their names, so that two proxies never wait for each other. */
export async function upsertUsage(db: Database, changes: readonly UsageChange[], now: number): Promise<Sums> {
  const sorted = [...changes].sort((a, b) => (a.counter < b.counter ? -1 : 1))
  return db.transaction(async (tx) => {
    await tx.delete(usageCounters).where(lte(usageCounters.expires, now))
    if (sorted.length === 0) return []
    return tx
      .insert(usageCounters)
      .values(sorted)
      .onConflictDoUpdate({
        target: usageCounters.counter,
        set: { amount: sql`${usageCounters.amount} + excluded.amount` },
      })
      .returning(SUM)
  })
}
