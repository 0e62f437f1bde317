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
        const lexicon = new Lexicon(
          Int32Array.from(keys),
          Int32Array.from(keys, (key) => key * 2 + 1),
        )
        for (const key of keys) assert.equal(lexicon.lookUp(key << shift), (key * 2 + 1) | 0)
        if (!keys.includes(other)) assert.equal(lexicon.lookUp(other << shift), 0)
      },
    ),
  )
})

test('a key is never the mark of an empty slot', () => {
  assert.equal(lexiconKey(0), 1)
})
