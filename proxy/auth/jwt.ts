/** Bearer tokens of an identity provider: pinned algorithms, issuer and audience; keys from its JWKS. */
import { createHash } from 'node:crypto'
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { LRUCache } from 'lru-cache'
import type { Authenticator, Principal } from '../ports.ts'
import { bearerOf } from './bearer.ts'
import { type ClaimNames, DEFAULT_CLAIMS, principalOf } from './claims.ts'
import { AuthError } from './errors.ts'
import { fetchKeySet } from './jwks-fetch.ts'

/** Asymmetric signatures only: with `none` or HS* in this list, a public key would be a password. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** Whose tokens are accepted. */
export interface JwtConfig {
  /** Exactly the `iss` of tokens. */
  readonly issuer: string
  /** One of the `aud` of tokens. */
  readonly audience: string
  /** https, or http on this machine. */
  readonly jwks_url: string
  /** Some of `JWT_ALGORITHMS`. */
  readonly algorithms: readonly string[]
  readonly claims?: Partial<ClaimNames>
}

/** What tests and the composition root may set. */
export interface JwtOptions {
  /** Fetches the JWKS; default: `fetchKeySet`. */
  readonly fetch?: FetchImplementation
  /** Time after a successful fetch in which an unknown key id triggers none; default 30 s. */
  readonly cooldownMs?: number
}

/** Clocks may differ by this much, in seconds. */
const SKEW_SECONDS = 30
/** A verified token is believed until it expires, but no longer than this: its signing key may be withdrawn. */
const BELIEVED_MS = 300_000
const CACHED_TOKENS = 10_000
const FETCH_MS = 5_000
/** After a failed fetch, for this long nothing is fetched: a flood of tokens is no flood of requests. */
const FAILED_MS = 1_000

interface Believed {
  readonly principal: Principal
  readonly from: number
  readonly until: number
}

/** Rejects with `AuthError`. Throws `TypeError` at once when the configuration is not safe to use. */
export function createJwtAuthenticator(config: JwtConfig, options: JwtOptions = {}): Authenticator {
  const algorithms = checkAlgorithms(config.algorithms)
  const url = checkUrl(config.jwks_url)
  const claims = { ...DEFAULT_CLAIMS, ...config.claims }
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_MS,
    ...(options.cooldownMs === undefined ? {} : { cooldownDuration: options.cooldownMs }),
    [customFetch]: patientFetch(options.fetch ?? fetchKeySet),
  })
  const believed = new LRUCache<string, Believed>({ max: CACHED_TOKENS })

  const verify = async (token: string, id: string, now: number): Promise<Principal> => {
    const payload = await verifiedPayload(token, keys, { config, algorithms, now })
    const principal = principalOf(payload, claims)
    const until = Math.min((payload.exp ?? 0) * 1000, now + BELIEVED_MS)
    if (until > now) believed.set(id, { principal, from: now, until })
    return principal
  }
  return {
    authenticate: (authorization, now) => {
      const token = bearerOf(authorization)
      // By hash, so that the cache holds no token.
      const id = createHash('sha256').update(token, 'latin1').digest('base64')
      const cached = believed.get(id)
      if (cached && now >= cached.from && now < cached.until) return cached.principal
      return verify(token, id, now)
    },
  }
}

interface Verification {
  readonly config: JwtConfig
  readonly algorithms: string[]
  readonly now: number
}

async function verifiedPayload(
  token: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  { config, algorithms, now }: Verification,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer: config.issuer,
      audience: config.audience,
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(now),
      // `nbf` is optional in RFC 7519 and many providers leave it out; where it stands, it is checked.
      requiredClaims: ['exp'],
    })
    return payload
  } catch (error) {
    throw asAuthError(error)
  }
}

function asAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  if (error instanceof errors.JWTExpired) return new AuthError('expired', 'the token has expired')
  const isKeySetBad =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')
  if (isKeySetBad) return unavailable()
  return new AuthError('invalid', 'the token is not accepted')
}

function unavailable(): AuthError {
  return new AuthError('unavailable', "the issuer's keys cannot be fetched")
}

/** Every way a fetch can fail becomes `unavailable`, and is remembered for a second. */
function patientFetch(fetchKeys: FetchImplementation): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY
  return async (url, init) => {
    if (performance.now() - failedAt < FAILED_MS) throw unavailable()
    try {
      const response = await fetchKeys(url, init)
      if (response.status === 200) return response
    } catch {
      // Refused, reset, timed out: the same to the caller.
    }
    failedAt = performance.now()
    throw unavailable()
  }
}

function checkAlgorithms(algorithms: readonly string[]): string[] {
  const known: readonly string[] = JWT_ALGORITHMS
  if (algorithms.length === 0 || algorithms.some((name) => !known.includes(name))) {
    throw new TypeError(`auth.jwt.algorithms: some of ${JWT_ALGORITHMS.join(', ')}`)
  }
  return [...algorithms]
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLocal = url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url
  throw new TypeError('auth.jwt.jwks_url: an https address, or http on this machine')
}
