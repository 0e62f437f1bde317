/** What the classifier says about the prompt. */
import type { FactFamily } from './types.ts'

export const classification: FactFamily = {
  id: 'class',
  facts: () => [
    {
      path: 'class.task',
      kind: 'text',
      about: 'kind of task',
      keys: ['class', 'task'],
      read: (facts) => facts.class.task,
    },
    {
      path: 'class.domain',
      kind: 'text',
      about: 'subject area, such as health',
      keys: ['class', 'domain'],
      read: (facts) => facts.class.domain,
    },
    {
      path: 'class.needs_strong',
      kind: 'number',
      min: 0,
      max: 1,
      about: 'how much a strong model would help',
      keys: ['class', 'needs_strong'],
      read: (facts) => facts.class.needs_strong,
    },
    {
      path: 'class.injection',
      kind: 'number',
      min: 0,
      max: 1,
      about: 'how much the prompt looks like an attack on the model',
      keys: ['class', 'injection'],
      read: (facts) => facts.class.injection,
    },
  ],
}
