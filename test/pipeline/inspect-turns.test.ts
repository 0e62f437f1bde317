/** A request with much to look at lets others have their turns. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlockDetectors } from '../../proxy/findings-cache.ts'
import { inspect, inspectPrepared } from '../../proxy/pipeline/inspect.ts'
import { inTurns } from '../../proxy/pipeline/turns.ts'
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

test('a long text is looked at aside, and what fails there is seen', async () => {
  const long = 'word '.repeat(5_000)
  const body = {
    model: 'm',
    messages: [
      { role: 'user', content: long },
      { role: 'user', content: 'short' },
    ],
  }
  const slots = chatEndpoint.requestSlots(chatEndpoint.parse(body))
  const looked: string[] = []
  const aside: string[] = []
  const detectors: BlockDetectors = {
    ...slowDetectors(looked),
    detectAside: async (text) => {
      aside.push(text)
      return { findings: [], status: { pattern: 'down', ner: 'off' }, hmac: 'aside' }
    },
  }
  const { status, hmacs } = await inspectPrepared(slots, detectors, [], new AbortController().signal)
  assert.deepEqual(aside, [long])
  assert.ok(!looked.includes(long) && looked.includes('short'))
  assert.equal(status.pattern, 'down')
  assert.deepEqual(hmacs, ['aside', 'short'])
})

test('steps are taken in turns, and no more once the client has left', async () => {
  let taken = 0
  function* steps(): Generator<void, string> {
    for (; taken < 40; taken++) {
      for (const start = performance.now(); performance.now() - start < 2; );
      yield
    }
    return 'done'
  }
  let result = ''
  const turns = await turnsDuring(async () => {
    result = await inTurns(steps(), new AbortController().signal)
  })
  assert.equal(result, 'done')
  assert.ok(turns >= 8, `${turns} turns`)
  const controller = new AbortController()
  taken = 0
  setImmediate(() => controller.abort())
  await assert.rejects(inTurns(steps(), controller.signal))
  assert.ok(taken < 30, `${taken} steps`)
})
