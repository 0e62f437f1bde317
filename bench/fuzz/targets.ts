/** What is fuzzed. A target takes one input; whatever it throws is a crash, and so is an answer that breaks its promise. */
import assert from 'node:assert/strict'
import {
  chatEndpoint,
  checkLeaves,
  ENDPOINTS,
  type Endpoint,
  parseJsonText,
  ResponseError,
  readJson,
  SseDecoder,
  WireError,
} from '../../proxy/wire/index.ts'
import { createRestorer, createVault, parsePlaceholder, sanitise } from '../../restore/index.ts'
import { responseEvents } from '../../test/support/responses-script.ts'
import { bytesOf, cut, mutated, type Random } from './random.ts'

/** One thing that reads what others wrote. */
export interface Target {
  readonly name: string
  run(random: Random): void
}

const vault = createVault({ key: new Uint8Array(32), scope: 'fuzz' })
const VALUES = ["Zoë O'Brien", 'zoe@example.com', '4111 1111 1111 1111', 'He said "no\\"', '{"a":1}']
const PLACEHOLDERS = VALUES.map((value, index) =>
  vault.issue(['PERSON', 'EMAIL', 'CREDIT_CARD'][index] ?? 'ORG', value),
)

const BITS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '\\u0041',
    '\\ud800',
    ':',
    ',',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    ' ',
    '\t',
    '\u0000',
  ],
  ...[
    'data: ',
    'event: x\n',
    'id: 1\n',
    'retry: 5\n',
    ': c\n',
    '[DONE]',
    'null',
    '1e309',
    '-0',
    '12345678901234567890',
  ],
  ...[
    '_',
    '\\_',
    '**',
    '\u200b',
    '\u00a0',
    '&#95;',
    '&lt;',
    'PERSON_',
    '7KQ2F',
    'https://evil.example/',
    '//',
    '\ufeff',
  ],
  ...[
    '__proto__',
    'constructor',
    'content',
    'tool_calls',
    'arguments',
    'response.completed',
    '\u{1f600}',
    'ＰＥＲＳＯＮ',
  ],
  ...PLACEHOLDERS,
]

const frame = (choices: object[]): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices,
})
const toolDelta = {
  index: 0,
  id: 'call',
  type: 'function',
  function: { name: 'f', arguments: `{"a":"${PLACEHOLDERS[0]}"` },
}
const CHAT_EVENTS = [
  frame([
    { index: 0, delta: { role: 'assistant', content: `Dear ${PLACEHOLDERS[0]}` }, finish_reason: null },
  ]),
  frame([{ index: 0, delta: { tool_calls: [toolDelta] }, finish_reason: null }]),
  frame([{ index: 1, delta: { refusal: PLACEHOLDERS[1] }, finish_reason: 'stop' }]),
  { ...frame([]), usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } },
].map((event) => JSON.stringify(event))
const RESPONSE_EVENTS = responseEvents(
  { model: 'm', input: 'x', stream: true },
  [{ text: `Dear ${PLACEHOLDERS[0]}` }, { call: 'f', arguments: `{"a":"${PLACEHOLDERS[1]}"}` }],
  7,
).map((event) => JSON.stringify(event))
const STREAMS = [CHAT_EVENTS, RESPONSE_EVENTS].map((events) =>
  events.map((data) => `data: ${data}\n\n`).join(''),
)

const part = { type: 'text', text: `Write to ${VALUES[0]}` }
const call = {
  id: 'a',
  type: 'function',
  function: {
    name: 'f',
    arguments: JSON.stringify({ q: JSON.stringify({ deep: [VALUES[1], 4111111111111111] }) }),
  },
}
const schema = { type: 'object', properties: { q: { type: 'string', enum: ['a'], default: VALUES[2] } } }
const BODIES: readonly (readonly [Endpoint, string])[] = ENDPOINTS.map((endpoint) => {
  const asked = { role: 'user', content: [part] }
  const messages = [
    asked,
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'a', content: '{"x":"\\u0041"}' },
  ]
  const bodies: Readonly<Record<Endpoint['name'], object>> = {
    chat: {
      model: 'm',
      messages,
      tools: [{ type: 'function', function: { name: 'f', parameters: schema } }],
      logit_bias: { 5: 1 },
      stream: true,
    },
    responses: {
      model: 'm',
      instructions: 'x',
      input: [
        { role: 'user', content: 'x' },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"a":1}' },
      ],
      text: { format: { type: 'json_schema', name: 'n', schema } },
    },
    completions: { model: 'm', prompt: ['a', VALUES[0]], stop: ['x'], stream: true },
    embeddings: { model: 'm', input: ['a', VALUES[1]] },
  }
  return [endpoint, JSON.stringify(bodies[endpoint.name])] as const
})

/** Runs what may fail in one known way; any other way is a crash. */
function orRefused<T>(work: () => T): T | 'refused' {
  try {
    return work()
  } catch (error) {
    if (error instanceof WireError || error instanceof ResponseError) return 'refused'
    throw error
  }
}

/** Events do not depend on how the bytes were cut, up to where both are refused. */
function sse(random: Random): void {
  const bytes = bytesOf(mutated(random.pick(STREAMS), BITS, random), random)
  const whole = new SseDecoder({ maxEventLength: 4096 })
  const expected = orRefused(() => whole.push(bytes))
  const decoder = new SseDecoder({ maxEventLength: 4096 })
  const events: unknown[] = []
  const state = orRefused(() => {
    for (const piece of cut(bytes, (from, to) => bytes.subarray(from, to), random))
      events.push(...decoder.push(piece))
    return 'read'
  })
  if (expected !== 'refused' && state === 'read') assert.deepEqual(events, expected)
  else assert.ok(expected === 'refused' || state === 'refused')
  orRefused(() => decoder.end())
}

/** What is read is what `JSON.parse` reads; the rest is refused. */
function jsonReader(random: Random): void {
  const [, body] = random.pick(BODIES)
  const bytes = bytesOf(mutated(body, BITS, random), random)
  const value = orRefused(() => readJson(bytes, { depth: 64 }))
  if (value !== 'refused') assert.deepEqual(value, JSON.parse(bytes.toString()))
  parseJsonText(bytes.toString(), { depth: 8 })
}

/** A body is refused, or read, walked, replaced and still without an undeclared leaf. */
function walker(random: Random): void {
  const [endpoint, body] = random.pick(BODIES)
  const json = orRefused(() => readJson(Buffer.from(mutatedValue(body, random)), { depth: 64 }))
  if (json === 'refused') return
  const options = { strictFields: random.below(2) === 0 }
  const read = orRefused(() => endpoint.parse(json, options))
  if (read === 'refused') return
  const slots = endpoint.requestSlots(read)
  endpoint.textRuns?.(read, slots)
  endpoint.promptText(read)
  endpoint.estimateTokens(read)
  const found = slots.map((slot) => ({
    slot,
    findings:
      slot.text.length < 2 || random.below(2) === 0
        ? []
        : [{ entity: 'ORG', span: { start: 0, end: slot.text.length }, score: 1, recogniser: 'fuzz' }],
  }))
  const own = createVault({ key: new Uint8Array(32), scope: 'fuzz' })
  const outbound = sanitise(endpoint.toUpstream(read, 'm'), found, own)
  checkLeaves(outbound, slots, endpoint.leafAllowance('m'))
  JSON.parse(JSON.stringify(outbound))
}

/** Mostly still JSON: one string or number of it becomes something else. */
function mutatedValue(body: string, random: Random): string {
  if (random.below(4) === 0) return mutated(body, BITS, random)
  const places = [...body.matchAll(/"(?:[^"\\]|\\.)*"|[0-9]+/g)]
  const at = random.pick(places)
  const put = random.pick([
    JSON.stringify(mutated('text', BITS, random)),
    '{}',
    '[]',
    'null',
    '17',
    'true',
    '"tool"',
    `{"a":${at[0]}}`.replace(/"a":$/, ''),
  ])
  return body.slice(0, at.index) + put + body.slice(at.index + at[0].length)
}

/** Cutting changes nothing, text without placeholders passes, and nothing but issued values comes out. */
function placeholders(random: Random): void {
  const start =
    random.pick(['', 'Dear ', '{"a":"', '**', 'see https://evil.example/']) + random.pick(PLACEHOLDERS)
  const text = mutated(start + random.pick(BITS) + random.pick(PLACEHOLDERS), BITS, random)
  parsePlaceholder(text)
  const options = { json: random.pick([0, 1] as const), allowedHosts: new Set(['known.example']) }
  const whole = createRestorer(vault, options)
  const expected = whole.push(text) + whole.end()
  const restorer = createRestorer(vault, options)
  const pieces = cut(text, (from, to) => text.slice(from, to), random).map((piece) => restorer.push(piece))
  assert.equal(pieces.join('') + restorer.end(), expected)
  if (whole.restored === 0) assert.equal(expected, text)
}

/** Events of an answer are refused or read, and what was read can be written. */
function answers(random: Random): void {
  const chat = random.below(2) === 0
  const endpoint = chat ? chatEndpoint : (BODIES[1]?.[0] ?? chatEndpoint)
  const body = chat
    ? { model: 'm', messages: [{ role: 'user', content: 'x' }], stream: true }
    : { model: 'm', input: 'x', stream: true }
  const stream = endpoint.openStream(endpoint.parse(body))
  for (const event of chat ? CHAT_EVENTS : RESPONSE_EVENTS) {
    const data = random.below(3) === 0 ? mutatedValue(event, random) : event
    const step = orRefused(() => stream.push(data))
    if (step === 'refused') return
    for (const slot of step.slots) slot.write(slot.text)
    JSON.stringify(step.events)
  }
  orRefused(() => stream.end())
}

/** All targets. */
export const TARGETS: readonly Target[] = [
  { name: 'SSE decoder', run: sse },
  { name: 'JSON reader', run: jsonReader },
  { name: 'JSON walker', run: walker },
  { name: 'placeholder parser', run: placeholders },
  { name: 'answer reader', run: answers },
]
