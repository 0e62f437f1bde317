import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AnalysedText,
  createDetectors,
  createPeople,
  type Recogniser,
  shippedRecognisers,
} from '../../detectors/index.ts'
import { analyseText, scanOf } from '../../detectors/text.ts'
import { attacksOn, endlessAttacksOn } from '../support/attacks.ts'

const RECOGNISERS = [...shippedRecognisers(true), createPeople()]
const CONTEXT = { languages: [] }

function found(recogniser: Recogniser, text: string): readonly string[] {
  const analysed = analyseText(text)
  return recogniser.analyse(analysed, CONTEXT).map(({ span }) => {
    const { start, end } = analysed.toOriginal(span)
    return text.slice(start, end)
  })
}

/** Processor time of one run in ms, the best of a few: wall time would measure what else the machine does. */
function bestTime(run: () => void, runs: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i += 1) {
    const start = process.cpuUsage()
    run()
    best = Math.min(best, process.cpuUsage(start).user / 1000)
  }
  return best
}

/** Analysed and scanned texts, shared by all recognisers. */
const HOSTILE = new Map<string, AnalysedText>()

function hostile(piece: string, length: number): AnalysedText {
  const key = `${length}:${piece}`
  const known = HOSTILE.get(key)
  if (known !== undefined) return known
  const analysed = analyseText(piece.repeat(Math.ceil(length / piece.length)).slice(0, length))
  scanOf(analysed)
  if (HOSTILE.size > 200) HOSTILE.clear()
  HOSTILE.set(key, analysed)
  return analysed
}

const STEPS = [10_000, 20_000, 40_000]
/** Below this many ms the garbage collector decides. */
const NOISE = 12
/** A shorter text, and what counts as nothing there: quadratic time that matters at 40,000 is a millisecond here. */
const SCREEN = 4_000
const SCREEN_NOISE = 0.8
/** Twice the text: linear is 2, quadratic 4. */
const MOST_GROWTH = 3.2

/**
 * Null when the time grows with the text; else the last times measured, in ms. Compilation and garbage collection may
 * fall into one measurement, so it has to grow too fast in all of several.
 */
function growth(recogniser: Recogniser, piece: string): readonly number[] | null {
  const limit = recogniser.layer === 'ner' ? 8000 : 1500
  const time = (length: number, runs: number): number =>
    bestTime(() => recogniser.analyse(hostile(piece, length), CONTEXT), runs)
  // Most attacks do nothing: the shortest text tells, and what explodes on it is not given a longer one.
  const first = time(SCREEN, 1)
  if (first < SCREEN_NOISE) return null
  if (first > limit) return [first]
  if (time(40_000, 1) < NOISE) return null
  let times: readonly number[] = []
  for (let attempt = 0; attempt < 5; attempt += 1) {
    times = STEPS.map((length) => {
      hostile(piece, length)
      return time(length, 2)
    })
    const [first = 0, second = 0, third = 0] = times
    const isLinear = second < Math.max(NOISE, first * MOST_GROWTH) && third < second * MOST_GROWTH
    if (third < NOISE || (isLinear && third < limit)) return null
  }
  return times
}

/** Ten times the text: linear is 10, quadratic 100. */
const MOST_TENFOLD = 32

function timeOn(recogniser: Recogniser, text: string): number {
  const analysed = analyseText(text)
  scanOf(analysed)
  return bestTime(() => recogniser.analyse(analysed, CONTEXT), 3)
}

const COMMON_ATTACKS = [
  '1',
  '1 ',
  '1-',
  '(1',
  'a.',
  'a@',
  '@',
  'a:',
  '::',
  '://',
  'A1 ',
  '-----BEGIN ',
  'eyJ',
  'password=',
  '"',
  "a='",
]

for (const recogniser of RECOGNISERS) {
  describe(`recogniser ${recogniser.id}`, () => {
    for (const { text, finds } of recogniser.examples) {
      it(`finds ${JSON.stringify(finds)} in ${JSON.stringify(text.slice(0, 80))}`, () => {
        assert.deepEqual(found(recogniser, text), finds)
      })
    }

    it('has positive and negative examples', () => {
      assert.ok(recogniser.examples.some(({ finds }) => finds.length > 0))
      assert.ok(recogniser.examples.some(({ finds }) => finds.length === 0))
    })

    it('takes linear time on hostile strings of 10 k, 20 k and 40 k', () => {
      for (const piece of [...attacksOn(recogniser), ...COMMON_ATTACKS]) {
        const times = growth(recogniser, piece)
        assert.ok(times === null, `${recogniser.id}: ${times?.join(', ')} ms for ${JSON.stringify(piece)}`)
      }
    })

    it('takes linear time on a beginning that never ends', () => {
      for (const [i, text] of endlessAttacksOn(recogniser, SCREEN).entries()) {
        const long = endlessAttacksOn(recogniser, 10 * SCREEN)[i] ?? ''
        const first = timeOn(recogniser, text)
        const tenfold = first < SCREEN_NOISE ? 0 : timeOn(recogniser, long)
        assert.ok(
          tenfold < Math.max(NOISE, first * MOST_TENFOLD),
          `${recogniser.id}: ${first}, ${tenfold} ms for ${JSON.stringify(text.slice(0, 80))}`,
        )
      }
    })
  })
}

describe('the list of recognisers', () => {
  it('has each id once', () => {
    const ids = RECOGNISERS.map(({ id }) => id)
    assert.deepEqual(ids, [...new Set(ids)])
  })

  it('finds the positive examples through the engine as well', () => {
    const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
    for (const recogniser of RECOGNISERS.filter(({ layer }) => layer === 'pattern')) {
      for (const { text, finds } of recogniser.examples) {
        const covered = new Set<number>()
        for (const { span } of detectors.detect(text).findings) {
          for (let i = span.start; i < span.end; i += 1) covered.add(i)
        }
        let from = 0
        for (const value of finds) {
          const at = text.indexOf(value, from)
          from = at + value.length
          for (let i = at; i < from; i += 1) {
            if (/[\p{L}\p{N}]/u.test(text.charAt(i)))
              assert.ok(covered.has(i), `${recogniser.id}: ${value} is not covered in ${text}`)
          }
        }
      }
    }
  })
})
