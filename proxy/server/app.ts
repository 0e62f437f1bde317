/**
 * The HTTP surface: a Hono app that knows the endpoints of the contract and refuses everything else. Handlers
 * that answer models read and write Node's request and response directly (`transport.ts`).
 */
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { Exchange } from '../exchange.ts'
import { beginExchange, exchangeHeaders } from '../exchange.ts'
import type { Gate } from '../limits.ts'
import { errorShape, type Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Pipeline } from '../pipeline.ts'
import type { AuditLog, Authenticator, Clock, Principal } from '../ports.ts'
import { Problem, problemHeaders, renderProblem, toProblem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import { ENDPOINTS } from '../wire/index.ts'
import { abortOnClose, readBody, sendReply } from './transport.ts'

/** What the app is composed of. */
export interface AppParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  readonly audit: AuditLog
  readonly metrics: Metrics
  readonly log: Log
  readonly gate: Gate
  readonly clock: Clock
  readonly newRequestId: () => string
  readonly bodyBytes: number
  /** How long a client may take nothing of an answer that waits for it, in ms. */
  readonly stallTimeoutMs: number
  /** What is ready and what is not; `ready` is false while no request can be answered. */
  readiness(): { readonly ready: boolean; readonly parts: Readonly<Record<string, string>> }
}

type Environment = { Bindings: HttpBindings }
type Handler = (exchange: Exchange, context: Context<Environment>, signal: AbortSignal) => Promise<Reply>

/** The app. Serve it with `@hono/node-server`, which hands every handler the raw request and response. */
export function createApp(parts: AppParts): Hono<Environment> {
  const app = new Hono<Environment>()
  const guarded = guard(parts)
  for (const endpoint of ENDPOINTS) {
    app.post(
      endpoint.path,
      guarded(endpoint.name, async (exchange, context, signal) => {
        if (!exchange.principal.scopes.includes('chat')) throw new Problem('forbidden')
        const bytes = await readBody(context.env.incoming, parts.bodyBytes)
        return parts.pipeline.answer({
          exchange,
          endpoint,
          bytes,
          headers: context.env.incoming.headers,
          signal,
        })
      }),
    )
  }
  for (const name of ['sanitise', 'restore'] as const) {
    app.post(
      `/v1/${name}`,
      guarded(name, async (exchange, context, signal) => {
        if (!exchange.principal.scopes.includes('chat')) throw new Problem('forbidden')
        const bytes = await readBody(context.env.incoming, parts.bodyBytes)
        return parts.pipeline[name]({ exchange, bytes, headers: context.env.incoming.headers, signal })
      }),
    )
  }
  app.get(
    '/v1/models',
    guarded('models', async (exchange) =>
      json(exchange, { object: 'list', data: parts.pipeline.models(exchange.principal) }),
    ),
  )
  app.get(
    '/v1/models/:id{.+}',
    guarded('models', async (exchange, context) => {
      const model = parts.pipeline
        .models(exchange.principal)
        .find((entry) => entry.id === context.req.param('id'))
      if (model === undefined) throw new Problem('not_found')
      return json(exchange, model)
    }),
  )
  app.get(
    '/v1/decisions/:id',
    guarded('decisions', async (exchange, context) =>
      json(exchange, await explain(parts, exchange.principal, context.req.param('id') ?? '')),
    ),
  )
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) => {
    const { ready, parts: states } = parts.readiness()
    return context.json({ status: ready ? 'ok' : 'unavailable', ...states }, ready ? 200 : 503)
  })
  app.get('/metrics', async (context) =>
    context.text(await parts.metrics.render(), 200, { 'content-type': parts.metrics.contentType }),
  )
  app.notFound((context) => refuse(parts, context, new Problem('unknown_endpoint')))
  app.onError((error, context) => refuse(parts, context, toProblem(error)))
  return app
}

/** One JSON reply with the headers every answer has. */
function json(exchange: Exchange, value: unknown): Reply {
  return {
    status: 200,
    headers: { ...exchangeHeaders(exchange), 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}

/** An answer outside any exchange: an unknown path, or a failure before one began. */
function refuse(parts: AppParts, context: Context, problem: Problem): Response {
  const { body, headers } = strayReply(parts, problem)
  return context.body(body, { status: problem.status === 404 ? 404 : 500, headers })
}

/** The reply to something that is nobody's exchange, such as bytes that are not HTTP. */
export function strayReply(
  parts: Pick<AppParts, 'newRequestId' | 'clock'>,
  problem: Problem,
): Reply & { readonly body: string } {
  return problemReply(beginExchange(parts.newRequestId(), parts.clock(), 'unknown'), problem)
}

/** Concurrency gate, authentication, errors and the raw reply around a handler. */
function guard(
  parts: AppParts,
): (endpoint: string, handler: Handler) => (context: Context<Environment>) => Promise<Response> {
  return (endpoint, handler) => async (context) => {
    const { incoming, outgoing } = context.env
    const exchange = beginExchange(parts.newRequestId(), parts.clock(), endpoint)
    const signal = abortOnClose(outgoing)
    const send = (reply: Reply) => sendReply(incoming, outgoing, reply, parts.stallTimeoutMs)
    if (!parts.gate.enter()) {
      await send(problemReply(exchange, new Problem('overloaded')))
      return RESPONSE_ALREADY_SENT
    }
    parts.metrics.inFlight(1)
    try {
      exchange.principal = await identify(parts, incoming.headers.authorization)
      await send(await handler(exchange, context, signal))
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code === 'internal_error') {
        parts.log.write('error', 'internal_error', { request_id: exchange.id, ...errorShape(problem.cause) })
      }
      await send(problemReply(exchange, problem))
    } finally {
      parts.gate.leave()
      parts.metrics.inFlight(-1)
    }
    return RESPONSE_ALREADY_SENT
  }
}

/** Whatever keeps a caller from being identified, nobody passes unidentified. */
async function identify(parts: AppParts, authorization: string | undefined): Promise<Principal> {
  try {
    return await parts.authenticator.authenticate(authorization, parts.clock())
  } catch (cause) {
    throw new Problem('unauthenticated', { cause })
  }
}

/** An error as a reply. */
export function problemReply(exchange: Exchange, problem: Problem): Reply & { readonly body: string } {
  return {
    status: problem.status,
    headers: { ...exchangeHeaders(exchange), ...problemHeaders(problem) },
    body: renderProblem(problem),
  }
}

/** The explain record of a caller's own request, or of any request for an auditor. */
async function explain(parts: AppParts, principal: Principal, requestId: string): Promise<unknown> {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(requestId)) throw new Problem('not_found')
  const found = await parts.audit.findDecision(requestId)
  if (found === null) throw new Problem('not_found')
  const own = found.user === principal.user && found.team === principal.team && found.key === principal.key
  if (!own && !principal.scopes.includes('audit')) throw new Problem('not_found')
  return found.decision
}
