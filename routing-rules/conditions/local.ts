/** The local model: whether it answers, and how sure it was of a draft. */
import { STATUSES } from './detectors.ts'
import type { FactFamily } from './types.ts'

export const local: FactFamily = {
  id: 'local',
  facts: () => [
    {
      path: 'local.status',
      kind: 'text',
      values: STATUSES,
      about: 'whether the local model can answer now',
      keys: ['local', 'status'],
      read: (facts) => facts.local.status,
    },
    {
      path: 'local.confidence',
      kind: 'number',
      min: 0,
      max: 1,
      about: 'confidence in a local draft; unknown before there is one',
      keys: ['local', 'confidence'],
      read: (facts) => facts.local.confidence,
    },
  ],
}
