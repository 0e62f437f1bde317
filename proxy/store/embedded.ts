/** The store on PGlite: PostgreSQL in a thread of this process, its files in the data directory. */
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DirectoryLock } from '../ports.ts'
import { columnsOf } from './columns.ts'
import { type DatabaseThread, startDatabaseThread } from './database-thread.ts'
import { withDeadline } from './deadline.ts'
import type { CallName } from './embedded-calls.ts'
import { asStoreError, StoreError } from './errors.ts'
import type { Store } from './sql-store.ts'

/** Where the embedded database keeps its files. */
export interface EmbeddedOptions {
  /** The lock on the data directory: PGlite opens a directory twice without a word and loses rows. */
  readonly lock: DirectoryLock
  /** ms for one statement; default 10,000. */
  readonly deadlineMs?: number
  /** Called when the database stopped by itself: methods reject from now on, and it may be opened again. */
  readonly onLost?: () => void
  /** For tests: the file that the database's thread runs. */
  readonly threadFile?: URL
}

const DEADLINE_MS = 10_000
/** Closing writes everything out first. */
const CLOSE_MS = 60_000

/**
 * Opens (first time: creates) `db/` in the locked directory, in a thread of its own. 3–5 s and some hundred MB
 * the first time, 0.5 s later. The caller keeps the lock until after `close`. Rejects with `StoreError`.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Store> {
  const { lock } = options
  if (!lock.isHeld()) throw new StoreError('locked', 'the lock on the data directory is not held')
  const dir = join(lock.dir, 'db')
  await makePrivate(dir)
  return open(dir, options)
}

/** The same store without files, for tests and the demonstration: it ends with the process. */
export async function openInMemory(): Promise<Store> {
  return open(null, {})
}

async function open(dir: string | null, options: Omit<EmbeddedOptions, 'lock'>): Promise<Store> {
  const { deadlineMs = DEADLINE_MS, onLost = () => undefined, threadFile } = options
  const thread = await startDatabaseThread(
    { dir, deadlineMs },
    { onLost, ...(threadFile === undefined ? {} : { file: threadFile }) },
  )
  return storeOver(thread, deadlineMs)
}

/** The store whose every method is a call to the thread. */
function storeOver(thread: DatabaseThread, deadlineMs: number): Store {
  let closing: Promise<void> | null = null
  const call = async <T>(name: CallName, ...args: readonly unknown[]): Promise<T> => {
    if (closing) throw new StoreError('closed', `${name}: the store is closed`)
    const result = await withDeadline(name, deadlineMs, () => thread.call(name, args))
    // The thread runs the method of this name on a `Store`: its answer is of that method's type.
    return result as T
  }
  const close = async () => {
    try {
      await withDeadline('close', CLOSE_MS, () => thread.call('close', []))
    } finally {
      await thread.end()
    }
  }
  return {
    kind: 'embedded',
    ready: () => call('ready'),
    appendRecords: async (writer, rows) => {
      if (rows.length > 0) await call('appendColumns', writer, columnsOf(rows))
    },
    persist: () => call('persist'),
    recordsOf: (requestId) => call('recordsOf', requestId),
    findRecords: (query, after, limit) => call('findRecords', query, after, limit),
    recordCount: () => call('recordCount'),
    addKey: (key) => call('addKey', key),
    findKey: (id) => call('findKey', id),
    listKeys: () => call('listKeys'),
    revokeKey: (id, now) => call('revokeKey', id, now),
    readUsage: (counters) => call('readUsage', counters),
    addUsage: (changes, now) => call('addUsage', changes, now),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

async function makePrivate(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await chmod(dir, 0o700)
  } catch (error) {
    throw asStoreError(error, 'making the database directory private')
  }
}
