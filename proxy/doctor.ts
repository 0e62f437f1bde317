/** What a first request would meet: every part looked at, nothing started, no content sent. */
import { connect } from 'node:net'
import { countListHits, decidingRule, evaluate } from '../routing-rules/index.ts'
import { environment } from './config/environment.ts'
import { type Config, ConfigError, loadConfig } from './config/load.ts'
import { ANONYMOUS } from './exchange.ts'
import { defaultKeyFile, openKeyring } from './keyring.ts'
import { inspectModelFile } from './local/model-file.ts'
import { registeredHash } from './local/registry.ts'
import { createNameEngine } from './names/index.ts'
import { harmlessFacts } from './pipeline/models.ts'
import { loadPolicy } from './policy.ts'
import { lockDirectory, openStore } from './store/index.ts'

/** One line of the examination. */
export interface Finding {
  readonly part:
    | 'configuration'
    | 'rules'
    | 'keys'
    | 'database'
    | 'names'
    | 'local model'
    | 'cloud'
    | 'first request'
  readonly state: 'ok' | 'off' | 'wrong'
  readonly message: string
}

const REACH_MS = 5000

/** Examines the installation a configuration file (or the environment) describes. */
export async function* examine(file: string | undefined): AsyncGenerator<Finding> {
  let config: Config
  try {
    config = loadConfig(file, environment(), process.cwd())
  } catch (error) {
    yield* wrong('configuration', error)
    return
  }
  yield { part: 'configuration', state: 'ok', message: config.file ?? 'from the environment and defaults' }
  yield* examineRules(config)
  yield* examineKeys(config)
  yield await examineDatabase(config)
  yield await examineNames(config)
  yield await examineLocalModel(config)
  for (const { name, baseUrl } of config.cloud) yield await examineServer('cloud', name, baseUrl)
  if (config.cloud.length === 0)
    yield { part: 'cloud', state: 'off', message: 'none is configured (OPENAI_API_KEY or a cloud section)' }
}

function* wrong(part: Finding['part'], error: unknown): Generator<Finding> {
  const lines = error instanceof ConfigError ? error.problems : [messageOf(error)]
  for (const message of lines) yield { part, state: 'wrong', message }
}

/** Our own errors have messages made for people; of others only the class is shown. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  return /^(Config|Keyring|Store|LocalModel|Names)Error$/.test(error.name) ? error.message : error.name
}

function* examineRules(config: Config): Generator<Finding> {
  try {
    const policy = loadPolicy(config)
    countListHits(policy, ['a prompt'])
    yield {
      part: 'rules',
      state: 'ok',
      message: `${policy.id}: ${policy.guards.length} guards, ${policy.routes.length} routes`,
    }
    const decision = evaluate(policy, harmlessFacts(ANONYMOUS, 'chat'), { endpoint: 'chat', wish: null })
    const state = decision.action === 'blocked' ? 'wrong' : 'ok'
    yield {
      part: 'first request',
      state,
      message: `a harmless chat request would be ${decision.action} (${decision.destination ?? 'no destination'}, rule ${decidingRule(decision)})`,
    }
  } catch (error) {
    yield* wrong('rules', error)
  }
}

function* examineKeys(config: Config): Generator<Finding> {
  const file = config.master_key_file ?? defaultKeyFile(config.data_dir)
  try {
    openKeyring(file, false)
    yield { part: 'keys', state: 'ok', message: file }
  } catch (error) {
    if (config.master_key_file === undefined)
      yield { part: 'keys', state: 'off', message: `${file} will be made at the first start` }
    else yield* wrong('keys', error)
  }
}

async function examineDatabase(config: Config): Promise<Finding> {
  if (config.databaseUrl === null)
    return { part: 'database', state: 'ok', message: `embedded, in ${config.data_dir}` }
  try {
    const lock = await lockDirectory(config.data_dir)
    const store = openStore({ lock, databaseUrl: config.databaseUrl })
    try {
      await store.ready()
      return {
        part: 'database',
        state: 'ok',
        message: `PostgreSQL, ${await store.recordCount()} audit records`,
      }
    } finally {
      await store.close()
      await lock.release()
    }
  } catch (error) {
    return { part: 'database', state: 'wrong', message: messageOf(error) }
  }
}

/** Loads a model as the start would; of a server, only whether it accepts connections. */
async function examineNames({ detectors }: Config): Promise<Finding> {
  if (!detectors.ner) return { part: 'names', state: 'off', message: 'detectors.ner is off' }
  if (detectors.ner_engine === 'http')
    return examineServer('names', 'the name server', detectors.ner_url ?? '')
  try {
    const engine = await createNameEngine(detectors)
    await engine?.close()
    const message = engine === null ? 'the built-in tagger' : `the model in ${detectors.ner_model_path ?? ''}`
    return { part: 'names', state: 'ok', message }
  } catch (error) {
    return { part: 'names', state: 'wrong', message: messageOf(error) }
  }
}

async function examineLocalModel(config: Config): Promise<Finding> {
  const { engine, model_path: path, sha256, base_url: url } = config.local
  if (engine === 'none')
    return {
      part: 'local model',
      state: 'off',
      message: 'none is configured (CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH)',
    }
  if (engine === 'openai' && url !== undefined) return examineServer('local model', 'local', url)
  try {
    const file = await inspectModelFile(path ?? '')
    const wanted = sha256?.toLowerCase() ?? (await registeredHash(config.data_dir, file.path))
    return wanted !== null && wanted !== file.sha256
      ? {
          part: 'local model',
          state: 'wrong',
          message: `the file does not have the ${sha256 === undefined ? 'registered' : 'configured'} SHA-256`,
        }
      : {
          part: 'local model',
          state: 'ok',
          message: `${path} (${(file.bytes / 1e6).toFixed(1)} MB, sha256 ${file.sha256})`,
        }
  } catch (error) {
    return { part: 'local model', state: 'wrong', message: messageOf(error) }
  }
}

/** Whether something accepts connections there; not a byte is sent. */
async function examineServer(part: Finding['part'], name: string, baseUrl: string): Promise<Finding> {
  const url = new URL(baseUrl)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: REACH_MS })
    const done = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', done(true)).once('error', done(false)).once('timeout', done(false))
  })
  return {
    part,
    state: reached ? 'ok' : 'wrong',
    message: `${name}: ${url.host} ${reached ? 'accepts connections' : 'cannot be reached'}`,
  }
}
