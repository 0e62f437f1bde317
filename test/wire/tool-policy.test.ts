/** What tools are called with has its values where the rules allow them, whole and streamed, in pieces of any size. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { chatEndpoint, type Endpoint, ResponseError, responsesEndpoint } from '../../proxy/wire/index.ts'
import { createLanes, createVault, RESTORE_ALL, type RestoreRules } from '../../restore/index.ts'
import { chatEvents } from '../support/fake-cloud.ts'
import { responseEvents, responseObject, type ScriptItem } from '../support/responses-script.ts'

const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const NAME = "Zoë O'Brien"
const P = vault.issue('PERSON', NAME)
const CARD = '4111 1111 1111 1111'
const C = vault.issue('CREDIT_CARD', CARD)
const TOOL = vault.issue('PERSON', 'mail_zoe')

const RULES: RestoreRules = {
  default: 'always',
  types: { CREDIT_CARD: 'text_only' },
  tools: { send: 'never', mail_zoe: 'never' },
}
const ARGUMENTS = JSON.stringify({ who: P, card: C })
const WITH = JSON.stringify({ who: NAME, card: C })

/** Runs answers or events through an endpoint; gives what the client has, as JSON text. */
function play(endpoint: Endpoint, request: WireObject, answer: readonly unknown[], rules = RULES): string {
  const lanes = createLanes(vault, { rules })
  if (!endpoint.wantsStream(request)) {
    const response = endpoint.readResponse(answer[0])
    for (const slot of endpoint.responseSlots(response, request)) slot.write(lanes.restore(slot))
    return JSON.stringify(response)
  }
  const stream = endpoint.openStream(request)
  const events: string[] = []
  for (const data of answer) {
    const step = stream.push(typeof data === 'string' ? data : JSON.stringify(data))
    for (const slot of step.slots) slot.write(lanes.restore(slot))
    for (const event of step.events) events.push(JSON.stringify(event.data))
  }
  return events.join('\n')
}

const chat = (stream: boolean): WireObject =>
  chatEndpoint.parse({ model: 'm', stream, messages: [{ role: 'user', content: 'x' }] })
const responses = (stream: boolean): WireObject => responsesEndpoint.parse({ model: 'm', stream, input: 'x' })

/** Arguments by call, put together as clients do. */
function chatArguments(events: string): string[] {
  const calls: string[] = []
  for (const line of events.split('\n')) {
    for (const { delta } of JSON.parse(line).choices) {
      for (const { index, function: called, custom } of delta.tool_calls ?? []) {
        calls[index] = (calls[index] ?? '') + (called?.arguments ?? custom?.input ?? '')
      }
    }
  }
  return calls
}

const CALLS = [
  { name: 'send', arguments: ARGUMENTS },
  { name: 'find', arguments: ARGUMENTS },
  { name: TOOL, arguments: ARGUMENTS },
]
const EXPECTED = [ARGUMENTS, WITH, ARGUMENTS]

for (const pieceLength of [1, 3, 7, 50]) {
  test(`chat, streamed in pieces of ${pieceLength}: each tool gets what it may`, () => {
    const message = { content: `${P} ${C}`, toolCalls: CALLS }
    const events = play(chatEndpoint, chat(true), chatEvents('m', [message], false, pieceLength))
    assert.deepEqual(chatArguments(events), EXPECTED)
    const said = events
      .split('\n')
      .flatMap((line) =>
        JSON.parse(line).choices.map((one: { delta: { content?: string } }) => one.delta.content ?? ''),
      )
    assert.equal(said.join(''), `${NAME} ${CARD}`)
  })

  test(`responses, streamed in pieces of ${pieceLength}: deltas, dones and the whole answer agree`, () => {
    const items: ScriptItem[] = [
      { text: `${P} ${C}` },
      ...CALLS.map(({ name, arguments: text }) => ({ call: name, arguments: text })),
      { custom: 'send', input: `${P} ${C}` },
      { custom: 'find', input: `${P} ${C}` },
    ]
    const text = play(
      responsesEndpoint,
      responses(true),
      responseEvents({ model: 'm', input: 'x' }, items, pieceLength),
    )
    const events = text.split('\n').map((line) => JSON.parse(line))
    const deltas: string[] = []
    for (const { type, output_index, delta } of events) {
      if (/arguments.delta|input.delta/.test(type))
        deltas[output_index] = (deltas[output_index] ?? '') + delta
    }
    const expected = [...EXPECTED, `${P} ${C}`, `${NAME} ${C}`]
    assert.deepEqual(deltas.slice(1), expected)
    const dones = events.filter(({ type }) => /arguments.done|input.done/.test(type))
    assert.deepEqual(
      dones.map((event) => event.arguments ?? event.input),
      expected,
    )
    const items2 = events.at(-1).response.output
    assert.equal(items2[0].content[0].text, `${NAME} ${CARD}`)
    assert.deepEqual(
      items2.slice(1).map((item: { arguments?: string; input?: string }) => item.arguments ?? item.input),
      expected,
    )
  })
}

test('whole answers of both endpoints, custom tools and the old function call', () => {
  const call = (name: string): object => ({
    id: 'c',
    type: 'function',
    function: { name, arguments: ARGUMENTS },
  })
  const custom = (name: string): object => ({ id: 'c', type: 'custom', custom: { name, input: P } })
  const message = {
    role: 'assistant',
    content: C,
    tool_calls: [call('send'), call('find'), custom('send'), custom('find')],
    function_call: { name: 'send', arguments: ARGUMENTS },
  }
  const answer = { id: 'x', choices: [{ index: 0, message, finish_reason: 'stop' }] }
  const read = JSON.parse(play(chatEndpoint, chat(false), [answer])).choices[0].message
  assert.equal(read.content, CARD)
  assert.deepEqual(
    read.tool_calls.map(
      (one: { function?: { arguments: string }; custom?: { input: string } }) =>
        one.function?.arguments ?? one.custom?.input,
    ),
    [ARGUMENTS, WITH, P, NAME],
  )
  assert.equal(read.function_call.arguments, ARGUMENTS)
  const whole = responseObject({ model: 'm', input: 'x' }, [
    { call: 'send', arguments: ARGUMENTS },
    { call: 'find', arguments: ARGUMENTS },
    { custom: 'send', input: P },
  ])
  const output = JSON.parse(play(responsesEndpoint, responses(false), [whole])).output
  assert.deepEqual(
    output.map((item: { arguments?: string; input?: string }) => item.arguments ?? item.input),
    [ARGUMENTS, WITH, P],
  )
})

const delta = (call: object): object => ({
  choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call }] } }],
})

test('arguments that come before the name of their tool are those of the strictest tool', () => {
  const events = play(chatEndpoint, chat(true), [
    delta({ id: 'c', type: 'function', function: { arguments: `{"a":"${P}"` } }),
    delta({ function: { arguments: '}' } }),
  ])
  assert.deepEqual(chatArguments(events), [`{"a":"${P}"}`])
  const loose = play(
    chatEndpoint,
    chat(true),
    [delta({ id: 'c', function: { arguments: `{"a":"${P}"} ` } })],
    RESTORE_ALL,
  )
  assert.deepEqual(chatArguments(loose), [`{"a":"${NAME}"} `])
})

test('a name that is repeated, or empty in later events, is the same tool', () => {
  const events = play(chatEndpoint, chat(true), [
    delta({ id: 'c', type: 'function', function: { name: 'find', arguments: '{"a":' } }),
    delta({ function: { name: 'find', arguments: `"${P}"` } }),
    delta({ function: { name: '', arguments: '} ' } }),
  ])
  assert.deepEqual(chatArguments(events), [`{"a":"${NAME}"} `])
})

test('a call that is given to another tool half-way ends the answer', () => {
  const invalid = (error: unknown): boolean =>
    error instanceof ResponseError && error.code === 'invalid_response'
  assert.throws(
    () =>
      play(chatEndpoint, chat(true), [
        delta({ id: 'c', type: 'function', function: { name: 'find', arguments: `{"a":"${P}",` } }),
        delta({ function: { name: 'send', arguments: '"b":1}' } }),
      ]),
    invalid,
  )
  const script = responseEvents({ model: 'm', input: 'x' }, [{ call: 'find', arguments: ARGUMENTS }], 5)
  const turned = script.map((event) =>
    event.type === 'response.completed'
      ? JSON.parse(JSON.stringify(event).replaceAll('"find"', '"send"'))
      : event,
  )
  assert.throws(() => play(responsesEndpoint, responses(true), turned), invalid)
})
