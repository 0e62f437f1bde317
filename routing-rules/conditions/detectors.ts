/** What became of each detection layer. */
import type { FactFamily } from './types.ts'

/** What a layer or the local model can be. */
export const STATUSES = ['ok', 'off', 'down', 'timeout'] as const

const LAYERS = ['pattern', 'ner', 'contextual'] as const

export const detectors: FactFamily = {
  id: 'detectors',
  facts: () =>
    LAYERS.map((layer) => ({
      path: `detectors.${layer}.status`,
      kind: 'text',
      values: STATUSES,
      about: `what became of the ${layer} layer`,
      keys: ['detectors', layer],
      read: (facts) => facts.detectors[layer],
    })),
}
