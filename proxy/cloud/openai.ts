/** OpenAI and everything that speaks its API. Source: OpenAI API reference, error codes. */
import type { CloudProvider } from './provider.ts'

/** Codes that say something an operator can act on; any other word from outside is not repeated. */
const ERROR_CODES: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'content_filter',
  'content_policy_violation',
  'insufficient_quota',
  'invalid_api_key',
  'model_not_found',
  'rate_limit_exceeded',
  'server_error',
  'unsupported_parameter',
  'unsupported_value',
  'invalid_value',
  'string_above_max_length',
])

/** The OpenAI kind of provider. */
export const openaiProvider: CloudProvider = {
  kind: 'openai',
  paths: ['/chat/completions', '/responses', '/completions', '/embeddings'],
  authHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  errorCode(body) {
    const error = memberOf(body, 'error')
    const code = memberOf(error, 'code') ?? memberOf(error, 'type')
    return typeof code === 'string' && ERROR_CODES.has(code) ? code : null
  },
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
