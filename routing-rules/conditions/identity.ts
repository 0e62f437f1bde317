/** Who asks: from the key or token, never from the body. */
import type { FactFamily } from './types.ts'

export const identity: FactFamily = {
  id: 'identity',
  facts: () => [
    {
      path: 'identity.user',
      kind: 'text',
      about: 'user name of the key or token',
      keys: ['identity', 'user'],
      read: (facts) => facts.identity.user,
    },
    {
      path: 'identity.team',
      kind: 'text',
      about: 'team of the key or token',
      keys: ['identity', 'team'],
      read: (facts) => facts.identity.team,
    },
    {
      path: 'identity.region',
      kind: 'text',
      ignoresCase: true,
      about: 'region of the key or token, such as eu',
      keys: ['identity', 'region'],
      read: (facts) => facts.identity.region,
    },
    {
      path: 'identity.roles',
      kind: 'texts',
      about: 'roles of the key or token; eq and in ask whether one of them is named',
      keys: ['identity', 'roles'],
      read: (facts) => facts.identity.roles,
    },
    {
      path: 'identity.key',
      kind: 'text',
      about: 'id of the key or token, never the secret',
      keys: ['identity', 'key'],
      read: (facts) => facts.identity.key,
    },
  ],
}
