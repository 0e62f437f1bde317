import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Channel } from '../../proxy/local/channel.ts'
import { LocalModelError } from '../../proxy/local/errors.ts'
import { Slots } from '../../proxy/local/slots.ts'

const NEVER = new AbortController().signal

function isError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof LocalModelError && error.code === code
}

describe('slots', () => {
  it('go to whoever came first', async () => {
    const slots = new Slots({ slots: 1, queueLimit: 3 })
    const order: number[] = []
    const release = await slots.acquire(NEVER)
    const others = [1, 2, 3].map(async (n) => {
      const next = await slots.acquire(NEVER)
      order.push(n)
      next()
    })
    assert.equal(slots.queued, 3)
    await assert.rejects(slots.acquire(NEVER), isError('busy'))
    release()
    await Promise.all(others)
    assert.deepEqual(order, [1, 2, 3])
  })

  it('are given back once, however often release is called', async () => {
    const slots = new Slots({ slots: 1, queueLimit: 0 })
    const release = await slots.acquire(NEVER)
    release()
    release()
    await slots.acquire(NEVER)
    await assert.rejects(slots.acquire(NEVER), isError('busy'))
  })

  it('turn away those who wait and those who come once closed', async () => {
    const slots = new Slots({ slots: 1, queueLimit: 1 })
    await slots.acquire(NEVER)
    const waiting = slots.acquire(NEVER)
    slots.close()
    await assert.rejects(waiting, isError('not_loaded'))
    await assert.rejects(slots.acquire(NEVER), isError('not_loaded'))
  })

  it('are never lost or doubled, whoever leaves when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (leave, count) => {
          const slots = new Slots({ slots: count, queueLimit: leave.length })
          let inside = 0
          const visits = leave.map(async (leaves) => {
            const abort = new AbortController()
            const acquired = slots.acquire(abort.signal)
            if (leaves) abort.abort()
            const release = await acquired.catch(() => null)
            if (release === null) return
            inside += 1
            assert.ok(inside <= count)
            await Promise.resolve()
            inside -= 1
            release()
          })
          await Promise.all(visits)
          const all = await Promise.all(Array.from({ length: count }, () => slots.acquire(NEVER)))
          assert.equal(all.length, count)
        },
      ),
    )
  })
})

describe('a channel', () => {
  it('hands over everything in order, and then the end', async () => {
    const channel = new Channel<number>(2)
    const reading = (async () => {
      const read: number[] = []
      for await (const value of channel) read.push(value)
      return read
    })()
    for (let i = 0; i < 10; i++) await channel.push(i)
    channel.end()
    assert.deepEqual(await reading, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('holds its producer back when it is full, until it is read', async () => {
    const channel = new Channel<number>(2)
    assert.equal(channel.push(1), undefined)
    let isFree = false
    const full = channel.push(2)?.then(() => {
      isFree = true
    })
    await Promise.resolve()
    assert.equal(isFree, false)
    const reader = channel[Symbol.asyncIterator]()
    assert.equal((await reader.next()).value, 1)
    await full
    assert.ok(isFree)
  })

  it('throws its error after the values that wait', async () => {
    const channel = new Channel<number>(5)
    channel.push(1)
    channel.end(new Error('over'))
    channel.push(2)
    const reader = channel[Symbol.asyncIterator]()
    assert.equal((await reader.next()).value, 1)
    await assert.rejects(reader.next(), /over/u)
  })

  it('frees its producer when its reader leaves', async () => {
    const channel = new Channel<number>(1)
    const full = channel.push(1)
    for await (const _ of channel) break
    await full
    assert.equal(channel.push(2), undefined)
    assert.equal(channel.length, 0)
  })
})

describe('a full queue', () => {
  it('says when to come again, from how long its slots are held', async () => {
    let now = 0
    const slots = new Slots({ slots: 2, queueLimit: 4, now: () => now })
    const signal = new AbortController().signal
    const releases = await Promise.all([slots.acquire(signal), slots.acquire(signal)])
    now = 30_000
    for (const release of releases) release()
    const held = await Promise.all([slots.acquire(signal), slots.acquire(signal)])
    const waiting = Array.from({ length: 4 }, () => slots.acquire(signal))
    await assert.rejects(slots.acquire(signal), { code: 'busy', retryAfterSeconds: 60 })
    for (const release of held) release()
    for (const acquired of waiting) (await acquired)()
  })
})
