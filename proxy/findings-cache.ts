/**
 * The detectors with a memory: findings are kept per text block under a keyed hash of the block, so that a
 * growing conversation pays only for its new message. Neither text nor values are kept, only offsets and types.
 */
import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Detection, Detectors } from '../detectors/index.ts'

/** Findings of one block weigh about this much in memory. */
const BYTES_PER_ENTRY = 200
const BYTES_PER_FINDING = 120

/** What was found in one block of text, and the block's keyed hash. */
export interface BlockDetection extends Detection {
  /** HMAC-SHA-256 of the text under the cache's key, as 32 Latin-1 characters. */
  readonly hmac: string
}

/** The detectors as the pipeline uses them. */
export interface BlockDetectors {
  detect(text: string): BlockDetection
}

/**
 * Detectors that remember. `key` (32 bytes) makes the block hashes useless to whoever reads the memory or a
 * dump; `maxBytes` bounds the memory. Results of a layer that failed are not kept.
 */
export function cacheFindings(detectors: Detectors, key: Uint8Array, maxBytes: number): BlockDetectors {
  const cache = new LRUCache<string, BlockDetection>({
    maxSize: maxBytes,
    sizeCalculation: (detection) => BYTES_PER_ENTRY + detection.findings.length * BYTES_PER_FINDING,
  })
  return {
    detect(text) {
      const hmac = createHmac('sha256', key).update(text).digest('binary')
      const known = cache.get(hmac)
      if (known !== undefined) return known
      const detection = { ...detectors.detect(text), hmac }
      const { pattern, ner } = detection.status
      if (pattern === 'ok' && (ner === 'ok' || ner === 'off')) cache.set(hmac, detection)
      return detection
    },
  }
}
