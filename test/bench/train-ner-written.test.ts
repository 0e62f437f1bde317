/** The documents written for training: their marks, other names in their place, and the form of names. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { SeededRandom } from '../../bench/train/ner/random.ts'
import { parseMarked, Renamer, readWritten } from '../../bench/train/ner/written.ts'
import { eachFormSlot, FORM_SLOTS, formDegree } from '../../detectors/ner/word-form.ts'

const WRITTEN = join(import.meta.dirname, '../../bench/train/ner/written')

function marked(text: string): ReturnType<typeof parseMarked> {
  return parseMarked(text, 'test', 1)
}

test('marks become spans of the text without them', () => {
  const { text, spans } = marked('ask {{P mel}} or {{O Orion Ltd}} ({{? echo}})')
  assert.equal(text, 'ask mel or Orion Ltd (echo)')
  assert.deepEqual(
    spans.map(({ start, end, type }) => [text.slice(start, end), type]),
    [
      ['mel', 'PERSON'],
      ['Orion Ltd', 'ORG'],
      ['echo', 'free'],
    ],
  )
})

test('braces of code are text; a mark without an end is an error', () => {
  assert.equal(marked('Hello {{name}} and {{ user.city }}').text, 'Hello {{name}} and {{ user.city }}')
  for (const text of ['{{P mel', '{{P mel}', 'a {{P b\n}} c']) assert.throws(() => marked(text), SyntaxError)
})

test('a document without marks says that nothing in it is a name', () => {
  assert.equal(marked('nothing here').scope.length, 7)
  assert.ok(!marked('ask {{P mel}}').scope.includes('DATE_TIME'))
})

test('every written document can be read', () => {
  const documents = readWritten(WRITTEN, 1)
  assert.ok(documents.length > 1000)
  assert.ok(readdirSync(WRITTEN).every((file) => /^(?:tech|[a-z]{2}(?:-[a-z]+)?)\.txt$/u.test(file)))
  for (const { text, spans } of documents)
    for (const { start, end } of spans) assert.equal(text.slice(start, end).trim().length > 0, true)
})

test('a copy has other names, the same one everywhere, in the same case', () => {
  const renamer = new Renamer(new SeededRandom(3), {
    given: ['Ada', 'Bela'],
    family: ['Moor'],
    cities: ['Brno'],
  })
  const copy = renamer.copy(marked('{{P ada moor}} met {{P ADA}} in {{L brno}}; {{P Zzyx}} stays'))
  assert.match(copy?.text ?? '', /^(ada|bela) moor met (ADA|BELA) in brno; Zzyx stays$/u)
  const [first, second] = [...(copy?.text ?? '').matchAll(/ada|bela/giu)].map(([name]) => name.toLowerCase())
  assert.equal(first, second)
  assert.equal(renamer.copy(marked('{{P Zzyx}} stays')), null)
})

test('strange names are like those of the stock, and on no list', () => {
  const stock = { given: ['Adalberta'], family: ['Brandenburger'], cities: ['Brno'] }
  const renamer = new Renamer(new SeededRandom(9), stock)
  const text = renamer.copy(marked('{{P adalberta brandenburger}} met {{P Adalberta}}'), true)?.text ?? ''
  const [, given = '', family = '', again = ''] = /^(\S+) (\S+) met (\S+)$/u.exec(text) ?? []
  assert.equal(again.toLowerCase(), given)
  assert.match(given, /^a[a-z]{6,10}$/u)
  assert.match(family, /^b[a-z]{10,14}$/u)
  assert.notEqual(given, 'adalberta')
  assert.notEqual(family, 'brandenburger')
})

test('spans of a copy are where its names are', () => {
  const names = fc.array(fc.constantFrom('ada', 'Moor', 'Zzyx', 'ADA'), { minLength: 1, maxLength: 5 })
  const renamer = new Renamer(new SeededRandom(5), { given: ['Adalberta'], family: ['Li'], cities: ['Brno'] })
  fc.assert(
    fc.property(names, (parts) => {
      const document = marked(parts.map((part) => `x {{P ${part}}}`).join(' '))
      const copy = renamer.copy(document) ?? document
      const found = copy.spans.map(({ start, end }) => copy.text.slice(start, end))
      assert.deepEqual(found.map((name) => copy.text.includes(`x ${name}`)).includes(false), false)
      assert.equal(found.length, parts.length)
    }),
  )
})

test('the form of a word is that of its letters, whatever stands around it', () => {
  const weights = Int8Array.from({ length: FORM_SLOTS }, (_, n) => ((n * 2654435761) >>> 24) - 128)
  for (const word of ['Adeyemi', 'the', 'José', 'x'.repeat(500)]) {
    const alone = formDegree(weights, word, 0, word.length)
    assert.equal(formDegree(weights, `a ${word} b`, 2, 2 + word.length), alone)
    assert.ok(alone >= 1 && alone <= 8)
  }
  assert.equal(formDegree(weights, 'José', 0, 4), formDegree(weights, 'jose', 0, 4))
})

test('words of other scripts and models without forms say nothing', () => {
  const weights = new Int8Array(FORM_SLOTS).fill(9)
  for (const word of ['Иван', '王芳', 'Νίκος', 'a1'])
    assert.equal(formDegree(weights, word, 0, word.length), 0)
  assert.equal(formDegree(new Int8Array(0), 'Ada', 0, 3), 0)
})

test('looking at a word takes bounded time', () => {
  let calls = 0
  eachFormSlot('a'.repeat(100_000), 0, 100_000, () => calls++)
  assert.ok(calls < 200)
})
