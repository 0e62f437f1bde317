/** The shipped policy in its three set-ups, with a real GGUF as the local model, and what happens when parts fail. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import { CANARIES, CONTEXTUAL_PROMPT_ID } from '../../detectors/contextual-prompt.ts'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { dropTestDatabase, startTestProxy, type TestProxy, type TestProxyOptions } from '../support/proxy.ts'
import { startScriptedServer } from '../support/scripted-openai-server.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const REPLY = 'Hello from the local model.'
let cloud: FakeCloud
let folder: string
let model: { path: string; sha256: string }

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloakroom-models-'))
  const path = join(folder, 'tiny.gguf')
  await writeTinyGguf(path, { kind: 'fixed-reply', reply: REPLY })
  model = { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
  cloud = await startFakeCloud((request) => chatSteps(request, [{ content: 'Hello from the cloud.' }]))
})
after(async () => {
  await cloud.close()
  await dropTestDatabase(folder)
  rmSync(folder, { recursive: true, force: true })
})

async function withProxy(options: TestProxyOptions, use: (proxy: TestProxy) => Promise<void>): Promise<void> {
  // One data directory for all: making the embedded database takes seconds.
  const proxy = await startTestProxy({ ...options, dir: folder })
  try {
    await use(proxy)
  } finally {
    await proxy.close()
  }
}

const plain = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] })
const clouds = () => [{ name: 'openai', base_url: cloud.url }]
const llama = () => ({
  engine: 'llama',
  model_path: model.path,
  sha256: model.sha256,
  model: 'tiny',
  threads: 1,
})

function hasCode(status: number, code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof OpenAI.APIError)
    assert.equal(error.status, status)
    assert.equal(error.code, code)
    return true
  }
}

test('with neither a model nor a cloud every request is told what to set', async () => {
  await withProxy({}, async ({ client }) => {
    await assert.rejects(client.chat.completions.create(plain('Hello')), (error: unknown) => {
      assert.ok(error instanceof OpenAI.APIError)
      assert.equal(error.code, 'local_unavailable')
      assert.match(error.message, /OPENAI_API_KEY/)
      return true
    })
  })
})

test('with a cloud alone, cards, credentials and special categories are blocked with what to add; the rest is sanitised', async () => {
  await withProxy({ config: { cloud: clouds() } }, async ({ client }) => {
    const answer = await client.chat.completions.create(
      plain(`Please write to ${PLANTED.person} at ${PLANTED.email}.`),
    )
    assert.equal(answer.choices[0]?.message.content, 'Hello from the cloud.')
    assert.deepEqual(findPlanted(cloud.requests.at(-1)?.raw ?? Buffer.alloc(0)), [])
    const sent = cloud.requests.length
    for (const content of [
      `My card is ${PLANTED.card}.`,
      'My password: correct-Horse7battery!',
      'The patient was diagnosed with HIV.',
    ]) {
      await assert.rejects(client.chat.completions.create(plain(content)), (error: unknown) => {
        assert.ok(error instanceof OpenAI.APIError, content)
        assert.equal(error.code, 'blocked_by_policy', content)
        assert.match(error.message, /CLOAKROOM_LOCAL_BASE_URL/)
        return true
      })
    }
    assert.equal(cloud.requests.length, sent)
  })
})

test('with a local model it answers by default, whole and streamed, and the cloud gets nothing', async () => {
  await withProxy({ config: { cloud: clouds(), local: llama() } }, async ({ client }) => {
    const sent = cloud.requests.length
    const { data, response } = await client.chat.completions
      .create(plain(`Hello. ${PLANTED_TEXT}`))
      .withResponse()
    assert.equal(data.choices[0]?.message.content, REPLY)
    assert.equal(data.model, 'tiny')
    assert.ok((data.usage?.prompt_tokens ?? 0) > 0)
    assert.equal(response.headers.get('x-cloakroom-action'), 'local')
    const stream = await client.chat.completions.create({ ...plain('Hello'), stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    assert.equal(text, REPLY)
    assert.equal(cloud.requests.length, sent)
  })
})

test('a wrong SHA-256 refuses to start', async () => {
  const wrong = { ...llama(), sha256: 'a'.repeat(64) }
  await assert.rejects(startTestProxy({ config: { local: wrong }, dir: folder }), { name: 'LocalModelError' })
})

test('a configured local model that fails never opens the cloud', async () => {
  const server = await startScriptedServer({ kind: 'reset' })
  await withProxy(
    {
      config: {
        cloud: clouds(),
        local: { engine: 'openai', base_url: server.baseUrl, model: 'served', timeout_ms: 1000 },
      },
    },
    async ({ client }) => {
      const sent = cloud.requests.length
      await assert.rejects(client.chat.completions.create(plain('Hello')), hasCode(503, 'local_unavailable'))
      await server.stop()
      await assert.rejects(client.chat.completions.create(plain('Hello')), hasCode(503, 'local_unavailable'))
      // Asking for the cloud by name does not help: the contextual layer is down.
      await assert.rejects(
        client.chat.completions.create({ ...plain('Hello'), model: 'gpt-4.1' }),
        hasCode(503, 'local_unavailable'),
      )
      assert.equal(cloud.requests.length, sent)
    },
  )
})

test('the contextual layer’s findings are replaced, and a model that cannot find its canary keeps the request here', async () => {
  const policy =
    'version: 1\npolicy: p\nrevision: "1"\ndestinations: { cloud: { kind: cloud, provider: openai, model: m }, local: { kind: local, model: served } }\nguards:\n  - { id: contextual, when: { detectors.contextual.status: { neq: ok } }, then: { ceiling: local } }\nroutes: []\ndefault: { to: [cloud, local] }\n'
  const secret = 'the tall gardener of Elm Lodge'
  let lazy = false
  const server = await startScriptedServer({
    kind: 'reply',
    text: (body) => {
      const prompt = JSON.stringify(body.messages)
      if (body.response_format === undefined) return 'local answer'
      if (lazy) return '{"findings":[]}'
      const canary = findCanary(prompt)
      const found = [
        ...canary.map((text) => ({ type: 'PERSON', text })),
        { type: 'PERSON', text: secret },
        { type: 'PERSON', text: 'nobody who stands in the text' },
      ]
      return JSON.stringify({ findings: found })
    },
  })
  await withProxy(
    {
      policy,
      config: { cloud: clouds(), local: { engine: 'openai', base_url: server.baseUrl, model: 'served' } },
    },
    async ({ client, url }) => {
      const { response } = await client.chat.completions
        .create(plain(`Ask ${secret} to come on Monday.`))
        .withResponse()
      assert.equal(response.headers.get('x-cloakroom-action'), 'cloud')
      const id = response.headers.get('x-cloakroom-request-id')
      const explained = await (await fetch(`${url}/v1/decisions/${id}`)).json()
      assert.equal((explained as { contextual_prompt?: string }).contextual_prompt, CONTEXTUAL_PROMPT_ID)
      assert.doesNotMatch(cloud.requests.at(-1)?.raw.toString('utf8') ?? '', /gardener/)
      lazy = true
      const answer = await client.chat.completions.create(plain(`Ask ${secret} to come on Tuesday.`))
      assert.equal(answer.choices[0]?.message.content, 'local answer')
    },
  )
  await server.stop()
})

/** The planted names of a contextual prompt: a model that reads its text finds them. */
function findCanary(prompt: string): string[] {
  return CANARIES.filter((name) => prompt.includes(name))
}
