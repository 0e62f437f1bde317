/** What tools of every day send is read: fields they add by themselves must not keep them from working. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chatEndpoint,
  completionsEndpoint,
  type Endpoint,
  responsesEndpoint,
  WireError,
} from '../../proxy/wire/index.ts'

const asked = { role: 'user', content: 'hello' }
const parameters = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { command: { type: 'array', items: { type: 'string' } }, size: { maximum: 2 ** 63 } },
  required: ['command'],
  additionalProperties: false,
}
const tool = { type: 'function', function: { name: 'run', description: 'Runs it', parameters, strict: true } }
const call = { id: 'c', type: 'function', function: { name: 'run', arguments: '{}' } }
const said = (message: object): object => ({
  model: 'm',
  messages: [asked, { role: 'assistant', ...message }, asked],
})
const chat = (fields: object): object => ({ model: 'm', messages: [asked], ...fields })
const ask = (fields: object): object => ({ model: 'm', input: 'hello', ...fields })

const SERVED: readonly (readonly [string, Endpoint, object])[] = [
  [
    'a coding agent over Responses',
    responsesEndpoint,
    ask({
      instructions: 'You write code.',
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'x' }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] },
        { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'opaque' },
        { type: 'function_call', id: 'fc_1', name: 'run', arguments: '{"command":["ls"]}', call_id: 'c1' },
        { type: 'function_call_output', call_id: 'c1', output: '{"output":"x","metadata":{"exit_code":0}}' },
        { type: 'custom_tool_call', status: 'completed', call_id: 'c2', name: 'patch', input: '*** Begin' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: 'ok' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'y' }] },
      ],
      tools: [
        { type: 'function', name: 'run', description: 'd', strict: false, parameters },
        {
          type: 'custom',
          name: 'patch',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
        },
      ],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      reasoning: { effort: 'medium', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'one-conversation',
      client_metadata: { installation: 'x' },
      text: { verbosity: 'medium' },
    }),
  ],
  [
    'every setting set to null',
    responsesEndpoint,
    ask({
      metadata: null,
      instructions: null,
      temperature: null,
      tool_choice: null,
      reasoning: null,
      text: null,
    }),
  ],
  ['easy input messages', responsesEndpoint, ask({ input: [asked, { role: 'assistant', content: 'x' }] })],
  [
    'marks for a cache',
    chatEndpoint,
    chat({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }] },
        asked,
      ],
      tools: [{ ...tool, cache_control: { type: 'ephemeral' } }],
    }),
  ],
  [
    'an answer sent back as it came',
    chatEndpoint,
    said({
      content: 'x',
      refusal: null,
      annotations: [],
      audio: null,
      function_call: null,
      tool_calls: null,
      parsed: null,
    }),
  ],
  [
    'thoughts sent back',
    chatEndpoint,
    said({ content: 'x', reasoning: 'x', reasoning_content: 'x', reasoning_details: [{ type: 'x' }] }),
  ],
  [
    'signed calls sent back',
    chatEndpoint,
    said({ content: null, tool_calls: [{ ...call, extra_content: { signature: 'x' } }] }),
  ],
  [
    'a call without its type',
    chatEndpoint,
    said({ content: null, tool_calls: [{ id: 'c', function: call.function }] }),
  ],
  [
    'a call without arguments',
    chatEndpoint,
    said({ content: '', tool_calls: [{ ...call, function: { name: 'run', arguments: '' } }] }),
  ],
  [
    'the old functions',
    chatEndpoint,
    chat({ functions: [{ name: 'run', parameters }], function_call: { name: 'run' } }),
  ],
  [
    'all settings of a chat',
    chatEndpoint,
    chat({
      tools: [tool],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 100,
      reasoning_effort: 'low',
      service_tier: 'auto',
      store: true,
      metadata: { a: 'b' },
      user: 'u',
      seed: 7,
      n: 2,
      logprobs: true,
      top_logprobs: 3,
      response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: parameters } },
    }),
  ],
  [
    'a line to be completed',
    completionsEndpoint,
    { model: 'm', prompt: 'a', suffix: 'b', stop: null, logprobs: 1, stream: true, max_tokens: 9 },
  ],
]
for (const [name, endpoint, body] of SERVED) {
  test(`${name} is read, and what is opaque in it is left out`, () => {
    const read = JSON.stringify(endpoint.parse(structuredClone(body)))
    assert.doesNotMatch(read, /opaque|signature|ephemeral|installation|one-conversation|rs_1|fc_1/)
  })
}

test('tools that run at a cloud are refused, or left out where unknown fields are', () => {
  const own = { type: 'function', name: 'run', parameters, strict: null }
  for (const [endpoint, body] of [
    [responsesEndpoint, ask({ tools: [own, { type: 'web_search' }, { type: 'local_shell' }] })],
    [chatEndpoint, chat({ tools: [tool], web_search_options: {} })],
  ] as const) {
    assert.throws(
      () => endpoint.parse(structuredClone(body)),
      (error: unknown) => error instanceof WireError && error.code === 'unsupported_content',
    )
    const read = endpoint.parse(structuredClone(body), { strictFields: false })
    assert.equal((read.tools as unknown[]).length, 1)
    assert.doesNotMatch(JSON.stringify(read), /web_search|local_shell/)
  }
  const alone = responsesEndpoint.parse(ask({ tools: [{ type: 'web_search' }] }), { strictFields: false })
  assert.equal('tools' in alone, false)
})

test('what lies at a cloud is refused, also where unknown fields are left out', () => {
  for (const fields of [
    { prompt: { id: 'x' } },
    { conversation: 'x' },
    { input: [{ type: 'item_reference', id: 'x' }] },
  ]) {
    assert.throws(() => responsesEndpoint.parse(ask(fields), { strictFields: false }), WireError)
  }
})
