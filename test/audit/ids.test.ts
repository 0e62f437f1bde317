import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createIds, REQUEST_ID } from '../../proxy/audit/index.ts'

const zeros = (size: number) => new Uint8Array(size)
const ones = (size: number) => new Uint8Array(size).fill(255)

describe('ids', () => {
  it('are a prefix and a ULID', () => {
    // Time 1469918176385 is the ULID specification's example: 01ARYZ6S41.
    const ids = createIds(() => 1_469_918_176_385, zeros)
    assert.equal(ids.requestId(), 'req_01ARYZ6S410000000000000000')
    assert.equal(ids.decisionId(), 'd_01ARYZ6S410000000000000001')
    assert.match(ids.requestId(), REQUEST_ID)
  })

  it('use every bit of the randomness they get', () => {
    const bytes = Uint8Array.from([0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 1])
    const ids = createIds(
      () => 0,
      () => bytes,
    )
    let value = 0n
    for (const character of ids.requestId().slice(-16)) {
      value = value * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(character))
    }
    assert.equal(value.toString(16), 'ff00ff00ff00ff00ff01')
  })

  it('go on in the next millisecond when the random part is used up', () => {
    const ids = createIds(() => 5, ones)
    assert.equal(ids.requestId(), `req_0000000005${'Z'.repeat(16)}`)
    assert.equal(ids.requestId(), `req_0000000006${'Z'.repeat(16)}`)
  })

  it('rise whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e15, max: 3e14, noNaN: true }), { minLength: 2, maxLength: 50 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        (times, random) => {
          let i = 0
          const ids = createIds(
            () => times[i++ % times.length] ?? 0,
            () => random,
          )
          let last = ''
          for (let n = 0; n < times.length * 2; n += 1) {
            const id = ids.requestId()
            assert.match(id, REQUEST_ID)
            assert.ok(id > last, `${id} after ${last}`)
            last = id
          }
        },
      ),
    )
  })
})
