/** Invariant 8 over the whole engine: four times the hostile text takes about four times as long, not sixteen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors } from '../../detectors/index.ts'

const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
const HOSTILE = [
  '1 ',
  '12-',
  'a@',
  'AB12 ',
  'a.b.',
  '::1',
  'card 4111 ',
  'password=',
  'eyJ.',
  '-----BEGIN ',
  '.- ',
  '1: 4\n',
  'fourone',
  'a!B1',
  '4 . ',
  '12AT',
  '手机1',
  '验证码1',
]

/** Processor time in ms, the best of three: wall time would measure what else the machine does. */
function cost(text: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage()
    detectors.detect(text)
    best = Math.min(best, process.cpuUsage(before).user / 1000)
  }
  return best
}

for (const piece of HOSTILE) {
  test(`${JSON.stringify(piece)} over and over takes linear time`, () => {
    const text = (length: number): string => piece.repeat(length / piece.length)
    cost(text(8_000))
    const short = cost(text(8_000))
    const long = cost(text(64_000))
    // Eight times the text: linear is 8, quadratic 64. Small times are noise.
    assert.ok(long < 40 || long < short * 28, `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`)
  })
}
