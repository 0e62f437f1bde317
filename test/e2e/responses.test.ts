/** The Responses API through the running server, to the cloud and to a local model, with the official client. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import type { ResponseInputItem, Tool } from 'openai/resources/responses/responses'
import { type CloudScript, type FakeCloud, head, httpChunk, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { lastText, type ResponsesBody, responsesSteps } from '../support/responses-script.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'

const POLICY = `
version: 1
policy: responses
revision: "1"
destinations:
  local: { kind: local, model: local-test }
  cloud: { kind: cloud, provider: cloud, model: test-model }
guards:
  - { id: stays, when: { headers.x-cloakroom-data-class: { eq: restricted } }, then: { ceiling: local } }
routes: []
default: { to: [cloud, local] }
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

const echo: CloudScript = (request) => responsesSteps(request, [{ text: lastText(sentBody(request)) }])
const sentBody = (request = cloud.requests.at(-1)): ResponsesBody => request?.body as ResponsesBody

function assertNothingLeft(): void {
  const request = cloud.requests.at(-1)
  assert.ok(request)
  assert.deepEqual(findPlanted(request.raw), [])
}

const ask = { model: 'cloakroom-auto', input: PLANTED_TEXT }

test('a whole answer that repeats the prompt comes back as the prompt; the cloud saw nothing and stores nothing', async () => {
  script = echo
  const instructions = `You answer ${PLANTED.person} (${PLANTED.email}).`
  const { data, response } = await proxy.client.responses
    .create({ ...ask, instructions, metadata: { who: PLANTED.person }, user: PLANTED.email, store: true })
    .withResponse()
  assert.equal(data.output_text, PLANTED_TEXT)
  assert.equal(data.model, 'test-model')
  assert.equal(data.instructions, instructions)
  assert.match(data.id, /^resp_[0-9A-Z]{26}$/)
  assert.equal(data.usage?.input_tokens, 40)
  assertNothingLeft()
  const body = sentBody()
  assert.equal(body.store, false)
  assert.deepEqual(Object.keys(body).sort(), ['input', 'instructions', 'model', 'store'])
  assert.equal(cloud.requests.at(-1)?.path, '/v1/responses')
  assert.equal(response.headers.get('x-cloakroom-action'), 'cloud')
  assert.match(response.headers.get('x-cloakroom-entities') ?? '', /EMAIL=1/)
})

for (const lineEnd of ['\n', '\r\n'] as const) {
  for (const pieceLength of [1, 2, 3, 5, 7, 64]) {
    for (const chunkBytes of [1, 7, 100_000]) {
      test(`a stream in pieces of ${pieceLength}, cut every ${chunkBytes} bytes, with ${JSON.stringify(lineEnd)}, is restored exactly`, async () => {
        script = (request) =>
          responsesSteps(
            request,
            [{ summary: [`About ${lastText(sentBody(request))}`] }, { text: lastText(sentBody(request)) }],
            {
              pieceLength,
              chunkBytes,
              lineEnd,
            },
          )
        const stream = proxy.client.responses.stream(ask)
        let text = ''
        let summary = ''
        let number = 0
        for await (const event of stream) {
          assert.equal(event.sequence_number, number++)
          if (event.type === 'response.output_text.delta') text += event.delta
          if (event.type === 'response.reasoning_summary_text.delta') summary += event.delta
          if (event.type === 'response.output_text.done') assert.equal(event.text, text)
          if (event.type === 'response.completed') assert.equal(event.response.status, 'completed')
        }
        assert.equal(text, PLANTED_TEXT)
        assert.equal(summary, `About ${PLANTED_TEXT}`)
        assert.equal((await stream.finalResponse()).output_text, PLANTED_TEXT)
        assertNothingLeft()
      })
    }
  }
}

const TOOLS: Tool[] = [
  {
    type: 'function',
    name: 'save_note',
    description: `Saves a note, such as one about ${PLANTED.person}`,
    strict: false,
    parameters: {
      type: 'object',
      properties: { note: { type: 'string', default: PLANTED.email }, nested: { type: 'string' } },
    },
  },
  { type: 'custom', name: 'shout', format: { type: 'grammar', syntax: 'regex', definition: '.*' } },
]

test('tools get their arguments back, streamed and whole, and their results are replaced in the history', async () => {
  const awkward = `She said "call me" at ${PLANTED.email}\nC:\\temp ${PLANTED.iban}`
  for (const pieceLength of [1, 4, 1000]) {
    script = (request) => {
      const note = lastText(sentBody(request))
      const text = JSON.stringify({ note, nested: JSON.stringify({ note }) })
      return responsesSteps(
        request,
        [
          { call: 'save_note', arguments: text },
          { custom: 'shout', input: note },
        ],
        { pieceLength },
      )
    }
    const expected = { note: awkward, nested: JSON.stringify({ note: awkward }) }
    const request = { model: 'cloakroom-auto', input: awkward, tools: TOOLS }
    const whole = await proxy.client.responses.create(request)
    const final = await proxy.client.responses.stream(request).finalResponse()
    for (const { output, tools } of [whole, final]) {
      const [call, custom] = output
      assert.ok(call?.type === 'function_call' && custom?.type === 'custom_tool_call')
      assert.deepEqual(JSON.parse(call.arguments), expected)
      assert.equal(custom.input, awkward)
      assert.deepEqual(JSON.parse(JSON.stringify(tools)), TOOLS)
    }
    assertNothingLeft()
    const [call] = whole.output
    assert.ok(call?.type === 'function_call')
    script = echo
    const input: ResponseInputItem[] = [
      { role: 'user', content: awkward },
      ...(whole.output as ResponseInputItem[]),
      {
        type: 'function_call_output',
        call_id: call.call_id,
        output: JSON.stringify({ phone: PLANTED.phone, card: PLANTED.card }),
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: `Thanks, ${PLANTED.person}` }] },
    ]
    const answer = await proxy.client.responses.create({ model: 'cloakroom-auto', input, tools: TOOLS })
    assert.equal(answer.output_text, `Thanks, ${PLANTED.person}`)
    assertNothingLeft()
    const sent = sentBody().input
    assert.ok(typeof sent !== 'string')
    assert.equal(sent.find(({ type }) => type === 'function_call')?.call_id, 'call00001')
    assert.equal(sent.find(({ type }) => type === 'function_call_output')?.call_id, 'call00001')
  }
})

test('structured output stays JSON when values with quotes come back, whole and streamed', async () => {
  const quoted = `{"who":"${PLANTED.email}"} is what "${PLANTED.person}" wrote`
  script = (request) =>
    responsesSteps(request, [{ text: JSON.stringify({ text: lastText(sentBody(request)) }) }], {
      pieceLength: 3,
    })
  const request = {
    model: 'cloakroom-auto',
    input: quoted,
    text: {
      format: {
        type: 'json_schema' as const,
        name: 'answer',
        strict: true,
        schema: {
          type: 'object',
          description: `Never about ${PLANTED.person}`,
          properties: { text: { type: 'string' } },
          required: ['text'],
          additionalProperties: false,
        },
      },
    },
  }
  const whole = await proxy.client.responses.create(request)
  assert.deepEqual(JSON.parse(whole.output_text), { text: quoted })
  const streamed = await proxy.client.responses.stream(request).finalResponse()
  assert.deepEqual(JSON.parse(streamed.output_text), { text: quoted })
  assertNothingLeft()
})

for (const stream of [false, true]) {
  test(`a conversation goes on by previous_response_id from our own store, never the cloud's (${stream ? 'streamed' : 'whole'})`, async () => {
    script = echo
    const say = async (
      text: string,
      previous: string | null,
    ): Promise<{ id: string; output_text: string }> => {
      const request = { model: 'cloakroom-auto', input: text, previous_response_id: previous }
      if (stream) return proxy.client.responses.stream(request).finalResponse()
      return proxy.client.responses.create(request)
    }
    const first = await say(PLANTED_TEXT, null)
    const second = await say('And what is my name?', first.id)
    assert.equal(second.output_text, 'And what is my name?')
    assertNothingLeft()
    const body = sentBody()
    assert.equal(body.previous_response_id, undefined)
    assert.ok(typeof body.input !== 'string')
    assert.deepEqual(
      body.input.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    )
    const third = await say('Third', second.id)
    assert.equal(sentBody().input.length, 5)
    assert.notEqual(third.id, second.id)
    assertNothingLeft()
  })
}

test('the same person has the same placeholder in every turn', async () => {
  script = echo
  const first = await proxy.client.responses.create({
    model: 'cloakroom-auto',
    input: `I am ${PLANTED.email}`,
  })
  const before = lastText(sentBody()).slice('I am '.length)
  await proxy.client.responses.create({
    model: 'cloakroom-auto',
    input: `Again: ${PLANTED.email}`,
    previous_response_id: first.id,
  })
  assert.equal(lastText(sentBody()), `Again: ${before}`)
})

test('items can be referred to by their ids, as clients do that expect them to be stored', async () => {
  script = (request) =>
    responsesSteps(request, [{ call: 'save_note', arguments: JSON.stringify({ note: 'x' }) }])
  const first = await proxy.client.responses.create({ ...ask, tools: TOOLS })
  const [call] = first.output
  assert.ok(call?.type === 'function_call')
  script = echo
  await proxy.client.responses.create({
    model: 'cloakroom-auto',
    input: [
      { role: 'user', content: PLANTED_TEXT },
      { type: 'item_reference', id: call.id ?? '' },
      { type: 'function_call_output', call_id: call.call_id, output: PLANTED.phone },
    ],
  })
  const sent = sentBody().input
  assert.ok(typeof sent !== 'string')
  assert.deepEqual(
    sent.map(({ type }) => type),
    ['message', 'function_call', 'function_call_output'],
  )
  assert.equal(sent[1]?.call_id, sent[2]?.call_id)
  assertNothingLeft()
})

function refused(status: number, code: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof OpenAI.APIError)
    assert.equal(error.status, status)
    assert.equal(error.code, code)
    assert.doesNotMatch(JSON.stringify(error), /Schneider/)
    return true
  }
}

test('an answer that was not to be stored, and an id that is none of ours, cannot be gone on from', async () => {
  script = echo
  const { id, output } = await proxy.client.responses.create({ ...ask, store: false })
  const sent = cloud.requests.length
  for (const previous of [id, 'resp_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'resp_cloud123', '../../etc/passwd', '']) {
    await assert.rejects(
      proxy.client.responses.create({ ...ask, previous_response_id: previous }),
      refused(400, 'invalid_request'),
    )
  }
  const item = output[0]?.type === 'message' ? output[0].id : ''
  for (const reference of [item, 'msg_abc', '']) {
    await assert.rejects(
      proxy.client.responses.create({
        model: 'cloakroom-auto',
        input: [{ type: 'item_reference', id: reference }],
      }),
      refused(400, 'invalid_request'),
    )
  }
  assert.equal(cloud.requests.length, sent)
})

test('what is kept lies encrypted: no file of the data directory has a planted value', async () => {
  script = echo
  await proxy.client.responses.create(ask)
  const folder = join(proxy.dir, 'data', 'conversations')
  const files = readdirSync(folder)
  assert.ok(files.length > 0)
  for (const file of files) assert.deepEqual(findPlanted(readFileSync(join(folder, file))), [])
})

const REFUSED: { name: string; body: object; code: string }[] = [
  {
    name: 'a tool that runs at the cloud',
    body: { tools: [{ type: 'web_search' }] },
    code: 'unsupported_content',
  },
  {
    name: 'a remote tool server',
    body: { tools: [{ type: 'mcp', server_label: 'x', server_url: 'https://example.com' }] },
    code: 'unsupported_content',
  },
  {
    name: 'a prompt that lies at the cloud',
    body: { prompt: { id: 'pmpt_1' } },
    code: 'unsupported_content',
  },
  { name: 'a conversation at the cloud', body: { conversation: 'conv_1' }, code: 'unsupported_content' },
  {
    name: 'an image',
    body: {
      input: [
        {
          role: 'user',
          content: [{ type: 'input_image', image_url: `https://example.com/?u=${PLANTED.email}` }],
        },
      ],
    },
    code: 'unsupported_content',
  },
  {
    name: 'a file',
    body: {
      input: [{ role: 'user', content: [{ type: 'input_file', filename: PLANTED.person, file_data: 'x' }] }],
    },
    code: 'unsupported_content',
  },
  { name: 'an unknown field', body: { [PLANTED.email]: 1 }, code: 'unsupported_field' },
  { name: 'an unknown item', body: { input: [{ type: 'telepathy' }] }, code: 'invalid_request' },
  { name: 'no input', body: { input: undefined }, code: 'invalid_request' },
]
for (const { name, body, code } of REFUSED) {
  test(`${name} is refused as ${code}, and nothing is sent`, async () => {
    const sent = cloud.requests.length
    await assert.rejects(proxy.client.responses.create({ ...ask, ...body } as never), refused(400, code))
    assert.equal(cloud.requests.length, sent)
  })
}

test('a local model answers in the Responses format, whole and streamed, and the cloud is not asked', async () => {
  const sent = cloud.requests.length
  const request = { ...ask, instructions: 'Be brief.', max_output_tokens: 77 }
  const whole = await proxy.client.responses.create(request, LOCAL)
  assert.equal(whole.output_text, `You said: ${PLANTED_TEXT}`)
  assert.equal(whole.model, 'local-test')
  assert.equal(whole.status, 'completed')
  const stream = proxy.client.responses.stream(request, LOCAL)
  let text = ''
  let number = 0
  for await (const event of stream) {
    assert.equal(event.sequence_number, number++)
    if (event.type === 'response.output_text.delta') text += event.delta
  }
  const final = await stream.finalResponse()
  assert.equal(text, `You said: ${PLANTED_TEXT}`)
  assert.equal(final.output_text, text)
  assert.ok((final.usage?.output_tokens ?? 0) > 0)
  const next = await proxy.client.responses.create(
    { model: 'cloakroom-auto', input: 'Next', previous_response_id: final.id },
    LOCAL,
  )
  assert.equal(next.output_text, 'You said: Next')
  assert.deepEqual(
    local.requests.at(-1)?.body.messages?.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  )
  assert.equal(cloud.requests.length, sent)
})

test('a conversation that began here goes on in the cloud without its values', async () => {
  script = echo
  const first = await proxy.client.responses.create(ask, LOCAL)
  await proxy.client.responses.create({
    model: 'cloakroom-auto',
    input: 'Next',
    previous_response_id: first.id,
  })
  assert.equal(sentBody().input.length, 3)
  assertNothingLeft()
})

const START = head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' })
const BREAKS: { name: string; script: CloudScript }[] = [
  {
    name: 'a stream that stops before its last event',
    script: (request) =>
      [...responsesSteps(request, [{ text: 'Hello' }])].slice(0, 6).concat({ send: '0\r\n\r\n' }),
  },
  {
    name: 'a reset',
    script: (request) =>
      [...responsesSteps(request, [{ text: 'Hello' }])].slice(0, 6).concat({ reset: true }),
  },
  {
    name: 'an error event',
    script: () => [
      { send: START },
      {
        send: httpChunk(
          Buffer.from(`event: error\ndata: {"type":"error","message":"${PLANTED.person}"}\n\n`),
        ),
      },
      { send: '0\r\n\r\n' },
    ],
  },
  {
    name: 'garbage',
    script: () => [
      { send: START },
      { send: httpChunk(Buffer.from('data: {"oops\n\n')) },
      { send: '0\r\n\r\n' },
    ],
  },
]
for (const fault of BREAKS) {
  test(`${fault.name} ends in one error event, and nothing of it is kept`, async () => {
    script = fault.script
    const response = await fetch(`${proxy.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ask, stream: true }),
    })
    const text = await response.text()
    const events = text.split('\n\n').filter((event) => event !== '')
    assert.match(events.at(-1) ?? '', /^data: \{"error":\{.*"code":"upstream_error"/)
    assert.doesNotMatch(text, /Schneider|response\.completed/)
  })
}

test('a stream ends with its last event, even when the cloud goes on', async () => {
  script = (request) => {
    const steps = [...responsesSteps(request, [{ text: 'Hello' }], { pieceLength: 2 })].slice(0, -1)
    return [
      ...steps,
      { send: httpChunk(Buffer.from(`data: {"type":"response.created","x":"${PLANTED.person}"}\n\n`)) },
      { stall: true },
    ]
  }
  const final = await proxy.client.responses.stream({ ...ask, input: 'Hi' }).finalResponse()
  assert.equal(final.output_text, 'Hello')
})

test('a client that goes away closes the connection to the cloud', async () => {
  script = (request) => [
    ...[...responsesSteps(request, [{ text: 'Hello' }], { pieceLength: 2 })].slice(0, 5),
    { stall: true },
  ]
  const abort = new AbortController()
  const stream = await proxy.client.responses.create({ ...ask, stream: true }, { signal: abort.signal })
  for await (const event of stream) {
    assert.equal(event.type, 'response.created')
    break
  }
  const closed = cloud.nextClose()
  abort.abort()
  await closed
})
