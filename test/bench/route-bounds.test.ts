import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupMeans } from '../../bench/route/ceiling.ts'
import { foldsOf, twinGroups } from '../../bench/route/folds.ts'
import { expectedGains } from '../../bench/route/pool.ts'

describe('folds without twins', () => {
  const questions = [
    'Which planet of the solar system has the shortest year of all of them?',
    'Which planet of the solar system has the shortest year, of all eight of them?',
    'Who wrote the play in which a prince speaks to the skull of a jester?',
    'In which year did the first people walk upon the surface of the moon?',
  ]

  it('keep near-duplicates together and nothing else', () => {
    const [a, b, c, d] = twinGroups(questions)
    assert.equal(a, b)
    assert.equal(new Set([a, c, d]).size, 3)
  })

  it('do not take the form of a set for a likeness', () => {
    const form = Array.from({ length: 30 }, (_, i) => `${i} Read the passage and choose the best answer ${i}`)
    assert.equal(new Set(twinGroups(form)).size, 30)
  })

  it('are of one size, by chance, and the same for the same seed', () => {
    const groups = [0, 0, 1, 2, 3, 4, 4, 5]
    const folds = foldsOf(groups, 3, 7)
    assert.deepEqual(folds, foldsOf(groups, 3, 7))
    assert.equal(folds[0], folds[1])
    assert.equal(folds[5], folds[6])
    assert.equal(new Set(folds).size, 3)
  })
})

describe('bounds of routing', () => {
  it('learn nothing of a question from its own fold', () => {
    const groups = ['a', 'a', 'b', 'b']
    const gains = [1, 1, 0, 0]
    const known = groupMeans(groups, gains)
    assert.ok((known[0] ?? 0) > (known[2] ?? 0))
    const learnt = groupMeans(groups, gains, [0, 0, 1, 1])
    assert.deepEqual(learnt, [0.5, 0.5, 0.5, 0.5])
  })
})

describe('scores of different kinds', () => {
  it('come to what they promise to gain', () => {
    const scores = Array.from({ length: 200 }, (_, i) => 100 + (i % 2) * 50)
    const answers = scores.map((score) => ({ weak: score === 100, strong: true }))
    for (const [i, gain] of expectedGains(scores, answers, 3).entries()) {
      assert.ok(Math.abs(gain - (scores[i] === 150 ? 1 : 0)) < 1e-9)
    }
  })

  it('promise the same where they say nothing', () => {
    const answers = Array.from({ length: 20 }, (_, i) => ({ weak: i % 2 === 0, strong: true }))
    const gains = expectedGains(
      answers.map(() => 5),
      answers,
      3,
    )
    assert.ok(gains.every((gain) => gain > 0.3 && gain < 0.7))
  })
})
