import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seal, sealContext, unseal } from '../proxy/sealed.ts'

const KEY = new Uint8Array(32).fill(1)
const CONTEXT = sealContext('test', 'tenant')

test('what was sealed opens under the same key and context', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (plain) => {
      const opened = unseal(KEY, CONTEXT, seal(KEY, CONTEXT, plain))
      assert.deepEqual(opened === null ? null : new Uint8Array(opened), plain)
    }),
  )
})

test('any changed bit, another key, another context and any other bytes do not open', () => {
  const sealed = seal(KEY, CONTEXT, Buffer.from('secret'))
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(unseal(KEY, CONTEXT, changed), null)
  }
  assert.equal(unseal(new Uint8Array(32), CONTEXT, sealed), null)
  assert.equal(unseal(KEY, sealContext('test', 'other'), sealed), null)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.equal(unseal(KEY, CONTEXT, bytes), null)
    }),
  )
})

test('the same text is sealed differently each time', () => {
  const one = seal(KEY, CONTEXT, Buffer.from('secret'))
  assert.notDeepEqual(one, seal(KEY, CONTEXT, Buffer.from('secret')))
  assert.ok(!one.includes('secret'))
})

test('contexts are framed: no two lists of parts are one', () => {
  assert.notDeepEqual(sealContext('ab', 'c'), sealContext('a', 'bc'))
  assert.notDeepEqual(sealContext('a'), sealContext('a', ''))
})
