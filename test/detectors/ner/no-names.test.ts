import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginLabel, insideLabel, NER_TYPES, type NerType, OUTSIDE } from '../../../detectors/ner/labels.ts'
import { clearNoNames } from '../../../detectors/ner/no-names.ts'
import { loadNerModel } from '../../../detectors/ner/recogniser.ts'
import { Tagger } from '../../../detectors/ner/tagger.ts'

/** Labels words of a text by hand, and says what is left of it. */
function left(text: string, labelled: readonly (readonly [word: string, type: NerType])[]): string[] {
  const tagger = new Tagger(loadNerModel(), 'balanced')
  tagger.tag(text)
  const { tokens, labels } = tagger
  labels.fill(OUTSIDE)
  const wordOf = (n: number): string => text.slice(tokens.start[n], tokens.end[n])
  for (let n = 0; n < tokens.count; n++) {
    const type = labelled.find(([word]) => word === wordOf(n))?.[1]
    if (type === undefined) continue
    const index = NER_TYPES.indexOf(type)
    labels[n] = labels[n - 1] === beginLabel(index) ? insideLabel(index) : beginLabel(index)
  }
  clearNoNames(tagger)
  return Array.from({ length: tokens.count }, (_, n) => n)
    .filter((n) => labels[n] !== OUTSIDE)
    .map(wordOf)
}

const ROWS: readonly (readonly [
  about: string,
  text: string,
  labelled: readonly (readonly [word: string, type: NerType])[],
  left: readonly string[],
])[] = [
  ['a pronoun alone', 'so they can play', [['they', 'ORG']], []],
  ['a pronoun with a capital', 'so They can play', [['They', 'ORG']], ['They']],
  ['an amount', 'write 50 words', [['50', 'DATE_TIME']], []],
  ['a year', 'that 1984 was good', [['1984', 'DATE_TIME']], ['1984']],
  ['a number at the end', 'born on the 17', [['17', 'DATE_TIME']], ['17']],
  [
    'a house behind its street',
    'near elm street. 5 with the red door',
    [
      ['elm', 'LOCATION'],
      ['street', 'LOCATION'],
      ['5', 'ADDRESS'],
    ],
    ['elm', 'street', '5'],
  ],
  ["an amount of nobody's house", 'send me 5 of them', [['5', 'ADDRESS']], []],
  ['a result', 'then 4 = 12345', [['12345', 'ADDRESS']], []],
  ['a setting', 'zip = 12345', [['12345', 'ADDRESS']], ['12345']],
  [
    'a bound',
    'use at most 200 words',
    [
      ['most', 'LOCATION'],
      ['200', 'LOCATION'],
    ],
    [],
  ],
]

for (const [about, text, labelled, expected] of ROWS) {
  test(`what is no name alone: ${about}`, () => {
    assert.deepEqual(left(text, labelled), expected)
  })
}
