/** Identifiers as their issuers make them, and the same with one digit wrong: a small run of the benchmark. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureIdentifiers, type Result } from '../../bench/identifiers/index.ts'

const SEED = 20_261_128
const missed: string[] = []
const results = measureIdentifiers(SEED, 10, (line) => missed.push(line))
const sum = (of: (result: Result) => number): number => results.reduce((all, one) => all + of(one), 0)

test(`98 % of generated identifiers are found behind a label (seed ${SEED})`, () => {
  assert.ok(results.length > 50)
  const cases = sum(({ cases }) => cases)
  assert.ok(sum(({ found }) => found) >= cases * 0.98, missed.join('\n'))
})

test(`at most 2 % of those with a wrong digit pass for what they are not (seed ${SEED})`, () => {
  const cases = sum(({ wrong }) => wrong)
  assert.ok(sum(({ falseFindings }) => falseFindings) <= cases * 0.02, missed.join('\n'))
})
