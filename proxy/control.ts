/**
 * What a running proxy answers on the socket in its data directory, and how a command asks: the embedded
 * database allows one opener, so a command asks the owner while there is one and opens the database otherwise.
 */
import { z } from 'zod'
import { exportLines } from './audit/index.ts'
import type { Config } from './config/load.ts'
import type { ApiKeyRecord, KeyStore, RecordQuery } from './ports.ts'
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

/** The commands over an open store. `status` is null where no proxy runs. */
export function controlCommands(store: Store, status: (() => ProxyStatus) | null): ControlCommands {
  return {
    async *'audit.export'(args, signal) {
      yield* exportLines(store, asQuery(recordQuery.parse(args)), signal)
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
  const store = openStore({
    lock,
    ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
  })
  try {
    await store.ready()
    const run = controlCommands(store, null)[command]
    if (run !== undefined) yield* run(args, new AbortController().signal)
  } finally {
    await store.close()
    await lock.release()
  }
}
