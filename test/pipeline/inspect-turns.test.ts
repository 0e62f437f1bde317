/** A request with much to look at lets others have their turns. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlockDetectors } from '../../proxy/findings-cache.ts'
import { inspect, inspectPrepared } from '../../proxy/pipeline/inspect.ts'
import { chatEndpoint } from '../../proxy/wire/index.ts'

/** Takes longer over each text than a turn, and finds its first letter. */
function slowDetectors(looked: string[]): BlockDetectors {
  return {
    detect: (text) => {
      looked.push(text)
      for (const start = performance.now(); performance.now() - start < 9; );
      return {
        findings: [{ entity: 'MISC', span: { start: 0, end: 1 }, score: 1, recogniser: 'test' }],
        status: { pattern: 'ok', ner: 'ok' },
        hmac: text,
      }
    },
  }
}

function slotsOf(count: number) {
  const messages = Array.from({ length: count }, (_, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: `text ${i}`,
  }))
  return chatEndpoint.requestSlots(chatEndpoint.parse({ model: 'm', messages }))
}

async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isDone = false
  const count = (): void => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await work()
  isDone = true
  return turns
}

test('many texts are looked at in many turns, each once, with the same findings', async () => {
  const slots = slotsOf(80)
  const looked: string[] = []
  const signal = new AbortController().signal
  let result: unknown
  const turns = await turnsDuring(async () => {
    result = await inspectPrepared(slots, slowDetectors(looked), [], signal)
  })
  assert.ok(turns >= 80, `${turns} turns`)
  assert.equal(looked.length, 80)
  assert.deepEqual(result, inspect(slots, slowDetectors([])))
})

test('few short texts are looked at at once', async () => {
  const looked: string[] = []
  const work = inspectPrepared(slotsOf(3), slowDetectors(looked), [], new AbortController().signal)
  assert.equal(looked.length, 3)
  await work
})

test('a client that left costs no more than the turn it left in', async () => {
  const looked: string[] = []
  const controller = new AbortController()
  setImmediate(() => controller.abort())
  await assert.rejects(inspectPrepared(slotsOf(80), slowDetectors(looked), [], controller.signal))
  assert.ok(looked.length < 10, `${looked.length} texts`)
})
