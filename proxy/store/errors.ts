/** Why the store did not do what was asked. */
export type StoreErrorCode =
  /** Another process has the data directory. */
  | 'locked'
  /** The database cannot be reached, or refused for now. */
  | 'unavailable'
  /** No answer within the deadline; the statement may still take effect. */
  | 'timeout'
  /** The id is taken. */
  | 'conflict'
  /** The database's schema could not be brought up to date. */
  | 'migration'
  /** The store was closed. */
  | 'closed'

/**
 * The one error of this folder. Messages name what was tried, and the database's five-character SQLSTATE where
 * there is one; never a row, a parameter or a connection string, which is why the driver's error is not chained.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

const SQLSTATE = /^[0-9A-Z]{5}$/
const NODE_CODE = /^[A-Z][A-Z_]{2,40}$/

/** SQLSTATE or Node error code of a driver's error or of what caused it; undefined when it has none. */
export function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const code = 'code' in at ? at.code : undefined
    if (typeof code === 'string' && (SQLSTATE.test(code) || NODE_CODE.test(code))) return code
  }
  return undefined
}

/** A driver's error as ours, without what the driver says about rows and parameters. */
export function asStoreError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error
  const code = errorCode(error)
  // 23505: unique_violation.
  if (code === '23505') return new StoreError('conflict', `${doing}: the id is taken`)
  return new StoreError('unavailable', `${doing}: the database answered ${code ?? 'with an error'}`)
}
