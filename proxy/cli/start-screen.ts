/** The one screen `serve` prints: the address to use, what is on, what is off and the line that turns it on. */
import type { Config } from '../config/load.ts'
import type { Running } from '../main.ts'
import { version } from '../version.ts'

interface Row {
  readonly on: boolean
  readonly name: string
  readonly about: string
}

/** The screen as text, at most 100 columns wide but for addresses. */
export function startScreen(config: Config, running: Running): string {
  const rows = [layers(config), localModel(config), cloud(config), audit(config), authentication(config)]
  const lines = rows.flat().map((row) => `  ${row.on ? 'on ' : 'off'}  ${row.name.padEnd(16)}${row.about}`)
  const key = config.auth.mode === 'none' ? 'unused' : '<your key>'
  return [
    '',
    `cloakroom ${version()} is listening on ${running.url}`,
    '',
    '  Point any OpenAI client at it:',
    `    export OPENAI_BASE_URL=${clientUrl(running.url)}/v1`,
    `    export OPENAI_API_KEY=${key}`,
    '',
    ...lines,
    '',
    `  rules  ${running.policy.id} (${config.rules ?? 'the shipped default; set rules: ./rules.yaml'})`,
    `  config ${config.file ?? `environment (${sourcesOf(config)}); set --config cloakroom.yaml for a file`}`,
    ...nothingAnswers(config),
    '',
  ].join('\n')
}

/** A wildcard address is none that a client could connect to. */
function clientUrl(url: string): string {
  return url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])/, 'http://<this host>')
}

function sourcesOf(config: Config): string {
  const taken = [...new Set(Object.values(config.sources))]
  return taken.length === 0 ? 'defaults only' : taken.join(', ')
}

function layers(config: Config): Row[] {
  const contextual = config.detectors.contextual !== 'off' && config.local.engine !== 'none'
  return [
    { on: true, name: 'patterns', about: 'e-mail, phone, card, IBAN, addresses, secrets …' },
    {
      on: config.detectors.ner,
      name: 'names',
      about: names(config),
    },
    {
      on: contextual,
      name: 'context',
      about: contextual
        ? 'the local model looks for what patterns and names miss'
        : 'needs a local model (and detectors.contextual: auto)',
    },
  ]
}

function names({ detectors }: Config): string {
  if (!detectors.ner) return 'detectors: { ner: on }'
  switch (detectors.ner_engine) {
    case 'builtin':
      return `people, places, organisations (recall: ${detectors.ner_recall})`
    case 'onnx':
      return `people, places, organisations, by the model in ${detectors.ner_model_path ?? ''}`
    case 'http':
      return `people, places, organisations, by ${detectors.ner_url ?? ''}/analyze`
  }
}

function localModel(config: Config): Row {
  const { engine, model, base_url: url, model_path: path } = config.local
  if (engine === 'none') {
    return {
      on: false,
      name: 'local model',
      about:
        'CLOAKROOM_LOCAL_BASE_URL=http://127.0.0.1:11434/v1 (Ollama, vLLM) or CLOAKROOM_MODEL_PATH=model.gguf',
    }
  }
  return { on: true, name: 'local model', about: `${model} (${engine === 'openai' ? url : path})` }
}

function cloud(config: Config): Row[] {
  if (config.cloud.length === 0)
    return [{ on: false, name: 'cloud', about: 'OPENAI_API_KEY=… (or a cloud section in cloakroom.yaml)' }]
  return config.cloud.map(({ name, baseUrl, model }) => ({
    on: true,
    name: 'cloud',
    about: `${name}: ${baseUrl}, model ${model}, always sanitised`,
  }))
}

function audit(config: Config): Row {
  const where =
    config.databaseUrl === null
      ? `embedded database in ${config.data_dir}`
      : `PostgreSQL (${config.database_url_env}), write-ahead log in ${config.data_dir}`
  return { on: true, name: 'audit', about: `${where}; metadata only` }
}

function authentication(config: Config): Row {
  const { mode } = config.auth
  if (mode === 'none')
    return {
      on: false,
      name: 'authentication',
      about: 'only this machine may connect; auth: { mode: keys } and cloakroom keys add',
    }
  return {
    on: true,
    name: 'authentication',
    about: mode === 'keys' ? 'API keys (cloakroom keys add --team T --user U)' : 'JSON Web Tokens',
  }
}

function nothingAnswers(config: Config): string[] {
  if (config.cloud.length > 0 || config.local.engine !== 'none') return []
  return [
    '',
    '  No model is configured yet: every request gets local_unavailable until one of the two lines above is set.',
  ]
}
