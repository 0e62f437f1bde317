/** `/v1/sanitise` and `/v1/restore`: the same detectors and the same codec for tools that call a cloud themselves. */
import type { Finding } from '../../detectors/index.ts'
import { createLanes, createVault, hostsIn, sanitiseSteps } from '../../restore/index.ts'
import { type Exchange, exchangeHeaders } from '../exchange.ts'
import type { PipelineParts } from '../pipeline.ts'
import { Problem, toProblem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import { readJson, readRestore, readSanitise, sanitiseSlots, WireError } from '../wire/index.ts'
import type { Ending } from './ending.ts'
import { type RequestHeaders, tighteningHeaders } from './facts.ts'
import { addFindings, type Inspection, inspectPrepared } from './inspect.ts'
import { hasFailed, lookCloser } from './look-closer.ts'
import { auditEntry } from './records.ts'
import { issueToken, readToken } from './restore-token.ts'
import { placeholderScope, tenantOf } from './scope.ts'
import { inTurns } from './turns.ts'

/** A request as the server hands it over, after authentication. */
export interface CodecRequest {
  readonly exchange: Exchange
  readonly bytes: Uint8Array
  readonly headers: RequestHeaders
  readonly signal: AbortSignal
}

/** Both answer with a reply, or reject with a Problem; either way a record is in the audit log. */
export interface Codec {
  sanitise(request: CodecRequest): Promise<Reply>
  restore(request: CodecRequest): Promise<Reply>
}

/** What the codec needs of the pipeline's parts. */
type CodecParts = Pick<
  PipelineParts,
  'clock' | 'detectors' | 'policy' | 'local' | 'audit' | 'keyring' | 'metrics' | 'log' | 'settings'
>

/** One finding as the client reads it: types and offsets, never text. */
interface ShownFinding {
  readonly text_index: number
  /** UTF-16 code units, half-open. */
  readonly start: number
  readonly end: number
  readonly type: string
  readonly subtype?: string
  readonly score: number
}

/** The codec over the pipeline's parts. */
export function createCodec(parts: CodecParts): Codec {
  const key = parts.keyring.derive('restore-token')
  return {
    sanitise: (request) => recorded(parts, request, () => sanitiseTexts(parts, request, key)),
    restore: (request) => recorded(parts, request, () => restoreTexts(parts, request, key)),
  }
}

async function sanitiseTexts(parts: CodecParts, request: CodecRequest, key: Uint8Array): Promise<object> {
  const { settings, keyring } = parts
  const { exchange } = request
  const body = readSanitise(readJson(request.bytes, { depth: settings.jsonDepth }), settings)
  const seen = await inspectPrepared(sanitiseSlots(body), parts.detectors, [], request.signal)
  const inspection = await inspectFully(parts, request, seen)
  const tenant = tenantOf(exchange.principal)
  exchange.promptHmac = keyring.contentHmac(tenant, inspection.hmacs)
  exchange.entities = inspection.counts
  const vault = createVault({
    key: keyring.placeholderKey(exchange.startedAt, settings.rotateDays),
    scope: placeholderScope(
      settings.placeholderScope,
      exchange,
      tighteningHeaders(request.headers)['x-cloakroom-conversation'],
    ),
  })
  const hosts = hostsIn(body.texts)
  const steps = sanitiseSteps(body, inspection.slots, vault, { allow: settings.allow })
  const sanitised = await inTurns(steps, request.signal)
  const token = await issueToken({ vault, hosts }, { key, tenant, now: parts.clock() })
  const findings = inspection.slots.flatMap((slot, index) => slot.findings.map((one) => shown(one, index)))
  return { texts: sanitised.texts, findings, restore_token: token }
}

/** All layers that are switched on. Rejects where one of them failed: what it did not see must not look safe. */
async function inspectFully(
  parts: CodecParts,
  request: CodecRequest,
  inspection: Inspection,
): Promise<Inspection> {
  const { settings, local } = parts
  if (Object.values(inspection.status).some(hasFailed)) throw new Problem('detector_unavailable')
  if (settings.contextual === 'off') return inspection
  if (local === null) {
    if (settings.contextual === 'required') throw new Problem('detector_unavailable')
    return inspection
  }
  const found = await lookCloser(local, inspection, {
    timeoutMs: settings.contextualTimeoutMs,
    signal: request.signal,
  })
  if (found.status !== 'ok') throw new Problem('detector_unavailable')
  return addFindings(inspection, found.findings)
}

function shown({ span, entity, subtype, score }: Finding, index: number): ShownFinding {
  return {
    text_index: index,
    start: span.start,
    end: span.end,
    type: entity,
    ...(subtype === undefined ? {} : { subtype }),
    score,
  }
}

async function restoreTexts(parts: CodecParts, request: CodecRequest, key: Uint8Array): Promise<object> {
  const { settings } = parts
  const { exchange } = request
  const { texts, token } = readRestore(readJson(request.bytes, { depth: settings.jsonDepth }), settings)
  const tenant = tenantOf(exchange.principal)
  const grant = await readToken(token, { key, tenant, now: parts.clock() })
  if (grant === null) {
    throw new Problem('invalid_request', { hint: 'restore_token', param: 'restore_token' })
  }
  const lanes = createLanes(grant.vault, { allowedHosts: grant.hosts, rules: settings.restore })
  const restored = texts.map((text, index) => lanes.restore({ lane: String(index), text, last: true }))
  exchange.restored = lanes.restoredCount
  return { texts: restored }
}

/** The record is durable before the answer goes out: sanitised text is on its way to somebody. */
async function recorded(
  parts: CodecParts,
  request: CodecRequest,
  work: () => Promise<object>,
): Promise<Reply> {
  const { exchange } = request
  try {
    if (parts.audit.status() !== 'ok') throw new Problem('audit_unavailable')
    const answer = JSON.stringify(await work())
    exchange.action = 'local'
    await record(parts, exchange, 'complete')
    return {
      status: 200,
      headers: { ...exchangeHeaders(exchange), 'content-type': 'application/json' },
      body: answer,
    }
  } catch (error) {
    const problem =
      error instanceof WireError ? new Problem(error.code, { param: error.param }) : toProblem(error)
    exchange.action = 'blocked'
    if (problem.code !== 'audit_unavailable') await record(parts, exchange, problem)
    throw problem
  }
}

async function record(parts: CodecParts, exchange: Exchange, ending: Ending): Promise<void> {
  const { metrics, audit, clock, policy } = parts
  const code = ending === 'complete' || ending === 'aborted' ? ending : ending.code
  const now = clock()
  metrics.requestEnded(exchange.endpoint, exchange.action, code, (now - exchange.startedAt) / 1000)
  for (const [entity, found] of Object.entries(exchange.entities)) metrics.found(entity, found)
  const entry = auditEntry(exchange, policy(), now, ending)
  try {
    // No policy decides here, so there is no decision to take the action from.
    await audit.append(ending === 'complete' ? { ...entry, action: 'local' } : entry)
  } catch (cause) {
    throw new Problem('audit_unavailable', { cause })
  }
}
