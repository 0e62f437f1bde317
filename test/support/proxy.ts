/** A running proxy for a test: a configuration in a folder of its own, a cloud that is none, the official client. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import postgres from 'postgres'
import { loadConfig } from '../../proxy/config/load.ts'
import { type Running, startCloakroom } from '../../proxy/main.ts'

/** A proxy, its folder, and a client that talks to it. */
export interface TestProxy {
  readonly running: Running
  readonly url: string
  readonly dir: string
  /** Address of its database; null when that is the embedded one. */
  readonly databaseUrl: string | null
  readonly client: OpenAI
  /** The lines of the operational log so far. */
  readonly log: readonly string[]
  close(): Promise<void>
}

/** What a test may set: the configuration beyond the defaults, and a policy instead of the shipped one. */
export interface TestProxyOptions {
  readonly config?: Readonly<Record<string, unknown>>
  readonly policy?: object | string
  readonly environment?: Readonly<Record<string, string>>
  /** Keeps the folder of an earlier proxy, and its database; whoever made it calls `dropTestDatabase`. */
  readonly dir?: string
}

/** Starts a proxy on a free loopback port. With `TEST_DATABASE_URL` set it has a schema of its own there. */
export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'cloakroom-test-'))
  const rules = join(dir, 'rules.yaml')
  if (options.policy !== undefined)
    writeFileSync(rules, typeof options.policy === 'string' ? options.policy : JSON.stringify(options.policy))
  const file = join(dir, 'cloakroom.yaml')
  const config = {
    listen: '127.0.0.1:0',
    data_dir: join(dir, 'data'),
    ...(options.policy === undefined ? {} : { rules }),
    ...options.config,
  }
  writeFileSync(file, JSON.stringify(config))
  const log: string[] = []
  const databaseUrl = testDatabase(dir)
  const environment = {
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...options.environment,
  }
  const running = await startCloakroom(loadConfig(file, environment, dir), {
    logLevel: 'debug',
    logSink: (line) => log.push(line),
  })
  const client = new OpenAI({ baseURL: `${running.url}/v1`, apiKey: 'unused', maxRetries: 0 })
  return {
    running,
    url: running.url,
    dir,
    databaseUrl,
    client,
    log,
    async close() {
      await running.close()
      if (options.dir !== undefined) return
      await dropTestDatabase(dir)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The database of the proxies in a folder; null where none is set, so that they use the embedded one. */
function testDatabase(dir: string): string | null {
  const address = process.env.TEST_DATABASE_URL
  if (!address) return null
  const url = new URL(address)
  url.searchParams.set('schema', schemaOf(dir))
  return url.href
}

function schemaOf(dir: string): string {
  return `test_${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`
}

/** Removes what the proxies in a folder stored on the PostgreSQL of the tests, if there is one. */
export async function dropTestDatabase(dir: string): Promise<void> {
  const address = process.env.TEST_DATABASE_URL
  if (!address) return
  const client = postgres(address, { max: 1, onnotice: () => undefined })
  await client`drop schema if exists ${client(schemaOf(dir))} cascade`
  await client.end()
}

/** A policy that sends everything, sanitised, to one cloud called `cloud`. */
export const CLOUD_ONLY = {
  version: 1,
  policy: 'test-cloud-only',
  revision: '1',
  destinations: { cloud: { kind: 'cloud', provider: 'cloud', model: 'test-model', regions: ['us'] } },
  guards: [],
  routes: [],
  default: { to: ['cloud'] },
}
