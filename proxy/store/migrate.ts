import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { asStoreError, StoreError } from './errors.ts'

/**
 * The folder with the migrations: beside this file in a checkout, in the package's sources when this file runs
 * compiled (`dist/proxy/store`), where SQL files are not copied to.
 */
export function migrationsFolder(): string {
  const places = [
    join(import.meta.dirname, 'migrations'),
    join(import.meta.dirname, '../../../proxy/store/migrations'),
  ]
  const found = places.find((place) => existsSync(join(place, 'meta/_journal.json')))
  if (!found) throw new StoreError('migration', 'the folder proxy/store/migrations is missing')
  return found
}

/** Runs drizzle's migrator; a statement that fails is reported as `migration`, a lost connection as itself. */
export async function runMigrations(migrate: () => Promise<void>): Promise<void> {
  try {
    await migrate()
  } catch (error) {
    const known = asStoreError(error, 'bringing the schema up to date')
    // 08…: connection exceptions, 57P…: the server is starting or stopping; both pass by themselves.
    const transient = /answered (08|57P|E[A-Z]|CONN)/.test(known.message)
    throw transient ? known : new StoreError('migration', known.message)
  }
}
