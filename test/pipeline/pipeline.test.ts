/** The pipeline over fakes of its ports: what it does when a part fails, and in which order things happen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors, type Detection, type Detectors, type LayerStatus } from '../../detectors/index.ts'
import { EgressError } from '../../proxy/cloud/egress-error.ts'
import { beginExchange } from '../../proxy/exchange.ts'
import { cacheFindings } from '../../proxy/findings-cache.ts'
import { keyringOf } from '../../proxy/keyring.ts'
import { createLog } from '../../proxy/log.ts'
import { createMetrics } from '../../proxy/metrics.ts'
import { createPipeline, type PipelineSettings } from '../../proxy/pipeline.ts'
import type { AuditEntry, LocalModel, WireObject } from '../../proxy/ports.ts'
import { Problem } from '../../proxy/problem.ts'
import type { Ticket } from '../../proxy/quota.ts'
import type { Reply } from '../../proxy/reply.ts'
import { chatEndpoint } from '../../proxy/wire/index.ts'
import { RESTORE_ALL } from '../../restore/index.ts'
import { compilePolicy } from '../../routing-rules/index.ts'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'

const SETTINGS: PipelineSettings = {
  contextual: 'auto',
  contextualTimeoutMs: 1000,
  draftTimeoutMs: 60_000,
  placeholderScope: 'tenant',
  rotateDays: 30,
  unknownModels: 'auto',
  strictFields: true,
  jsonDepth: 64,
  allow: [],
  restore: RESTORE_ALL,
}

interface World {
  readonly policy?: string
  readonly settings?: Partial<PipelineSettings>
  readonly detectors?: Detectors
  readonly audit?: 'ok' | 'down' | 'fails'
  /** Whether the last check finds a value in the bytes. */
  readonly leaks?: boolean
  /** Whether the cloud says again what it was told. */
  readonly echoes?: boolean
  readonly local?: LocalModel | null
  readonly headers?: Record<string, string>
  readonly model?: string
  readonly ticket?: Ticket
}

/** A caller's place in limits that limit nothing. */
const FREE: Ticket = {
  budgetUsed: 0,
  refuseOverBudget: () => undefined,
  escalate: () => true,
  settle: () => undefined,
}

const TO_CLOUD =
  'version: 1\npolicy: p\nrevision: "1"\ndestinations: { cloud: { kind: cloud, provider: c, model: m }, local: { kind: local, model: l } }\nguards: []\nroutes: []\ndefault: { to: [cloud] }\n'

/** Runs one request and tells what happened, in order. */
async function run(world: World): Promise<{
  outcome: Reply | Problem
  events: string[]
  sent: string[]
  audit: AuditEntry[]
  metrics: string
  log: string[]
}> {
  const log: string[] = []
  const metrics = createMetrics({ localStatus: () => 'off', auditStatus: () => 'ok', isEntity: () => true })
  const events: string[] = []
  const sent: string[] = []
  const audit: AuditEntry[] = []
  const { policy } = compilePolicy(world.policy ?? TO_CLOUD, { file: 'p.yaml', readList: () => null })
  assert.ok(policy)
  const pipeline = createPipeline({
    clock: () => 1_700_000_000_000,
    stopwatch: () => 0,
    newDecisionId: () => 'd_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    detectors: cacheFindings(
      world.detectors ?? createDetectors({ ner: false, languages: [], allow: [], deny: [] }),
      new Uint8Array(32),
      1_000_000,
    ),
    policy: () => policy,
    local: world.local ?? null,
    egress: {
      async send(body, _options, beforeFirstByte) {
        if (world.leaks === true) throw new EgressError('violation')
        await beforeFirstByte()
        events.push('sent')
        sent.push(JSON.stringify(body))
        const answer = {
          id: 'x',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [
            {
              index: 0,
              message: { role: 'assistant', content: world.echoes === true ? saidTo(body) : 'hi' },
              finish_reason: 'stop',
            },
          ],
          usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
        }
        return {
          status: 200,
          mediaType: 'application/json',
          retryAfterSeconds: null,
          body: bytesOf(JSON.stringify(answer)),
        }
      },
      close: async () => undefined,
    },
    audit: {
      async append(entry) {
        if (world.audit === 'fails') throw new Error('disk full')
        events.push(entry.kind)
        audit.push(entry)
      },
      status: () => (world.audit === 'down' ? 'down' : 'ok'),
      findDecision: async () => null,
      close: async () => undefined,
    },
    keyring: keyringOf(new Uint8Array(32)),
    conversations: null,
    quota: { admit: async () => world.ticket ?? FREE, close: async () => undefined },
    metrics,
    log: createLog(
      (line) => log.push(line),
      () => 0,
      'debug',
    ),
    settings: { ...SETTINGS, ...world.settings },
  })
  const exchange = beginExchange('req_01ARZ3NDEKTSV4RRFFQ69G5FAV', 1_700_000_000_000, 'chat')
  const body = { model: world.model ?? 'cloakroom-auto', messages: [{ role: 'user', content: PLANTED_TEXT }] }
  const incoming = {
    exchange,
    endpoint: chatEndpoint,
    bytes: Buffer.from(JSON.stringify(body)),
    headers: world.headers ?? {},
    signal: new AbortController().signal,
  }
  const outcome = await pipeline.answer(incoming).catch((error: unknown) => {
    assert.ok(error instanceof Problem)
    return error
  })
  return { outcome, events, sent, audit, metrics: await metrics.render(), log }
}

/** What the first message says. */
function saidTo(body: WireObject): unknown {
  const [message] = body.messages as readonly WireObject[]
  return message?.content
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Detectors of which one layer reports a state, with no findings. */
function broken(layer: 'pattern' | 'ner', status: LayerStatus): Detectors {
  const detection: Detection = { findings: [], status: { pattern: 'ok', ner: 'ok', [layer]: status } }
  return { detect: () => detection }
}

function localModel(parts: Partial<LocalModel>): LocalModel {
  return {
    name: 'l',
    engine: 'openai',
    status: () => 'ok',
    chat: async () => ({
      id: 'x',
      object: 'chat.completion',
      created: 1,
      model: 'l',
      choices: [{ index: 0, message: { role: 'assistant', content: 'local' }, finish_reason: 'stop' }],
    }),
    async *chatStream() {
      yield {}
    },
    ask: async () => '{"findings":[]}',
    close: async () => undefined,
    ...parts,
  }
}

test('the intent is durable before anything is sent, and the outcome follows', async () => {
  const { outcome, events, sent, audit } = await run({})
  assert.ok(!(outcome instanceof Problem))
  assert.deepEqual(events, ['intent', 'sent', 'outcome'])
  assert.deepEqual(
    findPlanted(Buffer.from(sent.join('')), ['maria.schneider@example.com', '4111 1111 1111 1111']),
    [],
  )
  assert.equal(audit[0]?.decision?.action, 'cloud')
  assert.equal(audit[1]?.outcome?.status, 200)
})

test('an audit log that is down refuses every request before anything is decided', async () => {
  const { outcome, sent } = await run({ audit: 'down' })
  assert.ok(outcome instanceof Problem)
  assert.equal(outcome.code, 'audit_unavailable')
  assert.deepEqual(sent, [])
})

test('an intent that cannot be written sends nothing', async () => {
  const { outcome, events } = await run({ audit: 'fails' })
  assert.ok(outcome instanceof Problem)
  assert.equal(outcome.code, 'audit_unavailable')
  assert.deepEqual(events, [])
})

for (const layer of ['pattern', 'ner'] as const) {
  for (const status of ['down', 'timeout'] as const) {
    test(`a ${layer} layer that is ${status} sends nothing, even where the policy would`, async () => {
      const { outcome, sent } = await run({ detectors: broken(layer, status) })
      assert.ok(outcome instanceof Problem)
      assert.equal(outcome.code, 'detector_unavailable')
      assert.deepEqual(sent, [])
    })
  }
}

test('contextual: required sends nothing while the local model cannot look', async () => {
  for (const local of [
    localModel({ ask: () => Promise.reject(new Error('down')) }),
    localModel({ ask: async () => 'no json' }),
  ]) {
    const { outcome, sent } = await run({ settings: { contextual: 'required' }, local })
    assert.ok(outcome instanceof Problem)
    assert.equal(outcome.code, 'detector_unavailable')
    assert.deepEqual(sent, [])
  }
})

test('unknown_models: refuse refuses a name no destination has, and takes those it has', async () => {
  const refused = await run({ settings: { unknownModels: 'refuse' }, model: 'gpt-99' })
  assert.ok(refused.outcome instanceof Problem)
  assert.equal(refused.outcome.code, 'forbidden_model')
  for (const model of ['cloakroom-auto', 'cloud', 'm']) {
    assert.ok(
      !((await run({ settings: { unknownModels: 'refuse' }, model })).outcome instanceof Problem),
      model,
    )
  }
})

test('a dry run calls no model and records its decision', async () => {
  const { outcome, sent, audit } = await run({ headers: { 'x-cloakroom-dry-run': '1' } })
  assert.ok(!(outcome instanceof Problem))
  assert.deepEqual(sent, [])
  assert.equal(audit[0]?.kind, 'outcome')
  assert.ok(audit[0]?.decision)
})

test('the same value in the same team gets the same placeholder in every request, another team another', async () => {
  const [first, second] = [await run({}), await run({})]
  assert.equal(first.sent[0], second.sent[0])
  const perRequest = await run({ settings: { placeholderScope: 'request' } })
  assert.notEqual(perRequest.sent[0], first.sent[0])
})

test('a local answer has an intent and an outcome too', async () => {
  const policy = TO_CLOUD.replace('to: [cloud]', 'to: [local]')
  const { events, audit } = await run({ policy, local: localModel({}) })
  assert.deepEqual(events, ['intent', 'outcome'])
  assert.equal(audit[0]?.action, 'local')
})

test('a budget that is used up sends nothing', async () => {
  const exhausted: Ticket = {
    ...FREE,
    refuseOverBudget() {
      throw new Problem('budget_exhausted', { retryAfterSeconds: 60 })
    },
  }
  const { outcome, sent } = await run({ ticket: exhausted })
  assert.ok(outcome instanceof Problem)
  assert.equal(outcome.code, 'budget_exhausted')
  assert.equal(outcome.retryAfterSeconds, 60)
  assert.deepEqual(sent, [])
})

test('a value that was about to leave: nothing is sent, the alert is counted, logged and in the audit log', async () => {
  const { outcome, sent, events, audit, metrics, log } = await run({ leaks: true })
  assert.ok(outcome instanceof Problem)
  assert.equal(outcome.code, 'egress_violation')
  assert.equal(outcome.status, 500)
  assert.deepEqual(sent, [])
  // No intent: nothing was going to leave any more.
  assert.deepEqual(events, ['outcome'])
  assert.equal(audit[0]?.outcome?.code, 'egress_violation')
  assert.match(metrics, /^cloakroom_egress_violations_total 1$/m)
  assert.ok(log.some((line) => /"egress_violation"/.test(line) && /"level":"?error/.test(line)))
  assert.doesNotMatch(JSON.stringify({ audit, log }) + metrics, /schneider/i)
})

test('the usage of an answer says how much of the prompt is there because values were replaced', async () => {
  const { outcome } = await run({})
  assert.ok(!(outcome instanceof Problem))
  const usage = JSON.parse(String(outcome.body)).usage
  assert.equal(usage.prompt_tokens, 9)
  assert.ok(Number.isInteger(usage.sanitising_overhead_tokens))
  assert.ok(Math.abs(usage.sanitising_overhead_tokens) < 50)
})

test('values go back where the configuration lets them', async () => {
  const contentOf = async (restore: PipelineSettings['restore']): Promise<string> => {
    const { outcome } = await run({ echoes: true, settings: { restore } })
    assert.ok(!(outcome instanceof Problem))
    return JSON.parse(String(outcome.body)).choices[0].message.content
  }
  assert.equal(await contentOf(RESTORE_ALL), PLANTED_TEXT)
  const cards = await contentOf({ ...RESTORE_ALL, types: { CREDIT_CARD: 'never' } })
  assert.match(cards, /CREDIT_CARD_[0-9A-Z]{5}/)
  assert.equal(cards.replace(/CREDIT_CARD_[0-9A-Z]{5}/, PLANTED.card), PLANTED_TEXT)
  // The name layer is off here, so the name is no value.
  const { person: _person, ...values } = PLANTED
  const nothing = await contentOf({ ...RESTORE_ALL, default: 'never' })
  assert.deepEqual(findPlanted(Buffer.from(nothing), Object.values(values)), [])
})
