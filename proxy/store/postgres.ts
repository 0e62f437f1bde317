/** The store on a PostgreSQL server, which several proxies may share. */
import { sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { StoreError } from './errors.ts'
import { migrationsFolder, runMigrations } from './migrate.ts'
import { createSqlStore, type Store } from './sql-store.ts'

/** How to reach the server. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database`; never shown. `?schema=NAME` puts all tables in that schema,
   * which is made when missing; default: the role's own search path.
   */
  readonly url: string
  /** Most connections at a time; default 4. */
  readonly connections?: number
  /** ms for one statement; default 10,000. */
  readonly deadlineMs?: number
}

/** Two proxies that start together migrate one after the other. Any constant no other application uses. */
const MIGRATION_LOCK = 0x636c6f616b

/** Connects, migrates, and gives the store. Rejects with `StoreError`: `unavailable` or `migration`. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { connections = 4, deadlineMs = 10_000 } = options
  const address = parseAddress(options.url)
  await migrateOnce(address)
  const client = connect(address, connections, deadlineMs)
  return createSqlStore(drizzle(client), {
    kind: 'postgres',
    deadlineMs,
    // synchronous_commit is on: a commit that was acknowledged is on the server's disk.
    persist: async () => undefined,
    close: () => client.end({ timeout: 5 }),
  })
}

/** What the driver is told: the address without our own parameter, and that parameter. */
interface Address {
  readonly url: string
  readonly schema: string | null
}

/** A name that needs no quotes, and is none of the server's own. */
const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/

/** Reads the query alone: the driver knows addresses of several hosts, which `URL` does not. */
function parseAddress(text: string): Address {
  const [place, query] = text.split('?', 2)
  const parameters = new URLSearchParams(query)
  const schema = parameters.get('schema')
  if (schema === null) return { url: text, schema }
  if (!SCHEMA.test(schema)) throw invalidAddress()
  parameters.delete('schema')
  return { url: parameters.size === 0 ? `${place}` : `${place}?${parameters}`, schema }
}

async function migrateOnce(address: Address): Promise<void> {
  const client = connect(address, 1, 60_000)
  try {
    const db: PostgresJsDatabase = drizzle(client)
    await runMigrations(async () => {
      await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`)
      await migrate(db, {
        migrationsFolder: migrationsFolder(),
        ...(address.schema === null ? {} : { migrationsSchema: address.schema }),
      })
    })
  } finally {
    // Ending the session frees the advisory lock.
    await client.end({ timeout: 5 })
  }
}

function connect({ url, schema }: Address, max: number, deadlineMs: number): postgres.Sql {
  try {
    return postgres(url, {
      max,
      connect_timeout: 10,
      idle_timeout: 60,
      onnotice: () => undefined,
      connection: {
        application_name: 'cloakroom',
        statement_timeout: deadlineMs,
        idle_in_transaction_session_timeout: deadlineMs,
        ...(schema === null ? {} : { search_path: schema }),
      },
    })
  } catch {
    // The driver's message would repeat the URL, and with it the password.
    throw invalidAddress()
  }
}

function invalidAddress(): StoreError {
  return new StoreError('unavailable', 'the database address is not a valid postgres:// URL')
}
