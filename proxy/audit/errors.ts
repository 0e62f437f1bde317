/** Why a record was not taken. */
export type AuditErrorCode =
  /** It could not be made durable: disk, database or lock. */
  | 'unavailable'
  /** The entry has a field that is unknown, missing or of the wrong form. */
  | 'invalid'
  /** The log was closed. */
  | 'closed'

/** The one error of this folder. Messages name fields and system error codes, never a field's value. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
  readonly code: AuditErrorCode

  constructor(code: AuditErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
