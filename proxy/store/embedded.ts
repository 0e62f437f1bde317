/** The store on PGlite: PostgreSQL in this process, its files in the data directory. */
import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { DirectoryLock } from '../ports.ts'
import { asStoreError, StoreError } from './errors.ts'
import { syncTree } from './fsync-tree.ts'
import { migrationsFolder, runMigrations } from './migrate.ts'
import { createSqlStore, type Store } from './sql-store.ts'

/** Where the embedded database keeps its files. */
export interface EmbeddedOptions {
  /** The lock on the data directory: PGlite opens a directory twice without a word and loses rows. */
  readonly lock: DirectoryLock
  /** ms for one statement; default 10,000. */
  readonly deadlineMs?: number
}

/**
 * Opens (first time: creates) `db/` in the locked directory. 3–5 s and some hundred MB the first time, 0.3 s
 * later. The caller keeps the lock until after `close`. Rejects with `StoreError`.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Store> {
  const { lock } = options
  if (!lock.isHeld()) throw new StoreError('locked', 'the lock on the data directory is not held')
  const dir = join(lock.dir, 'db')
  await makePrivate(dir)
  const client = await create(dir)
  await closeToOthers(dir)
  const persist = async () => {
    // The engine runs without fsync (its file layer has none), so its files are synced from here.
    await client.exec('CHECKPOINT')
    await syncTree(dir)
  }
  return finish(client, options.deadlineMs, persist)
}

/** The same store without files, for tests and the demonstration: it ends with the process. */
export async function openInMemory(): Promise<Store> {
  return finish(await create(undefined), undefined, async () => undefined)
}

async function finish(client: PGlite, deadlineMs = 10_000, persist: () => Promise<void>): Promise<Store> {
  const db = drizzle(client)
  try {
    await runMigrations(() => migrate(db, { migrationsFolder: migrationsFolder() }))
  } catch (error) {
    await client.close()
    throw error
  }
  const close = async () => {
    if (client.closed) return
    await persist()
    await client.close()
  }
  return createSqlStore(db, { kind: 'embedded', deadlineMs, persist, close })
}

async function create(dataDir: string | undefined): Promise<PGlite> {
  try {
    return await PGlite.create(dataDir === undefined ? {} : { dataDir })
  } catch (error) {
    throw asStoreError(error, 'opening the embedded database')
  }
}

async function makePrivate(dir: string): Promise<void> {
  // Files that PGlite makes while it runs get their mode from here; everything this process writes is private.
  process.umask(0o077)
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await chmod(dir, 0o700)
  } catch (error) {
    throw asStoreError(error, 'making the database directory private')
  }
}

/** A new database is unpacked with mode 0666 whatever the umask: once, all its files become 0600. */
async function closeToOthers(dir: string): Promise<void> {
  const last = join(dir, 'PG_VERSION')
  try {
    if (((await stat(last)).mode & 0o077) === 0) return
    const entries = await readdir(dir, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.filter((path) => path !== last)) await chmod(file, 0o600)
    // The last one tells the next start that all others are done.
    await chmod(last, 0o600)
  } catch (error) {
    throw asStoreError(error, 'making the database files private')
  }
}
