/**
 * The model file: magic, header, then one brotli stream of sections. Written by `bench/train/ner`, read here.
 *
 * Header (little endian): 8 bytes magic, uint32 weight bits, uint32 lexicon entries, uint32 distinct masks,
 * float32 scale of the weights, uint32 bytes of the packed key stream, uint32 clusters, uint32 weights of the forms.
 * Sections of the stream, in order: label biases per recall level (float32), transitions (float32), masks (uint32),
 * groups of the clusters, weights of the forms (int8), low then high bytes of the entries' mask numbers, low then high
 * bytes of their clusters, key gaps (variable length, 7 bits a byte), weights (int8).
 */
import { brotliDecompressSync } from 'node:zlib'
import { LABEL_COUNT, NER_TYPES } from './labels.ts'
import { Lexicon } from './lexicon.ts'
import { FORM_SLOTS } from './word-form.ts'

/** The first bytes of a model file. */
export const MODEL_MAGIC = 'CLKNER03'

/** Bytes of the header, magic included. */
export const HEADER_BYTES = 36

/** How eager the tagger is; `high` is the default of the product. */
export const RECALL_LEVELS = ['balanced', 'high', 'max'] as const

/** One of the recall levels. */
export type RecallLevel = (typeof RECALL_LEVELS)[number]

/** Slots past the end of the weight table, so that a feature's labels never wrap around. */
export const TABLE_MARGIN = 16

/** No model is larger, unpacked. */
const MAX_STREAM = 64 * 2 ** 20
/** The smallest piece that the unpacker takes. */
const MIN_CHUNK = 64

/** A trained tagger: everything but code. */
export interface NerModel {
  /** log2 of the slots of the weight table. */
  readonly weightBits: number
  /** `2 ** weightBits + TABLE_MARGIN` quantised weights. */
  readonly weights: Int8Array
  /** What one unit of a quantised weight is worth. */
  readonly scale: number
  /** Score of going from a label to the next one: row by row, `LABEL_COUNT` squared. */
  readonly transitions: Float32Array
  /** Added to the labels of each type: one row of `NER_TYPES.length` values per recall level. */
  readonly biases: Float32Array
  readonly lexicon: Lexicon
}

/** Why a model file could not be used. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'
}

/** Reads a model file. Throws `ModelFileError` when it is not one, or is cut off or of another version. */
export function readModel(file: Uint8Array): NerModel {
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < HEADER_BYTES || Buffer.from(file.subarray(0, 8)).toString('latin1') !== MODEL_MAGIC) {
    throw new ModelFileError('not a model file of this version of the tagger')
  }
  const weightBits = header.getUint32(8, true)
  const entryCount = header.getUint32(12, true)
  const maskCount = header.getUint32(16, true)
  const keyBytes = header.getUint32(24, true)
  const clusterCount = header.getUint32(28, true)
  const formCount = header.getUint32(32, true)
  if (formCount !== 0 && formCount !== FORM_SLOTS) throw new ModelFileError('the model file is damaged')
  const weightCount = 2 ** weightBits + TABLE_MARGIN
  const length =
    4 * (RECALL_LEVELS.length * NER_TYPES.length + LABEL_COUNT * LABEL_COUNT + maskCount) +
    clusterCount +
    formCount +
    4 * entryCount +
    keyBytes +
    weightCount
  const reader = new SectionReader(unpack(file.subarray(HEADER_BYTES), length))
  const biases = reader.floats(RECALL_LEVELS.length * NER_TYPES.length)
  const transitions = reader.floats(LABEL_COUNT * LABEL_COUNT)
  const masks = reader.integers(maskCount)
  const groups = reader.bytes(clusterCount).slice()
  const forms = Int8Array.from(reader.signed(formCount))
  const maskNumbers = reader.halves(entryCount)
  const clusters = reader.halves(entryCount)
  const keys = unpackKeys(reader.bytes(keyBytes), entryCount)
  // A view of the stream, most of which it is: a copy would cost more time than the rest costs memory.
  const weights = reader.signed(weightCount)
  return {
    weightBits,
    weights,
    scale: header.getFloat32(20, true),
    transitions,
    biases,
    lexicon: new Lexicon({ keys, maskNumbers, masks, clusters, groups, forms }),
  }
}

/** Unpacks a stream of so many bytes into one piece of memory. */
function unpack(packed: Uint8Array, length: number): Uint8Array {
  if (length > MAX_STREAM) throw new ModelFileError('the model file is damaged')
  try {
    const limits = { chunkSize: Math.max(length, MIN_CHUNK), maxOutputLength: length }
    const { buffer, byteOffset, byteLength } = brotliDecompressSync(packed, limits)
    // A plain array: slices of a Buffer are views of it.
    return new Uint8Array(buffer, byteOffset, byteLength)
  } catch (cause) {
    throw new ModelFileError('the model file is damaged', { cause })
  }
}

/** Undoes the gaps between ascending keys. */
function unpackKeys(bytes: Uint8Array, count: number): Int32Array {
  const keys = new Int32Array(count)
  let at = 0
  let key = 0
  for (let n = 0; n < count; n++) {
    let gap = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      gap |= (byte & 127) << shift
      if (byte < 128) break
    }
    key += gap
    keys[n] = key
  }
  return keys
}

/** Takes sections off the front of the unpacked stream. */
class SectionReader {
  private at = 0
  private readonly stream: Uint8Array

  constructor(stream: Uint8Array) {
    this.stream = stream
  }

  /** A view of the stream. */
  bytes(length: number): Uint8Array {
    if (this.at + length > this.stream.length) throw new ModelFileError('the model file is cut off')
    this.at += length
    return this.stream.subarray(this.at - length, this.at)
  }

  /** A view of the stream as signed bytes. */
  signed(length: number): Int8Array {
    const { buffer, byteOffset } = this.bytes(length)
    return new Int8Array(buffer, byteOffset, length)
  }

  /** 16-bit values whose low bytes stand before all high bytes. */
  halves(count: number): Uint16Array {
    const low = this.bytes(count)
    const high = this.bytes(count)
    const values = new Uint16Array(count)
    for (let n = 0; n < count; n++) values[n] = (low[n] as number) + 256 * (high[n] as number)
    return values
  }

  floats(count: number): Float32Array {
    return new Float32Array(Uint8Array.from(this.bytes(count * 4)).buffer)
  }

  integers(count: number): Int32Array {
    return new Int32Array(Uint8Array.from(this.bytes(count * 4)).buffer)
  }
}
