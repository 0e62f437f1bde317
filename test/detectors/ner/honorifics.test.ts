/** Who is addressed with a title is a person, whatever the tagger says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tablesOf } from '../../../bench/train/ner/lexicon-tables.ts'
import { TokenContext } from '../../../detectors/ner/context.ts'
import { nameAddressed } from '../../../detectors/ner/honorifics.ts'
import { OUTSIDE } from '../../../detectors/ner/labels.ts'
import { LANGUAGE_SHIFT, Lexicon, LexiconBit, lexiconKey } from '../../../detectors/ner/lexicon.ts'
import type { Tagger } from '../../../detectors/ner/tagger.ts'
import { TokenBuffer } from '../../../detectors/ner/tokens.ts'

function keyOf(word: string): number {
  const tokens = new TokenBuffer()
  tokens.fill(word)
  return lexiconKey(tokens.word[0] ?? 0)
}

const FREQUENT = 1 << LANGUAGE_SHIFT
const LEXICON = new Lexicon(
  tablesOf(
    new Map([
      [keyOf('president'), FREQUENT],
      [keyOf('young'), FREQUENT | LexiconBit.family],
    ]),
  ),
)

/** The words that are labelled in a text in which the tagger saw nothing. */
function addressed(text: string): string[] {
  const tokens = new TokenBuffer()
  const context = new TokenContext()
  tokens.fill(text)
  context.fill(text, tokens, LEXICON)
  const labels = new Uint8Array(tokens.count)
  const tagger = { tokens, context, labels, margins: new Float32Array(tokens.count) } as unknown as Tagger
  nameAddressed(tagger)
  return [...labels.keys()]
    .filter((n) => labels[n] !== OUTSIDE)
    .map((n) => text.slice(tokens.start[n], tokens.end[n]))
}

const ROWS: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['call Mr. Danladi, Mrs Okwuosa and MRS TEMBEKA', ['Danladi', 'Okwuosa', 'TEMBEKA']],
  ['Frau Zschoche schrieb Herrn Böhnke', ['Zschoche', 'Böhnke']],
  ['il sig. Brambilla, la señora Urrutia, panu Kaczmarkowi nic', ['Brambilla', 'Urrutia', 'Kaczmarkowi']],
  ['Mr President met Mr Young', ['Young']],
  ['our HR Zorblex rollout and the MS Quuxly import', []],
  ['Frau C traf Herrn Dr. A, Frau T. und Mr. B', ['C', 'A', 'T', 'B']],
  ['thanks, Dr. I will come', []],
  ['HR. LAURITSEN', ['LAURITSEN']],
  ['mr danladi, Mr.\nDanladi, Mr  Danladi, Mr Al', []],
]

for (const [text, names] of ROWS) {
  test(`behind a title: ${text.slice(0, 30)}`, () => assert.deepEqual(addressed(text), names))
}
