/** A server that speaks OpenAI's chat API as a script tells it to: well, slowly, wrongly or not at all. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** How a call is answered. `reply` may be a function of the request's body. */
export type Behaviour =
  | { readonly kind: 'reply'; readonly text: string | ((body: ChatBody) => string); readonly finish?: string }
  /** Never answers; with `afterChunks`, after that many words of a stream. */
  | { readonly kind: 'hang'; readonly afterChunks?: number }
  /** Breaks the connection; with `afterChunks`, in the middle of a stream. */
  | { readonly kind: 'reset'; readonly afterChunks?: number }
  /** Ends a stream properly but without a last chunk. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'redirect'; readonly location: string }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly error?: object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** These bytes under this media type; status 200 where none is named. */
  | { readonly kind: 'raw'; readonly mediaType: string; readonly body: string; readonly status?: number }

/** The parts of a chat request that scripts look at. */
export interface ChatBody {
  readonly model?: string
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
  readonly stream?: boolean
  readonly n?: number
  readonly max_tokens?: number
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema?: unknown } }
  readonly tools?: readonly unknown[]
  readonly stream_options?: { readonly include_usage?: boolean }
}

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<IncomingMessage['headers']>
  readonly body: ChatBody
}

/** The running server; set `behaviour` at any time. */
export interface ScriptedServer {
  /** With the version path: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string
  readonly requests: readonly SeenRequest[]
  behaviour: Behaviour | ((request: SeenRequest) => Behaviour)
  /** Resolves to the next request that arrives. */
  nextRequest(): Promise<SeenRequest>
  /** Resolves when the next connection ends. */
  nextClose(): Promise<void>
  /** Stops listening and breaks every connection; `restart` listens on the same port again. */
  stop(): Promise<void>
  restart(): Promise<void>
}

/** Starts on a free loopback port. */
export async function startScriptedServer(behaviour: ScriptedServer['behaviour']): Promise<ScriptedServer> {
  const script = new Script(behaviour)
  await script.listen(0)
  return script
}

class Script implements ScriptedServer {
  behaviour: ScriptedServer['behaviour']
  readonly requests: SeenRequest[] = []
  private readonly waiting: ((request: SeenRequest) => void)[] = []
  private readonly sockets = new Set<Socket>()
  private readonly closeWatchers: (() => void)[] = []
  private server: Server
  private port = 0

  constructor(behaviour: ScriptedServer['behaviour']) {
    this.behaviour = behaviour
    this.server = this.createServer()
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`
  }

  nextRequest(): Promise<SeenRequest> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  nextClose(): Promise<void> {
    return new Promise((resolve) => this.closeWatchers.push(resolve))
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, '127.0.0.1', () => {
        this.port = (this.server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  restart(): Promise<void> {
    this.server = this.createServer()
    return this.listen(this.port)
  }

  private createServer(): Server {
    const server = createServer((request, response) => void this.handle(request, response))
    server.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => {
        this.sockets.delete(socket)
        for (const resolve of this.closeWatchers.splice(0)) resolve()
      })
    })
    return server
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const text = Buffer.concat(pieces).toString('utf8')
    const { method = '', url: path = '', headers } = request
    const seen: SeenRequest = { method, path, headers, body: text === '' ? {} : JSON.parse(text) }
    this.requests.push(seen)
    for (const resolve of this.waiting.splice(0)) resolve(seen)
    const behaviour = typeof this.behaviour === 'function' ? this.behaviour(seen) : this.behaviour
    await act(behaviour, seen, response)
  }
}

async function act(behaviour: Behaviour, request: SeenRequest, response: ServerResponse): Promise<void> {
  switch (behaviour.kind) {
    case 'reply':
      return reply(behaviour, request, response)
    case 'hang':
      return behaviour.afterChunks === undefined ? undefined : streamWords(response, behaviour.afterChunks)
    case 'reset':
      if (behaviour.afterChunks !== undefined) await streamWords(response, behaviour.afterChunks)
      response.destroy()
      return
    case 'cut':
      await streamWords(response, 3)
      response.end()
      return
    case 'redirect':
      response.writeHead(307, { location: behaviour.location }).end()
      return
    case 'status':
      for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value)
      sendJson(response, behaviour.status, { error: behaviour.error ?? { message: 'scripted' } })
      return
    case 'raw':
      response.writeHead(behaviour.status ?? 200, { 'content-type': behaviour.mediaType }).end(behaviour.body)
      return
    default:
      return behaviour satisfies never
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

const HEAD = { id: 'chatcmpl-scripted', created: 1_700_000_000, model: 'scripted' }

function reply(
  behaviour: Extract<Behaviour, { kind: 'reply' }>,
  { path, body }: SeenRequest,
  response: ServerResponse,
): void {
  if (path.endsWith('/models')) {
    sendJson(response, 200, { object: 'list', data: [{ id: 'scripted' }] })
    return
  }
  const full = typeof behaviour.text === 'string' ? behaviour.text : behaviour.text(body)
  const all = words(full)
  const said = all.slice(0, body.max_tokens ?? all.length)
  const finish = said.length < all.length ? 'length' : (behaviour.finish ?? 'stop')
  const n = body.n ?? 1
  const prompt = Math.ceil(JSON.stringify(body.messages ?? []).length / 4)
  const completion = said.length * n
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
  if (body.stream === true) {
    streamReply(response, body, said, finish, usage)
    return
  }
  const choices = Array.from({ length: n }, (_, index) => ({
    index,
    message: { role: 'assistant', content: said.join('') },
    finish_reason: finish,
  }))
  sendJson(response, 200, { ...HEAD, object: 'chat.completion', choices, usage })
}

function streamReply(
  response: ServerResponse,
  body: ChatBody,
  said: readonly string[],
  finish: string,
  usage: object,
): void {
  startStream(response)
  for (let index = 0; index < (body.n ?? 1); index++) {
    sendChunk(response, [{ index, delta: { role: 'assistant', content: '' }, finish_reason: null }])
    for (const content of said) sendChunk(response, [{ index, delta: { content }, finish_reason: null }])
    sendChunk(response, [{ index, delta: {}, finish_reason: finish }])
  }
  if (body.stream_options?.include_usage === true) sendChunk(response, [], usage)
  response.end('data: [DONE]\n\n')
}

function words(text: string): readonly string[] {
  return text.match(/ ?[^ ]+/gu) ?? []
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}

function sendChunk(response: ServerResponse, choices: readonly object[], usage?: object): void {
  const chunk = {
    ...HEAD,
    object: 'chat.completion.chunk',
    choices,
    ...(usage === undefined ? {} : { usage }),
  }
  response.write(`data: ${JSON.stringify(chunk)}\n\n`)
}

/** The beginning of a stream, flushed. */
async function streamWords(response: ServerResponse, count: number): Promise<void> {
  startStream(response)
  for (let i = 0; i < count; i++) {
    sendChunk(response, [{ index: 0, delta: { content: ` word${i}` }, finish_reason: null }])
  }
  await new Promise((resolve) => response.write(': flushed\n\n', resolve))
}
