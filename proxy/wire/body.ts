/** Reading a whole answer into memory, within a bound. */
import { Buffer } from 'node:buffer'
import { ResponseError } from './errors.ts'

/** All bytes of a body. Throws `ResponseError` code `invalid_response` when there are more than `maxBytes`. */
export async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.byteLength
    if (size > maxBytes) throw new ResponseError('invalid_response')
    parts.push(part)
  }
  return parts.length === 1 && parts[0] !== undefined ? Buffer.from(parts[0]) : Buffer.concat(parts)
}
