/** Values of walked JSON that only the name before them gives away; and numbers of JSON that are somebody's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors } from '../../detectors/index.ts'
import { cacheFindings } from '../../proxy/findings-cache.ts'
import { inspect } from '../../proxy/pipeline/inspect.ts'
import { chatEndpoint } from '../../proxy/wire/index.ts'
import { createVault, sanitise } from '../../restore/index.ts'

const detectors = cacheFindings(
  createDetectors({ ner: true, languages: [], allow: [], deny: [] }),
  new Uint8Array(32),
  1 << 24,
)

/** What would leave. */
function outbound(body: object): string {
  const read = chatEndpoint.parse(structuredClone(body))
  const slots = chatEndpoint.requestSlots(read)
  const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
  return JSON.stringify(sanitise(read, inspect(slots, detectors).slots, vault))
}

const asked = { role: 'user', content: 'x' }
const call = (text: string): object => ({
  model: 'm',
  messages: [
    asked,
    {
      role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: text } }],
    },
  ],
})
const tool = (properties: object): object => ({
  model: 'm',
  messages: [asked],
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties } } }],
})
const CARD = 4111111111111111

/** A request, and a piece of it that must not leave. */
const HIDDEN: Readonly<Record<string, readonly [object, string]>> = {
  'a phone number': [call('{"phone":"2125550142"}'), '2125550142'],
  'a phone number as a number': [call('{"phone":2125550142}'), '2125550142'],
  'a passport': [call('{"passport_no":"X1234567"}'), 'X1234567'],
  'a passport in camel case': [call('{"passportNo":"X1234567"}'), 'X1234567'],
  'a medical record': [call('{"medical_record_number":"48291734"}'), '48291734'],
  'a user name': [call('{"username":"mschneider84"}'), 'mschneider84'],
  'a key': [call(`{"api_key":"${['q8Zk3LmN0p', 'Q7rS2tU5vW'].join('')}"}`), 'q8Zk3LmN0p'],
  'in a list under the name': [call('{"usernames":[],"username":["mschneider84"]}'), 'mschneider84'],
  'two levels down': [call('{"a":{"b":[{"passport_no":"X1234567"}]}}'), 'X1234567'],
  'a default of a schema': [tool({ passport_no: { type: 'string', default: 'X1234567' } }), 'X1234567'],
  'an example of a schema': [tool({ passport_no: { examples: ['X1234567'] } }), 'X1234567'],
  'a property called like a word of schemas': [tool({ password: { const: 'kestrel-vane' } }), 'kestrel-vane'],
  'a card as a number': [call(`{"a":${CARD}}`), '4111'],
  'a card as a negative number': [call(`{"a":-${CARD}}`), '4111'],
  'a card as a number with a fraction': [call(`{"a":${CARD}.0}`), '4111'],
  'a card as a number with an exponent': [call('{"a":4.111111111111111e15}'), '111111'],
  'a card as a number in a list': [call(`{"a":[1,[${CARD}]]}`), '4111'],
  'a card as a default': [tool({ a: { type: 'integer', default: CARD } }), '4111'],
  'a card in an enumeration': [tool({ a: { enum: [1, CARD] } }), '4111'],
  'a card as a bound': [tool({ a: { maximum: CARD } }), '4111'],
  'a card as a name': [call(`{"${CARD}":true}`), '4111'],
  'a card three strings deep': [
    call(JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: CARD }) }) })),
    '4111',
  ],
}
for (const [name, [body, piece]] of Object.entries(HIDDEN)) {
  test(`${name} does not leave`, () => {
    assert.ok(JSON.stringify(body).includes(piece) || /exponent/.test(name))
    assert.ok(!outbound(body).includes(piece))
  })
}

/** What tools are used for every day stays what it is. */
const KEPT: readonly object[] = [
  call('{"command":"ls -la src","path":"src/index.ts","limit":10,"offset":1234567}'),
  call('{"unit":"celsius","status":"open","id":42,"amount":1999.99,"ts":1732812345}'),
  call('{"name":"get_weather","type":"function","branch":"main","password_reset":true}'),
  tool({
    username: { type: 'string', description: 'The user name to look up' },
    password: { type: 'string', description: 'The password of the user', format: 'password' },
    key: { type: 'string', enum: ['asc', 'desc'], default: 'asc' },
    phone: { type: 'string', pattern: '^\\+[0-9]{7,15}$' },
  }),
]
for (const [index, body] of KEPT.entries()) {
  test(`the names of everyday tools add nothing to what is found without them (${index + 1})`, () => {
    const slots = chatEndpoint.requestSlots(chatEndpoint.parse(structuredClone(body)))
    const nameless = slots.map(({ lane, text, place, part, write }) => ({ lane, text, place, part, write }))
    assert.deepEqual(inspect(slots, detectors).counts, inspect(nameless, detectors).counts)
  })
}
