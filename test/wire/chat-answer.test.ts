import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WireObject } from '../../proxy/ports.ts'
import { type AnswerStream, chatEndpoint, ResponseError, type StreamStep } from '../../proxy/wire/index.ts'
import { createLanes, createVault, type Lanes } from '../../restore/index.ts'
import { type CloudMessage, chatEvents } from '../support/fake-cloud.ts'

const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const NAME = 'Zoë "Zed" O\'Brien\n'
const P = vault.issue('PERSON', NAME)
const MAIL = 'zoe@example.com'
const E = vault.issue('EMAIL', MAIL)

const request = (extra: object = {}): WireObject =>
  chatEndpoint.parse({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }], ...extra })

interface Call {
  id?: string
  name?: string
  arguments: string
}
interface Choice {
  content: string
  refusal: string
  calls: Call[]
  finished: string | null
}

/** Puts a stream together the way clients do: text is appended, names and ids are overwritten. */
function accumulate(events: readonly WireObject[]): Map<number, Choice> {
  const choices = new Map<number, Choice>()
  for (const event of events) {
    for (const { index, delta, finish_reason } of event.choices as Delta[]) {
      const choice = choices.get(index) ?? { content: '', refusal: '', calls: [], finished: null }
      choices.set(index, choice)
      assert.equal(choice.finished, null, 'nothing comes after the end of a choice')
      choice.content += delta.content ?? ''
      choice.refusal += delta.refusal ?? ''
      for (const call of delta.tool_calls ?? []) {
        const known = choice.calls[call.index] ?? { arguments: '' }
        choice.calls[call.index] = known
        if (call.id !== undefined) known.id = call.id
        if (call.function?.name !== undefined) known.name = call.function.name
        known.arguments += call.function?.arguments ?? ''
      }
      choice.finished = finish_reason
    }
  }
  return choices
}

interface Delta {
  index: number
  finish_reason: string | null
  delta: {
    content?: string | null
    refusal?: string | null
    tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[]
  }
}

/** A chat step has one event or none. */
function eventOf(step: StreamStep): WireObject | null {
  assert.ok(step.events.length <= 1)
  return step.events[0]?.data ?? null
}

function restoreStep(step: StreamStep, lanes: Lanes): WireObject | null {
  for (const slot of step.slots) slot.write(lanes.restore(slot))
  return eventOf(step)
}

/** Runs the data texts through the endpoint and the restorers. */
function play(
  datas: readonly string[],
  stream: AnswerStream = chatEndpoint.openStream(request()),
): WireObject[] {
  const lanes = createLanes(vault)
  const events = datas.map((data) => restoreStep(stream.push(data), lanes))
  const rest = stream.end()
  if (rest !== null) events.push(restoreStep(rest, lanes))
  return events.filter((event) => event !== null)
}

const CONTENT = `Hi ${P}, write to ${E}. ${P}${E} and ${P.slice(0, -1)} ${P}`
const RESTORED = `Hi ${NAME}, write to ${MAIL}. ${NAME}${MAIL} and ${P.slice(0, -1)} ${NAME}`
const MESSAGES: readonly CloudMessage[] = [
  { content: CONTENT },
  { content: E, refusal: `No, ${P}` },
  {
    content: `Calling for ${P}`,
    toolCalls: [
      { name: 'send', arguments: JSON.stringify({ to: E, name: P }) },
      { name: `find_${P}`, arguments: JSON.stringify({ who: `${P} ${E}` }) },
    ],
  },
  { content: P, finishReason: 'length' },
]

for (let pieceLength = 1; pieceLength <= 40; pieceLength += 1) {
  test(`four choices in pieces of ${pieceLength} are restored, each lane on its own`, () => {
    const choices = accumulate(play(chatEvents('m', MESSAGES, true, pieceLength)))
    assert.equal(choices.size, 4)
    assert.equal(choices.get(0)?.content, RESTORED)
    assert.equal(choices.get(1)?.content, MAIL)
    assert.equal(choices.get(1)?.refusal, `No, ${NAME}`)
    assert.equal(choices.get(2)?.content, `Calling for ${NAME}`)
    const [send, find] = choices.get(2)?.calls ?? []
    assert.deepEqual(JSON.parse(send?.arguments ?? ''), { to: MAIL, name: NAME })
    assert.deepEqual(JSON.parse(find?.arguments ?? ''), { who: `${NAME} ${MAIL}` })
    assert.equal(find?.name, `find_${NAME}`)
    assert.equal(choices.get(3)?.content, NAME)
    assert.deepEqual(
      [...choices.values()].map(({ finished }) => finished),
      ['stop', 'stop', 'tool_calls', 'length'],
    )
  })
}

test('choices whose events are mixed at random are restored', () => {
  const lists = MESSAGES.map((message, index) =>
    chatEvents('m', [message], false, 3).map((data) =>
      data.replace('"index":0,"delta"', `"index":${index},"delta"`),
    ),
  )
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: 400, maxLength: 400 }), (order) => {
      const rest = lists.map((list) => [...list])
      const mixed = [...order, ...order.map((_, n) => n % 4)].flatMap((pick) => rest[pick]?.shift() ?? [])
      const all = [...mixed, ...rest.flat()]
      const choices = accumulate(play(all))
      assert.equal(choices.get(0)?.content, RESTORED)
      assert.equal(choices.get(3)?.content, NAME)
      assert.deepEqual(JSON.parse(choices.get(2)?.calls[0]?.arguments ?? ''), { to: MAIL, name: NAME })
    }),
    { numRuns: 100 },
  )
})

const chunk = (delta: object, finish: string | null = null, index = 0): string =>
  JSON.stringify({ id: 'c', created: 1, model: 'm', choices: [{ index, delta, finish_reason: finish }] })

const HELD = P.slice(0, 6)

test('what is held back comes out inside the event that ends its lane, whatever that event has', () => {
  const ends: readonly object[] = [
    {},
    { content: '' },
    { content: null },
    { role: 'assistant' },
    { tool_calls: [] },
    { refusal: null },
  ]
  for (const delta of ends) {
    const events = play([chunk({ content: `A ${HELD}` }), chunk(delta, 'stop')])
    assert.equal(events.length, 2)
    assert.equal(accumulate(events).get(0)?.content, `A ${HELD}`)
  }
})

test('every open lane of a choice is ended, also tools and the old function call', () => {
  const held = { arguments: `{"a":"${HELD}` }
  const events = play([
    chunk({ content: HELD, refusal: HELD, reasoning_content: HELD }),
    chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', ...held } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'g', input: HELD } }] }),
    chunk({ function_call: { name: 'h', ...held } }),
    chunk({}, 'tool_calls'),
  ])
  const [end] = (events.at(-1)?.choices ?? []) as { delta: Record<string, unknown> }[]
  const flushed = `{"a":"${HELD}`.slice(-HELD.length)
  assert.deepEqual(end?.delta, {
    content: HELD,
    refusal: HELD,
    reasoning_content: HELD,
    tool_calls: [
      { index: 0, function: { arguments: flushed } },
      { index: 1, custom: { input: HELD } },
    ],
    function_call: { arguments: flushed },
  })
})

test('a lane that no event ends is ended after the last one', () => {
  const events = play([chunk({ content: `A ${HELD}` }), chunk({ content: HELD }, null, 1)])
  assert.equal(events.length, 3)
  const choices = accumulate(events)
  assert.equal(choices.get(0)?.content, `A ${HELD}`)
  assert.equal(choices.get(1)?.content, HELD)
  assert.equal(chatEndpoint.openStream(request()).end(), null)
})

test('content is JSON text when the request wants JSON', () => {
  const formats = [{ type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'a', schema: {} } }]
  for (const response_format of formats) {
    const stream = chatEndpoint.openStream(request({ response_format }))
    const text = JSON.stringify({ name: P, mail: E })
    const events = play(chatEvents('m', [{ content: text }], false, 2), stream)
    assert.deepEqual(JSON.parse(accumulate(events).get(0)?.content ?? ''), { name: NAME, mail: MAIL })
    const whole = chatEndpoint.readResponse({ choices: [{ message: { content: text } }] })
    assert.equal(chatEndpoint.responseSlots(whole, request({ response_format }))[0]?.json, 1)
  }
  assert.equal(chatEndpoint.openStream(request()).push(chunk({ content: 'x' })).slots[0]?.json, 0)
})

test('a usage report is asked for always and shown only to who asked', () => {
  const report = JSON.stringify({
    id: 'c',
    choices: [],
    usage: {
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
      prompt_tokens_details: { cached_tokens: 1 },
    },
  })
  const counts = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
  const quiet = request()
  chatEndpoint.toUpstream(quiet, 'gpt')
  const hidden = chatEndpoint.openStream(quiet).push(report)
  assert.equal(eventOf(hidden), null)
  assert.deepEqual(hidden.usage, counts)
  const asking = request({ stream_options: { include_usage: true } })
  chatEndpoint.toUpstream(asking, 'gpt')
  const shown = chatEndpoint.openStream(asking).push(report)
  assert.deepEqual(eventOf(shown)?.usage, { ...counts, prompt_tokens_details: { cached_tokens: 1 } })
  assert.equal(eventOf(chatEndpoint.openStream(asking).push(chunk({ content: 'x' })))?.usage, null)
})

test('only known fields pass, in whole answers and in chunks', () => {
  const strange = {
    zebra: P,
    annotations: [{ url: P }],
    audio: { data: 'x' },
    logprobs: { content: [{ token: P }] },
  }
  const whole = chatEndpoint.readResponse({
    id: 'c',
    ...strange,
    choices: [
      {
        index: 0,
        ...strange,
        message: { role: 'assistant', content: 'x', ...strange },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 1, [`x ${P}`]: 2, note: P },
  })
  assert.ok(!JSON.stringify(whole).includes(P))
  const { events } = chatEndpoint.openStream(request()).push(
    JSON.stringify({
      ...strange,
      choices: [{ index: 0, ...strange, delta: { content: 'x', ...strange } }],
      obfuscation: P,
    }),
  )
  assert.ok(!JSON.stringify(events).includes(P))
})

test('the answer names the model it is told to name', () => {
  const options = { model: 'local-small' }
  assert.equal(chatEndpoint.readResponse({ model: 'x', choices: [] }, options).model, 'local-small')
  assert.equal(eventOf(chatEndpoint.openStream(request(), options).push(chunk({})))?.model, 'local-small')
  assert.equal(chatEndpoint.readResponse({ model: 'x', choices: [] }).model, 'x')
})

test('a whole answer has its text in slots that all end their lanes', () => {
  const whole = chatEndpoint.readResponse({
    choices: [
      {
        index: 0,
        message: {
          content: `Hi ${P}`,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: `{"a":"${P}"}` } }],
        },
      },
      { index: 1, message: { content: null, refusal: P } },
      {
        index: 2,
        message: {
          function_call: { name: 'f', arguments: `{"a":"${E}"}` },
          tool_calls: [{ id: 'b', type: 'custom', custom: { name: 'g', input: P } }],
        },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  })
  const slots = chatEndpoint.responseSlots(whole, request())
  assert.ok(slots.every(({ last }) => last === true))
  assert.equal(new Set(slots.map(({ lane }) => lane)).size, slots.length)
  const lanes = createLanes(vault)
  for (const slot of slots) slot.write(lanes.restore(slot))
  const choices = whole.choices as { message: Record<string, unknown> }[]
  assert.equal(choices[0]?.message.content, `Hi ${NAME}`)
  assert.deepEqual(choices[0]?.message.tool_calls, [
    { id: 'a', type: 'function', function: { name: 'f', arguments: JSON.stringify({ a: NAME }) } },
  ])
  assert.equal(choices[1]?.message.refusal, NAME)
  assert.deepEqual(choices[2]?.message.function_call, { name: 'f', arguments: `{"a":"${MAIL}"}` })
  assert.deepEqual(choices[2]?.message.tool_calls, [
    { id: 'b', type: 'custom', custom: { name: 'g', input: NAME } },
  ])
  assert.deepEqual(chatEndpoint.usageOf(whole), { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 })
})

const UNUSABLE: readonly unknown[] = [
  null,
  [],
  'x',
  {},
  { choices: {} },
  { choices: [null] },
  { choices: [{}] },
  { choices: [{ message: { content: 5 } }] },
  { choices: [{ message: { content: ['x'] } }] },
  { choices: [{ index: -1, message: {} }] },
  { choices: [{ index: 1e9, message: {} }] },
  { choices: [{ message: { tool_calls: 'x' } }] },
  { choices: [{ message: { tool_calls: [{}] } }] },
  { choices: [{ message: { tool_calls: [{ id: 'a', function: { arguments: {} } }] } }] },
]

test('an answer that is not one is refused, whole and streamed', () => {
  const isInvalid = (error: unknown): boolean =>
    error instanceof ResponseError && error.code === 'invalid_response'
  for (const json of UNUSABLE) {
    assert.throws(() => chatEndpoint.readResponse(json), isInvalid)
  }
  for (const data of [
    '',
    '{',
    'null',
    '{"choices":[{"delta":5}]}',
    '{"choices":[{"delta":{"content":[]}}]}',
    '{"choices":[{"index":"0"}]}',
    '{"choices":[{"delta":{"tool_calls":[{"index":99999999}]}}]}',
  ]) {
    assert.throws(() => chatEndpoint.openStream(request()).push(data), isInvalid, data)
  }
})

test('an error report in an answer or a stream is an error, and its text goes nowhere', () => {
  const report = { error: { message: `echo ${P}`, code: 'x' } }
  const isError = (error: unknown): boolean =>
    error instanceof ResponseError && error.code === 'upstream_error' && !error.message.includes(P)
  assert.throws(() => chatEndpoint.readResponse(report), isError)
  assert.throws(() => chatEndpoint.openStream(request()).push(JSON.stringify(report)), isError)
})

test('random JSON as an answer or event is read or refused, never a crash', () => {
  const names = fc.constantFrom(
    'id',
    'choices',
    'index',
    'delta',
    'message',
    'content',
    'tool_calls',
    'function',
    'usage',
    'custom',
    'finish_reason',
    '__proto__',
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom<unknown>(null, 0, 1, 'x', true),
      fc.array(tie('any'), { maxLength: 2 }),
      fc.dictionary(names, tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any
  fc.assert(
    fc.property(value, value, (one, two) => {
      const stream = chatEndpoint.openStream(request())
      try {
        chatEndpoint.responseSlots(chatEndpoint.readResponse({ choices: [one] }), request())
        for (const delta of [one, two]) stream.pushObject({ choices: [{ delta }] })
        stream.end()
      } catch (error) {
        assert.ok(error instanceof ResponseError)
      }
    }),
    { numRuns: 3000 },
  )
})
