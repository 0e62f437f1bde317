/**
 * The HTTP server below the app: Node's parser with its limits set, and what has to be settled before a request is
 * anybody's: heads that could be read in two ways, requests sent on top of each other, expectations, connections
 * of one client, clients that are too slow.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import { limitConnections } from './connections.ts'
import { problemOfHead } from './request-head.ts'

/** Limits of the server; times in ms. */
export interface HttpLimits {
  /** Largest body, which is refused before it is asked for. */
  readonly bodyBytes: number
  /** Connections in all, and of one client. */
  readonly connections: number
  readonly connectionsPerClient: number
  /** From the first byte of a request to the last of its head. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to the last of its body. */
  readonly requestTimeoutMs: number
}

/** What the server is made of. */
export interface HttpServerOptions {
  readonly listener: RequestListener
  readonly limits: HttpLimits
  /** Whether the Host must name this machine. */
  readonly loopbackHostsOnly: boolean
  /** An error as every error of this proxy looks. */
  refusal(problem: Problem): Reply & { readonly body: string }
}

const MAX_HEADER_BYTES = 16 * 1024
const MAX_HEADERS = 200
const KEEP_ALIVE_MS = 10_000
/** How often slow connections are looked for, at most. */
const CHECK_MS = 2_000

/** A server that does not listen yet. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { limits } = options
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    // Node wants the whole request to have at least the time of its head.
    requestTimeout: Math.max(limits.requestTimeoutMs, limits.headersTimeoutMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersTimeoutMs),
    // Looked at with the rest of the head, so that the answer is like every other.
    requireHostHeader: false,
  })
  server.maxConnections = limits.connections
  // One more than is allowed: the parser would drop the rest in silence, and a dropped field is a hidden one.
  server.maxHeadersCount = MAX_HEADERS + 1
  limitConnections(server, limits.connectionsPerClient)
  const turns = new Turns()
  const refuse = (outgoing: ServerResponse, problem: Problem): void => {
    turns.close(outgoing)
    sendLast(outgoing, options.refusal(problem))
  }
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    const turn = turns.begin(incoming, outgoing)
    if (turn === 'closed') return false
    // Requests sent ahead would share one connection's fate, and take as many places as they are.
    const problem =
      turn === 'early'
        ? new Problem('invalid_request', { hint: 'http' })
        : problemOfRequest(incoming, options)
    if (problem === null) return true
    refuse(outgoing, problem)
    return false
  }
  server.on('request', (incoming, outgoing) => {
    if (serve(incoming, outgoing)) options.listener(incoming, outgoing)
  })
  server.on('checkContinue', (incoming, outgoing) => {
    if (!serve(incoming, outgoing)) return
    outgoing.writeContinue()
    options.listener(incoming, outgoing)
  })
  // RFC 9110 §10.1.1: only `100-continue` exists.
  server.on('checkExpectation', (incoming, outgoing) => {
    if (turns.begin(incoming, outgoing) === 'closed') return
    refuse(outgoing, new Problem('invalid_request', { hint: 'http' }))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const state = turns.stateOf(socket)
    // The last answer is on its way, and closes.
    if (state === 'closed') return
    answerBroken(socket, state === 'answering' ? null : options.refusal(problemOfParser(error.code)))
  })
  return server
}

/** Whose turn it is on a connection: one request at a time, and none after the last answer. */
class Turns {
  readonly #latest = new WeakMap<Duplex, ServerResponse>()
  readonly #closed = new WeakSet<Duplex>()

  /** `early`: an answer is still under way. A client that has read one has seen its end, so it cannot be early. */
  begin({ socket }: IncomingMessage, outgoing: ServerResponse): 'free' | 'early' | 'closed' {
    if (this.#closed.has(socket)) return 'closed'
    const before = this.#latest.get(socket)
    this.#latest.set(socket, outgoing)
    return before === undefined || before.writableEnded ? 'free' : 'early'
  }

  /** This answer is the last one on its connection. */
  close(outgoing: ServerResponse): void {
    this.#closed.add(outgoing.req.socket)
  }

  /** `answering`: the head of an answer was sent, and not yet its end. */
  stateOf(socket: Duplex): 'open' | 'answering' | 'closed' {
    if (this.#closed.has(socket)) return 'closed'
    const latest = this.#latest.get(socket)
    return latest?.headersSent === true && !latest.writableFinished ? 'answering' : 'open'
  }
}

function problemOfRequest(
  incoming: IncomingMessage,
  { limits, loopbackHostsOnly }: HttpServerOptions,
): Problem | null {
  if (incoming.rawHeaders.length > 2 * MAX_HEADERS) return new Problem('headers_too_large')
  const problem = problemOfHead(incoming, loopbackHostsOnly)
  if (problem !== null) return problem
  const tooLarge = Number(incoming.headers['content-length'] ?? 0) > limits.bodyBytes
  return tooLarge ? new Problem('body_too_large') : null
}

/** Answers, and closes the connection. */
function sendLast(outgoing: ServerResponse, reply: Reply & { readonly body: string }): void {
  outgoing.writeHead(reply.status, {
    ...reply.headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(reply.body)),
  })
  outgoing.end(reply.body)
}

function problemOfParser(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('headers_too_large')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request_timeout')
  return new Problem('invalid_request', { hint: 'http' })
}

/** Answers what could not be parsed, unless an answer is on its way already, and closes. */
function answerBroken(socket: Duplex, reply: (Reply & { readonly body: string }) | null): void {
  if (reply === null || !socket.writable) {
    socket.destroy()
    return
  }
  const head = {
    ...reply.headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(reply.body)),
  }
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${reply.status} Refused\r\n${lines.join('')}\r\n${reply.body}`, () => socket.destroy())
}
