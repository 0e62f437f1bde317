/** Numbers that count or measure pass no check digit by chance where nothing says that they are identifiers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCount, isFraction, isSurelyCount } from '../../detectors/counts.ts'
import { createDetectors } from '../../detectors/index.ts'

const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
const found = (text: string): number => detectors.detect(text).findings.length

for (const text of [
  '86400000',
  '604800000',
  '31622400000',
  '33554432',
  '4294967295',
  '1764414841',
  '1719849600123',
  '227000000000',
  '7.1765065226594480e+140',
  '3.3196151272019444e+21',
  '4829.168321950905',
  '{"timeout_ms": 31622400000}',
]) {
  test(`${text} is no identifier`, () => {
    assert.equal(found(text), 0)
  })
}

for (const text of [
  'TFN 86400000',
  'BSN 123456782',
  '123456782',
  'card 4111.1111.1111.1111',
  'VIN 1M8GDM9AXKP042788',
]) {
  test(`${text} is still found`, () => {
    assert.ok(found(text) > 0)
  })
}

test('what counts as a count', () => {
  assert.deepEqual(
    ['12000', '1024', '1023', '7200', '1700000000', '0012000', '12345678', 'a000'].map(isCount),
    [true, true, true, true, true, false, false, false],
  )
  assert.deepEqual(['4000', '400000', '65536', '1700000001'].map(isSurelyCount), [false, true, true, false])
  assert.deepEqual(
    [isFraction('0.1234', 2), isFraction('.1234', 1), isFraction('a.1234', 2)],
    [true, false, false],
  )
})

const CARD = '4111111111111111'

for (const [text, value] of [
  [`1.${CARD}`, CARD],
  [`pay 7.${CARD} now`, CARD],
  [`1.${CARD}\n2.5555555555554444`, CARD],
  ['3.DE89370400440532013000', 'DE89370400440532013000'],
  ['1.536-90-4399', '536-90-4399'],
  ['7.+49 30 901820', '+49 30 901820'],
  [`${CARD},12`, CARD],
  [`1,${CARD}`, CARD],
  ['id,name,ssn\n17,536-90-4399,42', '536-90-4399'],
  ['bsn,n\n1,123456782,17', '123456782'],
  ['[1,123456782,3] are TFN', '123456782'],
  ['7,+49 30 901820,x', '+49 30 901820'],
] as const) {
  test(`${JSON.stringify(text)} has ${value} in a cell or on a numbered line`, () => {
    const spans = detectors.detect(text).findings.map(({ span }) => text.slice(span.start, span.end))
    assert.ok(
      spans.some((span) => span.includes(value)),
      spans.join(' | '),
    )
  })
}

for (const text of [
  `0.${CARD}`,
  `x = 1.${CARD}e-7`,
  `[2.7182818284590452,1.${CARD}]`,
  `1.6180339887498948\n1.${CARD}\n`,
  'TFN 123456782,50 EUR',
]) {
  test(`${JSON.stringify(text)} is a number`, () => {
    assert.equal(found(text), 0)
  })
}
