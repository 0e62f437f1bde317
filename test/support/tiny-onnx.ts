/**
 * A token classifier small enough to write by hand: one table looks up the scores of each piece. The file is the
 * ONNX format's protobuf messages, written field by field. Source: onnx.proto3, version 8 of the format.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const WORDS = 2
const BYTES = 2

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  return [...bytes, rest]
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)]
}

function message(field: number, content: readonly number[] | string): number[] {
  const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content
  return [...varint(field * 8 + BYTES), ...varint(bytes.length), ...bytes]
}

const INT64 = 7
const FLOAT = 1

function value(name: string, type: number, dimensions: readonly (number | string)[]): number[] {
  const shape = dimensions.flatMap((size) =>
    message(1, typeof size === 'number' ? number(1, size) : message(WORDS, size)),
  )
  const tensor = [...number(1, type), ...message(2, shape)]
  return [...message(1, name), ...message(2, message(1, tensor))]
}

/** The bytes of a model that answers `table[id]` for every piece; `inputs` are the names it wants. */
export function tinyOnnx(
  table: readonly (readonly number[])[],
  inputs: readonly string[] = ['input_ids', 'attention_mask'],
): Uint8Array {
  const width = table[0]?.length ?? 0
  const node = [
    ...message(1, 'table'),
    ...message(1, 'input_ids'),
    ...message(2, 'logits'),
    ...message(4, 'Gather'),
  ]
  const initializer = [
    ...number(1, table.length),
    ...number(1, width),
    ...number(2, FLOAT),
    ...message(8, 'table'),
    ...message(9, [...Buffer.from(Float32Array.from(table.flat()).buffer)]),
  ]
  const graph = [
    ...message(1, node),
    ...message(2, 'tiny'),
    ...message(5, initializer),
    ...inputs.flatMap((name) => message(11, value(name, INT64, [1, 'length']))),
    ...message(12, value('logits', FLOAT, [1, 'length', width])),
  ]
  const opset = [...message(1, ''), ...number(2, 13)]
  return Uint8Array.from([...number(1, 8), ...message(8, opset), ...message(7, graph)])
}

/** The words the tiny model knows, with the number of their label. */
export const TINY_WORDS: Readonly<Record<string, number>> = {
  '[UNK]': 0,
  '[CLS]': 0,
  '[SEP]': 0,
  ann: 1,
  lee: 2,
  '##son': 0,
  oslo: 3,
  maybe: 4,
  '.': 0,
}

const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC']

/** Scores by label; `maybe` is a person with 0.3 probability. */
function scoresOf(label: number): number[] {
  if (label === 4) return [Math.log(0.7), Math.log(0.3), -30, -30]
  return LABELS.map((_, n) => (n === label ? 5 : -5))
}

/** Writes a whole model folder; `skip` leaves one file out. */
export function writeTinyModel(folder: string, skip?: string): void {
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'config.json': JSON.stringify({
      model_type: 'bert',
      max_position_embeddings: 24,
      id2label: Object.fromEntries(LABELS.map((label, id) => [id, label])),
    }),
    'tokenizer.json': JSON.stringify({
      added_tokens: [],
      normalizer: { type: 'BertNormalizer', lowercase: true },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: { type: 'BertProcessing', sep: ['[SEP]', 2], cls: ['[CLS]', 1] },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        vocab: Object.fromEntries(Object.keys(TINY_WORDS).map((word, id) => [word, id])),
      },
    }),
    'model.onnx': tinyOnnx(Object.values(TINY_WORDS).map(scoresOf)),
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    if (name !== skip) writeFileSync(join(folder, name), content)
  }
}
