/**
 * Reads the configuration: a YAML (or JSON) file, or the environment where there is no file. All problems are
 * reported at once as `file:line:column: message`. The only place that reads `process.env` is the caller that
 * passes it in.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isAlias, isCollection, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { type ConfigFile, configSchema, isLoopback } from './schema.ts'

/** A `cloud` entry with its key read. */
export interface CloudConfig {
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: string | null
  readonly timeoutMs: number
  readonly model: string
}

/** The configuration as the composition root uses it: paths absolute, secrets read. */
export interface Config extends Omit<ConfigFile, 'cloud' | 'data_dir' | 'rules' | 'local'> {
  /** The file it came from; null when the environment alone was used. */
  readonly file: string | null
  readonly data_dir: string
  readonly rules: string | undefined
  readonly databaseUrl: string | null
  readonly local: ConfigFile['local'] & { readonly apiKey: string | null }
  readonly cloud: readonly CloudConfig[]
  /** What was taken from where, for the start screen: setting and source. */
  readonly sources: Readonly<Record<string, string>>
}

/** Everything wrong with a configuration, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>
const MAX_FILE_BYTES = 4 * 1024 * 1024

/**
 * Loads the configuration.
 * @param file path from `--config`, or undefined for `CLOAKROOM_CONFIG` or the environment alone
 * @throws ConfigError with every problem found
 */
export function loadConfig(file: string | undefined, environment: Environment, cwd: string): Config {
  const path = file ?? present(environment.CLOAKROOM_CONFIG)
  if (path === undefined) return finish(fromEnvironment(environment), null, environment, cwd)
  const absolute = resolve(cwd, path)
  const parsed = parseConfigFile(readText(absolute, path), path, environment)
  return finish(parsed, path, environment, dirname(absolute))
}

interface Parsed {
  readonly config: ConfigFile
  readonly sources: Record<string, string>
  locate(path: readonly PropertyKey[]): string
}

function readText(absolute: string, shown: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(absolute)
  } catch (cause) {
    throw new ConfigError([`${shown}:1:1: the configuration file cannot be read (${errorCode(cause)})`])
  }
  if (bytes.length > MAX_FILE_BYTES) throw new ConfigError([`${shown}:1:1: the file is larger than 4 MiB`])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError([`${shown}:1:1: the file is not UTF-8 text`])
  }
}

/** The system's name of a failure, such as ENOENT; never its message, which holds paths. */
function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'unreadable'
}

function parseConfigFile(text: string, shown: string, environment: Environment): Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    merge: false,
  })
  const at = (offset: number): string => {
    const position = lines.linePos(offset)
    return `${shown}:${Math.max(1, position.line)}:${Math.max(1, position.col)}`
  }
  const problems = [...document.errors, ...document.warnings].map(
    (error) => `${at(error.pos[0])}: ${yamlMessage(error.code)}`,
  )
  visit(document, (_key, node) => {
    if (isAlias(node)) problems.push(`${at(node.range?.[0] ?? 0)}: aliases are not supported here`)
  })
  if (problems.length > 0) throw new ConfigError(problems)
  const locate = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      const range = isNode(node) ? node.range : undefined
      if (range) return at(range[0])
    }
    return at(0)
  }
  const json: unknown = document.toJS() ?? {}
  const filled = fillFromEnvironment(json, environment)
  const result = configSchema.safeParse(filled.value)
  if (!result.success)
    throw new ConfigError(explain(result.error, (path) => keyPosition(document, path, at) ?? locate(path)))
  return { config: result.data, sources: filled.sources, locate }
}

function isNode(value: unknown): value is { range?: [number, number, number] } {
  return typeof value === 'object' && value !== null && 'range' in value
}

/** Where a mapping key itself stands, for unknown-key errors. */
function keyPosition(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  at: (offset: number) => string,
): string | undefined {
  const parent = document.getIn(path.slice(0, -1), true)
  if (!isCollection(parent)) return undefined
  for (const item of parent.items) {
    if (typeof item === 'object' && item !== null && 'key' in item && isNode(item.key)) {
      if ('value' in item.key && item.key.value === path.at(-1) && item.key.range)
        return at(item.key.range[0])
    }
  }
  return undefined
}

function yamlMessage(code: string): string {
  return code === 'DUPLICATE_KEY'
    ? 'this key stands twice'
    : `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`
}

/** Zod's issues as lines; an unknown key is one line each with the nearest known one. */
function explain(error: z.ZodError, locate: (path: readonly PropertyKey[]) => string): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path
    const where = path.length === 0 ? 'the file' : path.join('.')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${locate([...path, key])}: unknown key in ${where}${nearest(key)}`)
    }
    if (issue.code === 'invalid_value')
      return [`${locate(path)}: ${where} must be one of ${issue.values.join(', ')}`]
    const text =
      issue.code === 'invalid_format' || issue.code === 'custom' || issue.code === 'invalid_union'
        ? issue.message
        : issue.message.replace(/, received.*$/, '')
    return [`${locate(path)}: ${where}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`]
  })
}

const KNOWN_KEYS =
  'listen data_dir master_key_file database_url_env rules auth mode jwt issuer audience jwks_url algorithms local engine model_path sha256 base_url api_key_env api_key_file model timeout_ms threads gpu_layers context_tokens sequences cloud name detectors pattern ner contextual contextual_timeout_ms languages allow deny type values placeholders scope rotate_days unknown_models strict_fields limits body_bytes json_depth concurrent'.split(
    ' ',
  )

function nearest(key: string): string {
  if (key.length > 40) return ''
  const best = KNOWN_KEYS.map((known) => ({ known, distance: editDistance(key.toLowerCase(), known) })).sort(
    (a, b) => a.distance - b.distance,
  )[0]
  return best !== undefined && best.distance <= 2 ? ` (did you mean ${best.known}?)` : ''
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** `CLOAKROOM_LISTEN` and `CLOAKROOM_DATA_DIR` fill what a file leaves out, so that one file serves many nodes. */
function fillFromEnvironment(
  json: unknown,
  environment: Environment,
): { value: unknown; sources: Record<string, string> } {
  const sources: Record<string, string> = {}
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { value: json, sources }
  const value: Record<string, unknown> = { ...json }
  for (const [key, variable] of [
    ['listen', 'CLOAKROOM_LISTEN'],
    ['data_dir', 'CLOAKROOM_DATA_DIR'],
  ] as const) {
    const setting = present(environment[variable])
    if (value[key] === undefined && setting !== undefined) {
      value[key] = setting
      sources[key] = variable
    }
  }
  return { value, sources }
}

/** The configuration the environment alone gives. */
function fromEnvironment(environment: Environment): Parsed {
  const filled = fillFromEnvironment({}, environment)
  const value: Record<string, unknown> = filled.value as Record<string, unknown>
  const sources = filled.sources
  if (present(environment.OPENAI_API_KEY) !== undefined) {
    const model = present(environment.CLOAKROOM_CLOUD_MODEL)
    value.cloud = [
      {
        name: 'openai',
        base_url: 'https://api.openai.com/v1',
        api_key_env: 'OPENAI_API_KEY',
        ...(model === undefined ? {} : { model }),
      },
    ]
    sources.cloud = 'OPENAI_API_KEY'
  }
  const baseUrl = present(environment.CLOAKROOM_LOCAL_BASE_URL)
  const modelPath = present(environment.CLOAKROOM_MODEL_PATH)
  const model = present(environment.CLOAKROOM_LOCAL_MODEL)
  if (baseUrl !== undefined && modelPath !== undefined) {
    throw new ConfigError(['environment:1:1: set CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH, not both'])
  }
  const named = model === undefined ? {} : { model }
  if (baseUrl !== undefined) {
    value.local = { engine: 'openai', base_url: baseUrl, ...named }
    sources.local = 'CLOAKROOM_LOCAL_BASE_URL'
  } else if (modelPath !== undefined) {
    value.local = { engine: 'llama', model_path: modelPath, ...named }
    sources.local = 'CLOAKROOM_MODEL_PATH'
  }
  const result = configSchema.safeParse(value)
  if (!result.success) throw new ConfigError(explain(result.error, () => 'environment:1:1'))
  return { config: result.data, sources, locate: () => 'environment:1:1' }
}

function finish(parsed: Parsed, file: string | null, environment: Environment, base: string): Config {
  const { config, sources, locate } = parsed
  const problems: string[] = []
  if (config.auth.mode === 'none' && !isLoopback(config.listen.host)) {
    problems.push(
      `${locate(['listen'])}: without authentication only a loopback address is allowed: set auth.mode to keys or jwt`,
    )
  }
  const databaseUrl = present(environment[config.database_url_env]) ?? null
  if (databaseUrl !== null) {
    sources.database = config.database_url_env
    if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
      problems.push(`${locate(['database_url_env'])}: the variable it names must hold a postgres:// address`)
    }
  }
  const cloud = config.cloud.map((entry, index) => ({
    name: entry.name,
    baseUrl: entry.base_url.replace(/\/+$/, ''),
    timeoutMs: entry.timeout_ms,
    model: entry.model,
    apiKey: readSecret(entry, environment, base, (message) =>
      problems.push(`${locate(['cloud', index])}: ${message}`),
    ),
  }))
  const keyName = config.local.api_key_env
  const apiKey = keyName === undefined ? null : (present(environment[keyName]) ?? null)
  if (keyName !== undefined && apiKey === null)
    problems.push(`${locate(['local', 'api_key_env'])}: this environment variable is not set`)
  if (config.detectors.contextual === 'required' && config.local.engine === 'none') {
    problems.push(
      `${locate(['detectors', 'contextual'])}: contextual detection is required but no local model is configured`,
    )
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const path = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : resolve(base, value)
  const modelPath = path(config.local.model_path)
  const masterKeyFile = path(config.master_key_file)
  const { master_key_file: _key, ...rest } = config
  return {
    ...rest,
    file,
    data_dir: resolve(base, config.data_dir),
    rules: path(config.rules),
    ...(masterKeyFile === undefined ? {} : { master_key_file: masterKeyFile }),
    databaseUrl,
    local: { ...config.local, ...(modelPath === undefined ? {} : { model_path: modelPath }), apiKey },
    cloud,
    sources,
  }
}

function readSecret(
  entry: ConfigFile['cloud'][number],
  environment: Environment,
  base: string,
  report: (message: string) => void,
): string | null {
  if (entry.api_key_env !== undefined && entry.api_key_file !== undefined) {
    report('set api_key_env or api_key_file, not both')
    return null
  }
  let key: string | undefined
  if (entry.api_key_env !== undefined) {
    key = present(environment[entry.api_key_env])
    if (key === undefined) report('the environment variable that api_key_env names is not set')
  } else if (entry.api_key_file !== undefined) {
    try {
      key = present(readFileSync(resolve(base, entry.api_key_file), 'utf8'))
      if (key === undefined) report('the file that api_key_file names is empty')
    } catch (cause) {
      report(`the file that api_key_file names cannot be read (${errorCode(cause)})`)
    }
  } else return null
  if (key !== undefined && !/^[\x21-\x7e]{1,4096}$/.test(key)) {
    report('the API key holds characters that a header cannot carry')
    return null
  }
  return key ?? null
}
