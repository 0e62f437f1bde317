import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { resolveOverlaps } from '../../detectors/overlap.ts'

const ranked = (entity: string, start: number, end: number, rank: number, score = 0.5) => ({
  finding: { entity, span: { start, end }, score, recogniser: entity.toLowerCase() },
  rank,
})
const shape = (text: string, ...all: readonly ReturnType<typeof ranked>[]): readonly string[] =>
  resolveOverlaps(text, all).map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)

describe('overlapping findings', () => {
  it('let the checksum win and keep what sticks out of the loser', () => {
    assert.deepEqual(shape('see /x/1234 now', ranked('URL', 4, 11, 1), ranked('CARD', 7, 11, 2)), [
      'URL:x',
      'CARD:1234',
    ])
  })
  it('let the longer one win between equals', () => {
    assert.deepEqual(shape('abcdef', ranked('A', 0, 3, 1, 0.9), ranked('B', 0, 6, 1, 0.5)), ['B:abcdef'])
  })
  it('drop what is covered as a whole', () => {
    assert.deepEqual(shape('jane@x.com', ranked('EMAIL', 0, 10, 2), ranked('PERSON', 0, 4, 0)), [
      'EMAIL:jane@x.com',
    ])
  })
  it('drop pieces without letters and digits', () => {
    assert.deepEqual(shape('(abc)', ranked('A', 0, 5, 0), ranked('B', 1, 4, 2)), ['B:abc'])
  })
  it('drop spans outside the text', () => {
    assert.deepEqual(shape('abc', ranked('A', 1, 9, 0), ranked('B', -1, 2, 0), ranked('C', 2, 2, 0)), [])
  })
  it('are disjoint, sorted, and cover every letter any of them covered, in any order of input', () => {
    const text = 'ab cd, ef 12 gh-34 ij'
    const one = fc.record({
      start: fc.nat(text.length),
      length: fc.nat(12),
      rank: fc.nat(3),
      score: fc.nat(10),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (all) => {
        const input = all
          .map(({ start, length, rank, score }, i) =>
            ranked(`T${i}`, start, Math.min(text.length, start + length), rank, score / 10),
          )
          .filter(({ finding: { span } }) => span.end > span.start)
        const output = resolveOverlaps(text, input)
        output.forEach(({ span }, i) => {
          assert.ok(span.end > span.start && span.start >= (output[i - 1]?.span.end ?? 0))
        })
        for (const { finding } of input) {
          for (let i = finding.span.start; i < finding.span.end; i += 1) {
            if (!/[a-z0-9]/.test(text.charAt(i))) continue
            assert.ok(
              output.some(({ span }) => span.start <= i && i < span.end),
              `letter ${i} was lost`,
            )
          }
        }
        assert.deepEqual(resolveOverlaps(text, input.toReversed()), output)
      }),
    )
  })
})
