/**
 * What a running proxy answers on the socket in its data directory, and how a command asks: the embedded
 * database allows one opener, so a command asks the owner while there is one and opens the database otherwise.
 */
import { z } from 'zod'
import { createAuditLog, exportLines, type OpenedAuditLog } from './audit/index.ts'
import type { Config } from './config/load.ts'
import type { ApiKeyRecord, DirectoryLock, KeyStore, RecordQuery } from './ports.ts'
import { askOwner, type ControlCommands, lockDirectory, openStore, type Store } from './store/index.ts'

/** The state a running proxy reports. */
export interface ProxyStatus {
  readonly url: string
  readonly uptime_s: number
  readonly requests_in_progress: number
  readonly policy: string
  readonly policy_sha256: string
  readonly parts: Readonly<Record<string, string>>
}

const recordQuery = z.object({
  from: z.number().optional(),
  to: z.number().optional(),
  user: z.string().optional(),
  team: z.string().optional(),
  action: z.string().optional(),
  entity: z.string().optional(),
})
const apiKey = z.object({
  id: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  team: z.string(),
  user: z.string(),
  region: z.string().nullable(),
  scopes: z.array(z.string()),
  created: z.number(),
  revoked: z.number().nullable(),
})
const revocation = z.object({ id: z.string(), now: z.number() })

/** What the commands work on. */
export interface ControlParts {
  readonly store: Store
  readonly audit: Pick<OpenedAuditLog, 'flush'>
}

/** The commands over an open store and its audit log. `status` is null where no proxy runs. */
export function controlCommands(parts: ControlParts, status: (() => ProxyStatus) | null): ControlCommands {
  const { store, audit } = parts
  return {
    async *'audit.export'(args, signal) {
      const query = asQuery(recordQuery.parse(args))
      // What was recorded a moment ago may not be in the database yet.
      await audit.flush()
      yield* exportLines(store, query, signal)
    },
    async *'keys.list'() {
      for (const key of await store.listKeys()) yield JSON.stringify(key)
    },
    async *'keys.add'(args) {
      await store.addKey(apiKey.parse(args))
      yield 'true'
    },
    async *'keys.revoke'(args) {
      const { id, now } = revocation.parse(args)
      yield JSON.stringify(await store.revokeKey(id, now))
    },
    async *status() {
      if (status !== null) yield JSON.stringify(status())
    },
  }
}

/** The same query without members that are undefined. */
function asQuery(query: z.infer<typeof recordQuery>): RecordQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

/** The keys of an installation, whether a proxy runs or not. */
export function remoteKeys(config: Config): KeyStore {
  const ask = async (command: string, args: unknown): Promise<unknown[]> => {
    const lines: unknown[] = []
    for await (const line of control(config, command, args)) lines.push(JSON.parse(line))
    return lines
  }
  const list = async (): Promise<ApiKeyRecord[]> =>
    (await ask('keys.list', {})).map((line) => apiKey.parse(line))
  return {
    addKey: async (key) => {
      await ask('keys.add', key)
    },
    findKey: async (id) => (await list()).find((key) => key.id === id) ?? null,
    listKeys: list,
    revokeKey: async (id, now) => (await ask('keys.revoke', { id, now }))[0] === true,
  }
}

/**
 * Runs one command where the data is: in the running proxy, or here on the opened database.
 * Rejects with StoreError when neither can be reached.
 */
export async function* control(config: Config, command: string, args: unknown): AsyncGenerator<string> {
  const answer = await askOwner(config.data_dir, command, args)
  if (answer !== null) {
    yield* answer
    return
  }
  const lock = await lockDirectory(config.data_dir)
  try {
    const store = openStore({
      lock,
      ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
    })
    try {
      yield* runHere(lock, store, command, args)
    } finally {
      await store.close()
    }
  } finally {
    await lock.release()
  }
}

async function* runHere(
  lock: DirectoryLock,
  store: Store,
  command: string,
  args: unknown,
): AsyncGenerator<string> {
  await store.ready()
  // Opening the log reads back what a proxy that was killed left in its write-ahead log.
  const audit = await createAuditLog({ lock, store })
  try {
    const run = controlCommands({ store, audit }, null)[command]
    if (run !== undefined) yield* run(args, new AbortController().signal)
  } finally {
    await audit.close()
  }
}
