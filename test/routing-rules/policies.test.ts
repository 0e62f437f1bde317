import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCases } from '../../routing-rules/index.ts'
import { compiled, decide, OPTIONS, problemsOf, shipped } from './support.ts'

const folder = join(import.meta.dirname, '../../routing-rules/policies')
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))

describe('the shipped policies', () => {
  for (const name of names) {
    it(`${name} compiles without a problem and passes its tests`, () => {
      const source = shipped(name)
      assert.deepEqual(problemsOf(source), [])
      const casesFile = name.replace('.yaml', '.test.yaml')
      const report = runCases(source, shipped(casesFile), { ...OPTIONS, casesFile })
      const failures = report.results.filter((result) => !result.passed)
      assert.deepEqual(
        [
          ...report.problems,
          ...failures.map((one) => `${one.line} ${one.name}: ${one.mismatches.join('; ')}`),
        ],
        [],
      )
      assert.deepEqual([...report.guards.missed, ...report.routes.missed], [])
      assert.equal(report.passed, true)
    })
  }
})

describe('the default policy', () => {
  it('names the local model that has to be added when only one may answer', () => {
    const policy = compiled(shipped('default.yaml'), {
      providers: [{ name: 'openai', model: 'gpt-4.1' }],
      localModel: null,
    })
    const decision = decide(policy, {
      detectors: { contextual: 'off' },
      findings: { counts: { API_KEY: 1 }, total: 1 },
    })
    assert.equal(decision.action, 'blocked')
    assert.match(decision.because.at(-1)?.why ?? '', /CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH/)
  })

  it('takes the first cloud entry and its model', () => {
    const policy = compiled(shipped('default.yaml'), {
      providers: [
        { name: 'first', model: 'm1' },
        { name: 'second', model: 'm2' },
      ],
      localModel: 'tiny',
    })
    assert.deepEqual(
      policy.destinations.map(({ name, provider, model }) => [name, provider, model]),
      [
        ['local', null, 'tiny'],
        ['cloud', 'first', 'm1'],
      ],
    )
  })

  it('has no destination at all without a configuration', () => {
    const policy = compiled(shipped('default.yaml'), { providers: [], localModel: null })
    assert.deepEqual(policy.destinations, [])
    assert.deepEqual(policy.leftOut, [
      { name: 'local', kind: 'local' },
      { name: 'cloud', kind: 'cloud' },
    ])
  })
})
