import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  createDetectors,
  type DetectorOptions,
  type Recogniser,
  shippedRecognisers,
} from '../../detectors/index.ts'

const OPTIONS: DetectorOptions = { ner: false, languages: [], allow: [], deny: [] }
const detectors = createDetectors(OPTIONS)

const values = (text: string, options: Partial<DetectorOptions> = {}): readonly string[] =>
  createDetectors({ ...OPTIONS, ...options })
    .detect(text)
    .findings.map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)

const throwing: Recogniser = {
  id: 'throwing',
  layer: 'pattern',
  entities: ['MISC'],
  examples: [],
  analyse: () => {
    throw new Error('boom')
  },
}

describe('the engine', () => {
  it('finds through what hides a value and gives the range as written', () => {
    assert.deepEqual(values('mail j\u200bane＠example．com now'), ['EMAIL:j\u200bane＠example．com'])
    assert.deepEqual(values('card ④①①① １１１１ 1111 1111'), ['CREDIT_CARD:④①①① １１１１ 1111 1111'])
  })
  it('treats an allowed value as no finding, whole and in any case', () => {
    assert.deepEqual(values('INFO@example.com', { allow: ['info@EXAMPLE.com'] }), [])
    assert.deepEqual(values('xinfo@example.com', { allow: ['info@example.com'] }), [
      'EMAIL:xinfo@example.com',
    ])
  })
  it('always finds a denied value, between word boundaries and in any case', () => {
    const deny = [{ type: 'PROJECT', values: ['Blue Bird', '蓝鸟', '#42'] }]
    assert.deepEqual(values('the BLUE BIRD, bluebird, Blue Birds; 项目蓝鸟启动 #42', { deny }), [
      'PROJECT:BLUE BIRD',
      'PROJECT:蓝鸟',
      'PROJECT:#42',
    ])
    assert.deepEqual(values('Blue\u00a0Bird', { deny, allow: ['blue bird'] }), ['PROJECT:Blue\u00a0Bird'])
  })
  it('refuses a denied type that is not an entity name', () => {
    assert.throws(
      () => createDetectors({ ...OPTIONS, deny: [{ type: 'project', values: ['x'] }] }),
      RangeError,
    )
  })
  it('reports the layer as down when a recogniser throws and keeps the rest', () => {
    const broken = createDetectors(OPTIONS, [throwing])
    assert.deepEqual(broken.detect('jane@example.com'), {
      findings: [],
      status: { pattern: 'down', ner: 'off' },
    })
  })
  it('runs the layers asked for and reports the others as off', () => {
    assert.deepEqual(detectors.detect('jane@example.com', []).status, { pattern: 'off', ner: 'off' })
    assert.deepEqual(detectors.detect('x').status, { pattern: 'ok', ner: 'off' })
  })
  it('gives disjoint, sorted findings in range for any text and never throws', () => {
    const pieces = fc.constantFrom(
      'jane@example.com',
      '4111 1111 1111 1111',
      ' ',
      '\ud800',
      'https://u:p4@x.example/?q=',
      '192.0.2.1',
      '\u200b',
      'DE89 3704 0044 0532 0130 00',
      '+49 30 901820',
      'password=',
      '1',
      '-',
      'é',
    )
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const { findings, status } = detectors.detect(text)
        assert.equal(status.pattern, 'ok')
        findings.forEach(({ span, score }, i) => {
          assert.ok(
            span.start >= (findings[i - 1]?.span.end ?? 0) &&
              span.end > span.start &&
              span.end <= text.length,
          )
          assert.ok(score > 0 && score <= 1)
        })
      }),
      { numRuns: 300 },
    )
  })
  it('reads 300,000 characters of hostile text in seconds', () => {
    for (const piece of [
      '1 ',
      '0123 456 789 ',
      'a@b.',
      '4111 1111 1111 1112 ',
      '::',
      'password="x',
      '\u0301',
    ]) {
      const start = process.cpuUsage()
      detectors.detect(piece.repeat(Math.floor(300_000 / piece.length)))
      const ms = process.cpuUsage(start).user / 1000
      assert.ok(ms < 10_000, `${piece} took ${ms.toFixed(0)} ms`)
    }
  })
})

it('asks a voter beside the tagger when the options name it', () => {
  const options = { ner: true, languages: [], allow: [], deny: [] }
  const names = (voters: readonly 'compromise'[]): readonly string[] =>
    shippedRecognisers(true, 'high', voters)
      .filter(({ layer }) => layer === 'ner')
      .map(({ id }) => id)
  assert.deepEqual(names([]), ['ner'])
  assert.deepEqual(names(['compromise']), ['ner', 'compromise'])
  const { status } = createDetectors({ ...options, voters: ['compromise'] }).detect('Mary Johnson left.')
  assert.deepEqual(status, { pattern: 'ok', ner: 'ok' })
})
