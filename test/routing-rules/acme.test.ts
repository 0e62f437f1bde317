import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countListHits, decidingRule, type Facts } from '../../routing-rules/index.ts'
import { compiled, type DeepPartial, decide, fixture, problemsOf, rulesOf } from './support.ts'

const source = fixture('acme.yaml')
const policy = compiled(source)

interface Row {
  readonly name: string
  readonly given: DeepPartial<Facts>
  readonly wish?: string
  readonly action: string
  readonly ceiling?: string
  readonly to: string | null
  readonly rule: string
  readonly because?: readonly string[]
}

const table: readonly Row[] = [
  {
    name: 'a plain request',
    given: {},
    action: 'local',
    ceiling: 'open',
    to: 'local-small',
    rule: 'default',
  },
  {
    name: 'a card',
    given: { findings: { counts: { CREDIT_CARD: 1 }, total: 1, min_score: 1 } },
    action: 'blocked',
    ceiling: 'block',
    to: null,
    rule: 'pci-cards',
  },
  {
    name: 'a password, through its group',
    given: { findings: { counts: { PASSWORD: 1 }, total: 1, min_score: 1 } },
    action: 'blocked',
    to: null,
    rule: 'credentials',
  },
  {
    name: 'a health condition in a hard task',
    given: { findings: { counts: { HEALTH: 1 }, total: 1, min_score: 0.9 }, class: { needs_strong: 0.9 } },
    action: 'local',
    ceiling: 'local',
    to: 'local-small',
    rule: 'health-local',
    because: ['health-local'],
  },
  {
    name: 'a person in a question about health',
    given: { class: { domain: 'health' }, findings: { counts: { PERSON: 1 }, total: 1, min_score: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'health-local',
  },
  {
    name: 'a question about health without a person',
    given: { class: { domain: 'health', needs_strong: 0.9 } },
    action: 'cloud',
    to: 'us-cloud',
    rule: 'hard-task',
  },
  {
    name: 'a term of a list',
    given: { lists: { itar_terms: 2 }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'itar-local',
  },
  {
    name: 'a header that names the data class',
    given: { headers: { 'x-cloakroom-data-class': 'ITAR' }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'itar-local',
  },
  {
    name: 'consent withdrawn',
    given: { headers: { 'x-cloakroom-consent': 'denied' }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'consent-withdrawn',
  },
  {
    name: 'a hard task from the EU',
    given: { identity: { region: 'eu' }, class: { needs_strong: 0.9 } },
    action: 'cloud',
    to: 'eu-cloud',
    rule: 'hard-task',
    because: ['eu-residency'],
  },
  {
    name: 'a hard task from an unknown region',
    given: { identity: { region: null }, class: { needs_strong: 0.9 } },
    action: 'cloud',
    to: 'eu-cloud',
    rule: 'hard-task',
  },
  {
    name: 'a hard task with the third layer timed out',
    given: { detectors: { contextual: 'timeout' }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'contextual-required',
  },
  {
    name: 'an unsure finding in a hard task',
    given: { findings: { counts: { PERSON: 1 }, total: 1, min_score: 0.5 }, class: { needs_strong: 0.9 } },
    action: 'held',
    ceiling: 'approve',
    to: 'us-cloud',
    rule: 'unsure-about-pii',
  },
  {
    name: 'an unsure finding in an easy task, which stays local anyway',
    given: { findings: { counts: { PERSON: 1 }, total: 1, min_score: 0.5 } },
    action: 'local',
    ceiling: 'approve',
    to: 'local-small',
    rule: 'default',
  },
  {
    name: 'a hard task of a team that may use local models only',
    given: { identity: { team: 'hr' }, class: { needs_strong: 0.9 } },
    action: 'local',
    ceiling: 'open',
    to: 'local-small',
    rule: 'default',
    because: ['team-models'],
  },
  {
    name: 'a hard task of a team that is not listed',
    given: { identity: { team: 'sales' }, class: { needs_strong: 0.9 } },
    action: 'cloud',
    to: 'eu-cloud',
    rule: 'hard-task',
  },
  {
    name: 'a hard task of an unknown team',
    given: { identity: { team: null }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'default',
  },
  {
    name: 'a budget that cannot be read',
    given: { budget: { team: { month_used: null } }, class: { needs_strong: 0.9 } },
    action: 'local',
    to: 'local-small',
    rule: 'team-budget',
  },
  {
    name: 'a prompt too long for the local model',
    given: { request: { tokens: 6001 } },
    action: 'cloud',
    to: 'eu-cloud',
    rule: 'too-long-for-local',
  },
  {
    name: 'a prompt of unknown length: the route does not fire',
    given: { request: { tokens: null } },
    action: 'local',
    to: 'local-small',
    rule: 'default',
  },
  {
    name: 'a poor local draft, on the second pass',
    given: { local: { confidence: 0.2 } },
    action: 'cloud',
    to: 'us-cloud',
    rule: 'local-gave-up',
  },
  {
    name: 'a wish for a cloud model',
    given: {},
    wish: 'gpt-4.1',
    action: 'cloud',
    to: 'us-cloud',
    rule: 'wish',
  },
  {
    name: 'a wish for a destination by its name',
    given: {},
    wish: 'eu-cloud',
    action: 'cloud',
    to: 'eu-cloud',
    rule: 'wish',
  },
  {
    name: 'a wish that the guards do not leave open',
    given: { findings: { counts: { HEALTH: 1 }, total: 1, min_score: 1 } },
    wish: 'gpt-4.1',
    action: 'local',
    to: 'local-small',
    rule: 'health-local',
  },
  {
    name: 'a wish for the local model in a hard task',
    given: { class: { needs_strong: 0.9 } },
    wish: 'local-small',
    action: 'local',
    ceiling: 'open',
    to: 'local-small',
    rule: 'wish',
  },
  {
    name: 'a name that no destination has',
    given: {},
    wish: 'gpt-9',
    action: 'local',
    to: 'local-small',
    rule: 'default',
  },
]

describe('the policy of the documentation', () => {
  it('compiles without a problem', () => {
    assert.deepEqual(problemsOf(source), [])
    assert.equal(policy.id, 'acme-default@2026-11-20.1')
    assert.match(policy.sha256, /^[0-9a-f]{64}$/)
  })

  for (const row of table) {
    it(`decides ${row.name}`, () => {
      const decision = decide(policy, row.given, row.wish ?? null)
      assert.equal(decision.action, row.action)
      assert.equal(decision.destination, row.to)
      if (row.ceiling !== undefined) assert.equal(decision.ceiling, row.ceiling)
      assert.equal(decidingRule(decision), row.rule)
      if (row.because !== undefined) assert.deepEqual(rulesOf(decision), row.because)
    })
  }

  it('says what routing would have chosen without the guards', () => {
    const decision = decide(policy, {
      findings: { counts: { HEALTH: 1 }, total: 1, min_score: 1 },
      class: { needs_strong: 0.9 },
    })
    assert.equal(decision.route, 'default')
    assert.deepEqual(decision.would_have_been, { route: 'hard-task', destination: 'us-cloud' })
    assert.deepEqual(decision.because, [
      { rule: 'health-local', matched: 'yes', effect: 'local', why: 'HIPAA / GDPR art. 9' },
    ])
  })

  it('drops tools, raises an alert and stays local on an injection', () => {
    const decision = decide(policy, { class: { injection: 0.95, needs_strong: 0.9 } })
    assert.equal(decision.action, 'local')
    assert.equal(decision.tools, 'none')
    assert.deepEqual(decision.alerts, ['misuse'])
    assert.deepEqual(rulesOf(decision), ['injection'])
  })

  it('keeps the code of a guard in its reason', () => {
    const decision = decide(policy, { findings: { counts: { CREDIT_CARD: 2 }, total: 2, min_score: 1 } })
    assert.equal(decision.because[0]?.code, 'pci_card')
  })

  it('says how a held request is released', () => {
    const decision = decide(policy, {
      findings: { counts: { PERSON: 1 }, total: 1, min_score: 0.5 },
      class: { needs_strong: 0.9 },
    })
    assert.deepEqual(decision.approval, {
      approvers: ['privacy-office'],
      timeoutMs: 900_000,
      onTimeout: 'local',
    })
  })

  it('keeps what is enforced elsewhere: limits, budgets, costs', () => {
    assert.deepEqual(policy.limits, [
      {
        per: 'identity.key',
        requests: { count: 60, windowMs: 60_000 },
        tokens: { count: 200_000, windowMs: 3_600_000 },
        escalations: null,
      },
      {
        per: 'identity.user',
        requests: null,
        tokens: null,
        escalations: { count: 100, windowMs: 86_400_000 },
      },
    ])
    assert.deepEqual(policy.budgets, [
      { per: 'identity.team', amount: 500, currency: 'EUR', window: 'month', warnAt: 0.8 },
    ])
    assert.deepEqual(
      policy.destinations.map((one) => one.cost),
      [null, { in: 2, out: 6 }, { in: 2, out: 8 }],
    )
  })

  it('counts the terms of its lists, inline and from a file', () => {
    const texts = [
      'The USML and an export\n  controlled item; a guitar.',
      'about Project  Red-Fox and BLUEBIRD',
    ]
    assert.deepEqual(countListHits(policy, texts), { itar_terms: 2, deal_codenames: 2 })
  })
})
