import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLanes, restoreText } from '../../restore/index.ts'
import { cutAt, placeholderOf, vaultOf } from './support.ts'

const vault = vaultOf(['PERSON', 'Anna "Nan" Schmidt'], ['EMAIL', 'anna@example.com'])
const person = placeholderOf(vault, 'Anna "Nan" Schmidt')
const email = placeholderOf(vault, 'anna@example.com')

test('lanes do not see each other', () => {
  const lanes = createLanes(vault)
  const half = person.slice(0, 6)
  assert.equal(lanes.restore({ lane: '0.content', text: `Hi ${half}` }), 'Hi ')
  assert.equal(lanes.restore({ lane: '1.content', text: person.slice(6) }), person.slice(6))
  assert.equal(lanes.restore({ lane: '0.content', text: `${person.slice(6)}!` }), 'Anna "Nan" Schmidt!')
  assert.equal(lanes.restoredCount, 1)
})

test('the last piece of a lane brings out all that was held back, and the lane begins anew', () => {
  const lanes = createLanes(vault)
  assert.equal(lanes.restore({ lane: 'a', text: person }), '')
  assert.equal(lanes.restore({ lane: 'a', text: '', last: true }), 'Anna "Nan" Schmidt')
  assert.equal(lanes.restore({ lane: 'a', text: person.slice(3), last: true }), person.slice(3))
  assert.equal(lanes.restore({ lane: 'b', text: 'PERS', last: true }), 'PERS')
  assert.equal(lanes.restoredCount, 1)
})

test('flushing brings out what is held back, once; an unknown lane has nothing', () => {
  const lanes = createLanes(vault)
  lanes.restore({ lane: 'a', text: `${email}` })
  assert.equal(lanes.flush('a'), 'anna@example.com')
  assert.equal(lanes.flush('a'), '')
  assert.equal(lanes.flush('b'), '')
})

test('a JSON lane escapes, a text lane does not', () => {
  const lanes = createLanes(vault)
  assert.equal(
    lanes.restore({ lane: 'tool', text: `{"n":"${person}"}`, json: 1 }),
    '{"n":"Anna \\"Nan\\" Schmidt"}',
  )
  assert.equal(lanes.restore({ lane: 'text', text: `{"n":"${person}"}` }), '{"n":"Anna "Nan" Schmidt"}')
})

test('any interleaving of lanes gives each of them what it is as a whole', () => {
  const texts = [
    `Dear ${person}, write to ${email}.`,
    `{"to":"${email}","who":"${person}"}`,
    `**${person}**'s`,
    `plain`,
  ]
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(60), { maxLength: 8 }), { minLength: 4, maxLength: 4 }),
      fc.infiniteStream(fc.nat(3)),
      (cuts, order) => {
        const lanes = createLanes(vault)
        const queues = texts.map((text, index) => cutAt(text, cuts[index] ?? []))
        const shown = texts.map(() => '')
        for (const next of order) {
          if (queues.every((queue) => queue.length === 0)) break
          const lane = queues[next]?.length === 0 ? queues.findIndex((queue) => queue.length > 0) : next
          const text = queues[lane]?.shift() ?? ''
          shown[lane] += lanes.restore({
            lane: `${lane}`,
            text,
            json: lane === 1 ? 1 : 0,
            last: queues[lane]?.length === 0,
          })
        }
        assert.deepEqual(
          shown,
          texts.map((text, index) => restoreText(text, vault, { json: index === 1 ? 1 : 0 })),
        )
        assert.equal(lanes.restoredCount, 5)
      },
    ),
  )
})
