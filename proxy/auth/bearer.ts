import { AuthError } from './errors.ts'

/** Longest key or token that is looked at, in characters. */
const MAX_LENGTH = 16_384
const BEARER = /^Bearer {1,8}([!-~]{1,16384})$/i

/** The credential of an `Authorization` header. Throws `AuthError`: `missing` or `invalid`. Source: RFC 6750. */
export function bearerOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw new AuthError('missing', 'no Authorization header')
  }
  const token = authorization.length > MAX_LENGTH + 16 ? undefined : BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new AuthError('invalid', 'the Authorization header is not a bearer token')
  return token
}
