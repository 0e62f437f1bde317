import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gaps } from '../../bench/detect/rivals.ts'
import {
  countDocument,
  type GoldDocument,
  noCounts,
  scoresOf,
  type TypedSpan,
} from '../../bench/detect/score.ts'

const TEXT = 'Ann Lee met Bob in Rome.'
const ANN = { start: 0, end: 7, type: 'PERSON' }
const BOB = { start: 12, end: 15, type: 'PERSON' }
const ROME = { start: 19, end: 23, type: 'LOCATION' }

function scored(gold: GoldDocument, findings: readonly TypedSpan[]): ReturnType<typeof scoresOf> {
  const counts = noCounts()
  countDocument(counts, gold, findings)
  return scoresOf(counts)
}

const ROWS: readonly {
  name: string
  gold: GoldDocument
  findings: readonly TypedSpan[]
  recall: number
  precision: number | null
  leak: number
}[] = [
  {
    name: 'all found',
    gold: { text: TEXT, spans: [ANN, BOB] },
    findings: [ANN, BOB],
    recall: 1,
    precision: 1,
    leak: 0,
  },
  {
    name: 'nothing found',
    gold: { text: TEXT, spans: [ANN, BOB] },
    findings: [],
    recall: 0,
    precision: null,
    leak: 1,
  },
  {
    name: 'half a name leaks, white space does not count',
    gold: { text: TEXT, spans: [ANN, BOB] },
    findings: [{ start: 0, end: 3, type: 'PERSON' }, BOB],
    recall: 6 / 9,
    precision: 1,
    leak: 0.5,
  },
  {
    name: 'two findings that meet cover a span together',
    gold: { text: TEXT, spans: [ANN] },
    findings: [
      { start: 0, end: 3, type: 'PERSON' },
      { start: 4, end: 7, type: 'ORG' },
    ],
    recall: 1,
    precision: 1,
    leak: 0,
  },
  {
    name: 'another type still covers',
    gold: { text: TEXT, spans: [BOB] },
    findings: [{ ...BOB, type: 'ORG' }],
    recall: 1,
    precision: 1,
    leak: 0,
  },
  {
    name: 'what is not labelled is wrong',
    gold: { text: TEXT, spans: [BOB] },
    findings: [BOB, ROME],
    recall: 1,
    precision: 3 / 7,
    leak: 0,
  },
  {
    name: 'a type outside the scope is not wrong',
    gold: { text: TEXT, spans: [BOB], scope: ['PERSON'] },
    findings: [BOB, ROME],
    recall: 1,
    precision: 1,
    leak: 0,
  },
]

for (const { name, gold, findings, recall, precision, leak } of ROWS) {
  test(`detection is scored: ${name}`, () => {
    const scores = scored(gold, findings)
    assert.equal(scores.privacyRecall, recall)
    assert.equal(scores.characterPrecision, precision)
    assert.equal(scores.leakRate, leak)
  })
}

test('the second half of a surrogate pair is no character', () => {
  const scores = scored({ text: '𝒜b', spans: [{ start: 0, end: 3, type: 'PERSON' }] }, [
    { start: 2, end: 3, type: 'PERSON' },
  ])
  assert.equal(scores.privacyRecall, 0.5)
})

test('span F1 asks for the same type', () => {
  assert.equal(scored({ text: TEXT, spans: [ANN, BOB] }, [ANN, { ...BOB, type: 'ORG' }]).spanF1, 0.5)
})

test('what a library replaced without saying where is found between the pieces that stayed', () => {
  const spans = (text: string, redacted: string): readonly string[] =>
    gaps(text, redacted).map(({ start, end, type }) => `${type}:${text.slice(start, end)}`)
  assert.deepEqual(spans('Hi Ann, mail a@b.de now', 'Hi PERSON_NAME, mail EMAIL_ADDRESS now'), [
    'PERSON:Ann',
    'EMAIL:a@b.de',
  ])
  assert.deepEqual(spans('Ann', 'PERSON_NAME'), ['PERSON:Ann'])
  assert.deepEqual(spans('nobody', 'nobody'), [])
})
