/** The database: one interface, two of them behind it, chosen by whether there is an address. */
import type { DirectoryLock } from '../ports.ts'
import { openEmbedded } from './embedded.ts'
import { StoreError } from './errors.ts'
import { openPostgres } from './postgres.ts'
import type { Store } from './sql-store.ts'

export { askOwner, type ControlCommands, serveCommands } from './control.ts'
export { openEmbedded, openInMemory } from './embedded.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export { type HeldLock, lockDirectory } from './lock.ts'
export { openPostgres } from './postgres.ts'
export type { Store } from './sql-store.ts'

/** Where the database is. */
export interface StoreOptions {
  /** A PostgreSQL address; absent: the embedded database in the locked directory. */
  readonly databaseUrl?: string
  readonly lock: DirectoryLock
}

/**
 * A store that opens in the background: this returns at once, methods wait until it is open. `ready()` tells how
 * opening went; after a failure the next call of any method tries again, so a database that comes up later is
 * found.
 */
export function openStore(options: StoreOptions): Store {
  const { databaseUrl, lock } = options
  return databaseUrl === undefined
    ? createLazyStore('embedded', (onLost) => openEmbedded({ lock, onLost }))
    : createLazyStore('postgres', () => openPostgres({ url: databaseUrl }))
}

/**
 * The store behind `open`, which is called at once, and again by the next call after it failed or said, by calling
 * what it was given, that the store it opened is lost.
 */
export function createLazyStore(kind: Store['kind'], open: (onLost: () => void) => Promise<Store>): Store {
  let opening: Promise<Store> | null = null
  let closed = false
  const openAgain = (): Promise<Store> => {
    const forget = () => {
      if (opening === attempt) opening = null
    }
    const attempt = open(forget).catch((error: unknown) => {
      forget()
      throw error
    })
    return attempt
  }
  const get = (): Promise<Store> => {
    if (closed) return Promise.reject(new StoreError('closed', 'the store is closed'))
    opening ??= openAgain()
    return opening
  }
  // Whoever calls first sees the failure; here it must only not end the process.
  get().catch(() => undefined)
  return {
    kind,
    ready: async () => (await get()).ready(),
    appendRecords: async (writer, rows) => (await get()).appendRecords(writer, rows),
    persist: async () => (await get()).persist(),
    recordsOf: async (requestId) => (await get()).recordsOf(requestId),
    findRecords: async (query, after, limit) => (await get()).findRecords(query, after, limit),
    recordCount: async () => (await get()).recordCount(),
    addKey: async (key) => (await get()).addKey(key),
    findKey: async (id) => (await get()).findKey(id),
    listKeys: async () => (await get()).listKeys(),
    revokeKey: async (id, now) => (await get()).revokeKey(id, now),
    readUsage: async (counters) => (await get()).readUsage(counters),
    addUsage: async (changes, now) => (await get()).addUsage(changes, now),
    close: async () => {
      closed = true
      const store = await opening?.catch(() => null)
      await store?.close()
    },
  }
}
