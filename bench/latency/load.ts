/** A load over plain sockets that costs little itself: keep-alive, one request at a time per connection. */
import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'

/** What a round of load showed. */
export interface LoadSample {
  /** Milliseconds per request, ascending. */
  readonly latencies: readonly number[]
  /** Seconds from the first request to the last answer. */
  readonly seconds: number
}

const HEADERS_END = Buffer.from('\r\n\r\n')
const CONTENT_LENGTH = /\r\ncontent-length: ([0-9]+)\r\n/i

/**
 * Sends chat requests over `connections` sockets for `milliseconds`. Rejects when an answer is not 200, or is not
 * framed by its length.
 */
export async function load(
  url: string,
  options: { readonly connections: number; readonly milliseconds: number },
  body: () => string,
): Promise<LoadSample> {
  const { hostname, port } = new URL(url)
  const latencies: number[] = []
  const start = performance.now()
  const until = start + options.milliseconds
  const worker = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    try {
      while (performance.now() < until) {
        const text = body()
        const at = performance.now()
        await exchange(socket, requestOf(hostname, text))
        latencies.push(performance.now() - at)
      }
    } finally {
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: options.connections }, worker))
  const seconds = (performance.now() - start) / 1000
  return { latencies: latencies.sort((a, b) => a - b), seconds }
}

function requestOf(host: string, body: string): string {
  const length = Buffer.byteLength(body)
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
}

function exchange(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    let expected = -1
    const settle = (finish: () => void): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
      finish()
    }
    const onError = (error: Error): void => settle(() => reject(error))
    const onClose = (): void => settle(() => reject(new Error('the connection was closed before the answer')))
    const onData = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (expected < 0) {
        const end = received.indexOf(HEADERS_END)
        if (end < 0) return
        const head = received.toString('latin1', 0, end + 2)
        const length = CONTENT_LENGTH.exec(head)?.[1]
        if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
          settle(() => reject(new Error(`the answer is not as expected: ${head.split('\r\n', 1)[0]}`)))
          return
        }
        expected = end + HEADERS_END.length + Number(length)
      }
      if (received.length >= expected) settle(resolve)
    }
    socket.on('data', onData).on('error', onError).on('close', onClose)
    socket.write(request)
  })
}
