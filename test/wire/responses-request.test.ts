/** The request of the Responses API: a value planted anywhere never leaves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { checkLeaves, readJson, responsesEndpoint, WireError } from '../../proxy/wire/index.ts'
import { plantEverywhere } from './planting.ts'

const PLANT = 'alice.jones@example.com'
const CARD = 4111111111111111

const parse = (body: unknown, options = {}): WireObject =>
  responsesEndpoint.parse(readJson(Buffer.from(JSON.stringify(body)), { depth: 64 }), options)

const schema = {
  type: 'object',
  description: 'what to find',
  properties: {
    q: { type: 'string', enum: ['x', 'y'], default: 'x', examples: ['x'], const: 'z', pattern: '^x' },
    n: { type: 'integer', minimum: 1, enum: [7654321] },
  },
  required: ['q'],
}

/** A request that uses every field there is, with harmless values. */
const EVERYTHING = {
  model: 'cloakroom-auto',
  instructions: 'Be brief.',
  input: [
    { role: 'user', content: 'Hello' },
    {
      type: 'message',
      role: 'system',
      content: [{ type: 'input_text', text: 'Be kind.' }],
      status: 'completed',
    },
    { type: 'message', role: 'developer', id: 'msg_1', content: 'Be quick.' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'Hello', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_text', text: 'there' },
      ],
    },
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'hm' }],
      content: [{ type: 'reasoning_text', text: 'hm' }],
      encrypted_content: 'b3BhcXVl',
    },
    {
      type: 'message',
      role: 'assistant',
      id: 'msg_2',
      status: 'completed',
      phase: 'commentary',
      content: [
        {
          type: 'output_text',
          text: 'Looking.',
          annotations: [{ type: 'url_citation', title: 't' }],
          logprobs: [],
        },
        { type: 'refusal', refusal: 'no' },
      ],
    },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_a',
      name: 'find',
      arguments: '{"q":"x","deep":{"list":["y",1234567]}}',
      status: 'completed',
    },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_b', name: 'run', input: 'go' },
    { type: 'function_call_output', call_id: 'call_a', output: '{"result":"caf\\u00e9"}', id: 'fco_1' },
    { type: 'function_call_output', call_id: 'call_a', output: [{ type: 'input_text', text: 'plain' }] },
    { type: 'custom_tool_call_output', call_id: 'call_b', output: 'gone' },
    { role: 'assistant', content: 'Done.' },
  ],
  previous_response_id: 'resp_1',
  store: true,
  stream: true,
  stream_options: { include_obfuscation: true },
  tools: [
    { type: 'function', name: 'find', description: 'Finds things', strict: true, parameters: schema },
    { type: 'custom', name: 'run', description: 'Runs', format: { type: 'text' } },
    { type: 'custom', name: 'walk', format: { type: 'grammar', definition: 'start: "a"', syntax: 'lark' } },
  ],
  tool_choice: {
    type: 'allowed_tools',
    mode: 'auto',
    tools: [
      { type: 'function', name: 'find' },
      { type: 'custom', name: 'run' },
    ],
  },
  parallel_tool_calls: true,
  max_tool_calls: 5,
  text: {
    verbosity: 'low',
    format: { type: 'json_schema', name: 'out', description: 'Out', strict: true, schema },
  },
  reasoning: { effort: 'low', summary: 'auto' },
  temperature: 0.5,
  top_p: 0.9,
  max_output_tokens: 100,
  truncation: 'auto',
  service_tier: 'auto',
  top_logprobs: 3,
  include: ['reasoning.encrypted_content'],
  background: false,
  user: 'u-1',
  safety_identifier: 's-1',
  prompt_cache_key: 'k-1',
  prompt_cache_retention: '24h',
  metadata: { ticket: 'T-1' },
}

/** What would leave when the detectors find every planted value that a slot shows them. */
function whatLeaves(body: unknown): string | WireError {
  let read: WireObject
  try {
    read = parse(body)
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
  const slots = responsesEndpoint.requestSlots(read)
  responsesEndpoint.toUpstream(read, 'gpt-test')
  for (const slot of slots) {
    slot.write(slot.text.replaceAll(PLANT, 'EMAIL_7KQ2F').replaceAll(String(CARD), 'CREDIT_CARD_7KQ2F'))
  }
  checkLeaves(read, slots, responsesEndpoint.leafAllowance('gpt-test'))
  return JSON.stringify(read)
}

const SHAPES = [...plantEverywhere(EVERYTHING, PLANT), ...plantEverywhere(EVERYTHING, CARD)]

test('the request with every field is read, and what leaves stores nothing and refers to nothing', () => {
  const leaves = whatLeaves(EVERYTHING)
  assert.ok(typeof leaves === 'string')
  const body = JSON.parse(leaves) as Record<string, unknown>
  assert.equal(body.store, false)
  assert.equal(body.model, 'gpt-test')
  for (const gone of [
    'previous_response_id',
    'user',
    'metadata',
    'include',
    'background',
    'prompt_cache_key',
  ]) {
    assert.ok(!(gone in body), gone)
  }
  assert.doesNotMatch(leaves, /reasoning_text|b3BhcXVl|msg_|fc_1|rs_1|call_a/)
})

test(`a value planted at any of ${SHAPES.length} places never leaves: it is in a slot, left out, or refused`, () => {
  assert.ok(SHAPES.length >= 200)
  const leaks: string[] = []
  const refused: string[] = []
  for (const { name, body } of SHAPES) {
    const result = whatLeaves(body)
    if (typeof result !== 'string') refused.push(name)
    else if (result.includes('alice') || result.includes('411111')) leaks.push(name)
  }
  assert.deepEqual(leaks, [])
  const texts =
    /\.(content|text|description|arguments|input|output|refusal|definition|pattern|default|const)$|^string at instructions$|(enum|examples)\.0$/
  assert.deepEqual(
    refused.filter((name) => name.startsWith('string at') && texts.test(name)),
    [],
  )
})

test('one text and a list with one message of the user are read alike by the classifier', () => {
  const one = responsesEndpoint.promptText(parse({ model: 'm', instructions: 'i', input: 'hello' }))
  const list = responsesEndpoint.promptText(
    parse({
      model: 'm',
      instructions: 'i',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'hello' }] }],
    }),
  )
  assert.deepEqual(one, [
    { role: 'system', text: 'i' },
    { role: 'user', text: 'hello' },
  ])
  assert.deepEqual(list, one)
})

test('tools are found and taken out', () => {
  const body = parse(EVERYTHING)
  assert.ok(responsesEndpoint.hasTools(body))
  responsesEndpoint.withoutTools(body)
  assert.ok(!responsesEndpoint.hasTools(body))
  assert.ok(!('tool_choice' in body))
})
