/** The one error class of this folder. */

/** What was wrong with a name engine at the start; the message says what to do. */
export type NamesErrorReason =
  | 'runtime_missing'
  | 'file_missing'
  | 'file_damaged'
  | 'unsupported'
  | 'load_failed'

/** Why a name engine cannot be used. The message is fixed text with names from the configuration and its files. */
export class NamesError extends Error {
  override readonly name = 'NamesError'
  readonly reason: NamesErrorReason

  constructor(reason: NamesErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}
