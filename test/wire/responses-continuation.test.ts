import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { KeptConversation } from '../../proxy/ports.ts'
import { type Continuation, responsesEndpoint } from '../../proxy/wire/index.ts'

const continuation = ((): Continuation => {
  const found = responsesEndpoint.continuation
  assert.ok(found)
  return found
})()

const ask = { role: 'user', content: 'one' }
const call = { id: 'fc_01A_0', type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' }
const reply = { id: 'msg_01A_1', type: 'message', role: 'assistant', content: [] }
const KEPT: ReadonlyMap<string, KeptConversation> = new Map([
  ['resp_01A', { input: [ask], output: [call, reply] }],
])

const CASES: { name: string; json: object; references: string[]; input: unknown[] | null }[] = [
  { name: 'text alone', json: { input: 'hi' }, references: [], input: null },
  {
    name: 'text after an answer',
    json: { input: 'hi', previous_response_id: 'resp_01A' },
    references: ['resp_01A'],
    input: [ask, call, reply, { type: 'message', role: 'user', content: 'hi' }],
  },
  {
    name: 'items after an answer',
    json: { input: [ask], previous_response_id: 'resp_01A' },
    references: ['resp_01A'],
    input: [ask, call, reply, ask],
  },
  {
    name: 'a reference, with its type and without',
    json: { input: [ask, { type: 'item_reference', id: 'fc_01A_0' }, { id: 'msg_01A_1' }] },
    references: ['resp_01A'],
    input: [ask, call, reply],
  },
  {
    name: 'an answer and a reference into it',
    json: { input: [{ type: 'item_reference', id: 'fc_01A_0' }], previous_response_id: 'resp_01A' },
    references: ['resp_01A'],
    input: [ask, call, reply, call],
  },
]
for (const { name, json, references, input } of CASES) {
  test(`${name}: the earlier items stand in the input`, () => {
    assert.deepEqual(continuation.referencesIn(json), references)
    const expanded = continuation.expand(json, KEPT) as { input: unknown }
    if (input === null) assert.equal(expanded, json)
    else assert.deepEqual(expanded.input, input)
  })
}

const UNKNOWN: { name: string; json: object; param: string }[] = [
  {
    name: 'an unknown answer',
    json: { input: 'x', previous_response_id: 'resp_02B' },
    param: 'previous_response_id',
  },
  {
    name: 'an id of a cloud',
    json: { input: 'x', previous_response_id: 'resp-x/y' },
    param: 'previous_response_id',
  },
  {
    name: 'an unknown item',
    json: { input: [{ type: 'item_reference', id: 'fc_01A_9' }] },
    param: 'input[0].id',
  },
  { name: 'an item of a cloud', json: { input: [ask, { id: 'msg_abc' }] }, param: 'input[1].id' },
]
for (const { name, json, param } of UNKNOWN) {
  test(`${name} is an error that names the field and not the id`, () => {
    assert.throws(() => continuation.expand(json, KEPT), { code: 'invalid_request', param })
  })
}

test('nothing is kept of a request that says so', () => {
  assert.equal(continuation.inputOf({ input: 'x', store: false }), null)
  assert.deepEqual(continuation.inputOf({ input: [ask] }), [ask])
})

test('no JSON value at all makes it do anything but expand or refuse', () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({ input: fc.jsonValue(), previous_response_id: fc.jsonValue() }, { requiredKeys: [] }),
    fc.record({ input: fc.array(fc.record({ type: fc.constant('item_reference'), id: fc.string() })) }),
  )
  fc.assert(
    fc.property(json, (value) => {
      try {
        continuation.referencesIn(value)
        continuation.expand(value, KEPT)
      } catch (error) {
        assert.equal((error as Error).name, 'WireError')
      }
    }),
    { numRuns: 2000 },
  )
})
