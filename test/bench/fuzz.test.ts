/** A short run of the fuzzer, so that what it finds is found here; `npm run bench -- fuzz` is the long one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from '../../bench/fuzz/index.ts'
import { TARGETS } from '../../bench/fuzz/targets.ts'

const INPUTS = 1_500

for (const target of TARGETS) {
  test(`${INPUTS} inputs do not break the ${target.name}`, () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const { crashes, firstCrash } = fuzz(target, INPUTS, seed)
    assert.equal(crashes, 0, `seed ${firstCrash}`)
  })
}
