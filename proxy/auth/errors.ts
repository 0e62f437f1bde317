/** Why nobody is known to be asking. Every one of them ends the request; none lets it pass. */
export type AuthErrorCode =
  /** No `Authorization: Bearer …`. */
  | 'missing'
  /** Not a key or token that is accepted here. */
  | 'invalid'
  /** A token past its `exp`. */
  | 'expired'
  /** What is needed to tell (the key database, the issuer's keys) cannot be reached. */
  | 'unavailable'

/** The one error of this folder. Messages are fixed and never hold a key, a token or a claim. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode

  constructor(code: AuthErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
