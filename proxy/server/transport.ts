/**
 * One HTTP exchange as the handlers see it, over Node's own request and response. The hot path reads and
 * writes them directly: no web streams, no `fetch` objects.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Problem } from '../problem.ts'
import type { Reply } from '../reply.ts'

const unzip = promisify(gunzip)

/** Aborts when the client goes away before its answer is complete. */
export function abortOnClose(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort()
  })
  return controller.signal
}

/**
 * Reads a JSON request body as bytes.
 * @throws Problem `unsupported_media` for another media type or encoding, `body_too_large` beyond `maxBytes`
 * (also after decompression), `invalid_request` when the client stops half-way
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (!isJson(incoming.headers['content-type'])) throw new Problem('unsupported_media')
  const encoding = incoming.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') throw new Problem('unsupported_media')
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw new Problem('body_too_large')
  const bytes = await collect(incoming, maxBytes)
  return encoding === 'gzip' ? decompress(bytes, maxBytes) : bytes
}

/** RFC 8259 §11: JSON has no charset parameter; the one that clients send must say UTF-8. */
function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i.test(contentType ?? '')
}

function collect(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        incoming.pause()
        reject(new Problem('body_too_large'))
      }
    })
    incoming.once('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    incoming.once('error', () => reject(new Problem('invalid_request')))
    incoming.once('close', () => {
      if (!incoming.complete) reject(new Problem('invalid_request'))
    })
  })
}

async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes })
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    throw new Problem(tooLarge ? 'body_too_large' : 'unsupported_media')
  }
}

/**
 * Sends a reply. Resolves when it is handed to the socket or the client is gone; never rejects. A client that takes
 * nothing for `stallMs` is gone.
 */
export async function sendReply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  reply: Reply,
  stallMs: number,
): Promise<void> {
  if (outgoing.destroyed) {
    await discard(reply.body)
    return
  }
  // A body that was not read to its end would be taken for the next request on this connection.
  const headers =
    incoming.complete || incoming.method === 'GET' ? reply.headers : { ...reply.headers, connection: 'close' }
  if (typeof reply.body === 'string') {
    outgoing.writeHead(reply.status, { ...headers, 'content-length': String(Buffer.byteLength(reply.body)) })
    outgoing.end(reply.body)
    return
  }
  outgoing.writeHead(reply.status, headers)
  outgoing.flushHeaders()
  const iterator = reply.body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await iterator.next()
      if (next.done === true || outgoing.destroyed) break
      if (!outgoing.write(next.value)) await drained(outgoing, stallMs)
    }
    outgoing.end()
  } catch {
    // The stream's own handler has recorded the failure; cutting the connection tells the client.
    outgoing.destroy()
  } finally {
    await iterator.return?.()
  }
}

async function discard(body: Reply['body']): Promise<void> {
  if (typeof body !== 'string') await body[Symbol.asyncIterator]().return?.()
}

async function drained(outgoing: ServerResponse, stallMs: number): Promise<void> {
  const stop = new AbortController()
  const timer = setTimeout(() => outgoing.destroy(), stallMs)
  try {
    await Promise.race([
      once(outgoing, 'drain', { signal: stop.signal }),
      once(outgoing, 'close', { signal: stop.signal }),
    ])
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}
