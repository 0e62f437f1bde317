import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callShareFor, qualityCurve } from '../../bench/route/figures.ts'

const answers = [
  { weak: false, strong: true },
  { weak: true, strong: true },
  { weak: false, strong: false },
  { weak: true, strong: true },
]

describe('the figures of the routing benchmark', () => {
  it('give the quality over the share of strong calls', () => {
    assert.deepEqual(qualityCurve([4, 3, 2, 1], answers), [
      { share: 0, quality: 0.5 },
      { share: 0.25, quality: 0.75 },
      { share: 0.5, quality: 0.75 },
      { share: 0.75, quality: 0.75 },
      { share: 1, quality: 0.75 },
    ])
  })

  it('give the smallest share for a part of the gain', () => {
    assert.equal(callShareFor(1, [4, 3, 2, 1], answers), 0.25)
    assert.equal(callShareFor(0.8, [4, 3, 2, 1], answers).toFixed(6), '0.200000')
    assert.equal(callShareFor(0.5, [1, 2, 3, 4], answers), 0.875)
  })

  it('take ties together', () => {
    assert.equal(callShareFor(0.5, [1, 1, 1, 1], answers), 0.5)
  })
})
