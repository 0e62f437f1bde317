/** Fetches an issuer's public keys. It sends nothing but the address, follows no redirect and reads little. */
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { FetchImplementation } from 'jose'

/** Key sets are a few KB; a megabyte is somebody else's answer. */
const MAX_BYTES = 1_048_576

/**
 * A `fetch` for `createRemoteJWKSet`: certificates are verified, `options.signal` ends it, and an answer that is
 * too long rejects. Any status comes back as it is.
 */
export const fetchKeySet: FetchImplementation = async (url, { headers, signal }) => {
  const response = await get(url, Object.fromEntries(headers), signal)
  const body = await readAll(response)
  return new Response(response.statusCode === 200 ? body : null, { status: statusOf(response) })
}

function get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? requestTls : requestPlain
  return new Promise((resolve, reject) => {
    request(url, { headers, signal, agent: false }, resolve).on('error', reject).end()
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    // Leaving the loop closes the connection.
    if (size > MAX_BYTES) throw new Error('the key set is too long')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `Response` takes 200 to 599; anything stranger is an upstream that cannot be used. */
function statusOf(response: IncomingMessage): number {
  const status = response.statusCode ?? 502
  return status >= 200 && status <= 599 ? status : 502
}
