import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CasesReport, runCases } from '../../routing-rules/index.ts'
import { around, fixture, OPTIONS } from './support.ts'

const policy = around(`guards:
  - { id: sick, when: { findings.HEALTH.count: { gte: 1 } }, then: { ceiling: local } }
  - { id: team, per: identity.team, allow: { hr: [here], "*": [here, eu, us] } }
routes:
  - { id: hard, when: { class.needs_strong: { gte: 0.5 } }, to: [us] }
default: { to: [here] }`)

const base = `base:
  identity: { team: dev }
  findings: {}
  class: { needs_strong: 0.1 }
  detectors: { pattern: ok, ner: ok, contextual: ok }
`

function run(tests: string, source = policy): CasesReport {
  return runCases(source, base + tests, { ...OPTIONS, casesFile: 'rules.test.yaml' })
}

describe('rule tests', () => {
  it('pass and count what they reach', () => {
    const report = run(`tests:
  - { name: plain, expect: { action: local, ceiling: open, to: here, rule: default, because: [] } }
  - { name: hard, given: { class.needs_strong: 0.9 }, expect: { action: cloud, to: us, route: hard } }
  - { name: hr, given: { identity: { team: hr } }, expect: { action: local, because: [team] } }
  - { name: sick, given: { findings: { HEALTH: 1 } }, expect: { action: local, rule: sick, tools: keep } }
coverage: { min_guards: 1.0, min_routes: 1.0 }`)
    assert.equal(report.passed, true)
    assert.equal(report.results.length, 4)
    assert.deepEqual(report.guards, { reached: 1, minimum: 1, missed: [] })
    assert.deepEqual(report.routes, { reached: 1, minimum: 1, missed: [] })
  })

  it('say what was expected, what came and where', () => {
    const report = run(`tests:
  - name: wrong
    given: { findings: { HEALTH: 1 } }
    expect: { action: cloud, ceiling: open, to: us, rule: hard, because: [sick, team] }`)
    assert.equal(report.passed, false)
    assert.equal(report.results[0]?.line, 7)
    assert.deepEqual(report.results[0]?.mismatches, [
      'action: expected cloud, got local',
      'ceiling: expected open, got local',
      'to: expected us, got here',
      'rule: expected hard, got sick',
      'because: expected team, got sick',
    ])
  })

  it('fail below the coverage asked for, and name what was missed', () => {
    const report = run('tests: [{ name: plain, expect: { action: local } }]\ncoverage: { min_guards: 0.5 }')
    assert.equal(report.passed, false)
    assert.deepEqual(report.guards, { reached: 0, minimum: 0.5, missed: ['sick', 'team'] })
    assert.deepEqual(report.routes, { reached: 0, minimum: 0, missed: ['hard'] })
  })

  it('do not count a guard that fired on an unknown fact only', () => {
    const report = run(
      'tests: [{ name: x, given: { findings.HEALTH.count: null }, expect: { action: local, because: [sick] } }]',
    )
    assert.equal(report.passed, true)
    assert.deepEqual(report.guards.missed, ['sick', 'team'])
  })

  it('take null for unknown, whatever the base says', () => {
    const report = run(
      'tests: [{ name: x, given: { class: { needs_strong: null } }, expect: { action: local, route: default } }]',
    )
    assert.equal(report.passed, true)
  })

  it('wish for the model they give', () => {
    const report = run(
      'tests: [{ name: x, given: { request.model: big-us }, expect: { action: cloud, to: us, rule: wish } }]',
    )
    assert.equal(report.passed, true)
  })

  it('assume a configuration of their own', () => {
    const source = policy.replace('kind: local,', 'kind: local, optional: true,')
    const report = run(
      `tests:
  - name: nothing local
    setup: { local_model: null }
    expect: { action: blocked, to: null, because: [no_destination] }
  - { name: something local, expect: { action: local } }`,
      source,
    )
    assert.deepEqual(report.problems, [])
    assert.equal(report.passed, true)
  })

  for (const [name, tests, says] of [
    ['an unknown rule', 'tests: [{ name: x, expect: { action: local, rule: sik } }]', 'did you mean "sick"?'],
    [
      'an unknown reason',
      'tests: [{ name: x, expect: { action: local, because: [tem] } }]',
      'did you mean "team"?',
    ],
    [
      'an unknown destination',
      'tests: [{ name: x, expect: { action: local, to: hree } }]',
      'did you mean "here"?',
    ],
    ['an unknown action', 'tests: [{ name: x, expect: { action: locl } }]', 'did you mean "local"?'],
    [
      'an unknown fact',
      'tests: [{ name: x, given: { findings.HELTH.count: 1 }, expect: { action: local } }]',
      'unknown fact',
    ],
    ['an unknown key', 'tests: [{ nmae: x, expect: { action: local } }]', 'did you mean "name"?'],
    ['a missing list of tests', 'coverage: { min_guards: 1 }', '"tests" is missing'],
    ['a coverage above all', 'tests: []\ncoverage: { min_guards: 2 }', 'too large: at most 1 expected'],
  ] as const) {
    it(`report ${name} with its place`, () => {
      const report = run(tests)
      assert.equal(report.passed, false)
      const said = report.problems.map((p) => `${p.file}:${p.line} ${p.message}`).join(' | ')
      assert.match(said, /^rules\.test\.yaml:\d+ /)
      assert.ok(said.includes(says), said)
    })
  }

  it('report the problems of the policy itself', () => {
    const report = run('tests: []', policy.replace('gte: 1', 'gt_e: 1'))
    assert.equal(report.passed, false)
    assert.equal(report.problems[0]?.file, 'rules.yaml')
  })

  it('of the documentation need a budget that is known to get past its guard', () => {
    const source = fixture('acme.yaml')
    const facts = `base:
  identity: { team: engineering, region: us }
  class: { needs_strong: 0.9, injection: 0, domain: general }
  detectors: { pattern: ok, ner: ok, contextual: ok }
tests:
  - { name: unknown, expect: { action: local, rule: team-budget } }
  - { name: known, given: { budget.team.month_used: 0.1 }, expect: { action: cloud, to: us-cloud } }`
    const report = runCases(source, facts, { ...OPTIONS, casesFile: 't.yaml' })
    assert.deepEqual(
      report.results.flatMap((one) => one.mismatches),
      [],
    )
  })
})
