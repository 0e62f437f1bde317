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
