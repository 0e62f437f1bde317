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

/**
 * Detectors that remember. `key` (32 bytes) makes the block hashes useless to whoever reads the memory or a
 * dump; `maxBytes` bounds the memory. Results of a layer that failed are not kept.
 */
export function cacheFindings(detectors: Detectors, key: Uint8Array, maxBytes: number): Detectors {
  const cache = new LRUCache<string, Detection>({
    maxSize: maxBytes,
    sizeCalculation: (detection) => BYTES_PER_ENTRY + detection.findings.length * BYTES_PER_FINDING,
  })
  return {
    detect(text, layers) {
      if (layers !== undefined) return detectors.detect(text, layers)
      const block = createHmac('sha256', key).update(text).digest('binary')
      const known = cache.get(block)
      if (known !== undefined) return known
      const detection = detectors.detect(text)
      if (
        detection.status.pattern === 'ok' &&
        detection.status.ner !== 'down' &&
        detection.status.ner !== 'timeout'
      ) {
        cache.set(block, detection)
      }
      return detection
    },
  }
}
