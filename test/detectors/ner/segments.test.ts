import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Segments } from '../../../detectors/ner/segments.ts'
import { TokenBuffer } from '../../../detectors/ner/tokens.ts'

/** The words that a text's tokens stand in, in order. */
function wordsOf(text: string): string[] {
  const tokens = new TokenBuffer()
  const segments = new Segments()
  tokens.fill(text)
  segments.fill(text, tokens)
  const words: string[] = []
  for (let n = 0; n < tokens.count; n = segments.end[n] ?? n + 1) {
    assert.equal(segments.first[n], n)
    words.push(text.slice(tokens.start[n], tokens.end[(segments.end[n] ?? n + 1) - 1]))
  }
  return words
}

const TEXTS: readonly (readonly [language: string, text: string, words: readonly string[]])[] = [
  ['Chinese', '高速公路很安全。', ['高速公路', '很', '安全', '。']],
  ['Japanese', '会議は東京で', ['会議', 'は', '東京', 'で']],
  ['Thai', 'ระบบมีปัญหา', ['ระบบ', 'มี', 'ปัญหา']],
  ['Korean', '이번 회의에서', ['이번', '회의에서']],
  ['mixed', 'API 很 安全 v2', ['API', '很', '安全', 'v2']],
]

for (const [language, text, words] of TEXTS) {
  test(`the words of ${language} are told`, () => {
    assert.deepEqual(wordsOf(text), words)
  })
}

test('the same word has the same hash wherever it stands', () => {
  const tokens = new TokenBuffer()
  const segments = new Segments()
  tokens.fill('安全，安全')
  segments.fill('安全，安全', tokens)
  assert.equal(segments.hash[0], segments.hash[4])
  assert.notEqual(segments.hash[0], segments.hash[2])
})

test('a long run without a space is taken in pieces, and every token is in some word', () => {
  const text = '安全'.repeat(5000)
  assert.equal(wordsOf(text).join(''), text)
})

test('lone surrogates and marks without a letter are words of their own', () => {
  const text = '\ud800安\udc00\u0e31全'
  assert.equal(wordsOf(text).join(''), text)
})
