/** Clients through the proxy to vLLM, Ollama and llama-server: every endpoint, whole and streamed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenAI } from 'openai'
import { MODEL_SERVERS, serving } from '../support/model-servers.ts'
import { startTestProxy } from '../support/proxy.ts'
import { startScriptedServer } from '../support/scripted-openai-server.ts'

const TEXT = 'Nobody but us two.'
const ASKED = 'Who is there?'
const MODEL = 'cloakroom-auto'
const LOCAL_ONLY = {
  version: 1,
  policy: 'local-only',
  revision: '1',
  destinations: { here: { kind: 'local', model: 'here' } },
  routes: [],
  default: { to: ['here'] },
}

async function joined<Item>(stream: AsyncIterable<Item>, textOf: (item: Item) => string | null | undefined) {
  let text = ''
  for await (const item of stream) text += textOf(item) ?? ''
  return text
}

/** The same answer by every endpoint. */
async function answers(client: OpenAI): Promise<readonly (string | null | undefined)[]> {
  const { chat, responses, completions } = client
  const messages = [{ role: 'user' as const, content: ASKED }]
  const whole = await chat.completions.create({ model: MODEL, messages })
  const response = await responses.create({ model: MODEL, input: ASKED })
  assert.equal(whole.model, 'named')
  assert.equal(whole.usage?.total_tokens, 16)
  assert.equal(response.usage?.total_tokens, 16)
  return [
    whole.choices[0]?.message.content,
    await joined(
      await chat.completions.create({ model: MODEL, messages, stream: true }),
      ({ choices }) => choices[0]?.delta.content,
    ),
    response.output_text,
    await joined(await responses.create({ model: MODEL, input: ASKED, stream: true }), (event) =>
      event.type === 'response.output_text.delta' ? event.delta : '',
    ),
    (await completions.create({ model: MODEL, prompt: ASKED })).choices[0]?.text,
    await joined(
      await completions.create({ model: MODEL, prompt: ASKED, stream: true }),
      ({ choices }) => choices[0]?.text,
    ),
  ]
}

test('model servers answer every endpoint, whole and streamed', async (t) => {
  const server = await startScriptedServer({ kind: 'reply', text: 'x' })
  const proxy = await startTestProxy({
    policy: LOCAL_ONLY,
    config: {
      local: { engine: 'openai', base_url: server.baseUrl, model: 'named' },
      detectors: { contextual: 'off' },
    },
  })
  try {
    for (const [name, shape] of Object.entries(MODEL_SERVERS)) {
      await t.test(name, async () => {
        server.behaviour = serving(shape, { text: TEXT, thoughts: 'They ask who.' })
        assert.deepEqual(await answers(proxy.client), new Array(6).fill(TEXT))
      })
    }
  } finally {
    await proxy.close()
    await server.stop()
  }
})
