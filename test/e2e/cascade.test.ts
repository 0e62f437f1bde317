/** The cascade through the running server: a local draft is judged before the first byte, on every text endpoint. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type CloudScript, type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted, PLANTED } from '../support/planted.ts'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { responsesSteps } from '../support/responses-script.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'
import { completionSteps } from '../support/text-script.ts'

const POLICY = `
version: 1
policy: cascade
revision: "1"
destinations:
  local: { kind: local, model: local-test }
  cloud: { kind: cloud, provider: cloud, model: test-model }
guards:
  - { id: stays, when: { headers.x-cloakroom-data-class: { eq: restricted } }, then: { ceiling: local } }
limits: [{ per: identity.user, escalations: 8/day }]
routes:
  - { id: fails-over, when: { local.status: { in: [down, timeout] }, request.endpoint: { eq: completions } }, to: [cloud] }
  - { id: gave-up, when: { local.confidence: { lt: 0.5 } }, to: [cloud, local] }
default: { to: [local] }
`
const QUESTION = `${PLANTED.person} eats 21 eggs a week and a box holds 12. How many boxes for 4 weeks? Write to ${PLANTED.email}.`
const GOOD = 'In 4 weeks that is 21 * 4 = 84 eggs, so 84 / 12 = 7 boxes.'
const DRAFT_WORD = 'zanzibar'
const BAD = `However, ${DRAFT_WORD}, approximately 21 * 4 = 86, so maybe 86 / 12 = 7.1666 boxes, which actually`
const CLOUD = 'Seven boxes, says the cloud.'

let cloud: FakeCloud
let local: ScriptedServer
let proxy: TestProxy

const script: CloudScript = (request) => {
  if (request.path.endsWith('/responses')) return responsesSteps(request, [{ text: CLOUD }])
  if (request.path.endsWith('/chat/completions')) return chatSteps(request, [{ content: CLOUD }])
  return completionSteps(request, [CLOUD])
}

before(async () => {
  cloud = await startFakeCloud(script)
  local = await startScriptedServer({ kind: 'reply', text: GOOD })
  proxy = await startTestProxy({
    policy: POLICY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url }],
      local: { engine: 'openai', base_url: local.baseUrl, model: 'local-test' },
      detectors: { contextual: 'off' },
    },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
  await local.stop()
})
beforeEach(() => {
  local.behaviour = { kind: 'reply', text: GOOD }
})

interface Asked {
  readonly status: number
  readonly action: string | null
  readonly rule: string | null
  readonly body: string
  readonly id: string
}

const BODIES: Readonly<Record<string, object>> = {
  'chat/completions': { messages: [{ role: 'user', content: QUESTION }] },
  responses: { input: QUESTION },
  completions: { prompt: QUESTION },
}

async function ask(path: string, stream: boolean, headers: Record<string, string> = {}): Promise<Asked> {
  const response = await fetch(`${proxy.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'cloakroom-auto', stream, ...BODIES[path] }),
  })
  return {
    status: response.status,
    action: response.headers.get('x-cloakroom-action'),
    rule: response.headers.get('x-cloakroom-rule'),
    id: response.headers.get('x-cloakroom-request-id') ?? '',
    body: textIn(await response.text()),
  }
}

/** The text of an answer, whole or as events of any of the endpoints. */
function textIn(body: string): string {
  if (!body.startsWith('data:') && !body.startsWith('event:')) return body
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => {
      const event = JSON.parse(line.slice(6))
      if (event.error !== undefined) return JSON.stringify(event)
      const choice = event.choices?.[0]
      return choice?.delta?.content ?? choice?.text ?? (typeof event.delta === 'string' ? event.delta : '')
    })
    .join('')
}

async function explained(id: string): Promise<Record<string, unknown> & { facts: Record<string, unknown> }> {
  const response = await fetch(`${proxy.url}/v1/decisions/${id}`)
  assert.equal(response.status, 200)
  return (await response.json()) as Awaited<ReturnType<typeof explained>>
}

for (const path of Object.keys(BODIES)) {
  for (const stream of [false, true]) {
    describe(`${path}, ${stream ? 'streamed' : 'whole'}`, () => {
      it('gives a draft that convinces, and says so', async () => {
        const sent = cloud.requests.length
        const answer = await ask(path, stream)
        assert.equal(answer.action, 'local')
        assert.ok(answer.body.includes(GOOD))
        assert.equal(cloud.requests.length, sent)
        const { draft, facts } = await explained(answer.id)
        assert.equal(draft, 'judged')
        const { status, confidence } = facts.local as { status: string; confidence: number }
        assert.equal(status, 'ok')
        assert.ok(confidence >= 0.5)
      })

      it('gives up one that does not, and sends the sanitised prompt alone', async () => {
        local.behaviour = { kind: 'reply', text: BAD }
        const sent = cloud.requests.length
        const answer = await ask(path, stream)
        assert.equal(answer.action, 'cloud')
        assert.equal(answer.rule, 'gave-up')
        assert.ok(answer.body.includes(CLOUD))
        assert.ok(!answer.body.includes(DRAFT_WORD))
        assert.equal(cloud.requests.length, sent + 1)
        const raw = cloud.requests.at(-1)?.raw ?? Buffer.alloc(0)
        assert.deepEqual(findPlanted(raw, [PLANTED.person, PLANTED.email, DRAFT_WORD]), [])
        const { action, draft, facts } = await explained(answer.id)
        assert.equal(action, 'cloud')
        assert.equal(draft, 'judged')
        assert.ok((facts.local as { confidence: number }).confidence < 0.5)
      })

      it('never judges where the ceiling is local', async () => {
        local.behaviour = { kind: 'reply', text: BAD }
        const sent = cloud.requests.length
        const answer = await ask(path, stream, { 'x-cloakroom-data-class': 'restricted' })
        assert.equal(answer.action, 'local')
        assert.ok(answer.body.includes(DRAFT_WORD))
        assert.equal(cloud.requests.length, sent)
        assert.equal((await explained(answer.id)).draft, undefined)
      })

      it('opens the cloud for a local failure only where a rule says so', async () => {
        local.behaviour = { kind: 'reset' }
        const sent = cloud.requests.length
        const answer = await ask(path, stream)
        if (path === 'completions') {
          assert.equal(answer.action, 'cloud')
          assert.equal(answer.rule, 'fails-over')
          assert.equal(cloud.requests.length, sent + 1)
          assert.equal((await explained(answer.id)).draft, 'failed')
        } else {
          assert.equal(answer.status, 503)
          assert.match(answer.body, /local_unavailable/)
          assert.equal(cloud.requests.length, sent)
        }
        // The model is back: what was seen of it counts for that request alone.
        local.behaviour = { kind: 'reply', text: GOOD }
        await ask(path, false, { 'x-cloakroom-data-class': 'restricted' })
      })
    })
  }
}

describe('a draft', () => {
  it('is not waited for where the ceiling is local: its first words come while the model still speaks', async () => {
    local.behaviour = { kind: 'hang', afterChunks: 2 }
    const leave = new AbortController()
    const response = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cloakroom-data-class': 'restricted' },
      body: JSON.stringify({ model: 'cloakroom-auto', stream: true, ...BODIES['chat/completions'] }),
      signal: leave.signal,
    })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    assert.match(Buffer.from(first?.value ?? []).toString('utf8'), /word0/)
    leave.abort()
  })

  it('that does not convince is the answer when no more may be given up', async () => {
    // Every endpoint gave up two above, and completions failed over twice: the limit of eight is reached.
    local.behaviour = { kind: 'reply', text: BAD }
    const sent = cloud.requests.length
    const answer = await ask('chat/completions', true)
    assert.equal(answer.action, 'local')
    assert.ok(answer.body.includes(DRAFT_WORD))
    assert.equal(cloud.requests.length, sent)
  })
})
