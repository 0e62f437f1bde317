/** Reading the error answer of a cloud: its status and a known code, never its text. */
import type { UpstreamResponse } from '../ports.ts'
import type { CloudProvider } from './provider.ts'

/** What may be known of an error answer. */
export interface UpstreamErrorReport {
  readonly status: number
  /** One of the provider's known codes, or null. */
  readonly code: string | null
  readonly retryAfterSeconds: number | null
}

/** Error bodies are short; what is longer is not read to its end. */
const MAX_ERROR_BYTES = 64 * 1024

/**
 * Reads (at most 64 KiB of) an error answer and closes it. A body that cannot be read gives `code: null`;
 * it never rejects, because the status alone is enough to answer the client.
 */
export async function readUpstreamError(
  response: UpstreamResponse,
  provider: CloudProvider,
): Promise<UpstreamErrorReport> {
  const { status, retryAfterSeconds } = response
  let code: string | null = null
  try {
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body) {
      size += part.byteLength
      if (size > MAX_ERROR_BYTES) break
      parts.push(part)
    }
    if (size <= MAX_ERROR_BYTES) code = provider.errorCode(JSON.parse(Buffer.concat(parts).toString()))
  } catch {
    code = null
  }
  return { status, code, retryAfterSeconds }
}
