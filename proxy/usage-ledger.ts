/**
 * Counts of use: in memory for every request, in the database for every restart and every other proxy. What was counted
 * goes to the database about once a second, which answers with the sums of all proxies.
 */
import type { UsageChange, UsageStore } from './ports.ts'

/** A counter: its name says what is counted, for whom, and in which window. */
export interface Counter {
  readonly name: string
  /** End of its window, ms since the epoch. */
  readonly expires: number
  /** False for windows so short that a restart may forget them. */
  readonly isKept: boolean
}

/** The counters of one proxy. */
export interface UsageLedger {
  /** Reads what is not known yet. Waits for the database, but not long; never rejects. */
  load(counters: readonly Counter[]): Promise<void>
  /** The sum so far; null while it could not be read. */
  read(counter: Counter): number | null
  add(counter: Counter, amount: number): void
  /** Writes out what was counted; never rejects: what could not be written is kept and tried again. */
  flush(now: number): Promise<void>
}

interface Entry {
  readonly counter: Counter
  /** What the database says; null: not known. */
  stored: number | null
  /** Counted here and not in the database yet. */
  pending: number
  /** On its way into the database. */
  leaving: number
}

/** How long a request waits for its counters. */
const LOAD_MS = 1_000

/** A ledger over a store. The caller flushes it now and then, and once at the end. */
export function createUsageLedger(store: UsageStore): UsageLedger {
  const entries = new Map<string, Entry>()
  let flushing: Promise<void> | null = null
  const entryOf = (counter: Counter): Entry => {
    const known = entries.get(counter.name)
    if (known !== undefined) return known
    const entry = { counter, stored: counter.isKept ? null : 0, pending: 0, leaving: 0 }
    entries.set(counter.name, entry)
    return entry
  }
  const flushOnce = async (now: number): Promise<void> => {
    const due: Entry[] = []
    for (const entry of entries.values()) {
      if (entry.counter.isKept && entry.pending !== 0) due.push(entry)
      else if (entry.counter.expires <= now) entries.delete(entry.counter.name)
    }
    if (due.length === 0) return
    for (const entry of due) {
      entry.leaving = entry.pending
      entry.pending = 0
    }
    try {
      const sums = await store.addUsage(due.map(changeOf), now)
      const byName = new Map(sums.map(({ counter, amount }) => [counter, amount]))
      for (const entry of due) entry.stored = byName.get(entry.counter.name) ?? entry.stored
    } catch {
      // Counted twice if it was written after all: rather too much than too little.
      for (const entry of due) entry.pending += entry.leaving
    } finally {
      for (const entry of due) entry.leaving = 0
    }
  }
  return {
    async load(counters) {
      const unknown = counters.map(entryOf).filter(({ stored }) => stored === null)
      if (unknown.length === 0) return
      await patiently(LOAD_MS, async () => {
        const found = await store.readUsage(unknown.map(({ counter }) => counter.name))
        const byName = new Map(found.map(({ counter, amount }) => [counter, amount]))
        for (const entry of unknown) entry.stored ??= byName.get(entry.counter.name) ?? 0
      })
    },
    read(counter) {
      const { stored, pending, leaving } = entryOf(counter)
      return stored === null ? null : stored + pending + leaving
    },
    add(counter, amount) {
      entryOf(counter).pending += amount
    },
    flush(now) {
      flushing ??= flushOnce(now).finally(() => {
        flushing = null
      })
      return flushing
    },
  }
}

function changeOf({ counter, leaving }: Entry): UsageChange {
  return { counter: counter.name, expires: counter.expires, amount: leaving }
}

/** Waits for work, but not longer than that; a failure is the same as being late. */
async function patiently(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work().catch(() => undefined), late])
  clearTimeout(timer)
}
