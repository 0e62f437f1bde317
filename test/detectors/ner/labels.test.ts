import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  beginLabel,
  insideLabel,
  isInside,
  LABEL_COUNT,
  mayFollow,
  NER_TYPES,
  OUTSIDE,
  typeOfLabel,
} from '../../../detectors/ner/labels.ts'

test('every label belongs to one type and is a beginning or an inside', () => {
  const seen = new Set<number>([OUTSIDE])
  NER_TYPES.forEach((_, type) => {
    assert.equal(typeOfLabel(beginLabel(type)), type)
    assert.equal(typeOfLabel(insideLabel(type)), type)
    assert.equal(isInside(beginLabel(type)), false)
    assert.equal(isInside(insideLabel(type)), true)
    seen.add(beginLabel(type)).add(insideLabel(type))
  })
  assert.equal(seen.size, LABEL_COUNT)
})

test('an inside label follows only labels of its own type', () => {
  assert.equal(mayFollow(OUTSIDE, insideLabel(0)), false)
  assert.equal(mayFollow(beginLabel(1), insideLabel(0)), false)
  assert.equal(mayFollow(beginLabel(0), insideLabel(0)), true)
  assert.equal(mayFollow(insideLabel(0), insideLabel(0)), true)
  assert.equal(mayFollow(insideLabel(0), beginLabel(1)), true)
  assert.equal(mayFollow(insideLabel(0), OUTSIDE), true)
})
