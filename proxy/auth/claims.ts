/** Claims of a verified token → principal. What has the wrong form refuses the token: it is never cut to fit. */
import type { JWTPayload } from 'jose'
import { PRINCIPAL_NAME, type Principal } from '../ports.ts'
import { AuthError } from './errors.ts'
import { isScope } from './scopes.ts'

/** Names of claims; a name with dots that is no claim itself is a path, such as `realm_access.roles`. */
export interface ClaimNames {
  readonly user: string
  readonly team: string
  readonly region: string
  readonly roles: string
  readonly scopes: string
}

/** Where nothing is configured. */
export const DEFAULT_CLAIMS: ClaimNames = {
  user: 'sub',
  team: 'team',
  region: 'region',
  roles: 'roles',
  scopes: 'scope',
}

const MAX_WORDS = 100
const TOKEN_ID = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}$/

/** Throws `AuthError` `invalid` when there is no user, or a claim is of another form than it should be. */
export function principalOf(payload: JWTPayload, names: ClaimNames): Principal {
  const user = nameIn(payload, names.user)
  if (user === null) throw new AuthError('invalid', 'the token names no user')
  const tokenId = payload.jti
  return {
    user,
    team: nameIn(payload, names.team),
    region: nameIn(payload, names.region),
    roles: wordsIn(payload, names.roles),
    key: tokenId !== undefined && TOKEN_ID.test(tokenId) ? tokenId : null,
    // Scopes of other applications, such as `openid`, mean nothing here.
    scopes: wordsIn(payload, names.scopes).filter(isScope),
  }
}

function nameIn(payload: JWTPayload, claim: string): string | null {
  const value = claimValue(payload, claim)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || !PRINCIPAL_NAME.test(value)) throw wrongForm()
  return value
}

/** A list of words, as an array or in one string with spaces (RFC 8693 section 4.2). */
function wordsIn(payload: JWTPayload, claim: string): readonly string[] {
  const value = claimValue(payload, claim)
  if (value === undefined || value === null) return []
  const words: unknown = typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : value
  if (!Array.isArray(words) || words.length > MAX_WORDS) throw wrongForm()
  return words.map((word: unknown) => {
    if (typeof word !== 'string' || !PRINCIPAL_NAME.test(word)) throw wrongForm()
    return word
  })
}

function claimValue(payload: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(payload, claim)) return payload[claim]
  let at: unknown = payload
  for (const part of claim.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = Reflect.get(at, part)
  }
  return at
}

function wrongForm(): AuthError {
  return new AuthError('invalid', 'a claim of the token has the wrong form')
}
