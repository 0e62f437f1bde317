/** Chat completions through the running server to a nasty cloud and back, with the official client. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import { chatSteps, head, httpChunk, jsonSteps, rawSseSteps } from '../../proxy/demo/chat-script.ts'
import { type CloudRequest, type CloudScript, type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

let cloud: FakeCloud
let proxy: TestProxy
let script: CloudScript = () => []

before(async () => {
  cloud = await startFakeCloud((request, index) => script(request, index))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: { cloud: [{ name: 'cloud', base_url: cloud.url, api_key_env: 'TEST_KEY', timeout_ms: 1000 }] },
    environment: { TEST_KEY: 'cloud-key-for-tests' },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
})

const ask = { model: 'cloakroom-auto', messages: [{ role: 'user' as const, content: PLANTED_TEXT }] }

/** What the cloud read as the last message. */
function lastMessage(request: CloudRequest): string {
  const { messages } = request.body as { messages: { content: string }[] }
  return messages.at(-1)?.content ?? ''
}

function assertNothingLeft(): void {
  const request = cloud.requests.at(-1)
  assert.ok(request)
  assert.deepEqual(findPlanted(request.raw), [])
}

test('a whole answer that repeats the prompt comes back as the prompt, and the cloud saw none of its values', async () => {
  script = (request) => chatSteps(request, [{ content: lastMessage(request) }])
  const { data, response } = await proxy.client.chat.completions.create(ask).withResponse()
  assert.equal(data.choices[0]?.message.content, PLANTED_TEXT)
  assert.equal(data.model, 'test-model')
  assertNothingLeft()
  assert.equal(response.headers.get('x-cloakroom-action'), 'cloud')
  assert.equal(response.headers.get('x-cloakroom-destination'), 'cloud')
  assert.match(response.headers.get('x-cloakroom-request-id') ?? '', /^req_/)
  assert.match(response.headers.get('x-cloakroom-entities') ?? '', /CREDIT_CARD=1/)
  assert.match(response.headers.get('x-cloakroom-entities') ?? '', /EMAIL=1/)
})

test('a prompt that is looked at in a thread is sanitised and restored like any other', async () => {
  script = (request) => chatSteps(request, [{ content: lastMessage(request) }])
  const prose = 'The meeting took longer than planned and ended without a decision. '.repeat(400)
  const content = `${prose}${PLANTED_TEXT}\n${prose}`
  const { data, response } = await proxy.client.chat.completions
    .create({ ...ask, messages: [{ role: 'user', content }] })
    .withResponse()
  assert.equal(data.choices[0]?.message.content, content)
  assertNothingLeft()
  assert.match(response.headers.get('x-cloakroom-entities') ?? '', /CREDIT_CARD=1/)
})

test('the cloud gets a fixed set of headers and our key, and nothing of the client', async () => {
  script = (request) => chatSteps(request, [{ content: 'ok' }])
  const client = new OpenAI({
    baseURL: `${proxy.url}/v1`,
    apiKey: 'client-key',
    defaultHeaders: { cookie: 'session=abc', 'x-forwarded-for': PLANTED.ip, 'user-agent': PLANTED.person },
    maxRetries: 0,
  })
  await client.chat.completions.create(ask)
  const headers = cloud.requests.at(-1)?.headers ?? {}
  assert.equal(headers.authorization, 'Bearer cloud-key-for-tests')
  assert.equal(headers.cookie, undefined)
  assert.equal(headers['x-forwarded-for'], undefined)
  assertNothingLeft()
  assert.doesNotMatch(cloud.requests.at(-1)?.raw.toString('latin1') ?? '', /client-key|session=abc/)
})

for (const lineEnd of ['\n', '\r\n'] as const) {
  for (const pieceLength of [1, 2, 3, 5, 7, 64]) {
    for (const chunkBytes of [1, 7, 100_000]) {
      test(`a stream in pieces of ${pieceLength}, cut every ${chunkBytes} bytes, with ${JSON.stringify(lineEnd)}, is restored exactly`, async () => {
        script = (request) =>
          chatSteps(request, [{ content: lastMessage(request) }], { pieceLength, chunkBytes, lineEnd })
        const stream = await proxy.client.chat.completions.create({ ...ask, stream: true })
        let text = ''
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
        assert.equal(text, PLANTED_TEXT)
        assertNothingLeft()
      })
    }
  }
}

test('tool calls get their arguments back as JSON, streamed and whole, whatever the values hold', async () => {
  const awkward = `She said "call me" at ${PLANTED.email}\nC:\\temp ${PLANTED.iban}`
  const messages = [{ role: 'user' as const, content: awkward }]
  const tools = [
    {
      type: 'function' as const,
      function: {
        name: 'save_note',
        parameters: { type: 'object', properties: { note: { type: 'string' } } },
      },
    },
  ]
  for (const pieceLength of [1, 4, 1000]) {
    script = (request) =>
      chatSteps(
        request,
        [
          {
            toolCalls: [
              {
                name: 'save_note',
                arguments: JSON.stringify({
                  note: lastMessage(request),
                  nested: JSON.stringify({ note: lastMessage(request) }),
                }),
              },
            ],
          },
        ],
        { pieceLength },
      )
    const whole = await proxy.client.chat.completions.create({ model: 'cloakroom-auto', messages, tools })
    const call = whole.choices[0]?.message.tool_calls?.[0]
    assert.ok(call?.type === 'function')
    const expected = { note: awkward, nested: JSON.stringify({ note: awkward }) }
    assert.deepEqual(JSON.parse(call.function.arguments), expected)
    const stream = await proxy.client.chat.completions.create({
      model: 'cloakroom-auto',
      messages,
      tools,
      stream: true,
    })
    let text = ''
    for await (const chunk of stream)
      text += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
    assert.deepEqual(JSON.parse(text), expected)
    assertNothingLeft()
  }
})

test('a tool call in the history and its result are replaced inside their JSON', async () => {
  script = (request) => chatSteps(request, [{ content: 'done' }])
  await proxy.client.chat.completions.create({
    model: 'cloakroom-auto',
    messages: [
      { role: 'user', content: 'Look her up.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: {
              name: 'look_up',
              arguments: JSON.stringify({ email: PLANTED.email, [PLANTED.email]: true }),
            },
          },
        ],
      },
      {
        role: 'tool',
        tool_call_id: 'call_1',
        content: JSON.stringify({ phone: PLANTED.phone, card: PLANTED.card }),
      },
    ],
  })
  assertNothingLeft()
  const body = cloud.requests.at(-1)?.body as {
    messages: { tool_calls?: { function: { arguments: string } }[] }[]
  }
  assert.ok(JSON.parse(body.messages[1]?.tool_calls?.[0]?.function.arguments ?? ''))
})

test('two choices are restored apart from each other, interleaved or not', async () => {
  script = (request) =>
    chatSteps(request, [{ content: lastMessage(request) }, { content: `B ${lastMessage(request)}` }], {
      pieceLength: 2,
    })
  const whole = await proxy.client.chat.completions.create({ ...ask, n: 2 })
  assert.deepEqual(
    whole.choices.map(({ message }) => message.content),
    [PLANTED_TEXT, `B ${PLANTED_TEXT}`],
  )
  const stream = await proxy.client.chat.completions.create({ ...ask, n: 2, stream: true })
  const texts = ['', '']
  for await (const chunk of stream)
    for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? ''
  assert.deepEqual(texts, [PLANTED_TEXT, `B ${PLANTED_TEXT}`])
})

test('JSON mode stays JSON when values with quotes come back', async () => {
  const quoted = `{"who":"${PLANTED.email}"} is what "${PLANTED.person}" wrote`
  script = (request) =>
    chatSteps(request, [{ content: JSON.stringify({ text: lastMessage(request) }) }], { pieceLength: 3 })
  const request = {
    model: 'cloakroom-auto',
    messages: [{ role: 'user' as const, content: quoted }],
    response_format: { type: 'json_object' as const },
  }
  const whole = await proxy.client.chat.completions.create(request)
  assert.deepEqual(JSON.parse(whole.choices[0]?.message.content ?? ''), { text: quoted })
  const stream = await proxy.client.chat.completions.create({ ...request, stream: true })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  assert.deepEqual(JSON.parse(text), { text: quoted })
})

test('usage comes in a stream only when the client asked for it', async () => {
  script = (request) => chatSteps(request, [{ content: 'hi' }])
  for (const include_usage of [true, false]) {
    const stream = await proxy.client.chat.completions.create({
      ...ask,
      stream: true,
      ...(include_usage ? { stream_options: { include_usage } } : {}),
    })
    let seen = false
    for await (const chunk of stream) seen ||= chunk.usage !== undefined && chunk.usage !== null
    assert.equal(seen, include_usage)
  }
})

const FAULTS: { name: string; script: CloudScript; status: number; code: string }[] = [
  {
    name: 'a 429 of the cloud is rate_limited',
    script: () => jsonSteps(429, { error: { message: PLANTED.person } }, { 'retry-after': '7' }),
    status: 429,
    code: 'rate_limited',
  },
  {
    name: 'a 500 of the cloud is upstream_error',
    script: () => jsonSteps(500, { error: { message: PLANTED.person } }),
    status: 502,
    code: 'upstream_error',
  },
  {
    name: 'a 401 of the cloud is upstream_error: our key is not the client’s business',
    script: () => jsonSteps(401, { error: {} }),
    status: 502,
    code: 'upstream_error',
  },
  {
    name: 'a redirect is an error and is not followed',
    script: () => [{ send: head(307, { location: 'http://127.0.0.1:9/', 'content-length': '0' }) }],
    status: 502,
    code: 'upstream_error',
  },
  {
    name: 'a cloud that never answers is a timeout',
    script: () => [{ stall: true }],
    status: 504,
    code: 'upstream_timeout',
  },
  {
    name: 'a reset before the answer is upstream_error',
    script: () => [{ reset: true }],
    status: 502,
    code: 'upstream_error',
  },
  {
    name: 'an answer that is no JSON is upstream_error',
    script: () => [
      { send: head(200, { 'content-type': 'application/json', 'content-length': '5' }) },
      { send: 'hello' },
    ],
    status: 502,
    code: 'upstream_error',
  },
]
for (const fault of FAULTS) {
  for (const stream of [false, true]) {
    test(`${fault.name} (${stream ? 'streamed' : 'whole'})`, async () => {
      script = fault.script
      await assert.rejects(proxy.client.chat.completions.create({ ...ask, stream }), (error: unknown) => {
        assert.ok(error instanceof OpenAI.APIError)
        assert.equal(error.status, fault.status)
        assert.equal(error.code, fault.code)
        assert.doesNotMatch(JSON.stringify(error), /Schneider/)
        return true
      })
    })
  }
}

test('a 429 carries the cloud’s Retry-After', async () => {
  script = () => jsonSteps(429, {}, { 'retry-after': '7' })
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ask),
  })
  assert.equal(response.headers.get('retry-after'), '7')
  await response.text()
})

const BREAKS: { name: string; script: CloudScript }[] = [
  {
    name: 'a reset',
    script: () => [
      { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) },
      { send: httpChunk(Buffer.from(`data: ${delta('Hello')}\n\n`)) },
      { reset: true },
    ],
  },
  { name: 'a stream without [DONE]', script: () => rawSseSteps([`data: ${delta('Hello')}\n\n`]) },
  {
    name: 'an event that is no JSON',
    script: () => rawSseSteps([`data: ${delta('Hello')}\n\n`, 'data: {"oops\n\n', 'data: [DONE]\n\n']),
  },
  {
    name: 'an error event',
    script: () =>
      rawSseSteps([
        `data: ${delta('Hello')}\n\n`,
        `data: {"error":{"message":"${PLANTED.person}"}}\n\n`,
        'data: [DONE]\n\n',
      ]),
  },
]
function delta(content: string): string {
  return JSON.stringify({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })
}
for (const fault of BREAKS) {
  test(`${fault.name} in mid-stream ends in one error event and no [DONE]`, async () => {
    script = fault.script
    const response = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ask, stream: true }),
    })
    const text = await response.text()
    const events = text.split('\n\n').filter((event) => event !== '')
    assert.equal(events.filter((event) => event.includes('"error"')).length, 1)
    assert.match(events.at(-1) ?? '', /^data: \{"error":\{.*"code":"upstream_error"/)
    assert.doesNotMatch(text, /\[DONE\]|Schneider/)
  })
}

test('a client that goes away closes the connection to the cloud', async () => {
  script = () => [
    { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) },
    { send: httpChunk(Buffer.from(`data: ${delta('Hello')}\n\n`)) },
    { stall: true },
  ]
  const abort = new AbortController()
  const stream = await proxy.client.chat.completions.create(
    { ...ask, stream: true },
    { signal: abort.signal },
  )
  for await (const chunk of stream) {
    assert.equal(chunk.choices[0]?.delta.content, 'Hello')
    break
  }
  const closed = cloud.nextClose()
  abort.abort()
  await closed
})
