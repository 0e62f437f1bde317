import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileOwnPattern, createDetectors, type DetectorOptions } from '../../detectors/index.ts'
import { opaqueBlobs } from '../../detectors/own-recognisers.ts'
import { analyseText } from '../../detectors/text.ts'

const values = (text: string, options: Partial<DetectorOptions>): readonly string[] =>
  createDetectors({ ner: false, languages: [], allow: [], deny: [], ...options })
    .detect(text)
    .findings.map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)

describe('patterns of the operator', () => {
  const patterns = [{ type: 'CASE', pattern: 'CX-[0-9]{4}' }]

  it('are findings of their type, at the place in the text as given', () => {
    assert.deepEqual(values('😀 see CX-1234 and \u200bCX-\u200b5678', { patterns }), [
      'CASE:CX-1234',
      'CASE:CX-\u200b5678',
    ])
  })
  it('run on what encodings hide', () => {
    assert.deepEqual(values('see %43%58-1234', { patterns }), ['CASE:%43%58-1234'])
  })
  it('need one of their context words near, if they have any', () => {
    const near = [{ type: 'ROOM', pattern: '[A-Z][0-9]{2}', context: ['room'] }]
    assert.deepEqual(values('room B12', { patterns: near }), ['ROOM:B12'])
    assert.deepEqual(values('size B12', { patterns: near }), [])
  })
  it('give way to the allow list', () => {
    assert.deepEqual(values('CX-1234', { patterns, allow: ['cx-1234'] }), [])
  })
  it('must be such as RE2 can run, and cannot match nothing', () => {
    for (const pattern of ['', '(', 'a*', '(?=a)b', '(a)\\1', '(?<!x)y', 'a'.repeat(1001)])
      assert.equal(compileOwnPattern(pattern), null, pattern.slice(0, 20))
    for (const pattern of ['a+', '(a|b){1,9}c', '(?i)proj-\\d+'])
      assert.notEqual(compileOwnPattern(pattern), null)
  })
  it('stay linear where a backtracking engine would not', () => {
    const hostile = [{ type: 'X', pattern: '(a+)+b' }]
    const before = process.cpuUsage()
    assert.deepEqual(values('a'.repeat(20_000), { patterns: hostile }), [])
    assert.ok(process.cpuUsage(before).user / 1000 < 20_000)
  })
})

describe('opaque strings', () => {
  for (const { text, finds } of opaqueBlobs.examples)
    it(`are ${finds.length === 0 ? 'not ' : ''}found in ${JSON.stringify(text.slice(0, 40))}`, () => {
      const found = opaqueBlobs.analyse(analyseText(text), { languages: [] })
      assert.deepEqual(
        found.map(({ span }) => text.slice(span.start, span.end)),
        finds,
      )
    })
  it('are kept unless the configuration says otherwise', () => {
    const blob = 'q83vEjRWeJq83vAAECAwQFBgcICQ=='
    assert.deepEqual(values(`blob ${blob}`, {}), [])
    assert.deepEqual(values(`blob ${blob}`, { opaqueBlobs: 'mask' }), [`MISC:${blob}`])
  })
})
