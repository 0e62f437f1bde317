/** Why nothing usable came back from a cloud. */
import type { EgressErrorCode } from '../ports.ts'

/** The one error of this folder. Its message is its code: never a piece of a body, URL or answer. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode

  constructor(code: EgressErrorCode, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
