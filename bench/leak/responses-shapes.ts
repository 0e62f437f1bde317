/** Places of a Responses request. */
import { type Build, base64, escaped, SCHEMAS, schema, user } from './planted-words.ts'

/** A Responses request with these fields. */
export const ask = (fields: object): object => ({ model: 'cloakroom-auto', input: 'Hello', ...fields })
/** A conversation that begins with these items. */
export const items = (...list: object[]): object => ask({ input: [...list, user] })
const made = (text: string, call_id = 'c', name = 'find'): object => ({
  type: 'function_call',
  call_id,
  name,
  arguments: text,
})
const answered = (output: unknown, call_id = 'c'): object => ({
  type: 'function_call_output',
  call_id,
  output,
})

/** Where any text may stand. */
export const RESPONSES_TEXTS: readonly (readonly [string, Build])[] = [
  ['input', (value) => ask({ input: value })],
  ['instructions', (value) => ask({ instructions: value })],
  ...(['user', 'system', 'developer', 'assistant'] as const).map((role): [string, Build] => [
    `${role} item`,
    (value) => items({ role, content: value }),
  ]),
  [
    'user part',
    (value) => items({ type: 'message', role: 'user', content: [{ type: 'input_text', text: value }] }),
  ],
  [
    'assistant part',
    (value) =>
      items({
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: value, annotations: [{ type: 'url_citation', title: value }] },
        ],
      }),
  ],
  [
    'refusal part',
    (value) => items({ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: value }] }),
  ],
  ['arguments', (value) => items(made(JSON.stringify({ q: value })), answered('x'))],
  ['arguments, escaped', (value) => items(made(`{"q":"${escaped(value)}"}`), answered('x'))],
  [
    'arguments, nested',
    (value) => items(made(JSON.stringify({ q: JSON.stringify([value]) })), answered('x')),
  ],
  ['call output', (value) => items(made('{}'), answered(value))],
  ['call output as JSON', (value) => items(made('{}'), answered(JSON.stringify({ a: value })))],
  ['call output part', (value) => items(made('{}'), answered([{ type: 'input_text', text: value }]))],
  [
    'custom input',
    (value) =>
      items(
        { type: 'custom_tool_call', call_id: 'c', name: 'run', input: value },
        { type: 'custom_tool_call_output', call_id: 'c', output: value },
      ),
  ],
  [
    'reasoning',
    (value) =>
      items({
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: value }],
        encrypted_content: base64(value),
      }),
  ],
  [
    'tool description',
    (value) =>
      ask({
        tools: [
          { type: 'function', name: 'find', strict: false, parameters: schema({}), description: value },
        ],
      }),
  ],
  ...SCHEMAS.map(([name, build]): [string, Build] => [
    `tool schema ${name}`,
    (value) => ask({ tools: [{ type: 'function', name: 'find', strict: false, parameters: build(value) }] }),
  ]),
  [
    'text format',
    (value) =>
      ask({
        text: {
          format: {
            type: 'json_schema',
            name: 'out',
            description: value,
            schema: schema({ description: value }),
          },
        },
      }),
  ],
]
/** Short fields. */
export const RESPONSES_WORDS: readonly (readonly [string, Build])[] = [
  ['user', (value) => ask({ user: value })],
  ['metadata', (value) => ask({ metadata: { [value]: value } })],
  ['safety_identifier', (value) => ask({ safety_identifier: value })],
  ['prompt_cache_key', (value) => ask({ prompt_cache_key: value })],
  ['call id', (value) => items(made('{}', value), answered('x', value))],
  ['item id', (value) => items({ ...made('{}'), id: value }, answered('x'))],
  ['called name', (value) => items(made('{}', 'c', value), answered('x'))],
  [
    'tool name',
    (value) =>
      ask({
        tools: [{ type: 'function', name: value, strict: false, parameters: schema({}) }],
        tool_choice: { type: 'function', name: value },
      }),
  ],
]
