import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { chatEndpoint, checkLeaves, readJson, WireError } from '../../proxy/wire/index.ts'
import { plantEverywhere } from './planting.ts'

const PLANT = 'alice.jones@example.com'
const CARD = 4111111111111111
const EMAIL = 'EMAIL_7KQ2F'

const parse = (body: unknown, options = {}): WireObject =>
  chatEndpoint.parse(readJson(Buffer.from(JSON.stringify(body)), { depth: 64 }), options)

/** A request that uses every field there is, with harmless values. */
const EVERYTHING = {
  model: 'cloakroom-auto',
  messages: [
    { role: 'system', content: 'Be brief.', name: 'setup' },
    { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }], name: 'dev' },
    {
      role: 'user',
      name: 'speaker',
      content: [
        { type: 'text', text: 'Hello', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'text', text: 'there' },
      ],
    },
    {
      role: 'assistant',
      content: 'Looking.',
      refusal: 'no',
      name: 'helper',
      reasoning_content: 'hm',
      reasoning: 'hm',
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://example.com', title: 't', start_index: 0, end_index: 1 },
        },
      ],
      tool_calls: [
        {
          id: 'call_a',
          type: 'function',
          function: { name: 'find', arguments: '{"q":"x","deep":{"list":["y",1234567]}}' },
        },
        { id: 'call_b', type: 'custom', custom: { name: 'run', input: 'go' } },
      ],
      function_call: { name: 'find', arguments: '{"q":"x"}' },
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'b' },
      ],
    },
    { role: 'tool', tool_call_id: 'call_a', content: '{"result":"caf\\u00e9"}', name: 'find' },
    { role: 'tool', tool_call_id: 'call_b', content: [{ type: 'text', text: 'plain' }] },
    { role: 'function', name: 'find', content: 'done' },
    { role: 'user', content: 'Thanks' },
  ],
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
  tools: [
    {
      type: 'function',
      function: {
        name: 'find',
        description: 'Finds things',
        strict: true,
        parameters: {
          type: 'object',
          description: 'what to find',
          properties: {
            q: { type: 'string', enum: ['x', 'y'], default: 'x', examples: ['x'], const: 'z', pattern: '^x' },
            n: { type: 'integer', minimum: 1, enum: [7654321] },
          },
          required: ['q'],
          $defs: { thing: { title: 'Thing', type: 'object' } },
        },
      },
    },
    { type: 'custom', custom: { name: 'run', description: 'Runs', format: { type: 'text' } } },
    {
      type: 'custom',
      custom: {
        name: 'walk',
        format: { type: 'grammar', grammar: { definition: 'start: "a"', syntax: 'lark' } },
      },
    },
  ],
  tool_choice: {
    type: 'allowed_tools',
    allowed_tools: {
      mode: 'auto',
      tools: [
        { type: 'function', function: { name: 'find' } },
        { type: 'custom', custom: { name: 'run' } },
      ],
    },
  },
  parallel_tool_calls: true,
  functions: [
    {
      name: 'old',
      description: 'Old',
      parameters: { type: 'object', properties: { a: { type: 'string' } } },
    },
  ],
  function_call: { name: 'old' },
  response_format: {
    type: 'json_schema',
    json_schema: {
      name: 'out',
      description: 'Out',
      strict: true,
      schema: { type: 'object', properties: { a: { enum: ['b'] } } },
    },
  },
  stop: ['end', 'stop'],
  prediction: { type: 'content', content: [{ type: 'text', text: 'likely' }] },
  temperature: 0.5,
  top_p: 0.9,
  frequency_penalty: 0.1,
  presence_penalty: -0.1,
  n: 2,
  max_tokens: 100,
  max_completion_tokens: 100,
  seed: 42,
  logit_bias: { '50256': -100 },
  reasoning_effort: 'low',
  verbosity: 'low',
  service_tier: 'auto',
  modalities: ['text'],
  logprobs: true,
  top_logprobs: 3,
  user: 'u-1',
  safety_identifier: 's-1',
  prompt_cache_key: 'k-1',
  prompt_cache_retention: '24h',
  prompt_cache_options: { mode: 'implicit' },
  metadata: { ticket: 'T-1' },
  store: false,
  moderation: { model: 'omni' },
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
  const slots = chatEndpoint.requestSlots(read)
  chatEndpoint.toUpstream(read, 'gpt-test')
  for (const slot of slots) {
    slot.write(slot.text.replaceAll(PLANT, EMAIL).replaceAll(String(CARD), 'CREDIT_CARD_7KQ2F'))
  }
  checkLeaves(read, slots, chatEndpoint.leafAllowance('gpt-test'))
  return JSON.stringify(read)
}

const SHAPES = [...plantEverywhere(EVERYTHING, PLANT), ...plantEverywhere(EVERYTHING, CARD)]

test('the request with every field is read', () => {
  assert.equal(typeof whatLeaves(EVERYTHING), 'string')
})

test(`a value planted at any of ${SHAPES.length} places never leaves: it is in a slot, left out, or refused`, () => {
  assert.ok(SHAPES.length >= 300)
  const leaks: string[] = []
  const refused: string[] = []
  for (const { name, body } of SHAPES) {
    const result = whatLeaves(body)
    if (typeof result !== 'string') refused.push(name)
    else if (result.includes(PLANT) || result.includes('alice') || result.includes('411111')) leaks.push(name)
  }
  assert.deepEqual(leaks, [])
  // A field that holds text must take this one: refusing everything would be no art.
  const texts =
    /\.(content|text|description|arguments|input|refusal|definition|pattern|default|const)$|(stop|enum|examples)\.0$/
  assert.deepEqual(
    refused.filter((name) => name.startsWith('string at') && texts.test(name)),
    [],
  )
})

/** Places that need their own words: values inside strings of all sorts. */
const INSIDE: readonly (readonly [string, object])[] = [
  [
    'a JSON string in tool arguments',
    { role: 'assistant', tool_calls: [call(JSON.stringify({ to: PLANT }))] },
  ],
  [
    'an escaped letter in tool arguments',
    { role: 'assistant', tool_calls: [call('{"to":"alice.jones\\u0040example.com"}')] },
  ],
  ['a name in tool arguments', { role: 'assistant', tool_calls: [call(JSON.stringify({ [PLANT]: 1 }))] }],
  [
    'an escaped name in tool arguments',
    { role: 'assistant', tool_calls: [call('{"alice.jones\\u0040example.com":1}')] },
  ],
  ['a number in tool arguments', { role: 'assistant', tool_calls: [call(`{"card":${CARD}}`)] }],
  ['broken tool arguments', { role: 'assistant', tool_calls: [call(`{"to":"${PLANT}`)] }],
  [
    'tool arguments with a name twice',
    { role: 'assistant', tool_calls: [call(`{"to":"${PLANT}","to":"x"}`)] },
  ],
  ['tool arguments that are one string', { role: 'assistant', tool_calls: [call(JSON.stringify(PLANT))] }],
  ['tool arguments that are no JSON', { role: 'assistant', tool_calls: [call(PLANT)] }],
  ['a list in tool arguments', { role: 'assistant', tool_calls: [call(JSON.stringify([[PLANT]]))] }],
  ['tool arguments behind white space', { role: 'assistant', tool_calls: [call(`\n  {"to":"${PLANT}"}`)] }],
  [
    'very deep tool arguments',
    { role: 'assistant', tool_calls: [call(`${'['.repeat(40)}"${PLANT}"${']'.repeat(40)}`)] },
  ],
  [
    'a tool result that is JSON',
    { role: 'tool', tool_call_id: 'call_a', content: JSON.stringify({ a: PLANT }) },
  ],
  [
    'an escaped tool result',
    { role: 'tool', tool_call_id: 'call_a', content: '{"a":"alice.jones\\u0040example.com"}' },
  ],
  ['an id of a tool call', { role: 'tool', tool_call_id: PLANT, content: 'x' }],
]

function call(text: string): object {
  return { id: 'call_a', type: 'function', function: { name: 'find', arguments: text } }
}

for (const [name, message] of INSIDE) {
  test(`a value in ${name} is seen as it is and does not leave`, () => {
    const result = whatLeaves({ model: 'm', messages: [message] })
    assert.ok(typeof result === 'string')
    assert.ok(!result.includes('alice') && !result.includes('4111'), result)
  })
}

test('tool ids are numbered by appearance and stay tied together', () => {
  const body = parse({
    model: 'm',
    messages: [
      { role: 'assistant', tool_calls: [call('{}'), { ...call('{}'), id: 'call_b' }] },
      { role: 'tool', tool_call_id: 'call_b', content: 'x' },
      { role: 'tool', tool_call_id: 'call_a', content: 'y' },
    ],
  })
  const [assistant, second, first] = body.messages as readonly Record<string, unknown>[]
  assert.deepEqual(
    ((assistant?.tool_calls ?? []) as { id: string }[]).map(({ id }) => id),
    ['call00001', 'call00002'],
  )
  assert.equal(second?.tool_call_id, 'call00002')
  assert.equal(first?.tool_call_id, 'call00001')
})

const message = { role: 'user', content: 'x' }
const REFUSED: readonly (readonly [string, unknown, string, string | null])[] = [
  ['a list', [], 'invalid_request', null],
  ['text', 'x', 'invalid_request', null],
  ['no model', { messages: [message] }, 'invalid_request', 'model'],
  ['no messages', { model: 'm' }, 'invalid_request', 'messages'],
  ['an empty conversation', { model: 'm', messages: [] }, 'invalid_request', 'messages'],
  ['a message that is text', { model: 'm', messages: ['x'] }, 'invalid_request', 'messages[0]'],
  [
    'an unknown role',
    { model: 'm', messages: [{ role: 'root', content: 'x' }] },
    'invalid_request',
    'messages[0].role',
  ],
  ['no role', { model: 'm', messages: [{ content: 'x' }] }, 'invalid_request', 'messages[0].role'],
  [
    'a role of the prototype',
    { model: 'm', messages: [{ role: 'constructor' }] },
    'invalid_request',
    'messages[0].role',
  ],
  ['no content', { model: 'm', messages: [{ role: 'user' }] }, 'invalid_request', 'messages[0].content'],
  [
    'null content of a user',
    { model: 'm', messages: [{ role: 'user', content: null }] },
    'invalid_request',
    'messages[0].content',
  ],
  [
    'content that is a number',
    { model: 'm', messages: [{ role: 'user', content: 5 }] },
    'invalid_request',
    'messages[0].content',
  ],
  ['an unknown field', { model: 'm', messages: [message], zebra: 1 }, 'unsupported_field', null],
  [
    'an unknown field of a message',
    { model: 'm', messages: [{ ...message, zebra: 1 }] },
    'unsupported_field',
    'messages[0]',
  ],
  [
    'an unknown field of a part',
    { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'x', zebra: 1 }] }] },
    'unsupported_field',
    'messages[0].content[0]',
  ],
  [
    'an image',
    {
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png?q=1' } }],
        },
      ],
    },
    'unsupported_content',
    'messages[0].content[0]',
  ],
  [
    'audio',
    {
      model: 'm',
      messages: [
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] },
      ],
    },
    'unsupported_content',
    'messages[0].content[0]',
  ],
  [
    'a file',
    { model: 'm', messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] },
    'unsupported_content',
    'messages[0].content[0]',
  ],
  [
    'audio of an earlier answer',
    { model: 'm', messages: [{ role: 'assistant', content: 'x', audio: { id: 'a' } }] },
    'unsupported_content',
    'messages[0].audio',
  ],
  [
    'an audio answer',
    { model: 'm', messages: [message], audio: { voice: 'alloy', format: 'mp3' } },
    'unsupported_content',
    'audio',
  ],
  [
    'a web search',
    { model: 'm', messages: [message], web_search_options: {} },
    'unsupported_content',
    'web_search_options',
  ],
  [
    'a modality that is not text',
    { model: 'm', messages: [message], modalities: ['audio'] },
    'invalid_request',
    'modalities[0]',
  ],
  [
    'an unknown kind of tool',
    { model: 'm', messages: [message], tools: [{ type: 'mcp', server_url: 'https://example.com' }] },
    'invalid_request',
    'tools[0].type',
  ],
  [
    'a temperature of 3',
    { model: 'm', messages: [message], temperature: 3 },
    'invalid_request',
    'temperature',
  ],
  [
    'a temperature in words',
    { model: 'm', messages: [message], temperature: 'hot' },
    'invalid_request',
    'temperature',
  ],
  ['half a choice', { model: 'm', messages: [message], n: 1.5 }, 'invalid_request', 'n'],
  [
    'an effort that does not exist',
    { model: 'm', messages: [message], reasoning_effort: PLANT },
    'invalid_request',
    'reasoning_effort',
  ],
  [
    'a bias by word',
    { model: 'm', messages: [message], logit_bias: { [PLANT]: 1 } },
    'invalid_request',
    'logit_bias',
  ],
  [
    'a bias by card',
    { model: 'm', messages: [message], logit_bias: { [CARD]: 1 } },
    'invalid_request',
    'logit_bias',
  ],
  [
    'a bias of a word',
    { model: 'm', messages: [message], logit_bias: { 5: 'x' } },
    'invalid_request',
    'logit_bias',
  ],
  ['a model that is a number', { model: 5, messages: [message] }, 'invalid_request', 'model'],
]

for (const [name, body, code, param] of REFUSED) {
  test(`${name} is refused, and the error names the place in our words only`, () => {
    assert.throws(
      () => parse(body),
      (error) => error instanceof WireError && error.code === code && error.param === param,
    )
  })
}

test('null means absent, also where the field is unknown', () => {
  const body = parse({
    model: 'm',
    messages: [{ role: 'assistant', content: null, audio: null, parsed: null, zebra: null }],
    tools: null,
    stop: null,
  })
  assert.deepEqual(body, { model: 'm', messages: [{ role: 'assistant', content: null }] })
})

test('what identifies the caller and what asks for storage is left out', () => {
  const read = parse(EVERYTHING)
  for (const name of [
    'user',
    'safety_identifier',
    'prompt_cache_key',
    'metadata',
    'store',
    'logprobs',
    'moderation',
  ]) {
    assert.ok(!(name in read), name)
  }
})

test('images can be kept where nothing leaves, and the leaf guard still refuses them', () => {
  const image = {
    role: 'user',
    content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
  }
  const read = parse({ model: 'm', messages: [image] }, { media: 'keep' })
  assert.ok(chatEndpoint.hasImages(read))
  chatEndpoint.toUpstream(read, 'gpt')
  assert.throws(() => checkLeaves(read, chatEndpoint.requestSlots(read), chatEndpoint.leafAllowance('gpt')), {
    name: 'LeafError',
  })
})

test('the model and the stream options are ours, and usage is always asked for', () => {
  const plain = chatEndpoint.toUpstream(
    parse({ model: PLANT, messages: [message], stream_options: { include_usage: true } }),
    'gpt',
  )
  assert.deepEqual(plain, { model: 'gpt', messages: [message] })
  const streamed = chatEndpoint.toUpstream(parse({ model: PLANT, messages: [message], stream: true }), 'gpt')
  assert.deepEqual(streamed, {
    model: 'gpt',
    messages: [message],
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('taking tools out leaves no trace of them, and the slots stay usable', () => {
  const read = parse(EVERYTHING)
  const slots = chatEndpoint.requestSlots(read)
  assert.ok(chatEndpoint.hasTools(read))
  assert.equal(chatEndpoint.withoutTools(read), read)
  assert.ok(!chatEndpoint.hasTools(read))
  for (const name of ['tools', 'tool_choice', 'functions', 'function_call', 'parallel_tool_calls'])
    assert.ok(!(name in read))
  for (const slot of slots) slot.write('PERSON_7KQ2F')
  chatEndpoint.toUpstream(read, 'gpt')
  checkLeaves(read, slots, chatEndpoint.leafAllowance('gpt'))
})

test('the prompt is given by speaker', () => {
  assert.deepEqual(
    chatEndpoint.promptText(parse(EVERYTHING)).map(({ role }) => role),
    ['system', 'system', 'user', 'user', 'assistant', 'assistant', 'tool', 'tool', 'tool', 'user'],
  )
  assert.equal(chatEndpoint.promptText(parse(EVERYTHING)).at(-1)?.text, 'Thanks')
})

test('tokens are estimated from all text, whatever its script', () => {
  const tokens = (content: string): number =>
    chatEndpoint.estimateTokens(parse({ model: 'm', messages: [{ role: 'user', content }] }))
  assert.equal(tokens('a'.repeat(4000)), 1004)
  assert.ok(tokens('語'.repeat(1000)) > 700)
  assert.ok(chatEndpoint.estimateTokens(parse(EVERYTHING)) > 60)
})

test('two names that become the same word both stay', () => {
  const read = parse({
    model: 'm',
    messages: [{ role: 'assistant', tool_calls: [call('{"ann":1,"bob":2,"c":3}')] }],
  })
  for (const slot of chatEndpoint.requestSlots(read))
    if (slot.part === 'name' && slot.text !== 'c') slot.write('[name]')
  const sent = JSON.parse(JSON.stringify(read))
  assert.equal(sent.messages[0].tool_calls[0].function.arguments, '{"[name]":1,"[name]_1":2,"c":3}')
})

test('an object with very many names is renamed in linear time', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, 'v']))
  const read = parse({
    model: 'm',
    messages: [{ role: 'assistant', tool_calls: [call(JSON.stringify(many))] }],
  })
  // Processor time with much room: quadratic would take minutes.
  const start = process.cpuUsage()
  for (const slot of chatEndpoint.requestSlots(read)) slot.write(`P${slot.text}`)
  assert.match(JSON.stringify(read), /Pk99999/)
  assert.ok(process.cpuUsage(start).user < 20_000_000)
})
