/**
 * A cloud that is none: it speaks enough of OpenAI's chat API over a plain socket on the loopback address for
 * the demo and the tests, and keeps every byte it was sent. Because it writes raw bytes it can also misbehave
 * in any way a script says.
 */
import { Buffer } from 'node:buffer'
import { createServer, type Socket } from 'node:net'

/** One request as it arrived. */
export interface CloudRequest {
  /** The exact bytes: request line, headers and body. */
  readonly raw: Buffer
  readonly method: string
  readonly path: string
  /** By lower-case name; the last of doubled ones. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed body, or null when it is not JSON. */
  readonly body: unknown
}

/** One thing the cloud does with the connection, in order. */
export type CloudStep =
  | { readonly send: string | Uint8Array }
  /** Waits for something. */
  | { readonly until: Promise<unknown> }
  /** Does nothing more and leaves the connection open. */
  | { readonly stall: true }
  /** Closes in order. */
  | { readonly end: true }
  /** Breaks the connection (TCP reset). */
  | { readonly reset: true }

/** What the cloud answers; `index` counts the requests from 0. */
export type CloudScript = (
  request: CloudRequest,
  index: number,
) => Iterable<CloudStep> | AsyncIterable<CloudStep>

/** A running fake cloud. */
export interface FakeCloud {
  /** Base URL, ending in `/v1`. */
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly requests: readonly CloudRequest[]
  /** Connections that are open now. */
  readonly openConnections: number
  /** Connections there have been. */
  readonly allConnections: number
  /** Resolves when a connection closes that was open when this was called. */
  nextClose(): Promise<void>
  close(): Promise<void>
}

/** Starts it on a free loopback port. */
export async function startFakeCloud(script: CloudScript): Promise<FakeCloud> {
  const requests: CloudRequest[] = []
  const sockets = new Set<Socket>()
  let allConnections = 0
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    allConnections += 1
    socket.on('close', () => sockets.delete(socket))
    // A client that goes away is part of the play.
    socket.on('error', () => socket.destroy())
    serve(socket, script, requests).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get openConnections() {
      return sockets.size
    },
    get allConnections() {
      return allConnections
    },
    nextClose: () =>
      Promise.race(
        [...sockets].map((socket) => new Promise<void>((done) => socket.once('close', () => done()))),
      ),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(socket: Socket, script: CloudScript, requests: CloudRequest[]): Promise<void> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (let size = requestSize(pending); size > 0; size = requestSize(pending)) {
      const request = readRequest(pending.subarray(0, size))
      pending = pending.subarray(size)
      requests.push(request)
      for await (const step of script(request, requests.length - 1)) {
        if (!(await perform(socket, step))) return
      }
    }
  }
}

/** Bytes of the first whole request, or 0 while it is not all there. */
function requestSize(bytes: Buffer): number {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return 0
  const length = /\r\ncontent-length: *([0-9]{1,9})/i.exec(bytes.toString('latin1', 0, head))
  const size = head + 4 + Number(length?.[1] ?? 0)
  return bytes.length >= size ? size : 0
}

function readRequest(bytes: Buffer): CloudRequest {
  const head = bytes.indexOf('\r\n\r\n')
  const [start = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n')
  const [method = '', path = ''] = start.split(' ')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  return {
    raw: Buffer.from(bytes),
    method,
    path,
    headers,
    body: parseOrNull(bytes.toString('utf8', head + 4)),
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Whether the connection goes on. */
async function perform(socket: Socket, step: CloudStep): Promise<boolean> {
  if (socket.destroyed) return false
  if ('send' in step) {
    await new Promise<void>((resolve) => {
      socket.once('close', resolve)
      socket.write(step.send, () => {
        socket.off('close', resolve)
        resolve()
      })
    })
    return true
  }
  if ('until' in step) {
    await step.until
    return true
  }
  if ('stall' in step) return new Promise((resolve) => socket.once('close', () => resolve(false)))
  if ('end' in step) socket.end()
  else socket.resetAndDestroy()
  return false
}
