/** Writes the model file that `detectors/ner/model-file.ts` reads. */
import { brotliCompressSync, constants } from 'node:zlib'
import type { LexiconTables } from '../../../detectors/ner/lexicon.ts'
import { HEADER_BYTES, MODEL_MAGIC } from '../../../detectors/ner/model-file.ts'
import type { TrainedWeights } from './crf.ts'

/** Everything a model file holds. */
export interface ModelContents {
  readonly weightBits: number
  readonly trained: TrainedWeights
  readonly lexicon: LexiconTables
  /** Biases by recall level, then type. */
  readonly biases: Float32Array
}

/** Steps up to the largest weight; larger ones are clipped. Finer steps make the file larger and nothing better. */
const STEPS = 14
/** Weights of fewer steps are left out: they carry noise, and zeros compress. */
const DEAD_ZONE = 2
const CLIP_QUANTILE = 0.9999

/** The bytes of a model file whose weights are whole numbers up to `steps`, at most 127. */
export function encodeModel(contents: ModelContents, steps: number = STEPS): Uint8Array {
  const { keys, maskNumbers, masks, clusters, groups, forms } = contents.lexicon
  const { quantised, scale } = quantise(contents.trained.weights, steps)
  const gaps = packGaps(keys)
  const stream = Buffer.concat([
    bytesOf(contents.biases),
    bytesOf(contents.trained.transitions),
    bytesOf(masks),
    groups,
    bytesOf(forms),
    halvesOf(maskNumbers),
    halvesOf(clusters),
    gaps,
    bytesOf(quantised),
  ])
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MODEL_MAGIC, 'latin1')
  header.writeUInt32LE(contents.weightBits, 8)
  header.writeUInt32LE(keys.length, 12)
  header.writeUInt32LE(masks.length, 16)
  header.writeFloatLE(scale, 20)
  header.writeUInt32LE(gaps.length, 24)
  header.writeUInt32LE(groups.length, 28)
  header.writeUInt32LE(forms.length, 32)
  return Buffer.concat([header, compress(stream)])
}

/** All low bytes, then all high bytes. */
function halvesOf(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 2)
  values.forEach((value, n) => {
    bytes[n] = value & 255
    bytes[values.length + n] = value >> 8
  })
  return bytes
}

function compress(stream: Uint8Array): Uint8Array {
  return brotliCompressSync(stream, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: stream.length,
    },
  })
}

function quantise(weights: Float32Array, most: number): { quantised: Int8Array; scale: number } {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort()
  const limit = sizes[Math.floor(sizes.length * CLIP_QUANTILE)] ?? 1
  const scale = limit / most
  const quantised = Int8Array.from(weights, (weight) => {
    const steps = Math.max(-most, Math.min(most, Math.round(weight / scale)))
    return Math.abs(steps) < DEAD_ZONE ? 0 : steps
  })
  return { quantised, scale }
}

function packGaps(keys: Int32Array): Uint8Array {
  const bytes: number[] = []
  let previous = 0
  for (const key of keys) {
    let gap = key - previous
    previous = key
    for (; gap > 127; gap >>>= 7) bytes.push((gap & 127) | 128)
    bytes.push(gap)
  }
  return Uint8Array.from(bytes)
}

function bytesOf(array: Float32Array | Int32Array | Int8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
