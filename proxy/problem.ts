/**
 * Every error a client can get, and the only renderer of them. The text of a code is fixed: no message ever
 * carries a piece of a request or an answer.
 */

interface ProblemRow {
  readonly status: number
  readonly type: string
  readonly message: string
  readonly retryAfterSeconds?: number
}

const ROWS = {
  unauthenticated: {
    status: 401,
    type: 'authentication_error',
    message: 'no valid key or token: send "Authorization: Bearer <key>"',
  },
  forbidden_model: {
    status: 403,
    type: 'permission_error',
    message: 'no destination has this model: ask for cloakroom-auto or a name from GET /v1/models',
  },
  forbidden: { status: 403, type: 'permission_error', message: 'this key or token may not do this' },
  blocked_by_policy: {
    status: 403,
    type: 'permission_error',
    message: 'the policy does not allow this request to be answered',
  },
  unknown_endpoint: {
    status: 404,
    type: 'invalid_request_error',
    message: 'this endpoint does not exist here',
  },
  not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'there is no such record for this caller',
  },
  request_timeout: {
    status: 408,
    type: 'invalid_request_error',
    message: 'the request did not come in completely in time',
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    message: 'the request body is larger than allowed',
  },
  headers_too_large: {
    status: 431,
    type: 'invalid_request_error',
    message: 'the head of the request is larger than allowed, or has too many fields',
  },
  unsupported_media: {
    status: 415,
    type: 'invalid_request_error',
    message:
      'the request body must be application/json in UTF-8 without an encoding this proxy does not know',
  },
  invalid_json: {
    status: 400,
    type: 'invalid_request_error',
    message: 'the request body is not one JSON value in UTF-8 with unique keys and moderate depth',
  },
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    message: 'a field of the request is not valid',
  },
  unsupported_field: {
    status: 400,
    type: 'invalid_request_error',
    message: 'the request has a field that this proxy does not know',
  },
  unsupported_content: {
    status: 400,
    type: 'invalid_request_error',
    message: 'the request has content that cannot be sanitised here',
  },
  rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    message: 'too many requests: try again later',
    retryAfterSeconds: 5,
  },
  budget_exhausted: {
    status: 429,
    type: 'rate_limit_error',
    message: 'the budget is used up',
    retryAfterSeconds: 3600,
  },
  local_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'the local model cannot answer now',
    retryAfterSeconds: 5,
  },
  detector_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'personal data cannot be detected reliably now, so nothing is sent',
    retryAfterSeconds: 5,
  },
  audit_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'the audit log cannot be written, so nothing is sent',
    retryAfterSeconds: 5,
  },
  overloaded: {
    status: 503,
    type: 'server_error',
    message: 'too many requests are in progress',
    retryAfterSeconds: 1,
  },
  upstream_error: {
    status: 502,
    type: 'server_error',
    message: 'the cloud destination did not give a usable answer',
  },
  upstream_timeout: {
    status: 504,
    type: 'server_error',
    message: 'the cloud destination did not answer in time',
  },
  egress_violation: {
    status: 500,
    type: 'server_error',
    message: 'a value that should have been replaced was about to leave: nothing was sent',
  },
  internal_error: { status: 500, type: 'server_error', message: 'the proxy failed: nothing more is sent' },
} as const satisfies Record<string, ProblemRow>

/** The closed set of error codes. */
export type ProblemCode = keyof typeof ROWS

/** Fixed texts that say more than the code's own and name what to do; never composed from a request. */
const HINTS = {
  no_model:
    'no model is configured: set OPENAI_API_KEY for a cloud, or CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH for a local model, and start again',
  needs_local:
    'the policy lets this request go to a local model only, and none is configured: set CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH (or `local` in cloakroom.yaml)',
  no_endpoint:
    'no destination of the policy serves this endpoint: name it under `endpoints` of one, such as `endpoints: [embeddings]`',
  unknown_response:
    'the request goes on from an answer that is not kept here: unknown, expired, or of another caller',
  restore_token: 'the restore token is not one for this caller, or it has expired',
  held: 'the policy wants a person to approve this request, and approvals are not available here',
  context_overflow: 'the prompt is longer than the context of the local model',
  local_unsupported: 'the local model cannot do what this request asks for',
  upstream_refused: 'the cloud destination refused the request as invalid',
  http: 'the request is not HTTP that can be understood in one way only',
  host: 'the Host header must name this machine while auth.mode is none',
} as const
export type ProblemHint = keyof typeof HINTS

/** An error for the client. `param` is a path of schema-known names and indexes only. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly hint: ProblemHint | undefined
  readonly param: string | null
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ProblemCode,
    options: { hint?: ProblemHint; param?: string | null; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.param = options.param ?? null
    const row: ProblemRow = ROWS[code]
    this.retryAfterSeconds = options.retryAfterSeconds ?? row.retryAfterSeconds
  }

  /** HTTP status of the code. */
  get status(): number {
    return ROWS[this.code].status
  }
}

/** The body of an error answer: OpenAI's shape, fixed text. */
export function renderProblem(problem: Problem): string {
  const row = ROWS[problem.code]
  const message = problem.hint === undefined ? row.message : HINTS[problem.hint]
  return JSON.stringify({ error: { message, type: row.type, param: problem.param, code: problem.code } })
}

/** Headers of an error answer besides those every answer has. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(problem.retryAfterSeconds)
  return headers
}

/** Anything thrown, as a problem: what is not one already becomes `internal_error` and keeps its cause. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal_error', { cause: error })
}
