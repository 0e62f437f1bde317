/** Requests with an invented identity at one place each: every field of every endpoint, and the places around them. */
import { PLANTED } from '../../test/support/planted.ts'
import { CHAT_TEXTS, CHAT_WORDS, chat, say } from './chat-shapes.ts'
import { type Build, base64, DRESSED, IN_TEXT, IN_WORDS } from './planted-words.ts'
import { ask, items, RESPONSES_TEXTS, RESPONSES_WORDS } from './responses-shapes.ts'

/** One request. */
export interface Shape {
  readonly name: string
  readonly path: string
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  /** Whether a client that behaves may send it, so that it should be answered. */
  readonly legitimate: boolean
  /** The value as it is written here, in pieces: where all of them leave, it leaves. */
  readonly traces?: readonly string[]
}

/** Shapes that no client needs: they must not leak, and may be refused. */
const REFUSED: readonly (readonly [string, string, Build])[] = [
  ['chat', 'an unknown field', (value) => chat({ [value]: value })],
  [
    'chat',
    'an image address',
    (value) =>
      say({
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: `https://example.com/?u=${value}` } }],
      }),
  ],
  [
    'chat',
    'a data address',
    (value) =>
      say({
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: `data:text/plain;base64,${base64(value)}` } }],
      }),
  ],
  [
    'chat',
    'a file name',
    (value) => say({ role: 'user', content: [{ type: 'file', file: { filename: value, file_data: 'x' } }] }),
  ],
  ['chat', 'logit_bias', (value) => chat({ logit_bias: { [value]: 1 } })],
  ['chat', 'a role', (value) => say({ role: value, content: 'x' })],
  ['chat', 'text for a number', (value) => chat({ temperature: value })],
  [
    'chat',
    'web search',
    (value) => chat({ web_search_options: { user_location: { approximate: { city: value } } } }),
  ],
  ['responses', 'an unknown field', (value) => ask({ [value]: value })],
  [
    'responses',
    'an image address',
    (value) =>
      items({
        role: 'user',
        content: [{ type: 'input_image', image_url: `https://example.com/?u=${value}` }],
      }),
  ],
  [
    'responses',
    'a file',
    (value) => items({ role: 'user', content: [{ type: 'input_file', filename: value, file_data: 'x' }] }),
  ],
  [
    'responses',
    'a remote tool',
    (value) =>
      ask({ tools: [{ type: 'mcp', server_label: 'x', server_url: `https://example.com/${value}` }] }),
  ],
  [
    'responses',
    'web search',
    (value) => ask({ tools: [{ type: 'web_search', user_location: { type: 'approximate', city: value } }] }),
  ],
  ['responses', 'a stored prompt', (value) => ask({ prompt: { id: 'x', variables: { who: value } } })],
  ['responses', 'a conversation', (value) => ask({ conversation: value })],
  ['responses', 'an earlier answer', (value) => ask({ previous_response_id: value })],
  ['responses', 'an unknown item', (value) => items({ type: value, text: value })],
  ['completions', 'an unknown field', (value) => ({ model: 'm', prompt: 'x', [value]: 1 })],
  ['embeddings', 'an unknown field', (value) => ({ model: 'm', input: 'x', [value]: 1 })],
]

const PATHS: Readonly<Record<string, string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
}

const TEXT_ENDPOINTS: readonly (readonly [string, string, Build])[] = [
  ['completions', 'prompt', (value) => ({ model: 'm', prompt: value })],
  ['completions', 'one of several prompts', (value) => ({ model: 'm', prompt: ['x', value] })],
  ['completions', 'suffix', (value) => ({ model: 'm', prompt: 'x', suffix: value })],
  ['completions', 'stop', (value) => ({ model: 'm', prompt: 'x', stop: value })],
  ['completions', 'user', (value) => ({ model: 'm', prompt: 'x', user: value })],
  ['embeddings', 'input', (value) => ({ model: 'm', input: value })],
  ['embeddings', 'one of several inputs', (value) => ({ model: 'm', input: ['x', value] })],
  ['embeddings', 'user', (value) => ({ model: 'm', input: 'x', user: value })],
]

function cross(
  endpoint: string,
  places: readonly (readonly [string, Build])[],
  values: readonly (readonly [string, string])[],
  { legitimate = true, dressed = false } = {},
): Shape[] {
  return places.flatMap(([place, build]) =>
    values.map(([kind, value]) => ({
      name: `${endpoint}: ${kind} in ${place}`,
      path: PATHS[endpoint] ?? '',
      body: build(value),
      legitimate,
      ...(dressed ? { traces: [value.replace(/^Look at this: | please\.$/g, '')] } : {}),
    })),
  )
}

/** A value in two or more pieces that a model reads as one. */
function splitShapes(): Shape[] {
  return [PLANTED.email, PLANTED.card, PLANTED.iban, PLANTED.phone].flatMap((value) =>
    [1 / 4, 1 / 2, 3 / 4].flatMap((share) => {
      const cut = Math.floor(value.length * share)
      const pieces = [`Note this: ${value.slice(0, cut)}`, `${value.slice(cut)} and keep it.`]
      const [text, part] = [
        (content: string): object => ({ role: 'user', content }),
        (type: string) => [{ role: 'user', content: pieces.map((piece) => ({ type, text: piece })) }],
      ]
      const builds: [string, string, object][] = [
        ['chat', 'parts', chat({ messages: part('text') })],
        ['chat', 'messages', chat({ messages: pieces.map(text) })],
        ['responses', 'parts', ask({ input: part('input_text') })],
        ['responses', 'items', ask({ input: pieces.map(text) })],
      ]
      return builds.map(([endpoint, where, body]) => ({
        name: `${endpoint}: ${value.slice(0, 4)}… cut at ${cut} between ${where}`,
        path: PATHS[endpoint] ?? '',
        body,
        legitimate: true,
        traces: [value.slice(0, cut), value.slice(cut)],
      }))
    }),
  )
}

/** All shapes. */
export function leakShapes(): readonly Shape[] {
  const chatPath = PATHS.chat ?? ''
  const dressed = DRESSED.map(([kind, value]) => [kind, `Look at this: ${value} please.`] as const)
  return [
    ...cross('chat', CHAT_TEXTS, IN_TEXT),
    ...cross('chat', CHAT_WORDS, IN_WORDS),
    ...cross('chat', CHAT_TEXTS.slice(2, 3), dressed, { dressed: true }),
    ...cross('responses', RESPONSES_TEXTS, IN_TEXT),
    ...cross('responses', RESPONSES_WORDS, IN_WORDS),
    ...cross('responses', RESPONSES_TEXTS.slice(0, 1), dressed, { dressed: true }),
    ...TEXT_ENDPOINTS.flatMap(([endpoint, place, build]) =>
      cross(endpoint, [[place, build]], place === 'user' ? IN_WORDS : IN_TEXT),
    ),
    ...REFUSED.flatMap(([endpoint, place, build]) =>
      cross(endpoint, [[place, build]], IN_WORDS, { legitimate: false }),
    ),
    ...splitShapes(),
    {
      name: 'chat: values in headers of the request',
      path: chatPath,
      body: chat({}),
      headers: {
        cookie: `u=${PLANTED.email}`,
        'user-agent': PLANTED.person,
        'x-forwarded-for': PLANTED.ip,
        'x-cloakroom-conversation': PLANTED.email,
      },
      legitimate: true,
    },
    {
      name: 'chat: a value in the query',
      path: `${chatPath}?u=${encodeURIComponent(PLANTED.email)}`,
      body: chat({}),
      legitimate: true,
    },
  ]
}
