import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KEY_BITS, Lexicon, lexiconKey } from '../../../detectors/ner/lexicon.ts'

test('what was put into a lexicon is found, and nothing else', () => {
  const shift = 32 - KEY_BITS
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 2 ** KEY_BITS - 1 }), { maxLength: 300 }),
      fc.integer({ min: 1, max: 2 ** KEY_BITS - 1 }),
      (keys, other) => {
        const sorted = Int32Array.from(keys).sort()
        const lexicon = new Lexicon({
          keys: sorted,
          maskNumbers: Uint16Array.from(sorted.keys()),
          masks: sorted.map((key) => key * 2 + 1),
          clusters: Uint16Array.from(sorted, (key) => key % 500),
          groups: Uint8Array.from({ length: 500 }, (_, cluster) => cluster % 60),
          forms: new Int8Array(0),
        })
        for (const key of keys) assert.equal(lexicon.lookUp(key << shift), (key * 2 + 1) | 0)
        for (const key of keys) assert.equal(lexicon.clusterAt(lexicon.find(key << shift)), key % 500)
        if (!keys.includes(other)) assert.equal(lexicon.lookUp(other << shift), 0)
      },
    ),
  )
})

test('an empty lexicon knows nothing', () => {
  const lexicon = new Lexicon({
    keys: new Int32Array(0),
    maskNumbers: new Uint16Array(0),
    masks: new Int32Array(0),
    clusters: new Uint16Array(0),
    groups: new Uint8Array(0),
    forms: new Int8Array(0),
  })
  assert.equal(lexicon.find(12345), -1)
  assert.equal(lexicon.lookUp(-1), 0)
  assert.equal(lexicon.groupOf(7), 0)
})

test('a key is never the mark of an empty slot', () => {
  assert.equal(lexiconKey(0), 1)
})
