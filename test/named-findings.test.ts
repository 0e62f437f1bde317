/** The NER layer elsewhere: what the engine is asked, and what its answers and failures become. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../detectors/index.ts'
import { cacheNamedFindings } from '../proxy/findings-cache.ts'
import { createNamedDetectors } from '../proxy/named-findings.ts'
import type { NameEngine, NamesFound } from '../proxy/ports.ts'

const OPTIONS = { ner: true, languages: [], allow: ['Ann Lee'], deny: [] }
const NEVER = new AbortController().signal
const NAME = /\b(?:Ann Lee|Bob Ray)\b/gu

interface FakeEngine extends NameEngine {
  readonly asked: (readonly string[])[]
}

/** An engine that knows two people, or fails. */
function fakeEngine(fails?: 'down' | 'timeout'): FakeEngine {
  const asked: (readonly string[])[] = []
  return {
    engine: 'http',
    asked,
    status: () => fails ?? 'ok',
    find: async (texts): Promise<NamesFound> => {
      asked.push(texts)
      if (fails !== undefined) return { status: fails }
      return { status: 'ok', findings: texts.map(namesIn) }
    },
    close: async () => undefined,
  }
}

function namesIn(text: string): readonly Finding[] {
  return [...text.matchAll(NAME)].map((match) => ({
    entity: 'PERSON',
    span: { start: match.index, end: match.index + match[0].length },
    score: 0.9,
    recogniser: 'http',
  }))
}

test('the engine is asked once for all texts, and its findings join those of the patterns', async () => {
  const engine = fakeEngine()
  const texts = ['Bob Ray, bob@example.com', 'nothing', '12345']
  const detect = await createNamedDetectors(OPTIONS, engine).prepare(texts, NEVER)
  const { findings, status } = detect('Bob Ray, bob@example.com')
  assert.deepEqual(
    findings.map(({ entity }) => entity),
    ['PERSON', 'EMAIL'],
  )
  assert.deepEqual(status, { pattern: 'ok', ner: 'ok' })
  assert.deepEqual(engine.asked, [['Bob Ray, bob@example.com', 'nothing']])
  assert.deepEqual(detect('12345').status, { pattern: 'ok', ner: 'ok' })
})

test('names are found through invisible characters and encodings, and the operator can allow them', async () => {
  const encoded = Buffer.from('Bob Ray lives here').toString('base64')
  const texts = ['Bob\u200b Ray', `see ${encoded}`, 'Ann Lee']
  const detect = await createNamedDetectors(OPTIONS, fakeEngine()).prepare(texts, NEVER)
  const found = (text: string): readonly string[] =>
    detect(text).findings.map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)
  assert.deepEqual(found('Bob\u200b Ray'), ['PERSON:Bob\u200b Ray'])
  assert.deepEqual(found(`see ${encoded}`), [`PERSON:${encoded}`])
  assert.deepEqual(found('Ann Lee'), [])
})

for (const failure of ['down', 'timeout'] as const) {
  test(`an engine that is ${failure} makes the layer ${failure}, and patterns stay`, async () => {
    const detect = await createNamedDetectors(OPTIONS, fakeEngine(failure)).prepare(
      ['bob@example.com'],
      NEVER,
    )
    const { findings, status } = detect('bob@example.com')
    assert.deepEqual(
      findings.map(({ entity }) => entity),
      ['EMAIL'],
    )
    assert.deepEqual(status, { pattern: 'ok', ner: failure })
  })
}

test('a text that was not prepared has no NER layer', async () => {
  const detect = await createNamedDetectors(OPTIONS, fakeEngine()).prepare(['one'], NEVER)
  assert.equal(detect('Bob Ray').status.ner, 'down')
})

test('what was found is remembered, what failed is asked again', async () => {
  const engine = fakeEngine()
  const blocks = cacheNamedFindings(createNamedDetectors(OPTIONS, engine), new Uint8Array(32), 1_000_000)
  for (let round = 0; round < 2; round++) {
    const prepared = await blocks.prepare?.(['Bob Ray', 'old'], NEVER)
    assert.equal(prepared?.detect('Bob Ray').findings.length, 1)
  }
  assert.deepEqual(engine.asked, [['Bob Ray', 'old']])
  assert.equal(blocks.detect('new').status.ner, 'down')
  const failing = fakeEngine('down')
  const others = cacheNamedFindings(createNamedDetectors(OPTIONS, failing), new Uint8Array(32), 1_000_000)
  for (let round = 0; round < 2; round++) {
    assert.equal((await others.prepare?.(['Bob Ray'], NEVER))?.detect('Bob Ray').status.ner, 'down')
  }
  assert.equal(failing.asked.length, 2)
})
