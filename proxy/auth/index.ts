/** Who is asking: one mode per installation, one list of modes. */
import type { FetchImplementation } from 'jose'
import type { Authenticator, KeyStore } from '../ports.ts'
import { createJwtAuthenticator, type JwtConfig } from './jwt.ts'
import { createKeyAuthenticator } from './keys.ts'
import { createNoAuthenticator } from './none.ts'

export { AuthError, type AuthErrorCode } from './errors.ts'
export { createJwtAuthenticator, JWT_ALGORITHMS, type JwtConfig, type JwtOptions } from './jwt.ts'
export {
  addKey,
  createKeyAuthenticator,
  type KeyAuthenticator,
  type KeyListing,
  listKeys,
  type NewKey,
  revokeKey,
} from './keys.ts'
export { createNoAuthenticator } from './none.ts'
export { SCOPES, type Scope } from './scopes.ts'

/** The configuration's section. */
export interface AuthConfig {
  readonly mode: 'none' | 'keys' | 'jwt'
  readonly jwt?: JwtConfig | undefined
}

/** What the modes need. */
export interface AuthWorld {
  readonly store: Pick<KeyStore, 'findKey'>
  /** Fetches an issuer's keys; default: over http(s), without following redirects. */
  readonly fetch?: FetchImplementation
}

const MODES: Readonly<Record<AuthConfig['mode'], (config: AuthConfig, world: AuthWorld) => Authenticator>> = {
  none: () => createNoAuthenticator(),
  keys: (_, world) => createKeyAuthenticator(world.store),
  jwt: ({ jwt }, world) => {
    if (!jwt) throw new TypeError('auth.jwt: missing')
    return createJwtAuthenticator(jwt, world.fetch ? { fetch: world.fetch } : {})
  },
}

/**
 * The authenticator of a configuration. It throws or rejects with `AuthError`, and every code of that means 401:
 * no request passes unidentified. Throws `TypeError` when the configuration is not safe to use.
 */
export function createAuthenticator(config: AuthConfig, world: AuthWorld): Authenticator {
  return MODES[config.mode](config, world)
}
