/** The request headers a client may set. Each may tighten a decision and none can loosen one. */
import type { FactFamily } from './types.ts'

const HEADERS = {
  'x-cloakroom-conversation': 'the conversation this request belongs to',
  'x-cloakroom-consent': 'whether the person concerned consented, such as denied',
  'x-cloakroom-data-class': 'how the client classes its data, such as restricted',
} as const

export const headers: FactFamily = {
  id: 'headers',
  facts: () =>
    Object.entries(HEADERS).map(([name, about]) => ({
      path: `headers.${name}`,
      kind: 'header',
      isFromClient: true,
      about,
      keys: ['headers', name],
      read: (facts) => facts.headers[name],
    })),
}
