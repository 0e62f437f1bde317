/** The engines a local model can run on: one list. */
import type { LocalModel } from '../ports.ts'
import { LocalModelError } from './errors.ts'
import { createHttpModel, type HttpModel } from './http.ts'
import { createReplicas } from './http-replicas.ts'
import { createLlamaModel } from './llama.ts'
import { registeredHash } from './registry.ts'

export { LocalModelError, type LocalModelErrorReason } from './errors.ts'
export { createHttpModel, type HttpModel, type HttpModelOptions } from './http.ts'
export { createLlamaModel, type LlamaModelOptions } from './llama.ts'
export {
  addModel,
  listModels,
  type ModelVerdict,
  REGISTRY_FILE,
  type RegisteredModel,
  registeredHash,
  verifyModels,
} from './registry.ts'

/** The `local` section of the configuration; names as in the file, `api_key` already looked up. */
export interface LocalModelConfig {
  readonly engine: 'none' | 'llama' | 'openai'
  readonly model_path?: string | null | undefined
  /** Absent: the hash under which the file was registered, if it was. */
  readonly sha256?: string | null | undefined
  /** Where the registry of model files is. */
  readonly data_dir?: string | undefined
  readonly base_url?: string | null | undefined
  readonly base_urls?: readonly string[] | undefined
  readonly model?: string | null | undefined
  readonly api_key?: string | null | undefined
  readonly timeout_ms?: number | undefined
  readonly threads?: number | undefined
  readonly context_tokens?: number | undefined
  readonly sequences?: number | undefined
  readonly queue_limit?: number | undefined
  readonly gpu_layers?: number | undefined
  readonly answer_tokens?: number | undefined
}

const PROBE_INTERVAL_MS = 5_000

/** One line per engine. */
const ENGINES: Readonly<
  Record<LocalModelConfig['engine'], (config: LocalModelConfig) => Promise<LocalModel | null>>
> = {
  none: () => Promise.resolve(null),
  llama: startLlama,
  openai: startHttp,
}

/**
 * The configured local model, ready to be asked; null for `none`. A `llama` model that cannot be loaded rejects with
 * `LocalModelError` (`not_loaded`); an `openai` server that is away does not: its status is `down` until it is back.
 */
export function createLocalModel(config: LocalModelConfig): Promise<LocalModel | null> {
  return ENGINES[config.engine](config)
}

async function startLlama(config: LocalModelConfig): Promise<LocalModel> {
  if (!config.model_path) throw missing('model_path')
  return createLlamaModel({
    modelPath: config.model_path,
    sha256: config.sha256 ?? (await registered(config.data_dir, config.model_path)),
    name: config.model ?? nameOf(config.model_path),
    ...defined({
      timeoutMs: config.timeout_ms,
      threads: config.threads,
      contextTokens: config.context_tokens,
      sequences: config.sequences,
      queueLimit: config.queue_limit,
      gpuLayers: config.gpu_layers,
      answerTokens: config.answer_tokens,
    }),
  })
}

async function registered(dataDir: string | undefined, path: string): Promise<string | null> {
  return dataDir === undefined ? null : registeredHash(dataDir, path)
}

async function startHttp(config: LocalModelConfig): Promise<LocalModel> {
  const urls = config.base_urls ?? (config.base_url ? [config.base_url] : [])
  if (urls.length === 0) throw missing('base_url')
  if (!config.model) throw missing('model')
  const name = config.model === DISCOVERED ? await discover(urls, config) : config.model
  const servers = urls.map((url) => serverAt(url, name, config))
  const [only, ...others] = servers
  if (only === undefined) throw missing('base_url')
  const model = others.length === 0 ? only : createReplicas(servers)
  await model.probe()
  model.startProbing(PROBE_INTERVAL_MS)
  return model
}

/** As the name of a model: the first one that a server lists. */
const DISCOVERED = 'auto'
const DISCOVERY_MS = 10_000

function serverAt(baseUrl: string, model: string, config: LocalModelConfig): HttpModel {
  return createHttpModel({
    baseUrl,
    model,
    apiKey: config.api_key ?? null,
    ...defined({ timeoutMs: config.timeout_ms, queueLimit: config.queue_limit }),
  })
}

async function discover(urls: readonly string[], config: LocalModelConfig): Promise<string> {
  const servers = createReplicas(urls.map((url) => serverAt(url, DISCOVERED, config)))
  try {
    const [first] = await servers.models(AbortSignal.timeout(DISCOVERY_MS))
    if (first !== undefined) return first
    throw new LocalModelError('not_loaded', 'the model server lists no model: name one as local.model')
  } finally {
    await servers.close()
  }
}

function missing(key: string): LocalModelError {
  return new LocalModelError('not_loaded', `the configuration of the local model lacks local.${key}`)
}

function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/u, '').replace(/\.gguf$/iu, '')
}

/** Without the entries that are undefined, so that defaults stay in force. */
function defined(options: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  const entries = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  )
  return Object.fromEntries(entries)
}
