/** What a folder with a token-classification model says about itself: labels, limits, tokeniser. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { entityOf, withoutPlace } from './entity-labels.ts'
import { NamesError } from './errors.ts'
import { createTokenizer, type Tokenizer } from './tokenizer/index.ts'

/** A label of the model: what it means, and whether it begins an entity. */
export interface ModelLabel {
  /** Null for "outside" and for what is nobody's. */
  readonly entity: string | null
  readonly begins: boolean
}

/** Everything about a model but its weights. */
export interface ModelFolder {
  readonly modelFile: string
  readonly tokenizer: Tokenizer
  readonly labels: readonly ModelLabel[]
  /** Most pieces of a sequence, marks included. */
  readonly maxPieces: number
}

/** Where exporters put the weights, in the order of preference. */
const MODEL_PLACES = ['model.onnx', 'onnx/model.onnx', 'model_quantized.onnx', 'onnx/model_quantized.onnx']
const MAX_FILE_BYTES = 256 * 1024 * 1024
const MAX_PIECES = 512
const FEWEST_PIECES = 16
/** Models whose positions begin behind the number of the padding token. */
const OFFSET_POSITIONS = /^(?:xlm-)?roberta|^camembert|^mpnet|^bertweet/u
const POSITION_OFFSET = 2

const configSchema = z.looseObject({
  id2label: z.record(z.string().regex(/^\d{1,4}$/u), z.string().min(1).max(100)),
  model_type: z.string().max(64).default(''),
  max_position_embeddings: z.int().min(1).optional(),
})
const limitSchema = z.looseObject({ model_max_length: z.number().positive().optional() })

/** Reads a folder. Throws `NamesError` that names the file that is missing, damaged or not supported. */
export function readModelFolder(folder: string): ModelFolder {
  const config = configSchema.safeParse(readJson(folder, 'config.json'))
  if (!config.success)
    throw new NamesError('file_damaged', 'config.json lacks id2label of a token classifier')
  const modelFile = MODEL_PLACES.map((place) => join(folder, place)).find(isFile)
  if (modelFile === undefined)
    throw new NamesError('file_missing', `${folder} has no model.onnx: export the model to ONNX first`)
  return {
    modelFile,
    tokenizer: createTokenizer(readJson(folder, 'tokenizer.json')),
    labels: labelsOf(config.data.id2label),
    maxPieces: pieceLimit(folder, config.data),
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function readJson(folder: string, name: string): unknown {
  const path = join(folder, name)
  const state = statSync(path, { throwIfNoEntry: false })
  if (state === undefined) throw new NamesError('file_missing', `${folder} has no ${name}`)
  if (!state.isFile() || state.size > MAX_FILE_BYTES)
    throw new NamesError('file_damaged', `${name} is no file of a usual size`)
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new NamesError('file_damaged', `${name} is not JSON`)
  }
}

function labelsOf(names: Readonly<Record<string, string>>): readonly ModelLabel[] {
  return Array.from({ length: Object.keys(names).length }, (_, id): ModelLabel => {
    const name = names[String(id)]
    if (name === undefined) throw new NamesError('file_damaged', 'config.json: id2label has a gap')
    return { entity: entityOf(withoutPlace(name)), begins: /^[BSU]-|^B_/u.test(name) }
  })
}

function pieceLimit(folder: string, config: z.output<typeof configSchema>): number {
  const limits: number[] = [MAX_PIECES]
  if (config.max_position_embeddings !== undefined) {
    const offset = OFFSET_POSITIONS.test(config.model_type) ? POSITION_OFFSET : 0
    limits.push(config.max_position_embeddings - offset)
  }
  if (isFile(join(folder, 'tokenizer_config.json'))) {
    const own = limitSchema.safeParse(readJson(folder, 'tokenizer_config.json'))
    if (own.success && own.data.model_max_length !== undefined) limits.push(own.data.model_max_length)
  }
  const limit = Math.floor(Math.min(...limits))
  if (limit < FEWEST_PIECES) throw new NamesError('unsupported', 'the model reads too few pieces at once')
  return limit
}
