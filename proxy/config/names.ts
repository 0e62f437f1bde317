/** What the settings of the NER layer have to do with each other: one that could not take effect is an error. */
import { type ConfigFile, NER_TIMEOUT_MS } from './schema.ts'

type NamesConfig = ConfigFile['detectors']

/** Settings that belong to one engine; without the first of its list an engine cannot run. */
const SETTINGS = {
  builtin: [],
  onnx: ['ner_model_path'],
  http: ['ner_url', 'ner_api_key_env'],
} as const satisfies Record<NamesConfig['ner_engine'], readonly (keyof NamesConfig)[]>

const KEY = /^[\x21-\x7e]{1,4096}$/

/** Reports what is wrong by setting; returns the server's token, or null where there is none. */
export function checkNames(
  config: NamesConfig,
  environment: Readonly<Record<string, string | undefined>>,
  report: (setting: keyof NamesConfig, message: string) => void,
): string | null {
  const engine = config.ner_engine
  if (!config.ner) {
    if (engine !== 'builtin') report('ner_engine', 'has no effect while ner is off')
    if (config.ner_recall !== 'high') report('ner_recall', 'has no effect while ner is off')
  }
  if (config.ner_voters.length > 0 && (!config.ner || engine !== 'builtin'))
    report('ner_voters', 'has no effect without the built-in tagger')
  for (const [owner, settings] of Object.entries(SETTINGS)) {
    for (const setting of settings) {
      if (owner !== engine && config[setting] !== undefined)
        report(setting, `has no effect unless ner_engine is ${owner}`)
    }
  }
  const [needed] = SETTINGS[engine]
  if (needed !== undefined && config[needed] === undefined)
    report('ner_engine', `engine ${engine} needs ${needed}`)
  if (engine === 'builtin' && config.ner_timeout_ms !== NER_TIMEOUT_MS)
    report('ner_timeout_ms', 'has no effect unless ner_engine is onnx or http')
  return readKey(config, environment, report)
}

function readKey(
  { ner_api_key_env: variable }: NamesConfig,
  environment: Readonly<Record<string, string | undefined>>,
  report: (setting: keyof NamesConfig, message: string) => void,
): string | null {
  if (variable === undefined) return null
  const key = environment[variable]?.trim() ?? ''
  if (key === '') report('ner_api_key_env', 'this environment variable is not set')
  else if (!KEY.test(key)) report('ner_api_key_env', 'the key holds characters that a header cannot carry')
  return KEY.test(key) ? key : null
}
