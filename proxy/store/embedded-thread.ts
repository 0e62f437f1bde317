/**
 * The thread that has the embedded database, from its start until it is closed: PGlite computes for seconds when
 * it is opened and for milliseconds in every batch, which no request should wait for. There is one such thread
 * for a data directory, and whoever starts it holds the directory's lock.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { type Answer, type Call, OPENING, type ThreadOptions } from './embedded-calls.ts'
import { asStoreError } from './errors.ts'
import { syncTree } from './fsync-tree.ts'
import { migrationsFolder, runMigrations } from './migrate.ts'
import { createSqlStore, type SqlStore } from './sql-store.ts'

const PROBE_MS = 5_000

interface Opened {
  readonly client: PGlite
  readonly store: SqlStore
}

async function openDatabase({ dir, deadlineMs }: ThreadOptions): Promise<Opened> {
  const client = await PGlite.create(dir === null ? {} : { dataDir: dir })
  const db = drizzle(client)
  await runMigrations(() => migrate(db, { migrationsFolder: migrationsFolder() }))
  // The engine runs without fsync (its file layer has none) and gives files mode 0666 whatever the umask, so its
  // files are synced and closed to others from here; until then the directory's mode is what protects them.
  const persist = async () => {
    if (dir === null) return
    await client.exec('CHECKPOINT')
    await syncTree(dir)
  }
  const close = async () => {
    await persist()
    await client.close()
  }
  const store = createSqlStore(db, { kind: 'embedded', deadlineMs, persist, close })
  await store.persist()
  return { client, store }
}

/** Calls by name: what stands in a call is one of these or an error. */
function invoke(store: SqlStore, { name, args }: Call): Promise<unknown> {
  const method: (...args: never[]) => Promise<unknown> = store[name]
  return Reflect.apply(method, store, args)
}

async function answerOf(id: number, doing: string, work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { id, result: await work() }
  } catch (error) {
    const { code, message } = asStoreError(error, doing)
    return { id, code, message }
  }
}

/** An engine that broke (no disk, no memory) does not recover: the thread ends, and the next call starts another. */
async function endIfBroken(client: PGlite): Promise<void> {
  const timer = setTimeout(() => process.exit(1), PROBE_MS)
  try {
    await client.query('select 1')
  } catch {
    process.exit(1)
  }
  clearTimeout(timer)
}

async function serve(options: ThreadOptions): Promise<void> {
  let opened: Opened | undefined
  const opening = await answerOf(OPENING, 'opening the embedded database', async () => {
    opened = await openDatabase(options)
  })
  parentPort?.postMessage(opening)
  if (opened === undefined) return
  const { client, store } = opened
  parentPort?.on('message', async (call: Call) => {
    const answer = await answerOf(call.id, call.name, () => invoke(store, call))
    parentPort?.postMessage(answer)
    if ('code' in answer && answer.code === 'unavailable' && call.name !== 'close') await endIfBroken(client)
  })
}

void serve(workerData)
