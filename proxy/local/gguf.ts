/**
 * A bounded reader of GGUF headers: what a model file says about itself, and whether the file is all there.
 * Our own rather than the inference library's, because it must refuse hostile lengths, tell a truncated file from
 * a whole one, and not load 500 ms of library for `models list`.
 * Source: github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
 */
import { type FileHandle, open, stat } from 'node:fs/promises'
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
  /** Bytes the file must have at least; of tensors of an unknown type only their beginning counts. */
  readonly minimumBytes: number
  /** Bytes the file has. */
  readonly fileBytes: number
}

type Metadata = ReadonlyMap<string, MetadataValue>
type MetadataValue = string | number | boolean | readonly number[]

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
    return await readHeader(new HeaderReader(handle, path, (await handle.stat()).size))
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
    // Asked before: opening a pipe would wait for whoever writes into it.
    if (!(await stat(path)).isFile()) throw fileError(path, 'unreadable', 'is not a regular file')
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof LocalModelError) throw error
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
  const metadata = new Map<string, MetadataValue>()
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
  if (minimumBytes > reader.size) {
    throw fileError(reader.path, 'truncated', 'is shorter than its tensors: it was not copied whole')
  }
  return { version, tensorCount, minimumBytes, fileBytes: reader.size, ...describe(metadata) }
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

const VALUE = { bool: 7, string: 8, array: 9 } as const
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
/** Reads the whole-number types; writers differ in which one they use for a key. */
const INTEGERS: ReadonlyMap<number, (bytes: Buffer) => number> = new Map([
  [0, (bytes) => bytes.readUInt8()],
  [1, (bytes) => bytes.readInt8()],
  [2, (bytes) => bytes.readUInt16LE()],
  [3, (bytes) => bytes.readInt16LE()],
  [4, (bytes) => bytes.readUInt32LE()],
  [5, (bytes) => bytes.readInt32LE()],
  [10, (bytes) => Number(bytes.readBigUInt64LE())],
  [11, (bytes) => Number(bytes.readBigInt64LE())],
])
/** Numbers of a list that is read; longer ones, such as a vocabulary's, are passed over. */
const MAX_LIST = 1_024

/** Texts, whole numbers, booleans and short lists of whole numbers; null for what nobody asks for. */
async function readValue(reader: HeaderReader, type: number): Promise<MetadataValue | null> {
  if (type === VALUE.string) return reader.string()
  if (type === VALUE.bool) return (await reader.bytes(1))[0] === 1
  if (type === VALUE.array) return readArray(reader, 0)
  const size = FIXED_BYTES.get(type)
  if (size === undefined) throw fileError(reader.path, 'damaged', 'has a metadata value of an unknown type')
  return INTEGERS.get(type)?.(await reader.bytes(size)) ?? skipped(reader, size)
}

function skipped(reader: HeaderReader, bytes: number): null {
  reader.skip(bytes)
  return null
}

async function readArray(reader: HeaderReader, depth: number): Promise<readonly number[] | null> {
  const type = await reader.u32()
  const count = await reader.u64(MAX_HEADER)
  const size = FIXED_BYTES.get(type)
  const read = INTEGERS.get(type)
  if (size !== undefined && read !== undefined && count <= MAX_LIST) {
    const block = await reader.bytes(size * count)
    return Array.from({ length: count }, (_, i) => read(block.subarray(i * size, (i + 1) * size)))
  }
  if (size !== undefined) return skipped(reader, size * count)
  if ((type !== VALUE.string && type !== VALUE.array) || depth > 4) {
    throw fileError(reader.path, 'damaged', 'has an array of an unknown type')
  }
  for (let i = 0; i < count; i++) {
    if (type === VALUE.array) await readArray(reader, depth + 1)
    else reader.skip(await reader.u64(MAX_STRING))
  }
  return null
}

/** Where the last tensor ends, in bytes from the start of the file; one of an unknown type ends where it begins. */
async function readTensorEnd(reader: HeaderReader, count: number, alignment: unknown): Promise<number> {
  let end = 0
  for (let i = 0; i < count; i++) {
    await reader.string()
    const dimensions = await reader.u32()
    if (dimensions > 8) throw fileError(reader.path, 'damaged', 'has a tensor of too many dimensions')
    let elements = 1
    for (let d = 0; d < dimensions; d++) elements *= await reader.u64(Number.MAX_SAFE_INTEGER)
    const size = TENSOR_TYPE_SIZES.get(await reader.u32())
    const offset = await reader.u64(Number.MAX_SAFE_INTEGER)
    const bytes = size === undefined ? 0 : Math.ceil(elements / size.elements) * size.bytes
    end = Math.max(end, offset + bytes)
  }
  const step = typeof alignment === 'number' && alignment > 0 ? alignment : 32
  return Math.ceil(reader.position / step) * step + end
}

function describe(
  metadata: Metadata,
): Omit<GgufInfo, 'version' | 'tensorCount' | 'minimumBytes' | 'fileBytes'> {
  const text = (key: string): string | null => {
    const value = metadata.get(key)
    return typeof value === 'string' ? value : null
  }
  const numbers = (key: string): readonly number[] => {
    const value = metadata.get(key)
    if (typeof value === 'number') return [value]
    return Array.isArray(value) ? value : []
  }
  const architecture = text('general.architecture') ?? 'unknown'
  const [fileType] = numbers('general.file_type')
  return {
    architecture,
    name: text('general.name'),
    licence: text('general.license'),
    quantisation: fileType === undefined ? null : (FILE_TYPE_NAMES.get(fileType) ?? null),
    contextLength: numbers(`${architecture}.context_length`)[0] ?? null,
    bytesPerToken: bytesPerToken((key) => numbers(`${architecture}.${key}`)),
    chatTemplate: text('tokenizer.chat_template'),
  }
}

/**
 * Keys and values of every layer; models that share heads between layers or keep a window only need less. Some say
 * for each layer how many heads it has, and 0 where a layer remembers nothing by tokens.
 */
function bytesPerToken(numbers: (key: string) => readonly number[]): number | null {
  const [layers] = numbers('block_count')
  const [width] = numbers('embedding_length')
  const heads = Math.max(0, ...numbers('attention.head_count'))
  if (layers === undefined || heads === 0 || width === undefined) return null
  const grouped = numbers('attention.head_count_kv')
  const perLayer = grouped.length > 0 ? grouped : [heads]
  const groups = perLayer.reduce((sum, count) => sum + count, 0) * (perLayer.length === 1 ? layers : 1)
  const keys = numbers('attention.key_length')[0] ?? width / heads
  const values = numbers('attention.value_length')[0] ?? width / heads
  return groups * (keys + values) * 2
}
