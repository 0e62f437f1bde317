/**
 * Reads the configuration: a YAML (or JSON) file, or the environment where there is no file. All problems are
 * reported at once as `file:line:column: message`. The only place that reads `process.env` is the caller that
 * passes it in.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ENTITIES, ENTITY_GROUPS } from '../../detectors/index.ts'
import { type LocatedDocument, type Path, readDocument } from '../../routing-rules/document.ts'
import type { RuleProblem } from '../../routing-rules/index.ts'
import { checkShape } from '../../routing-rules/schema.ts'
import { checkNames } from './names.ts'
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
export interface Config extends Omit<ConfigFile, 'cloud' | 'data_dir' | 'rules' | 'local' | 'detectors'> {
  /** The file it came from; null when the environment alone was used. */
  readonly file: string | null
  readonly data_dir: string
  readonly rules: string | undefined
  readonly databaseUrl: string | null
  readonly local: ConfigFile['local'] & { readonly api_key: string | null }
  readonly detectors: ConfigFile['detectors'] & { readonly ner_api_key: string | null }
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
  /** Adds a problem at a place of the file. */
  problem(path: Path, message: string): string
}

function readText(absolute: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(absolute))
  } catch (cause) {
    const why = cause instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${errorCode(cause)})`
    throw new ConfigError([`${shown}:1:1: the configuration file ${why}`])
  }
}

/** The system's name of a failure, such as ENOENT; never its message, which holds paths. */
function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'unreadable'
}

function parseConfigFile(text: string, shown: string, environment: Environment): Parsed {
  // An empty file is a configuration: all defaults.
  const { document, problems } = readDocument(text.trim() === '' ? '{}' : text, shown)
  if (document === null) throw new ConfigError(problems.map(renderProblem))
  const filled = fillFromEnvironment(document.value ?? {}, environment)
  return check({ ...document, value: filled.value }, filled.sources)
}

function check(document: LocatedDocument, sources: Record<string, string>): Parsed {
  const { value, problems } = checkShape(configSchema, document)
  if (value === null) throw new ConfigError(problems.map(renderProblem))
  return {
    config: value,
    sources,
    problem: (path, message) => renderProblem(document.problemAt(path, message)),
  }
}

function renderProblem({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column}: ${message}`
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** `CLOAKROOM_LISTEN` and `CLOAKROOM_DATA_DIR` fill what a file leaves out, so that one file serves many nodes. */
function fillFromEnvironment(
  value: unknown,
  environment: Environment,
): { value: unknown; sources: Record<string, string> } {
  const sources: Record<string, string> = {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value, sources }
  const missing = Object.entries(fromVariables(environment, sources)).filter(([key]) => !(key in value))
  for (const key of Object.keys(sources)) if (key in value) delete sources[key]
  return { value: { ...value, ...Object.fromEntries(missing) }, sources }
}

function fromVariables(
  environment: Environment,
  sources: Record<string, string>,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [key, variable] of Object.entries({
    listen: 'CLOAKROOM_LISTEN',
    data_dir: 'CLOAKROOM_DATA_DIR',
  })) {
    const setting = present(environment[variable])
    if (setting === undefined) continue
    found[key] = setting
    sources[key] = variable
  }
  return found
}

/** The configuration the environment alone gives. */
function fromEnvironment(environment: Environment): Parsed {
  const sources: Record<string, string> = {}
  const value = {
    ...fromVariables(environment, sources),
    ...cloudFrom(environment, sources),
    ...localFrom(environment, sources),
  }
  const at = (message: string): RuleProblem => ({
    file: 'environment',
    line: 1,
    column: 1,
    message,
    severity: 'error',
  })
  return check(
    {
      value,
      problemAt: (path, message) => at(`${path.join('.')}: ${message}`),
      problemAtKey: (path, message) => at(`${path.join('.')}: ${message}`),
    },
    sources,
  )
}

function cloudFrom(environment: Environment, sources: Record<string, string>): object {
  if (present(environment.OPENAI_API_KEY) === undefined) return {}
  sources.cloud = 'OPENAI_API_KEY'
  const model = present(environment.CLOAKROOM_CLOUD_MODEL)
  const entry = { name: 'openai', base_url: 'https://api.openai.com/v1', api_key_env: 'OPENAI_API_KEY' }
  return { cloud: [model === undefined ? entry : { ...entry, model }] }
}

function localFrom(environment: Environment, sources: Record<string, string>): object {
  const baseUrl = present(environment.CLOAKROOM_LOCAL_BASE_URL)
  const modelPath = present(environment.CLOAKROOM_MODEL_PATH)
  const model = present(environment.CLOAKROOM_LOCAL_MODEL)
  const named = model === undefined ? {} : { model }
  if (baseUrl !== undefined && modelPath !== undefined) {
    throw new ConfigError(['environment:1:1: set CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH, not both'])
  }
  if (baseUrl !== undefined) {
    sources.local = 'CLOAKROOM_LOCAL_BASE_URL'
    return { local: { engine: 'openai', base_url: baseUrl, ...named } }
  }
  if (modelPath === undefined) return {}
  sources.local = 'CLOAKROOM_MODEL_PATH'
  return { local: { engine: 'llama', model_path: modelPath, ...named } }
}

function finish(parsed: Parsed, file: string | null, environment: Environment, base: string): Config {
  const { config, sources, problem } = parsed
  const problems: string[] = []
  if (config.auth.mode === 'none' && !isLoopback(config.listen.host)) {
    problems.push(
      problem(
        ['listen'],
        'without authentication only a loopback address is allowed: set auth.mode to keys or jwt',
      ),
    )
  }
  const databaseUrl = present(environment[config.database_url_env]) ?? null
  if (databaseUrl !== null) {
    sources.database = config.database_url_env
    if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
      problems.push(problem(['database_url_env'], 'the variable it names must hold a postgres:// address'))
    }
  }
  const cloud = config.cloud.map((entry, index) => ({
    name: entry.name,
    baseUrl: entry.base_url.replace(/\/+$/, ''),
    timeoutMs: entry.timeout_ms,
    model: entry.model,
    apiKey: readSecret(entry, environment, base, (message) =>
      problems.push(problem(['cloud', index], message)),
    ),
  }))
  const keyName = config.local.api_key_env
  const apiKey = keyName === undefined ? null : (present(environment[keyName]) ?? null)
  if (keyName !== undefined && apiKey === null)
    problems.push(problem(['local', 'api_key_env'], 'this environment variable is not set'))
  if (config.detectors.contextual === 'required' && config.local.engine === 'none') {
    problems.push(
      problem(
        ['detectors', 'contextual'],
        'contextual detection is required but no local model is configured',
      ),
    )
  }
  const types = restoreTypes(config, (name, message) =>
    problems.push(problem(['restore', 'types', name], message)),
  )
  const nerKey = checkNames(config.detectors, environment, (key, message) =>
    problems.push(problem(['detectors', key], `${key}: ${message}`)),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  const path = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : resolve(base, value)
  const modelPath = path(config.local.model_path)
  const masterKeyFile = path(config.master_key_file)
  const nerModelPath = path(config.detectors.ner_model_path)
  const { master_key_file: _key, ...rest } = config
  return {
    ...rest,
    restore: { ...config.restore, types },
    file,
    data_dir: resolve(base, config.data_dir),
    rules: path(config.rules),
    ...(masterKeyFile === undefined ? {} : { master_key_file: masterKeyFile }),
    databaseUrl,
    local: {
      ...config.local,
      ...(modelPath === undefined ? {} : { model_path: modelPath }),
      api_key: apiKey,
    },
    detectors: {
      ...config.detectors,
      ...(nerModelPath === undefined ? {} : { ner_model_path: nerModelPath }),
      ner_api_key: nerKey,
    },
    cloud,
    sources,
  }
}

/** The types that values are put back by, with groups taken apart. A name that means nothing protects nobody. */
function restoreTypes(
  { restore, detectors }: ConfigFile,
  report: (name: string, message: string) => void,
): ConfigFile['restore']['types'] {
  const known = new Set<string>(
    [...ENTITIES, ...detectors.deny, ...detectors.patterns].map(({ type }) => type),
  )
  const groups: ConfigFile['restore']['types'] = {}
  const types: ConfigFile['restore']['types'] = {}
  for (const [name, policy] of Object.entries(restore.types)) {
    const group = Object.hasOwn(ENTITY_GROUPS, name) ? ENTITY_GROUPS[name] : undefined
    if (group !== undefined) for (const type of group) groups[type] = policy
    else if (known.has(name)) types[name] = policy
    else report(name, 'expected an entity type, a type of detectors.deny, or a group')
  }
  return { ...groups, ...types }
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
  } else if (isLoopback(new URL(entry.base_url).hostname)) return 'unused'
  else report('needs api_key_env or api_key_file')
  if (key !== undefined && !/^[\x21-\x7e]{1,4096}$/.test(key)) {
    report('the API key holds characters that a header cannot carry')
    return null
  }
  return key ?? null
}
