import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { completionsEndpoint, ResponseError, WireError } from '../../proxy/wire/index.ts'
import { createLanes, createVault } from '../../restore/index.ts'

const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const NAME = 'Zoë "Zed"'
const P = vault.issue('PERSON', NAME)

const request = (extra: object = {}): WireObject =>
  completionsEndpoint.parse({ model: 'm', prompt: 'x', ...extra })

test('token arrays are refused, text and lists of text are taken', () => {
  for (const prompt of [[1, 2], [[1]], 5, [], {}, null]) {
    assert.throws(
      () => request({ prompt }),
      (error) => error instanceof WireError && error.code === 'invalid_request',
    )
  }
  const slots = completionsEndpoint.requestSlots(request({ prompt: ['a', 'b'], suffix: 'c', stop: ['d'] }))
  assert.deepEqual(
    slots.map(({ text }) => text),
    ['a', 'b', 'c', 'd'],
  )
})

const chunk = (index: number, text: string, finish: string | null = null): string =>
  JSON.stringify({
    id: 'c',
    choices: [{ index, text, finish_reason: finish, logprobs: { tokens: [P] } }],
    zebra: P,
  })

test('two texts in pieces of every size are restored, and what is held back comes with the end', () => {
  for (let size = 1; size <= 20; size += 1) {
    for (const finish of ['stop', null]) {
      const stream = completionsEndpoint.openStream(request({ stream: true }))
      const lanes = createLanes(vault)
      const seen = ['', '']
      const take = (step: ReturnType<typeof stream.push> | null): void => {
        for (const slot of step?.slots ?? []) slot.write(lanes.restore(slot))
        const choices = step?.events.flatMap(({ data }) => data.choices as { index: number; text: string }[])
        for (const choice of choices ?? []) {
          seen[choice.index] += choice.text
        }
      }
      const text = `Hi ${P}! ${P.slice(0, 7)}`
      for (let at = 0; at < text.length; at += size) {
        for (const index of [0, 1]) take(stream.push(chunk(index, text.slice(at, at + size))))
      }
      if (finish !== null) for (const index of [0, 1]) take(stream.push(chunk(index, '', finish)))
      take(stream.end())
      assert.deepEqual(seen, Array(2).fill(`Hi ${NAME}! ${P.slice(0, 7)}`))
    }
  }
})

test('a whole answer keeps only what is known', () => {
  const answer = completionsEndpoint.readResponse(JSON.parse(chunk(0, `Hi ${P}`, 'odd')))
  const lanes = createLanes(vault)
  for (const slot of completionsEndpoint.responseSlots(answer, request())) slot.write(lanes.restore(slot))
  assert.deepEqual(answer.choices, [{ index: 0, text: `Hi ${NAME}`, logprobs: null, finish_reason: 'stop' }])
  assert.ok(!JSON.stringify(answer).includes(P))
  assert.throws(() => completionsEndpoint.readResponse({ choices: [{ text: 5 }] }), ResponseError)
})
