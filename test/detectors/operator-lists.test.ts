/** What `detectors.allow` lets pass, exactly, and what `detectors.deny` takes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors } from '../../detectors/index.ts'

const CARD = '4111 1111 1111 1111'
const OTHER = '5555 5555 5555 4444'
const MAIL = 'Press@Example.com'

const detectors = createDetectors({
  ner: false,
  languages: [],
  allow: [CARD, MAIL, 'Straße 7', 'Bluebird', '  padded@example.org ', 'r\u00e9mi@example.com', '10.0.0.1'],
  deny: [
    { type: 'PROJECT', values: ['Bluebird', 'Project X', CARD] },
    { type: 'CODE_NAME', values: ['Größe'] },
  ],
})

const masked = (text: string): readonly string[] =>
  detectors.detect(text).findings.map(({ span }) => text.slice(span.start, span.end))

const CASES: readonly (readonly [name: string, text: string, masked: readonly string[]])[] = [
  ['the value', `mail ${MAIL} please`, []],
  ['any case', 'mail PRESS@EXAMPLE.COM or press@example.com', []],
  ['white space around the entry does not count', 'mail padded@example.org', []],
  ['composed or not', 'mail re\u0301mi@example.com', []],
  ['another value beside it', `${MAIL}, anna@example.com`, ['anna@example.com']],
  ['a longer value that contains it', 'mail xpress@example.com.au', ['xpress@example.com.au']],
  ['a longer value that begins with it', 'mail press@example.computer', ['press@example.computer']],
  ['a longer value that ends with it', 'mail anna.press@example.com', ['anna.press@example.com']],
  ['a part of it', 'mail ss@example.com', ['ss@example.com']],
  ['an address whose end it is', 'host 110.0.0.1 and 10.0.0.12', ['110.0.0.1', '10.0.0.12']],
  ['the same with a look-alike letter', 'mail pr\u0435ss@example.com', ['pr\u0435ss@example.com']],
  ['in full width', 'mail ｐress@example.com', ['ｐress@example.com']],
  ['with an invisible character inside', 'mail pre\u200bss@example.com', ['pre\u200bss@example.com']],
  ['with digits of another script', 'host ١٠.0.0.1', ['١٠.0.0.1']],
  [
    'the long s and the Kelvin sign are other letters',
    'mail pre\u017fs@example.com',
    ['pre\u017fs@example.com'],
  ],
  ['allowed and denied: denied', `card ${CARD}`, [CARD]],
  ['denied in any case, between words', 'BLUEBIRD, bluebirds, the bluebird', ['BLUEBIRD', 'bluebird']],
  ['denied phrases', 'about project x.', ['project x']],
  ['denied with a look-alike letter', 'about Bluеbird', ['Bluеbird']],
  ['denied with an invisible character', 'about Blue\u200bbird', ['Blue\u200bbird']],
  ['denied, decomposed', 'die Gro\u0308ße', ['Gro\u0308ße']],
]

for (const [name, text, expected] of CASES) {
  test(`allow and deny: ${name}`, () => {
    assert.deepEqual(masked(text), expected)
  })
}

const only = createDetectors({ ner: false, languages: [], allow: [CARD, MAIL], deny: [] })
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

test('an allowed value in an encoding is allowed there, and shields nothing beside it', () => {
  const covered = (text: string): boolean => only.detect(text).findings.length > 0
  assert.equal(covered(`blob ${base64(`card ${CARD} and no other`)}`), false)
  assert.equal(covered(`blob ${base64(`card ${CARD} and ${OTHER}`)}`), true)
  assert.equal(covered(`blob ${base64(`card ${OTHER}`)}`), true)
  assert.equal(covered(`q=${encodeURIComponent('mail anna@example.com')}`), true)
})

test('other separators make another value', () => {
  assert.ok(only.detect(`card ${CARD}`).findings.length === 0)
  assert.ok(only.detect(`card ${CARD.replaceAll(' ', '-')}`).findings.length > 0)
})

test('what is inside an allowed finding is allowed with it, what crosses its end is not', () => {
  const url = 'https://example.com/u/anna@example.com'
  const own = createDetectors({ ner: false, languages: [], allow: [url], deny: [] })
  assert.deepEqual(own.detect(`see ${url}`).findings, [])
  assert.ok(own.detect(`see ${url}.au`).findings.length > 0)
})

test('a type that is no entity name is refused', () => {
  assert.throws(
    () =>
      createDetectors({ ner: false, languages: [], allow: [], deny: [{ type: 'no name', values: ['x'] }] }),
    RangeError,
  )
})
