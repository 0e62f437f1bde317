/** Where names may be found instead of by the built-in tagger: one list of engines. */
import type { NameEngine } from '../ports.ts'
import { NamesError } from './errors.ts'
import { createHttpNames } from './http.ts'
import { createOnnxNames } from './onnx.ts'

export { NamesError } from './errors.ts'
export { readModelFolder } from './onnx-folder.ts'

/** The settings of the NER layer; names as in the file, the server's token already looked up. */
export interface NamesConfig {
  readonly ner: boolean
  readonly ner_engine: 'builtin' | 'onnx' | 'http'
  readonly ner_recall: 'balanced' | 'high' | 'max'
  readonly ner_model_path?: string | undefined
  readonly ner_url?: string | undefined
  readonly ner_api_key: string | null
  readonly ner_timeout_ms: number
  readonly languages: readonly string[]
}

/** How sure a server must be of an entity, on its own scale. */
const MIN_SCORE = { balanced: 0.5, high: 0.35, max: 0 } as const
/** How sure a model must be that a word is not outside: what it half believes counts from `high` on. */
const MIN_PROBABILITY = { balanced: 0.5, high: 0.25, max: 0.08 } as const

/**
 * The configured engine, ready to be asked; null where the built-in tagger finds names, or nobody does. A model that
 * cannot be loaded rejects with `NamesError`; a server that is away does not: its layer is `down` until it is back.
 */
export async function createNameEngine(config: NamesConfig): Promise<NameEngine | null> {
  if (!config.ner) return null
  switch (config.ner_engine) {
    case 'builtin':
      return null
    case 'onnx':
      return createOnnxNames({
        folder: config.ner_model_path ?? missing('ner_model_path'),
        minScore: MIN_PROBABILITY[config.ner_recall],
        timeoutMs: config.ner_timeout_ms,
      })
    case 'http':
      return createHttpNames({
        url: config.ner_url ?? missing('ner_url'),
        apiKey: config.ner_api_key,
        languages: languagesOf(config.languages),
        minScore: MIN_SCORE[config.ner_recall],
        timeoutMs: config.ner_timeout_ms,
      })
  }
}

/** Servers want to be told a language; `auto` alone is English. */
function languagesOf(languages: readonly string[]): readonly string[] {
  const named = [...new Set(languages.filter((one) => one !== 'auto').map((one) => one.split('-')[0] ?? one))]
  return named.length === 0 ? ['en'] : named
}

function missing(setting: string): never {
  throw new NamesError('file_missing', `the configuration lacks detectors.${setting}`)
}
