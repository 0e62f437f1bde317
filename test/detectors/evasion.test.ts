/** A bounded part of the evasion benchmark: nothing with a check digit gets past the pattern layer alone. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EvasionCase, generateCases, isLeak } from '../../bench/evasion/generate.ts'
import { createDetectors } from '../../detectors/index.ts'

const SEED = 20_261_128
const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
const cases = generateCases(SEED).filter(({ kind }) => kind !== 'name')
const byClass = new Map<string, EvasionCase[]>()
for (const one of cases) byClass.set(one.class, [...(byClass.get(one.class) ?? []), one])

const leaks = (some: readonly EvasionCase[]): readonly EvasionCase[] =>
  some.filter((one) =>
    isLeak(
      one,
      detectors.detect(one.text).findings.map(({ span }) => span),
    ),
  )

describe(`identifiers that hide (seed ${SEED})`, () => {
  it('come in enough cases, classes and languages', () => {
    assert.ok(cases.length >= 300)
    assert.ok(byClass.size >= 25)
    assert.equal(new Set(cases.map(({ language }) => language)).size, 8)
  })
  for (const [name, some] of byClass) {
    it(`are found although there is ${name}`, () => {
      const leaked = leaks(some)
      assert.deepEqual(
        leaked.filter(({ isChecked }) => isChecked).map(({ text }) => text),
        [],
      )
      assert.ok(leaked.length * 10 <= some.length, leaked.map(({ text }) => text).join('\n'))
    })
  }
})
