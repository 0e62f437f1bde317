/**
 * A bounded reader of GGUF headers: what a model file says about itself, and whether the file is all there.
 * Our own rather than the inference library's, because it must refuse hostile lengths, tell a truncated file from
 * a whole one, and not load 500 ms of library for `models list`.
 * Source: github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
 */
import { type FileHandle, open } from 'node:fs/promises'
import { LocalModelError, type LocalModelErrorReason } from './errors.ts'
import { FILE_TYPE_NAMES, TENSOR_TYPE_SIZES } from './gguf-types.ts'

/** What a model file says about itself; null where the metadata is silent. */
export interface GgufInfo {
  readonly version: number
  readonly architecture: string
  readonly name: string | null
  readonly licence: string | null
  /** Such as `Q4_K_M`. */
  readonly quantisation: string | null
  /** Tokens the model was trained for. */
  readonly contextLength: number | null
  /** Memory of one token of a context, in bytes: its keys and values in 16 bits; null where the header does not say. */
  readonly bytesPerToken: number | null
  readonly chatTemplate: string | null
  readonly tensorCount: number
  /** Bytes the file must have at least; null when a tensor is of an unknown type. */
  readonly minimumBytes: number | null
}

const MAX_ENTRIES = 100_000
const MAX_STRING = 4 * 1024 * 1024
const MAX_HEADER = 512 * 1024 * 1024
const BLOCK = 256 * 1024
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/**
 * Reads the header of a GGUF file. Rejects with `LocalModelError` (`not_loaded`): `missing`, `unreadable`,
 * `lfs_pointer`, `not_gguf`, `unsupported_version`, `damaged` (impossible lengths), `truncated` (ends early) or
 * `split_file` (one part of several).
 */
export async function readGguf(path: string): Promise<GgufInfo> {
  const handle = await openFile(path)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw fileError(path, 'unreadable', 'is not a regular file')
    return await readHeader(new HeaderReader(handle, path, stats.size))
  } finally {
    await handle.close()
  }
}

/** The error of a model file that must not be used. */
export function fileError(
  path: string,
  reason: LocalModelErrorReason,
  what: string,
  cause?: unknown,
): LocalModelError {
  return new LocalModelError('not_loaded', `model file ${path} ${what}`, { reason, cause })
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (missing) throw fileError(path, 'missing', 'does not exist', error)
    throw fileError(path, 'unreadable', 'cannot be opened', error)
  }
}

/** Reads forward through the header in blocks; every length is checked against the file's before it is used. */
class HeaderReader {
  readonly path: string
  readonly size: number
  position = 0
  private readonly handle: FileHandle
  private block = Buffer.alloc(0)
  private blockStart = 0

  constructor(handle: FileHandle, path: string, size: number) {
    this.handle = handle
    this.path = path
    this.size = size
  }

  async bytes(length: number): Promise<Buffer> {
    this.need(length)
    const end = this.position + length
    if (this.position < this.blockStart || end > this.blockStart + this.block.length) {
      await this.load(Math.max(length, BLOCK))
    }
    const from = this.position - this.blockStart
    this.position = end
    return this.block.subarray(from, from + length)
  }

  skip(length: number): void {
    this.need(length)
    this.position += length
  }

  async u32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE()
  }

  /** An unsigned 64-bit number of at most `limit`. */
  async u64(limit: number): Promise<number> {
    const value = (await this.bytes(8)).readBigUInt64LE()
    if (value > BigInt(limit)) throw fileError(this.path, 'damaged', 'has an impossible length in its header')
    return Number(value)
  }

  async string(): Promise<string> {
    return (await this.bytes(await this.u64(MAX_STRING))).toString('utf8')
  }

  private need(length: number): void {
    if (this.position + length > this.size) {
      throw fileError(this.path, 'truncated', 'ends inside its header: it was not copied whole')
    }
    if (this.position + length > MAX_HEADER) throw fileError(this.path, 'damaged', 'has an oversized header')
  }

  private async load(wanted: number): Promise<void> {
    const length = Math.min(wanted, this.size - this.position)
    const block = Buffer.alloc(length)
    const { bytesRead } = await this.handle.read(block, 0, length, this.position)
    if (bytesRead < length) throw fileError(this.path, 'truncated', 'ended while it was read')
    this.block = block
    this.blockStart = this.position
  }
}

async function readHeader(reader: HeaderReader): Promise<GgufInfo> {
  await checkMagic(reader)
  const version = await reader.u32()
  if (version !== 2 && version !== 3) {
    throw fileError(reader.path, 'unsupported_version', 'has a GGUF version other than 2 and 3')
  }
  const tensorCount = await reader.u64(MAX_ENTRIES)
  const entryCount = await reader.u64(MAX_ENTRIES)
  const metadata = new Map<string, string | number | boolean>()
  for (let i = 0; i < entryCount; i++) {
    const key = await reader.string()
    const value = await readValue(reader, await reader.u32())
    if (value !== null) metadata.set(key, value)
  }
  const parts = metadata.get('split.count')
  if (typeof parts === 'number' && parts > 1) {
    throw fileError(reader.path, 'split_file', 'is one part of several: merge the parts into one file first')
  }
  const minimumBytes = await readTensorEnd(reader, tensorCount, metadata.get('general.alignment'))
  if (minimumBytes !== null && minimumBytes > reader.size) {
    throw fileError(reader.path, 'truncated', 'is shorter than its tensors: it was not copied whole')
  }
  return describe(version, tensorCount, minimumBytes, metadata)
}

async function checkMagic(reader: HeaderReader): Promise<void> {
  const head = await reader.bytes(Math.min(LFS_POINTER.length, reader.size))
  reader.position = 0
  if (head.toString('latin1') === LFS_POINTER) {
    throw fileError(reader.path, 'lfs_pointer', 'is a Git LFS pointer, not the model: run git lfs pull')
  }
  if (head.subarray(0, 4).toString('latin1') !== 'GGUF') {
    throw fileError(reader.path, 'not_gguf', 'is not a GGUF file')
  }
  reader.position = 4
}

const VALUE = { u32: 4, f32: 6, bool: 7, string: 8, array: 9 } as const
/** Bytes of each fixed-size value type, by its number. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
])

/** Strings, unsigned numbers and booleans; null for what nobody asks for (arrays, other numbers). */
async function readValue(reader: HeaderReader, type: number): Promise<string | number | boolean | null> {
  if (type === VALUE.string) return reader.string()
  if (type === VALUE.u32) return reader.u32()
  if (type === VALUE.bool) return (await reader.bytes(1))[0] === 1
  if (type === VALUE.array) {
    await skipArray(reader, 0)
    return null
  }
  const size = FIXED_BYTES.get(type)
  if (size === undefined) throw fileError(reader.path, 'damaged', 'has a metadata value of an unknown type')
  reader.skip(size)
  return null
}

async function skipArray(reader: HeaderReader, depth: number): Promise<void> {
  const type = await reader.u32()
  const count = await reader.u64(MAX_HEADER)
  const size = FIXED_BYTES.get(type)
  if (size !== undefined) {
    reader.skip(size * count)
    return
  }
  if ((type !== VALUE.string && type !== VALUE.array) || depth > 4) {
    throw fileError(reader.path, 'damaged', 'has an array of an unknown type')
  }
  for (let i = 0; i < count; i++) {
    if (type === VALUE.array) await skipArray(reader, depth + 1)
    else reader.skip(await reader.u64(MAX_STRING))
  }
}

/** Where the last tensor ends, in bytes from the start of the file; null when a tensor's type is unknown. */
async function readTensorEnd(
  reader: HeaderReader,
  count: number,
  alignment: unknown,
): Promise<number | null> {
  let end: number | null = 0
  for (let i = 0; i < count; i++) {
    await reader.string()
    const dimensions = await reader.u32()
    if (dimensions > 8) throw fileError(reader.path, 'damaged', 'has a tensor of too many dimensions')
    let elements = 1
    for (let d = 0; d < dimensions; d++) elements *= await reader.u64(Number.MAX_SAFE_INTEGER)
    const size = TENSOR_TYPE_SIZES.get(await reader.u32())
    const offset = await reader.u64(Number.MAX_SAFE_INTEGER)
    const bytes = size === undefined ? null : Math.ceil(elements / size.elements) * size.bytes
    end = end === null || bytes === null ? null : Math.max(end, offset + bytes)
  }
  const step = typeof alignment === 'number' && alignment > 0 ? alignment : 32
  return end === null ? null : Math.ceil(reader.position / step) * step + end
}

function describe(
  version: number,
  tensorCount: number,
  minimumBytes: number | null,
  metadata: ReadonlyMap<string, string | number | boolean>,
): GgufInfo {
  const text = (key: string): string | null => {
    const value = metadata.get(key)
    return typeof value === 'string' ? value : null
  }
  const number = (key: string): number | null => {
    const value = metadata.get(key)
    return typeof value === 'number' ? value : null
  }
  const architecture = text('general.architecture') ?? 'unknown'
  const fileType = number('general.file_type')
  return {
    version,
    architecture,
    name: text('general.name'),
    licence: text('general.license'),
    quantisation: fileType === null ? null : (FILE_TYPE_NAMES.get(fileType) ?? null),
    contextLength: number(`${architecture}.context_length`),
    bytesPerToken: bytesPerToken((key) => number(`${architecture}.${key}`)),
    chatTemplate: text('tokenizer.chat_template'),
    tensorCount,
    minimumBytes,
  }
}

/** Keys and values of every layer; models that share heads between layers or keep a window only need less. */
function bytesPerToken(number: (key: string) => number | null): number | null {
  const layers = number('block_count')
  const heads = number('attention.head_count')
  const width = number('embedding_length')
  if (layers === null || heads === null || heads === 0 || width === null) return null
  const groups = number('attention.head_count_kv') ?? heads
  const keys = number('attention.key_length') ?? width / heads
  const values = number('attention.value_length') ?? width / heads
  return layers * groups * (keys + values) * 2
}
