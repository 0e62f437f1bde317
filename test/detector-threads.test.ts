/** Long texts in threads: the same findings, and what becomes of a thread that fails, hangs or is not waited for. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createDetectors, type DetectorOptions } from '../detectors/index.ts'
import { createDetectorThreads, type DetectorThreads } from '../proxy/detector-threads.ts'
import { cacheFindings } from '../proxy/findings-cache.ts'

const OPTIONS: DetectorOptions = {
  ner: true,
  languages: [],
  allow: ['allowed@example.com'],
  deny: [{ type: 'CONFIDENTIAL', values: ['Project Falcon'] }],
}
const NEVER = new AbortController().signal
const DOWN = { findings: [], status: { pattern: 'down', ner: 'down' } }
const TEXT = `${'The weather was fine that day, and nobody minded the rain. '.repeat(400)}
Write to ada.example@example.org or allowed@example.com about Project Falcon; Maria Gonzalez knows 4111 1111 1111 1111.`

/** A thread whose program is given. */
function program(source: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${source}`)}`,
  )
}

const HANGS = program("parentPort.on('message', () => { for (;;); })")
const ANSWERS = "parentPort.postMessage({ findings: [], status: { pattern: 'ok', ner: 'ok' } })"

const open: DetectorThreads[] = []
after(() => Promise.all(open.map((threads) => threads.close())))

function threadsOf(
  change: Omit<Parameters<typeof createDetectorThreads>[0], 'detectors'> = {},
): DetectorThreads {
  const threads = createDetectorThreads({ detectors: OPTIONS, threads: 1, ...change })
  open.push(threads)
  return threads
}

describe('detectors in threads', () => {
  test('find what the detectors here find, whoever asks first', async () => {
    const here = createDetectors(OPTIONS)
    const threads = threadsOf({ threads: 2 })
    const texts = [TEXT, `${TEXT} bob@example.org`, '', 'x'.repeat(20_000), TEXT]
    const found = await Promise.all(texts.map((text) => threads.detect(text, NEVER)))
    assert.deepEqual(
      found,
      texts.map((text) => here.detect(text)),
    )
    assert.deepEqual(
      new Set(found[0]?.findings.map(({ entity }) => entity)),
      new Set(['EMAIL', 'CONFIDENTIAL', 'PERSON', 'CREDIT_CARD']),
    )
  })

  test('are down where the thread throws, or ends before it begins, and say nothing of the text', async () => {
    for (const source of [
      "throw new Error('no')",
      "parentPort.on('message', (text) => { throw new Error(text) })",
    ]) {
      const threads = threadsOf({ file: program(source) })
      assert.deepEqual(await threads.detect(TEXT, NEVER), DOWN)
      assert.deepEqual(await threads.detect(TEXT, NEVER), DOWN)
    }
  })

  test('go on in another thread after one that ended', async () => {
    const threads = threadsOf({
      file: program(
        `parentPort.on('message', (text) => { if (text === 'end') process.exit(1); ${ANSWERS} })`,
      ),
    })
    const all = await Promise.all(['a', 'end', 'b'].map((text) => threads.detect(text, NEVER)))
    assert.deepEqual(
      all.map(({ status }) => status.pattern),
      ['ok', 'down', 'ok'],
    )
  })

  test('time out where a text takes for ever, which costs nobody else their answer', async () => {
    const threads = threadsOf({
      file: program(`parentPort.on('message', (text) => { if (text === 'hang') for (;;); ${ANSWERS} })`),
      patienceMs: (text) => (text === 'hang' ? 300 : 60_000),
    })
    const all = await Promise.all(['hang', 'b'].map((text) => threads.detect(text, NEVER)))
    assert.deepEqual(
      all.map(({ status }) => status.pattern),
      ['timeout', 'ok'],
    )
  })

  test('are left by whoever is gone, in the queue and at work', async () => {
    const threads = threadsOf({ file: HANGS, patienceMs: () => 60_000 })
    const controllers = [new AbortController(), new AbortController()]
    const waiting = controllers.map(({ signal }) => threads.detect(TEXT, signal))
    const rejected = waiting.map((one) => assert.rejects(one, { name: 'AbortError' }))
    for (const controller of controllers.reverse()) controller.abort()
    await Promise.all(rejected)
    await assert.rejects(threads.detect(TEXT, AbortSignal.abort()), { name: 'AbortError' })
  })

  test('are down once closed, also for those that wait', async () => {
    const threads = threadsOf({ file: HANGS, patienceMs: () => 60_000 })
    const waiting = [threads.detect('a', NEVER), threads.detect('b', NEVER)]
    await threads.close()
    assert.deepEqual(await Promise.all([...waiting, threads.detect('c', NEVER)]), [DOWN, DOWN, DOWN])
  })

  test('are asked once for a text, and again where they failed', async () => {
    const asked: string[] = []
    const detectors = cacheFindings(
      createDetectors({ ...OPTIONS, ner: false }),
      new Uint8Array(32),
      1e6,
      async (text) => {
        asked.push(text)
        return asked.length === 1
          ? { findings: [], status: { pattern: 'down', ner: 'off' } }
          : { findings: [], status: { pattern: 'ok', ner: 'off' } }
      },
    )
    for (let i = 0; i < 3; i++) await detectors.detectAside?.('text', NEVER)
    assert.equal(asked.length, 2)
    assert.equal(detectors.detect('text').status.pattern, 'ok')
  })
})
