/** Hits of the policy's own word lists. */
import type { FactFamily } from './types.ts'

export const lists: FactFamily = {
  id: 'lists',
  facts: (vocabulary) =>
    vocabulary.lists.map((name) => ({
      path: `lists.${name}.hits`,
      kind: 'number',
      min: 0,
      max: Number.POSITIVE_INFINITY,
      about: `how often a term of the list ${name} stands in the request`,
      keys: ['lists', name],
      read: (facts) => facts.lists[name],
    })),
}
