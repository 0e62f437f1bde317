import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { couldEscalate, evaluate } from '../../routing-rules/index.ts'
import { type DeepPartial, facts, policyWith } from './support.ts'

const CASCADE = `routes:
  - { id: hard, when: { class.needs_strong: { gte: 0.6 } }, to: [eu] }
  - { id: gave-up, when: { class.needs_strong: { gte: 0.3 }, local.confidence: { lt: 0.5 } }, to: [eu, here] }
guards:
  - { id: health, when: { findings.HEALTH.count: { gte: 1 } }, then: { ceiling: local } }
  - { id: ask, when: { findings.PERSON.count: { gte: 1 } }, then: { ceiling: approve } }
  - { id: sure, when: { findings.EMAIL.count: { gte: 1 }, local.confidence: { lt: 0.9 } }, then: { ceiling: local } }
default: { to: [here] }`
const FAILOVER = `routes:
  - { id: down, when: { local.status: { in: [down] } }, to: [us] }
default: { to: [here] }`

type Changes = DeepPartial<ReturnType<typeof facts>>

const cases: readonly [string, string, Changes, boolean][] = [
  ['is judged in the middle band', CASCADE, { class: { needs_strong: 0.3 } }, true],
  ['is judged up to the upper band', CASCADE, { class: { needs_strong: 0.599 } }, true],
  ['is given at once below the band', CASCADE, { class: { needs_strong: 0.299 } }, false],
  ['is given at once where the difficulty is unknown', CASCADE, { class: { needs_strong: null } }, false],
  [
    'is given at once under a local ceiling',
    CASCADE,
    { class: { needs_strong: 0.4 }, findings: { counts: { HEALTH: 1 } } },
    false,
  ],
  [
    'is given at once where a person would have to approve',
    CASCADE,
    { class: { needs_strong: 0.4 }, findings: { counts: { PERSON: 1 } } },
    false,
  ],
  [
    'is given at once where a guard on it fires before there is one',
    CASCADE,
    { class: { needs_strong: 0.4 }, findings: { counts: { EMAIL: 1 } } },
    false,
  ],
  ['is given at once where no rule asks for it', 'default: { to: [here] }', {}, false],
  ['is waited for where a rule asks for a failure', FAILOVER, {}, true],
]

describe('a local draft', () => {
  for (const [name, rules, changes, expected] of cases) {
    it(name, () => {
      const policy = policyWith(rules)
      const considered = {
        facts: facts(changes),
        request: { endpoint: 'chat', wish: 'cloakroom-auto' },
      }
      const decision = evaluate(policy, considered.facts, considered.request)
      assert.equal(decision.action, 'local')
      assert.equal(couldEscalate(policy, decision, considered), expected)
    })
  }

  it('is given at once to whoever asked for the local model by name', () => {
    const policy = policyWith(CASCADE)
    const considered = {
      facts: facts({ class: { needs_strong: 0.4 } }),
      request: { endpoint: 'chat', wish: 'here' },
    }
    const decision = evaluate(policy, considered.facts, considered.request)
    assert.equal(couldEscalate(policy, decision, considered), false)
  })
})
