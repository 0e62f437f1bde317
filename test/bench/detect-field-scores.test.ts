import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  countFields,
  type FieldScores,
  fieldScoresOf,
  noFieldCounts,
} from '../../bench/detect/field-scores.ts'
import type { GoldDocument, TypedSpan } from '../../bench/detect/score.ts'

const TEXT = 'Ann Lee met Bob in Rome, Italy.'
const ANN = { start: 0, end: 7, type: 'PERSON' }
const BOB = { start: 12, end: 15, type: 'PERSON' }
const ROME = { start: 19, end: 23, type: 'LOCATION' }
const ITALY = { start: 25, end: 30, type: 'LOCATION' }
const ROME_ITALY = { start: 19, end: 30, type: 'LOCATION' }

const ROWS: readonly {
  name: string
  gold: Omit<GoldDocument, 'text'>
  findings: readonly TypedSpan[]
  wanted: FieldScores
}[] = [
  {
    name: 'all found',
    gold: { spans: [ANN, BOB] },
    findings: [ANN, BOB],
    wanted: { wordF2: 1, wholeSpanF2: 1 },
  },
  {
    name: 'another type is as good',
    gold: { spans: [BOB] },
    findings: [{ ...BOB, type: 'ORG' }],
    wanted: { wordF2: 1, wholeSpanF2: 1 },
  },
  {
    name: 'half a name is half its words and no whole span',
    gold: { spans: [ANN] },
    findings: [{ ...ANN, end: 3 }],
    wanted: { wordF2: 5 / 9, wholeSpanF2: 0 },
  },
  {
    name: 'neighbours of one type are one span on both sides',
    gold: { spans: [ROME_ITALY] },
    findings: [ROME, ITALY],
    wanted: { wordF2: 1, wholeSpanF2: 1 },
  },
  {
    name: 'what is not labelled is wrong',
    gold: { spans: [BOB] },
    findings: [BOB, ROME],
    wanted: { wordF2: 5 / 6, wholeSpanF2: 5 / 6 },
  },
  {
    name: 'a type that the source does not label is left out',
    gold: { spans: [BOB], scope: ['PERSON'] },
    findings: [BOB, ROME],
    wanted: { wordF2: 1, wholeSpanF2: 1 },
  },
  {
    name: 'nothing to find and nothing found',
    gold: { spans: [] },
    findings: [],
    wanted: { wordF2: null, wholeSpanF2: null },
  },
]

for (const { name, gold, findings, wanted } of ROWS) {
  test(`F2 of words and whole spans: ${name}`, () => {
    const counts = noFieldCounts()
    countFields(counts, { text: TEXT, ...gold }, findings)
    assert.deepEqual(fieldScoresOf(counts), wanted)
  })
}
