/** The fake cloud is only worth something if real clients take it for a cloud. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import {
  type CloudScript,
  FAILURES,
  type FakeCloud,
  lastUserText,
  placeholdersIn,
  replyWith,
  startFakeCloud,
} from '../support/fake-cloud.ts'

async function withClient(
  script: CloudScript,
  play: (client: OpenAI, cloud: FakeCloud) => Promise<void>,
): Promise<void> {
  const cloud = await startFakeCloud(script)
  try {
    await play(new OpenAI({ baseURL: cloud.url, apiKey: 'none', maxRetries: 0 }), cloud)
  } finally {
    await cloud.close()
  }
}

const echo = replyWith((body) => ({ content: `You said: ${lastUserText(body)}` }))
const ask = { model: 'm', messages: [{ role: 'user', content: 'Grüße an PERSON_7KQ2F' }] } as const

test('the official client reads a whole answer, and every byte of its request is kept', async () => {
  await withClient(echo, async (client, cloud) => {
    const answer = await client.chat.completions.create({ ...ask, messages: [...ask.messages] })
    assert.equal(answer.choices[0]?.message.content, 'You said: Grüße an PERSON_7KQ2F')
    assert.equal(answer.usage?.total_tokens, 60)
    const [request] = cloud.requests
    assert.ok(request)
    assert.match(request.raw.toString(), /^POST \/v1\/chat\/completions HTTP\/1\.1\r\n/)
    assert.deepEqual(placeholdersIn(request), ['PERSON_7KQ2F'])
  })
})

test('the official client reads streams, however they are cut and whatever ends their lines', async () => {
  for (const lineEnd of ['\n', '\r\n', '\r'] as const) {
    for (const chunkBytes of [1, 7, 1000]) {
      const script = replyWith((body) => ({ content: lastUserText(body) }), {
        lineEnd,
        chunkBytes,
        pieceLength: 3,
      })
      await withClient(script, async (client) => {
        const stream = await client.chat.completions.create({
          ...ask,
          messages: [...ask.messages],
          stream: true,
          stream_options: { include_usage: true },
        })
        let text = ''
        let tokens = 0
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? ''
          tokens += chunk.usage?.total_tokens ?? 0
        }
        assert.equal(text, ask.messages[0].content)
        assert.equal(tokens, 60)
      })
    }
  }
})

test('the official client reads tool calls and several choices, whole and streamed', async () => {
  const script = replyWith(() => ({ toolCalls: [{ name: 'send', arguments: '{"to":"PERSON_7KQ2F"}' }] }))
  await withClient(script, async (client) => {
    const whole = await client.chat.completions.create({ ...ask, messages: [...ask.messages], n: 2 })
    assert.equal(whole.choices.length, 2)
    const stream = client.chat.completions.stream({ ...ask, messages: [...ask.messages], n: 2 })
    const streamed = await stream.finalChatCompletion()
    for (const answer of [whole, streamed]) {
      const call = answer.choices[1]?.message.tool_calls?.[0]
      assert.ok(call?.type === 'function')
      assert.equal(call.function.arguments, '{"to":"PERSON_7KQ2F"}')
    }
  })
})

test('the official client meets the failures as failures', async () => {
  await withClient(FAILURES.rateLimited, async (client) => {
    await assert.rejects(client.chat.completions.create({ ...ask, messages: [...ask.messages] }), {
      status: 429,
    })
  })
  await withClient(FAILURES.resetMidStream, async (client) => {
    const stream = await client.chat.completions.create({ ...ask, messages: [...ask.messages], stream: true })
    await assert.rejects(async () => {
      for await (const chunk of stream) assert.ok(chunk.choices.length > 0)
    })
  })
})
