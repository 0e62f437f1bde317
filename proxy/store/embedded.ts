/** The store on PGlite: PostgreSQL in this process, its files in the data directory. */
import { chmod, mkdir } from 'node:fs/promises'
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
  // The engine runs without fsync (its file layer has none) and gives files mode 0666 whatever the umask, so its
  // files are synced and closed to others from here; until then the directory's mode is what protects them.
  const persist = async () => {
    await client.exec('CHECKPOINT')
    await syncTree(dir)
  }
  const store = await finish(client, options.deadlineMs, persist)
  await store.persist()
  return store
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
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await chmod(dir, 0o700)
  } catch (error) {
    throw asStoreError(error, 'making the database directory private')
  }
}
