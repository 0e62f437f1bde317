/** Completions and embeddings through the running server, to the cloud and to a local model, with the official client. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import { type CloudScript, type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'
import { type CompletionBody, completionSteps, embeddingSteps } from '../support/text-script.ts'

const POLICY = `
version: 1
policy: text-endpoints
revision: "1"
destinations:
  local: { kind: local, model: local-test }
  cloud: { kind: cloud, provider: cloud, model: test-model }
  vectors: { kind: cloud, provider: cloud, model: test-vectors, endpoints: [embeddings] }
guards:
  - { id: stays, when: { headers.x-cloakroom-data-class: { eq: restricted } }, then: { ceiling: local } }
routes: []
default: { to: [cloud, vectors, local] }
`

let cloud: FakeCloud
let local: ScriptedServer
let proxy: TestProxy
let script: CloudScript = () => []
const LOCAL = { headers: { 'x-cloakroom-data-class': 'restricted' } }

before(async () => {
  cloud = await startFakeCloud((request, index) => script(request, index))
  local = await startScriptedServer({
    kind: 'reply',
    text: (body) => `You said: ${String(body.messages?.at(-1)?.content ?? '')}`,
  })
  proxy = await startTestProxy({
    policy: POLICY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url, timeout_ms: 1000 }],
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

function assertNothingLeft(): void {
  const request = cloud.requests.at(-1)
  assert.ok(request)
  assert.deepEqual(findPlanted(request.raw), [])
}

const repeat: CloudScript = (request) => {
  const { prompt } = request.body as CompletionBody
  return completionSteps(request, typeof prompt === 'string' ? [prompt] : prompt)
}

test('a completion that repeats the prompt comes back as the prompt, and the cloud saw none of its values', async () => {
  script = repeat
  const prompts = [PLANTED_TEXT, `Once upon a time ${PLANTED.person} wrote:`]
  const { data, response } = await proxy.client.completions
    .create({ model: 'cloakroom-auto', prompt: prompts, user: PLANTED.email, stop: [PLANTED.person] })
    .withResponse()
  assert.deepEqual(
    data.choices.map(({ text }) => text),
    prompts,
  )
  assert.equal(data.model, 'test-model')
  assert.equal(cloud.requests.at(-1)?.path, '/v1/completions')
  assert.equal(response.headers.get('x-cloakroom-destination'), 'cloud')
  assertNothingLeft()
})

for (const pieceLength of [1, 2, 3, 5, 7, 64]) {
  for (const chunkBytes of [1, 7, 100_000]) {
    test(`a streamed completion in pieces of ${pieceLength}, cut every ${chunkBytes} bytes, is restored exactly`, async () => {
      script = (request) =>
        completionSteps(request, [String((request.body as CompletionBody).prompt)], {
          pieceLength,
          chunkBytes,
        })
      const stream = await proxy.client.completions.create({
        model: 'cloakroom-auto',
        prompt: PLANTED_TEXT,
        stream: true,
      })
      let text = ''
      for await (const chunk of stream) text += chunk.choices[0]?.text ?? ''
      assert.equal(text, PLANTED_TEXT)
      assertNothingLeft()
    })
  }
}

test('a local model completes a prompt as a chat, whole and streamed, and the cloud is not asked', async () => {
  const sent = cloud.requests.length
  const body = { model: 'cloakroom-auto', prompt: PLANTED_TEXT, max_tokens: 50, echo: true }
  const whole = await proxy.client.completions.create(body, LOCAL)
  assert.equal(whole.object, 'text_completion')
  assert.equal(whole.model, 'local-test')
  assert.equal(whole.choices[0]?.text, `${PLANTED_TEXT}You said: ${PLANTED_TEXT}`)
  const stream = await proxy.client.completions.create(
    { ...body, stream: true, stream_options: { include_usage: true } },
    LOCAL,
  )
  let text = ''
  let usage: unknown = null
  for await (const chunk of stream) {
    text += chunk.choices[0]?.text ?? ''
    usage = chunk.usage ?? usage
  }
  assert.equal(text, `${PLANTED_TEXT}You said: ${PLANTED_TEXT}`)
  assert.ok(usage)
  assert.equal(local.requests.at(-1)?.body.max_tokens, 50)
  assert.equal(cloud.requests.length, sent)
})

const refusedAs = (status: number, code: string) => (error: unknown) => {
  assert.ok(error instanceof OpenAI.APIError)
  assert.equal(error.status, status)
  assert.equal(error.code, code)
  return true
}

test('what a chat model cannot complete is refused and says which field', async () => {
  const bodies = [
    { prompt: ['one', 'two'], param: 'prompt' },
    { prompt: 'one', suffix: 'three', param: 'suffix' },
    { prompt: 'one', best_of: 3, param: 'best_of' },
  ]
  for (const { param, ...body } of bodies) {
    await assert.rejects(
      proxy.client.completions.create({ model: 'cloakroom-auto', ...body }, LOCAL),
      (error: unknown) =>
        refusedAs(400, 'unsupported_content')(error) && Reflect.get(Object(error), 'param') === param,
    )
  }
})

for (const encoding of ['float', 'base64', undefined] as const) {
  test(`embeddings (${encoding ?? 'as the client likes'}) go to the destination that serves them, without a value`, async () => {
    script = embeddingSteps
    const input = [PLANTED_TEXT, 'second']
    const { data, response } = await proxy.client.embeddings
      .create({
        model: 'cloakroom-auto',
        input,
        user: PLANTED.email,
        ...(encoding === undefined ? {} : { encoding_format: encoding }),
      })
      .withResponse()
    assert.equal(response.headers.get('x-cloakroom-destination'), 'vectors')
    assert.equal(data.data.length, 2)
    assert.equal(data.model, 'test-vectors')
    if (encoding !== 'base64') assert.deepEqual(data.data[1]?.embedding, [6, 1, 0.5])
    assertNothingLeft()
  })
}

test('token arrays are refused: nobody can look into them', async () => {
  const sent = cloud.requests.length
  for (const input of [
    [1, 2, 3],
    [[1, 2], [3]],
  ]) {
    await assert.rejects(
      proxy.client.embeddings.create({ model: 'cloakroom-auto', input: input as number[] }),
      refusedAs(400, 'invalid_request'),
    )
    await assert.rejects(
      proxy.client.completions.create({ model: 'cloakroom-auto', prompt: input as number[] }),
      refusedAs(400, 'invalid_request'),
    )
  }
  assert.equal(cloud.requests.length, sent)
})

test('embeddings that must stay here are blocked: a chat model makes none', async () => {
  const sent = cloud.requests.length
  const asked = local.requests.length
  await assert.rejects(
    proxy.client.embeddings.create({ model: 'cloakroom-auto', input: 'Hello' }, LOCAL),
    refusedAs(403, 'blocked_by_policy'),
  )
  assert.equal(cloud.requests.length, sent)
  assert.equal(local.requests.length, asked)
})

test('a policy without a destination for embeddings says what to write into it', async () => {
  const other = await startTestProxy({ config: { cloud: [{ name: 'cloud', base_url: cloud.url }] } })
  try {
    await assert.rejects(
      other.client.embeddings.create({ model: 'cloakroom-auto', input: 'Hello' }),
      /endpoints/,
    )
  } finally {
    await other.close()
  }
})
