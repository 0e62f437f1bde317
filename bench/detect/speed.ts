/** How fast the tagger is: time to load the model, tokens a second on one core, memory. */
import { readFileSync } from 'node:fs'
import { readModel } from '../../detectors/ner/model-file.ts'
import { Tagger } from '../../detectors/ner/tagger.ts'
import type { LabelledSet } from './sets.ts'

const ROUNDS = 12
const MAX_UNITS = 400_000

/** What was measured. Times are of this process alone, so that a busy machine disturbs little. */
export interface Speed {
  readonly loadMs: number
  readonly tokensPerSecond: number
  readonly memoryMiB: number
}

/** Loads the model and tags the sets' texts several times; the fastest round counts. */
export function measureSpeed(modelPath: string, sets: readonly LabelledSet[]): Speed {
  const before = memory()
  const begun = cpuMs()
  const tagger = new Tagger(readModel(readFileSync(modelPath)), 'high')
  tagger.tag('Ann')
  const loadMs = cpuMs() - begun
  const text = sets
    .flatMap((set) => set.documents.map((document) => document.text))
    .join('\n')
    .slice(0, MAX_UNITS)
  let tokensPerSecond = 0
  for (let round = 0; round < ROUNDS; round++) {
    const start = cpuMs()
    tagger.tag(text)
    tokensPerSecond = Math.max(tokensPerSecond, (1000 * tagger.tokens.count) / (cpuMs() - start))
  }
  return { loadMs, tokensPerSecond, memoryMiB: (memory() - before) / 2 ** 20 }
}

/** Bytes held by typed arrays and objects, after a collection where the process allows one. */
function memory(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
