import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tablesOf } from '../../../bench/train/ner/lexicon-tables.ts'
import { TokenContext } from '../../../detectors/ner/context.ts'
import { Eagerness } from '../../../detectors/ner/eagerness.ts'
import {
  FUNCTION_WORD,
  LANGUAGE_SHIFT,
  Lexicon,
  LexiconBit,
  lexiconKey,
  PLAIN_WORD,
} from '../../../detectors/ner/lexicon.ts'
import { TokenBuffer } from '../../../detectors/ner/tokens.ts'
import { eachFormSlot, FORM_SLOTS } from '../../../detectors/ner/word-form.ts'

function keyOf(word: string): number {
  const tokens = new TokenBuffer()
  tokens.fill(word)
  return lexiconKey(tokens.word[0] ?? 0)
}

/** Forms of which all letter sequences of `zorbleka` say "name" and those of `frunting` say "word". */
function forms(): Int8Array {
  const weights = new Int8Array(FORM_SLOTS)
  eachFormSlot('zorbleka', 0, 8, (slot) => {
    weights[slot] = 20
  })
  eachFormSlot('frunting', 0, 8, (slot) => {
    weights[slot] = -20
  })
  return weights
}

const LEXICON = new Lexicon(
  tablesOf(
    new Map([
      [keyOf('ruth'), LexiconBit.given],
      [keyOf('branch'), LexiconBit.given],
      [keyOf('they'), 1 << LANGUAGE_SHIFT],
      [keyOf('carries'), 1 << LANGUAGE_SHIFT],
    ]),
    new Map([
      [keyOf('they'), FUNCTION_WORD],
      [keyOf('branch'), PLAIN_WORD],
    ]),
    undefined,
    forms(),
  ),
)

/** The share that the labels of people get at a word of a text. */
function shareOf(text: string, word: string): number {
  const tokens = new TokenBuffer()
  const context = new TokenContext()
  tokens.fill(text)
  context.fill(text, tokens, LEXICON)
  const eagerness = new Eagerness(tokens, context)
  eagerness.begin()
  const n = tokens.start.indexOf(text.indexOf(word))
  return eagerness.shareForPeople(n, eagerness.share(n))
}

const PROSE = 'Nobody in the office knows why the report was late again this week. '.repeat(4)

test('a given name in small letters gets more of the bias than an unknown word', () => {
  assert.ok(shareOf(`${PROSE}ask ruth`, 'ruth') > shareOf(`${PROSE}ask zorble`, 'zorble'))
})

test('a name that is mostly written as a plain word gets little', () => {
  assert.ok(shareOf(`${PROSE}ask branch`, 'branch') < shareOf(`${PROSE}ask ruth`, 'ruth') / 2)
})

test('what passes a post on gets nothing, and numbers neither', () => {
  assert.equal(shareOf('RT @somebody: nice one', 'RT'), 0)
  assert.ok(shareOf('GO @somebody: nice one', 'GO') > 0)
  assert.equal(shareOf('omg 5 more days #soon', '5'), 0)
})

test('a pronoun with a capital gets nothing', () => {
  assert.equal(shareOf(`${PROSE}They carries it.`, 'They'), 0)
})

test('a frequent word that nobody is called gets little', () => {
  assert.ok(shareOf(`${PROSE}Ruth Carries it.`, 'Carries') < shareOf(`${PROSE}Ruth Zorble it.`, 'Zorble'))
})

test('names in careless text get more than in prose', () => {
  assert.ok(shareOf(`${PROSE}ask Ruth!!!`, 'Ruth') > shareOf(`${PROSE}ask Ruth.`, 'Ruth'))
})

test('names in posts get more than in other careless text, and an address makes no post', () => {
  const share = (sign: string): number => shareOf(`${PROSE}ask Ruth!!! ${sign}`, 'Ruth')
  assert.ok(share('@zorble') > share('zorble'))
  assert.equal(share('zorble@example.com'), share('zorble'))
})

test('a word on no list gets the more, the more it is built like a name', () => {
  const share = (word: string): number => shareOf(`${PROSE}ask ${word}!!!`, word)
  assert.ok(share('zorbleka') > share('qwixt'))
  assert.ok(share('qwixt') > share('frunting'))
})

test('words of scripts without capitals get the same in any text', () => {
  assert.equal(shareOf('हाँ सुनीता!!!', 'सुनीता'), shareOf(`${PROSE}हाँ सुनीता.`, 'सुनीता'))
  assert.ok(shareOf('हाँ सुनीता!!!', 'सुनीता') < shareOf('yes Ruth!!!', 'Ruth') / 2)
})
