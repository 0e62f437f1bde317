/**
 * The detectors with a memory: findings are kept per text block under a keyed hash of the block, so that a
 * growing conversation pays only for its new message. Neither text nor values are kept, only offsets and types.
 */
import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Detection, Detectors } from '../detectors/index.ts'
import type { NamedDetectors } from './named-findings.ts'

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
  /**
   * Present where names are found elsewhere: detectors that know what was found in these texts, for one request.
   * Never rejects: a failure of the engine is the status of the NER layer.
   */
  readonly prepare?: (texts: readonly string[], signal: AbortSignal) => Promise<BlockDetectors>
  /** The same as `detect` for a long text, out of the way of other requests. Rejects only when `signal` aborts. */
  readonly detectAside?: (text: string, signal: AbortSignal) => Promise<BlockDetection>
}

/** Detectors that run elsewhere. */
export type DetectAside = (text: string, signal: AbortSignal) => Promise<Detection>

/**
 * Detectors that remember. `key` (32 bytes) makes the block hashes useless to whoever reads the memory or a
 * dump; `maxBytes` bounds the memory. Results of a layer that failed are not kept. `aside` is for long texts.
 */
export function cacheFindings(
  detectors: Detectors,
  key: Uint8Array,
  maxBytes: number,
  aside?: DetectAside,
): BlockDetectors {
  const memory = createMemory(key, maxBytes)
  const here: BlockDetectors = {
    detect(text) {
      const hmac = memory.hash(text)
      return memory.get(hmac) ?? memory.keep({ ...detectors.detect(text), hmac })
    },
  }
  if (aside === undefined) return here
  return {
    ...here,
    async detectAside(text, signal) {
      const hmac = memory.hash(text)
      return memory.get(hmac) ?? memory.keep({ ...(await aside(text, signal)), hmac })
    },
  }
}

/** The same over detectors that must be prepared; without that, what is not remembered has no NER layer. */
export function cacheNamedFindings(named: NamedDetectors, key: Uint8Array, maxBytes: number): BlockDetectors {
  const memory = createMemory(key, maxBytes)
  return {
    detect(text) {
      const hmac = memory.hash(text)
      return memory.get(hmac) ?? { findings: [], status: { pattern: 'down', ner: 'down' }, hmac }
    },
    async prepare(texts, signal) {
      // What the request needs is held here too, so that nothing it needs is forgotten on the way.
      const held = new Map<string, BlockDetection>()
      const unknown = new Map<string, string>()
      for (const text of texts) {
        const hmac = memory.hash(text)
        const known = memory.get(hmac)
        if (known === undefined) unknown.set(hmac, text)
        else held.set(hmac, known)
      }
      const detect = await named.prepare([...unknown.values()], signal)
      for (const [hmac, text] of unknown) held.set(hmac, memory.keep({ ...detect(text), hmac }))
      return {
        detect(text) {
          const hmac = memory.hash(text)
          return held.get(hmac) ?? { ...detect(text), hmac }
        },
      }
    },
  }
}

interface Memory {
  hash(text: string): string
  get(hmac: string): BlockDetection | undefined
  /** Keeps what is complete; returns what it was given. */
  keep(detection: BlockDetection): BlockDetection
}

function createMemory(key: Uint8Array, maxBytes: number): Memory {
  const cache = new LRUCache<string, BlockDetection>({
    maxSize: maxBytes,
    sizeCalculation: (detection) => BYTES_PER_ENTRY + detection.findings.length * BYTES_PER_FINDING,
  })
  return {
    hash: (text) => createHmac('sha256', key).update(text).digest('binary'),
    get: (hmac) => cache.get(hmac),
    keep(detection) {
      const { pattern, ner } = detection.status
      if (pattern === 'ok' && (ner === 'ok' || ner === 'off')) cache.set(detection.hmac, detection)
      return detection
    },
  }
}
