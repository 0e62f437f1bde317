/** Identities that are cut in two between texts which a model reads as one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDetectors } from '../../detectors/index.ts'
import { cacheFindings } from '../../proxy/findings-cache.ts'
import { inspect } from '../../proxy/pipeline/inspect.ts'
import type { WireObject } from '../../proxy/ports.ts'
import { chatEndpoint, type Endpoint, responsesEndpoint } from '../../proxy/wire/index.ts'
import { createVault, sanitise } from '../../restore/index.ts'

const detectors = cacheFindings(
  createDetectors({ ner: true, languages: [], allow: [], deny: [] }),
  new Uint8Array(32),
  10_000_000,
)

/** What would leave of a request. */
function leaves(endpoint: Endpoint, json: object): { sent: string; texts: string[]; restored: string[] } {
  const body = endpoint.parse(structuredClone(json))
  const slots = endpoint.requestSlots(body)
  const before = slots.map(({ text }) => text)
  const inspection = inspect(slots, detectors, endpoint.textRuns?.(body, slots))
  const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
  sanitise(body, inspection.slots, vault)
  const texts = endpoint.requestSlots(body).map(({ text }) => text)
  const restored = texts.map((text) => {
    let out = text
    for (const { placeholder, value } of vault.entries()) out = out.replaceAll(placeholder, () => value)
    return out
  })
  assert.deepEqual(restored, before)
  return { sent: JSON.stringify(body), texts, restored }
}

const chatParts = (parts: readonly string[]): object => ({
  model: 'm',
  messages: [{ role: 'user', content: parts.map((text) => ({ type: 'text', text })) }],
})
const chatMessages = (parts: readonly string[]): object => ({
  model: 'm',
  messages: parts.map((content) => ({ role: 'user', content })),
})
const responsesParts = (parts: readonly string[]): object => ({
  model: 'm',
  input: [{ role: 'user', content: parts.map((text) => ({ type: 'input_text', text })) }],
})
const responsesMessages = (parts: readonly string[]): object => ({
  model: 'm',
  input: parts.map((content) => ({ role: 'user', content })),
})
const SHAPES: { name: string; endpoint: Endpoint; json: (parts: readonly string[]) => object }[] = [
  { name: 'parts of a chat message', endpoint: chatEndpoint, json: chatParts },
  { name: 'chat messages of one speaker', endpoint: chatEndpoint, json: chatMessages },
  { name: 'parts of a message item', endpoint: responsesEndpoint, json: responsesParts },
  { name: 'message items of one speaker', endpoint: responsesEndpoint, json: responsesMessages },
]

const VALUES = [
  'alice.jones@example.com',
  '4111 1111 1111 1111',
  'DE89 3704 0044 0532 0130 00',
  '+1 212 555 0142',
  '203.0.113.77',
]

for (const { name, endpoint, json } of SHAPES) {
  test(`a value cut anywhere between ${name} does not leave`, () => {
    const leaks: string[] = []
    for (const value of VALUES) {
      for (let cut = 1; cut < value.length; cut += 1) {
        const parts = [`Please note this: ${value.slice(0, cut)}`, `${value.slice(cut)} and keep it.`]
        const { texts } = leaves(endpoint, json(parts))
        const joined = texts.join('')
        if (joined.replace(/[^a-z0-9@]/gi, '').includes(value.replace(/[^a-z0-9@]/gi, '')))
          leaks.push(`${value} at ${cut}`)
      }
    }
    assert.deepEqual(leaks, [])
  })

  test(`a name between two words of ${name} is replaced on both sides`, () => {
    const { texts } = leaves(
      endpoint,
      json(['Please write a letter to Maria', 'Schneider about the invoice.']),
    )
    assert.doesNotMatch(texts.join(' '), /Maria|Schneider/)
  })

  test(`a value in one piece for each letter of ${name} does not leave`, () => {
    const { texts } = leaves(endpoint, json([...'Write to alice.jones@example.com now']))
    assert.doesNotMatch(texts.join(''), /alice\.jones@example\.com/)
  })
}

test('different speakers, different results of tools and texts that are JSON are not joined', () => {
  const runs = (endpoint: Endpoint, json: object): string[][] => {
    const body: WireObject = endpoint.parse(json)
    const found = endpoint.textRuns?.(body, endpoint.requestSlots(body)) ?? []
    return found.map((run) => run.map(({ text }) => text))
  }
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: 'c' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'd' },
        { type: 'text', text: '' },
        { type: 'text', text: 'e' },
      ],
    },
    { role: 'tool', tool_call_id: 'x', content: '{"a":"f\\u00e9","b":"g"}' },
    { role: 'tool', tool_call_id: 'y', content: 'h' },
  ]
  assert.deepEqual(runs(chatEndpoint, { model: 'm', messages }), [['c', 'd', 'e']])
  const input = [
    { role: 'user', content: 'a' },
    { type: 'function_call_output', call_id: 'x', output: 'b' },
    {
      type: 'function_call_output',
      call_id: 'y',
      output: [
        { type: 'input_text', text: 'c' },
        { type: 'input_text', text: 'd' },
      ],
    },
    { role: 'user', content: 'e' },
  ]
  assert.deepEqual(runs(responsesEndpoint, { model: 'm', input }), [['c', 'd']])
})

test('texts that belong together anyway lose nothing more than each would alone', () => {
  const parts = [
    'You are a helpful assistant.',
    'Answer in short sentences.',
    'Use at most 200 words',
    'and 3 examples. Order number 17',
    'was the best one.',
  ]
  const alone = parts.map((text) => leaves(chatEndpoint, chatMessages([text])).texts[0])
  assert.deepEqual(leaves(chatEndpoint, chatParts(parts)).texts, alone)
})

test('texts cut anywhere come back as they were', () => {
  const words = fc.constantFrom(
    'Maria',
    'Schneider',
    ' ',
    '.',
    'alice@',
    'example.com',
    '4111',
    '1111',
    'the',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(fc.array(words, { maxLength: 6 }), { minLength: 1, maxLength: 6 }), (parts) => {
      leaves(chatEndpoint, chatParts(parts.map((part) => part.join(''))))
    }),
    { numRuns: 300 },
  )
})

test('ten thousand parts of one letter take linear time', () => {
  const time = (count: number): number => {
    const body = chatEndpoint.parse(
      chatParts(Array.from({ length: count }, (_, at) => 'ab c'.charAt(at % 4))),
    )
    const slots = chatEndpoint.requestSlots(body)
    const start = performance.now()
    inspect(slots, detectors, chatEndpoint.textRuns?.(body, slots))
    return performance.now() - start
  }
  time(1000)
  const short = Math.max(20, time(2500))
  assert.ok(time(10_000) < short * 40, 'four times the parts take no more than about four times as long')
})
