/** The errors of the wire: one class per party that is at fault. None of them ever carries text of a body. */

/** What can be wrong with a client's request; the names are error codes of the HTTP contract. */
export type WireErrorCode = 'invalid_json' | 'invalid_request' | 'unsupported_field' | 'unsupported_content'

/** A request that cannot be read. `param` is a path of schema-known names and indexes only, or null. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  readonly param: string | null

  constructor(code: WireErrorCode, param: string | null = null) {
    super(code)
    this.code = code
    this.param = param
  }
}

/**
 * What can be wrong with an answer. `truncated`: the stream ended before its end mark. `upstream_error`: the
 * stream carried an error event.
 */
export type ResponseErrorCode = 'invalid_response' | 'truncated' | 'event_too_large' | 'upstream_error'

/** An answer of a model that cannot be passed on. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code: ResponseErrorCode

  constructor(code: ResponseErrorCode) {
    super(code)
    this.code = code
  }
}

/** A leaf of an outgoing body that no slot covers and no list allows: our own defect, so nothing is sent. */
export class LeafError extends Error {
  override readonly name = 'LeafError'
  readonly code = 'undeclared_leaf'
  /** Path of schema-known names and indexes; `*` stands for a name that is not ours. */
  readonly param: string

  constructor(param: string) {
    super('undeclared_leaf')
    this.param = param
  }
}
