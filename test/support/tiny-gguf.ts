/**
 * Writes tiny, valid GGUF model files, so that tests run the real inference library without a download.
 *
 * `fixed-reply`: the residual stream carries the one-hot embedding of the last token and nothing else (attention
 * and feed-forward write zeros), so the output matrix is a bigram table: after the prompt's last token comes the
 * first piece of the reply, then the next, then the end of the turn. `random`: seeded random weights, for tests
 * about grammars, aborts and batching, where the text does not matter.
 *
 * The vocabulary is byte-level (one token per ASCII character of a prompt), so token counts are predictable.
 * Format: github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'

/** What to write. `reply` (fixed-reply): the text it always answers; `loop`: start over instead of ending. */
export interface TinyGgufOptions {
  readonly kind: 'fixed-reply' | 'random'
  readonly reply?: string
  readonly loop?: boolean
  /** Seed of the random weights; default 1. */
  readonly seed?: number
  /** The context length written into the metadata; default 512 tokens. */
  readonly contextLength?: number
  /** Jinja chat template; default ChatML. */
  readonly chatTemplate?: string
  readonly name?: string
  readonly licence?: string
}

/** Size and lower-case hexadecimal SHA-256 of the file written. */
export interface TinyGgufFile {
  readonly sha256: string
  readonly bytes: number
}

/** The chat template of the generated models. */
export const CHATML_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

/** Answered by `fixed-reply` models that name no other reply. */
export const DEFAULT_REPLY = 'Hello from the tiny model. It always says this.'

const SPECIALS = ['<unk>', '<s>', '</s>'] as const
const MARKS = ['<|im_start|>', '<|im_end|>', '<tool_call>', '</tool_call>', '<think>', '</think>'] as const
const ROLES = ['system', 'user', 'assistant', 'tool'] as const
const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const
const FIRST_BYTE = SPECIALS.length
const NEWLINE = FIRST_BYTE + 0x0a
const SPACE_MARK = '\u2581'

interface VocabularyEntry {
  readonly text: string
  readonly score: number
  readonly type: number
}

/** Writes the model file; the same options give the same bytes. */
export async function writeTinyGguf(path: string, options: TinyGgufOptions): Promise<TinyGgufFile> {
  const bytes = buildTinyGguf(options)
  await writeFile(path, bytes)
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}

/** The bytes of the model file; the same options give the same bytes. */
export function buildTinyGguf(options: TinyGgufOptions): Buffer {
  const pieces = options.kind === 'fixed-reply' ? splitReply(options.reply ?? DEFAULT_REPLY) : []
  const vocabulary = buildVocabulary(pieces)
  const width = options.kind === 'fixed-reply' ? Math.ceil(vocabulary.length / 64) * 64 : 64
  const tensors =
    options.kind === 'fixed-reply'
      ? bigramTensors(vocabulary, pieces.length, width, options.loop === true)
      : randomTensors(vocabulary.length, width, options.seed ?? 1)
  return serialise(metadata(options, vocabulary, width), tensors)
}

/** Pieces that are all different, so that each is a token of its own with one successor. */
function splitReply(reply: string): readonly string[] {
  const taken = new Set<string>([SPACE_MARK, ...SPECIALS, ...MARKS, ...ROLES])
  const pieces: string[] = []
  let piece = ''
  for (const part of reply.replaceAll(' ', SPACE_MARK).split(/(?=[\u2581\n])/u)) {
    piece += part
    if (taken.has(piece)) continue
    taken.add(piece)
    pieces.push(piece)
    piece = ''
  }
  if (piece !== '') pieces.push(`${pieces.pop() ?? ''}${piece}`)
  return pieces
}

function buildVocabulary(pieces: readonly string[]): readonly VocabularyEntry[] {
  const entries: VocabularyEntry[] = SPECIALS.map((text, i) => ({
    text,
    score: 0,
    type: i === 0 ? TOKEN_TYPE.unknown : TOKEN_TYPE.control,
  }))
  for (let byte = 0; byte < 256; byte++) {
    const hex = byte.toString(16).toUpperCase().padStart(2, '0')
    entries.push({ text: `<0x${hex}>`, score: 0, type: TOKEN_TYPE.byte })
  }
  for (const text of MARKS) {
    const type = text.startsWith('<|') ? TOKEN_TYPE.control : TOKEN_TYPE.userDefined
    entries.push({ text, score: 0, type })
  }
  entries.push({ text: SPACE_MARK, score: -1, type: TOKEN_TYPE.normal })
  for (const text of ROLES) entries.push({ text, score: -2, type: TOKEN_TYPE.normal })
  for (const text of pieces) entries.push({ text, score: -1000, type: TOKEN_TYPE.normal })
  return entries
}

function idOf(vocabulary: readonly VocabularyEntry[], text: string): number {
  return vocabulary.findIndex((entry) => entry.text === text)
}

interface Tensor {
  readonly name: string
  /** Innermost dimension first, as GGUF wants it. */
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const FEED_FORWARD = 32

function layerTensors(width: number, fill: (size: number) => Float32Array): readonly Tensor[] {
  const square = (name: string): Tensor => ({
    name: `blk.0.${name}.weight`,
    shape: [width, width],
    values: fill(width * width),
  })
  const norm = (name: string): Tensor => ({
    name: `blk.0.${name}.weight`,
    shape: [width],
    values: new Float32Array(width).fill(1),
  })
  return [
    norm('attn_norm'),
    square('attn_q'),
    square('attn_k'),
    square('attn_v'),
    square('attn_output'),
    norm('ffn_norm'),
    { name: 'blk.0.ffn_gate.weight', shape: [width, FEED_FORWARD], values: fill(width * FEED_FORWARD) },
    { name: 'blk.0.ffn_up.weight', shape: [width, FEED_FORWARD], values: fill(width * FEED_FORWARD) },
    { name: 'blk.0.ffn_down.weight', shape: [FEED_FORWARD, width], values: fill(width * FEED_FORWARD) },
  ]
}

function outerTensors(width: number, rows: number, embedding: Float32Array, output: Float32Array): Tensor[] {
  return [
    { name: 'token_embd.weight', shape: [width, rows], values: embedding },
    { name: 'output_norm.weight', shape: [width], values: new Float32Array(width).fill(1) },
    { name: 'output.weight', shape: [width, rows], values: output },
  ]
}

function bigramTensors(
  vocabulary: readonly VocabularyEntry[],
  pieceCount: number,
  width: number,
  loop: boolean,
): readonly Tensor[] {
  const rows = vocabulary.length
  const end = idOf(vocabulary, '<|im_end|>')
  const first = rows - pieceCount
  const embedding = new Float32Array(rows * width)
  const output = new Float32Array(rows * width)
  // The final norm scales a one-hot vector by sqrt(width), so a successor's logit is 4 * sqrt(width): far ahead.
  for (let token = 0; token < rows; token++) {
    embedding[token * width + token] = 1
    const last = token === rows - 1
    const inReply = token >= first
    const next = token === NEWLINE || (last && loop) ? first : inReply && !last ? token + 1 : end
    output[next * width + token] = 4
  }
  const zeros = (size: number): Float32Array => new Float32Array(size)
  return [...outerTensors(width, rows, embedding, output), ...layerTensors(width, zeros)]
}

function randomTensors(rows: number, width: number, seed: number): readonly Tensor[] {
  const next = xorshift32(seed)
  const fill = (size: number): Float32Array => Float32Array.from({ length: size }, () => (next() - 0.5) * 0.5)
  const embedding = fill(rows * width)
  const output = fill(rows * width)
  return [...outerTensors(width, rows, embedding, output), ...layerTensors(width, fill)]
}

/** Numbers in 0..1, the same for the same seed: xorshift32 (Marsaglia, 2003). */
function xorshift32(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4294967296
  }
}

type MetadataValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'f32s' | 'i32s'; readonly value: readonly number[] }

function metadata(
  options: TinyGgufOptions,
  vocabulary: readonly VocabularyEntry[],
  width: number,
): ReadonlyMap<string, MetadataValue> {
  const u32 = (value: number): MetadataValue => ({ type: 'u32', value })
  const text = (value: string): MetadataValue => ({ type: 'string', value })
  return new Map<string, MetadataValue>([
    ['general.architecture', text('llama')],
    ['general.name', text(options.name ?? `tiny-${options.kind}`)],
    ['general.license', text(options.licence ?? 'apache-2.0')],
    ['general.file_type', u32(0)],
    ['llama.context_length', u32(options.contextLength ?? 512)],
    ['llama.embedding_length', u32(width)],
    ['llama.block_count', u32(1)],
    ['llama.feed_forward_length', u32(FEED_FORWARD)],
    ['llama.attention.head_count', u32(width / 32)],
    ['llama.attention.head_count_kv', u32(width / 32)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'f32', value: 1e-6 }],
    ['llama.rope.dimension_count', u32(32)],
    ['tokenizer.ggml.model', text('llama')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: vocabulary.map((entry) => entry.text) }],
    ['tokenizer.ggml.scores', { type: 'f32s', value: vocabulary.map((entry) => entry.score) }],
    ['tokenizer.ggml.token_type', { type: 'i32s', value: vocabulary.map((entry) => entry.type) }],
    ['tokenizer.ggml.unknown_token_id', u32(0)],
    ['tokenizer.ggml.bos_token_id', u32(1)],
    ['tokenizer.ggml.eos_token_id', u32(idOf(vocabulary, '<|im_end|>'))],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: false }],
    ['tokenizer.chat_template', text(options.chatTemplate ?? CHATML_TEMPLATE)],
  ])
}

const ALIGNMENT = 32
const TYPE_ID = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const

function serialise(entries: ReadonlyMap<string, MetadataValue>, tensors: readonly Tensor[]): Buffer {
  const parts: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(entries.size)]
  for (const [key, value] of entries) parts.push(ggufString(key), ...ggufValue(value))
  let offset = 0
  for (const tensor of tensors) {
    parts.push(
      ggufString(tensor.name),
      u32(tensor.shape.length),
      ...tensor.shape.map(u64),
      u32(0),
      u64(offset),
    )
    offset += padded(tensor.values.byteLength)
  }
  const header = Buffer.concat(parts)
  const blocks = tensors.map((tensor) => padTo(Buffer.from(tensor.values.buffer)))
  return Buffer.concat([padTo(header), ...blocks])
}

function ggufValue(value: MetadataValue): readonly Buffer[] {
  switch (value.type) {
    case 'u32':
      return [u32(TYPE_ID.u32), u32(value.value)]
    case 'f32':
      return [u32(TYPE_ID.f32), f32(value.value)]
    case 'bool':
      return [u32(TYPE_ID.bool), Buffer.from([value.value ? 1 : 0])]
    case 'string':
      return [u32(TYPE_ID.string), ggufString(value.value)]
    case 'strings':
      return [...arrayHead(TYPE_ID.string, value.value.length), ...value.value.map(ggufString)]
    case 'f32s':
      return [...arrayHead(TYPE_ID.f32, value.value.length), ...value.value.map(f32)]
    case 'i32s':
      return [...arrayHead(TYPE_ID.i32, value.value.length), ...value.value.map(u32)]
    default:
      return value satisfies never
  }
}

function arrayHead(type: number, length: number): readonly Buffer[] {
  return [u32(TYPE_ID.array), u32(type), u64(length)]
}

function ggufString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeFloatLE(value)
  return buffer
}

function padded(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT
}

function padTo(buffer: Buffer): Buffer {
  return Buffer.concat([buffer, Buffer.alloc(padded(buffer.length) - buffer.length)])
}
