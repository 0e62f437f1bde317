/** The tagger's decoding, on a model that knows a single word. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tablesOf } from '../../../bench/train/ner/lexicon-tables.ts'
import { encodeModel } from '../../../bench/train/ner/model-writer.ts'
import { mix } from '../../../detectors/ner/hash.ts'
import { beginLabel, LABEL_COUNT, NER_TYPES } from '../../../detectors/ner/labels.ts'
import { RECALL_LEVELS, readModel, TABLE_MARGIN } from '../../../detectors/ner/model-file.ts'
import { Tagger } from '../../../detectors/ner/tagger.ts'
import { TokenBuffer } from '../../../detectors/ner/tokens.ts'

const WEIGHT_BITS = 20
const PERSON = beginLabel(NER_TYPES.indexOf('PERSON'))
/** The template of a word by itself, whatever its case. */
const WORD_TEMPLATE = 2
/** What "zorbleka" says for a person, and the transitions against any name. */
const FOR = 10
const AGAINST = -13

/** A tagger of a model whose only weight is that of "zorbleka" for the beginning of a person. */
function tagger(): Tagger {
  const weights = new Float32Array(2 ** WEIGHT_BITS + TABLE_MARGIN)
  const tokens = new TokenBuffer()
  tokens.fill('zorbleka')
  const slot = mix(tokens.word[0] ?? 0, WORD_TEMPLATE * 0x9e3779b1) >>> (32 - WEIGHT_BITS)
  weights[slot + PERSON] = FOR
  const transitions = new Float32Array(LABEL_COUNT * LABEL_COUNT)
  for (let before = 0; before < LABEL_COUNT; before++)
    for (let label = 1; label < LABEL_COUNT; label++) transitions[before * LABEL_COUNT + label] = AGAINST
  const biases = new Float32Array(RECALL_LEVELS.length * NER_TYPES.length)
  const trained = { weights, transitions }
  const file = encodeModel({ weightBits: WEIGHT_BITS, trained, lexicon: tablesOf(new Map()), biases })
  return new Tagger(readModel(file), 'high')
}

function isNamed(text: string): boolean {
  const made = tagger()
  made.tag(text)
  return made.labels[made.tokens.start.indexOf(text.indexOf('Zorbleka'))] === PERSON
}

const PROSE = 'Nobody in the office knows why the report was late again this week. '.repeat(4)

test('what a word says of itself counts for more in careless text than in prose', () => {
  assert.equal(isNamed(`${PROSE}Perhaps Zorbleka knows.`), false)
  assert.equal(isNamed(`${PROSE}perhaps Zorbleka knows!!!`), true)
})
