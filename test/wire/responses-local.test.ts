/** Responses by a model that speaks chat completions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { chatEndpoint, type LocalCodec, responsesEndpoint } from '../../proxy/wire/index.ts'
import { type CloudMessage, chatEvents } from '../support/fake-cloud.ts'

const local = ((): LocalCodec => {
  const { local: codec } = responsesEndpoint
  assert.ok(codec)
  return codec
})()
const parse = (body: object): WireObject => responsesEndpoint.parse({ model: 'm', ...body })
const OPTIONS = { model: 'local', id: '01TAIL' }

const tools = [
  { type: 'function', name: 'find', description: 'd', parameters: { type: 'object' }, strict: null },
  { type: 'custom', name: 'walk', format: { type: 'grammar', definition: 'a', syntax: 'lark' } },
]

test('a request becomes a chat request that the chat table takes', () => {
  const body = parse({
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_text', text: 'b' },
        ],
      },
      { type: 'reasoning', id: 'rs', summary: [] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] },
      { type: 'function_call', call_id: 'x', name: 'find', arguments: '{"q":1}' },
      { type: 'function_call', call_id: 'y', name: 'find', arguments: '{"q":2}' },
      { type: 'function_call_output', call_id: 'x', output: 'one' },
      { type: 'function_call_output', call_id: 'y', output: [{ type: 'input_text', text: 'two' }] },
    ],
    tools,
    tool_choice: { type: 'function', name: 'find' },
    text: { format: { type: 'json_schema', name: 'out', schema: { type: 'object' } }, verbosity: 'low' },
    reasoning: { effort: 'low' },
    max_output_tokens: 9,
    temperature: 0.5,
    stream: true,
  })
  const chat = local.toChat(body)
  assert.deepEqual(chat.messages, [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'a\nb' },
    {
      role: 'assistant',
      content: 'Looking.',
      tool_calls: [
        { id: 'call00001', type: 'function', function: { name: 'find', arguments: '{"q":1}' } },
        { id: 'call00002', type: 'function', function: { name: 'find', arguments: '{"q":2}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call00001', content: 'one' },
    { role: 'tool', tool_call_id: 'call00002', content: 'two' },
  ])
  assert.deepEqual(chat.tool_choice, { type: 'function', function: { name: 'find' } })
  assert.deepEqual(chat.response_format, {
    type: 'json_schema',
    json_schema: { name: 'out', schema: { type: 'object' } },
  })
  assert.deepEqual(chat.tools, [
    { type: 'function', function: { name: 'find', description: 'd', parameters: { type: 'object' } } },
    {
      type: 'custom',
      custom: { name: 'walk', format: { type: 'grammar', grammar: { definition: 'a', syntax: 'lark' } } },
    },
  ])
  assert.equal(chat.max_completion_tokens, 9)
  assert.equal(chat.reasoning_effort, 'low')
  assert.equal(chat.verbosity, 'low')
  assert.deepEqual(chat.stream_options, { include_usage: true })
  chatEndpoint.parse(JSON.parse(JSON.stringify(chat)))
})

const ANSWERS: { name: string; message: CloudMessage; types: string[]; status: string }[] = [
  { name: 'text', message: { content: 'Hello there' }, types: ['message'], status: 'completed' },
  { name: 'a refusal', message: { refusal: 'No, thanks' }, types: ['message'], status: 'completed' },
  {
    name: 'text and two calls',
    message: {
      content: 'Looking.',
      toolCalls: [
        { name: 'find', arguments: '{"q":1}' },
        { name: 'find', arguments: '{"q":2}' },
      ],
    },
    types: ['message', 'function_call', 'function_call'],
    status: 'completed',
  },
  { name: 'nothing', message: { content: '' }, types: [], status: 'completed' },
  {
    name: 'a text that was cut off',
    message: { content: 'Hello th', finishReason: 'length' },
    types: ['message'],
    status: 'incomplete',
  },
]

/** What the events add up to, the way clients put them together. */
function accumulate(events: readonly WireObject[]): unknown[] {
  const items: Record<string, unknown>[] = []
  for (const event of events) {
    const index = Number(event.output_index)
    if (event.type === 'response.output_item.added') items[index] = structuredClone(event.item) as never
    const item = items[index]
    if (item === undefined) continue
    if (event.type === 'response.content_part.added')
      (item.content as unknown[]).push(structuredClone(event.part))
    const part = (item.content as Record<string, string>[] | undefined)?.[0]
    if (event.type === 'response.output_text.delta' && part) part.text = `${part.text}${event.delta}`
    if (event.type === 'response.refusal.delta' && part) part.refusal = `${part.refusal}${event.delta}`
    if (event.type === 'response.function_call_arguments.delta') item.arguments += String(event.delta)
    if (event.type === 'response.output_item.done')
      assert.deepEqual({ ...item, status: '' }, { ...(event.item as object), status: '' })
  }
  return items
}

for (const { name, message, types, status } of ANSWERS) {
  for (const length of [1, 3, 100]) {
    test(`${name}, in pieces of ${length}, streamed and whole, is the same answer`, () => {
      const stream = local.openStream(parse({ input: 'x', stream: true }), OPTIONS)
      const events: WireObject[] = []
      const take = (step: ReturnType<typeof stream.pushObject> | null): void => {
        for (const { data, name: line } of step?.events ?? []) {
          assert.equal(data.type, line)
          events.push(JSON.parse(JSON.stringify(data)) as WireObject)
        }
      }
      for (const data of chatEvents('m', [message], true, length)) take(stream.pushObject(JSON.parse(data)))
      assert.equal(stream.final, null)
      take(stream.end())
      assert.deepEqual(
        events.map(({ sequence_number }) => sequence_number),
        events.map((_, index) => index),
      )
      const last = events.at(-1)
      assert.equal(last?.type, `response.${status}`)
      const final = last?.response as WireObject & { output: { type: string }[] }
      assert.deepEqual(
        final.output.map(({ type }) => type),
        types,
      )
      assert.deepEqual(
        accumulate(events).map((item) => ({ ...(item as object), status: '' })),
        final.output.map((item) => ({ ...item, status: '' })),
      )
      assert.deepEqual(stream.final, final)
      const whole = local.readAnswer(wholeOf(message), parse({ input: 'x' }), OPTIONS)
      assert.deepEqual({ ...whole, created_at: 0 }, { ...final, created_at: 0 })
    })
  }
}

function wholeOf(message: CloudMessage): object {
  const tool_calls = message.toolCalls?.map(({ name, arguments: text }, tool) => ({
    id: `call_fake_0_${tool}`,
    type: 'function',
    function: { name, arguments: text },
  }))
  const finish_reason = message.finishReason ?? (tool_calls === undefined ? 'stop' : 'tool_calls')
  const { content = null, refusal = null } = message
  const choice = { index: 0, message: { role: 'assistant', content, refusal, tool_calls }, finish_reason }
  return {
    id: 'chatcmpl-fake',
    created: 1,
    model: 'm',
    choices: [choice],
    usage: { prompt_tokens: 40, completion_tokens: 20, total_tokens: 60 },
  }
}

test('a stream that stops without saying how it ended is an error', () => {
  const stream = local.openStream(parse({ input: 'x', stream: true }), OPTIONS)
  const [start, text] = chatEvents('m', [{ content: 'Hi' }], false, 5)
  for (const data of [start, text]) stream.pushObject(JSON.parse(data ?? ''))
  assert.throws(() => stream.end(), { code: 'truncated' })
})
