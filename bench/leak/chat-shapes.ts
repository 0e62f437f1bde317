/** Places of a chat request. */
import { type Build, escaped, SCHEMAS, schema, user } from './planted-words.ts'

/** A chat request with these fields. */
export const chat = (fields: object): object => ({ model: 'cloakroom-auto', messages: [user], ...fields })
/** A conversation that begins with these messages. */
export const say = (...messages: object[]): object => chat({ messages: [...messages, user] })
const call = (text: string, id = 'call_a', name = 'find'): object => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
})
const result = (content: unknown): object => ({ role: 'tool', tool_call_id: 'call_a', content })
const chatTool = (fields: object): object =>
  chat({ tools: [{ type: 'function', function: { name: 'find', ...fields } }] })

/** Where any text may stand. */
export const CHAT_TEXTS: readonly (readonly [string, Build])[] = [
  ...(['system', 'developer', 'user', 'assistant'] as const).map((role): [string, Build] => [
    `${role} message`,
    (value) => say({ role, content: value }),
  ]),
  ...(['system', 'user', 'assistant'] as const).map((role): [string, Build] => [
    `${role} part`,
    (value) => say({ role, content: [{ type: 'text', text: value }] }),
  ]),
  ['refusal', (value) => say({ role: 'assistant', content: null, refusal: value })],
  ['refusal part', (value) => say({ role: 'assistant', content: [{ type: 'refusal', refusal: value }] })],
  ['prefill', (value) => chat({ messages: [user, { role: 'assistant', content: value }] })],
  ['tool result', (value) => say(call('{}'), result(value))],
  ['tool result as JSON', (value) => say(call('{}'), result(JSON.stringify({ a: [value] })))],
  ['tool result part', (value) => say(call('{}'), result([{ type: 'text', text: value }]))],
  ['function result', (value) => say({ role: 'function', name: 'find', content: value })],
  ['arguments', (value) => say(call(JSON.stringify({ q: value })), result('x'))],
  ['arguments, escaped', (value) => say(call(`{"q":"${escaped(value)}"}`), result('x'))],
  [
    'arguments, nested',
    (value) => say(call(JSON.stringify({ q: JSON.stringify({ a: value }) })), result('x')),
  ],
  ['arguments, a name', (value) => say(call(JSON.stringify({ [value]: 1 })), result('x'))],
  ['arguments, broken', (value) => say(call(`{"q":"${value}`), result('x'))],
  [
    'custom tool input',
    (value) =>
      say(
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'run', input: value } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'x' },
      ),
  ],
  ['tool description', (value) => chatTool({ description: value })],
  ...SCHEMAS.map(([name, build]): [string, Build] => [
    `tool schema ${name}`,
    (value) => chatTool({ parameters: build(value) }),
  ]),
  ['function description', (value) => chat({ functions: [{ name: 'old', description: value }] })],
  [
    'response schema',
    (value) =>
      chat({
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'out', schema: schema({ description: value }) },
        },
      }),
  ],
  [
    'response description',
    (value) =>
      chat({
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'out', description: value, schema: schema({}) },
        },
      }),
  ],
  ['stop', (value) => chat({ stop: [value] })],
  ['prediction', (value) => chat({ prediction: { type: 'content', content: value } })],
  [
    'grammar',
    (value) =>
      chat({
        tools: [
          {
            type: 'custom',
            custom: {
              name: 'run',
              format: { type: 'grammar', grammar: { syntax: 'lark', definition: value } },
            },
          },
        ],
      }),
  ],
]
/** Short fields. */
export const CHAT_WORDS: readonly (readonly [string, Build])[] = [
  ['user', (value) => chat({ user: value })],
  ['metadata value', (value) => chat({ metadata: { who: value } })],
  ['metadata name', (value) => chat({ metadata: { [value]: 'x' } })],
  ['safety_identifier', (value) => chat({ safety_identifier: value })],
  ['prompt_cache_key', (value) => chat({ prompt_cache_key: value })],
  ['speaker name', (value) => say({ role: 'user', content: 'x', name: value })],
  ['tool name', (value) => chat({ tools: [{ type: 'function', function: { name: value } }] })],
  ['tool call id', (value) => say(call('{}', value), { ...result('x'), tool_call_id: value })],
  ['called name', (value) => say(call('{}', 'call_a', value), result('x'))],
  [
    'tool_choice',
    (value) =>
      chat({
        tools: [{ type: 'function', function: { name: value } }],
        tool_choice: { type: 'function', function: { name: value } },
      }),
  ],
  [
    'schema property name',
    (value) => chatTool({ parameters: { type: 'object', properties: { [value]: { type: 'string' } } } }),
  ],
  ['model', (value) => chat({ model: value })],
]
