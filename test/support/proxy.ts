/** A running proxy for a test: a configuration in a folder of its own, a cloud that is none, the official client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { loadConfig } from '../../proxy/config/load.ts'
import { type Running, startCloakroom } from '../../proxy/main.ts'

/** A proxy, its folder, and a client that talks to it. */
export interface TestProxy {
  readonly running: Running
  readonly url: string
  readonly dir: string
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
  /** Keeps the folder of an earlier proxy. */
  readonly dir?: string
}

/** Starts a proxy on a free loopback port. With `TEST_DATABASE_URL` set it uses that database. */
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
  const running = await startCloakroom(loadConfig(file, { ...options.environment }, dir), {
    logLevel: 'debug',
    logSink: (line) => log.push(line),
  })
  const client = new OpenAI({ baseURL: `${running.url}/v1`, apiKey: 'unused', maxRetries: 0 })
  return {
    running,
    url: running.url,
    dir,
    client,
    log,
    async close() {
      await running.close()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
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
