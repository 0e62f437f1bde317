/** Whose values share placeholders, keyed hashes and tokens. */
import type { Exchange } from '../exchange.ts'
import type { Principal } from '../ports.ts'

/** The caller's team, or the installation. */
export function tenantOf(principal: Principal): string {
  return principal.team ?? 'installation'
}

/** In what placeholders are stable. Without a conversation's name, `conversation` is the request. */
export function placeholderScope(
  setting: 'request' | 'conversation' | 'tenant',
  exchange: Exchange,
  conversation: string | undefined,
): string {
  const tenant = tenantOf(exchange.principal)
  switch (setting) {
    case 'tenant':
      return `tenant/${tenant}`
    case 'conversation':
      return conversation === undefined ? `request/${exchange.id}` : `conversation/${tenant}/${conversation}`
    case 'request':
      return `request/${exchange.id}`
  }
}
