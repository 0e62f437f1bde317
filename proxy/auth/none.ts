/** No authentication: for a listener on this machine only, which the configuration sees to. */
import type { Authenticator, Principal } from '../ports.ts'

const ANONYMOUS: Principal = {
  user: 'anonymous',
  team: null,
  region: null,
  roles: [],
  key: null,
  scopes: ['chat'],
}

/** Everybody is `anonymous` and may chat; an `Authorization` header is not looked at. Never rejects. */
export function createNoAuthenticator(): Authenticator {
  return { authenticate: () => ANONYMOUS }
}
