import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  CEILINGS,
  type CompiledPolicy,
  decidingRule,
  evaluate,
  type Facts,
  type PolicyDecision,
} from '../../routing-rules/index.ts'
import { compiled, facts, policyWith } from './support.ts'

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

const NAMES = ['here', 'eu', 'us', 'far']
const ENDPOINT = 'chat'

const number = (path: string, values: readonly number[]) =>
  fc
    .record({
      operator: fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte'),
      value: fc.constantFrom(...values),
    })
    .map(({ operator, value }): Json => ({ [path]: { [operator]: value } }))

const text = (path: string, values: readonly string[]) =>
  fc
    .record({
      operator: fc.constantFrom('in', 'nin'),
      among: fc.subarray([...values], { minLength: 1 }),
    })
    .map(({ operator, among }): Json => ({ [path]: { [operator]: among } }))

const STATUSES = ['ok', 'off', 'down', 'timeout']

const leaf = fc.oneof(
  number('findings.PERSON.count', [0, 1, 2]),
  number('findings.CREDENTIALS.count', [0, 1, 2]),
  number('findings.total', [0, 1, 3]),
  number('findings.min_score', [0.2, 0.6]),
  number('class.injection', [0.1, 0.9]),
  number('lists.words.hits', [0, 1]),
  number('budget.team.month_used', [0.5, 1]),
  text('identity.team', ['a', 'b']),
  text('identity.region', ['eu', 'us']),
  text('identity.roles', ['x', 'y']),
  text('detectors.ner.status', STATUSES),
  text('detectors.contextual.status', STATUSES),
  text('headers.x-cloakroom-consent', ['granted', 'denied']),
  text('headers.x-cloakroom-data-class', ['public', 'phi']),
  text('request.model', ['eu', 'us']),
)

const { condition } = fc.letrec<{ condition: Json }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all): Json => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any): Json => ({ any })),
    tie('condition').map((not): Json => ({ not })),
  ),
}))

const effect: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...CEILINGS).map((ceiling) => ({ ceiling })),
  fc.subarray(['eu', 'us', 'onprem'], { minLength: 1 }).map((only_regions) => ({ only_regions })),
  fc.constant({ tools: 'none' }),
)

const allowed = fc.subarray(NAMES)
/** `then` is the word of the rule language; the object is never awaited. */
function rule(when: Json, effects: Json): { readonly [key: string]: Json } {
  return Object.fromEntries([
    ['when', when],
    ['then', effects],
  ])
}

const guard: fc.Arbitrary<{ readonly [key: string]: Json }> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(condition, effect).map(([when, effects]) => rule(when, effects)) },
  {
    weight: 1,
    // Without "*" a team that is not listed gets nothing, which is less than what all lists share.
    arbitrary: fc.record({ a: allowed, '*': allowed }).map((allow) => ({ per: 'identity.team', allow })),
  },
)
const guards = fc.array(guard, { maxLength: 6 })

const unknownOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 5 })
const someFacts: fc.Arbitrary<Facts> = fc
  .record({
    team: unknownOr(fc.constantFrom('a', 'b')),
    region: unknownOr(fc.constantFrom('eu', 'us')),
    roles: unknownOr(fc.subarray(['x', 'y'])),
    counts: fc.dictionary(fc.constantFrom('PERSON', 'PASSWORD', 'API_KEY'), fc.nat(2)),
    total: unknownOr(fc.nat(3)),
    min_score: unknownOr(fc.constantFrom(0.1, 0.6, 1)),
    injection: unknownOr(fc.constantFrom(0, 0.5, 1)),
    words: unknownOr(fc.nat(1)),
    used: unknownOr(fc.constantFrom(0, 1)),
    ner: unknownOr(fc.constantFrom(...STATUSES)),
    contextual: unknownOr(fc.constantFrom(...STATUSES)),
    consent: fc.constantFrom(undefined, 'granted', 'denied', 'granted, denied'),
    dataClass: fc.constantFrom(undefined, 'public', 'phi', 'PHI,public', ''),
    model: fc.constantFrom('eu', 'us', 'cloakroom-auto', 'other'),
  })
  .map((values) =>
    facts({
      identity: { team: values.team, region: values.region, roles: values.roles },
      request: { model: values.model },
      headers: {
        ...(values.consent === undefined ? {} : { 'x-cloakroom-consent': values.consent }),
        ...(values.dataClass === undefined ? {} : { 'x-cloakroom-data-class': values.dataClass }),
      },
      findings: { counts: values.counts, total: values.total, min_score: values.min_score },
      class: { injection: values.injection },
      lists: { words: values.words },
      budget: { team: { month_used: values.used } },
      detectors: { ner: values.ner, contextual: values.contextual },
    }),
  )

function policyOf(rules: readonly { readonly [key: string]: Json }[]): CompiledPolicy {
  return compiled(
    JSON.stringify({
      version: 1,
      policy: 'p',
      revision: 'r',
      destinations: {
        here: { kind: 'local', regions: ['onprem'] },
        eu: { kind: 'cloud', provider: 'e', regions: ['eu'] },
        us: { kind: 'cloud', provider: 'u', regions: ['us'] },
        far: { kind: 'cloud', provider: 'f' },
      },
      lists: { words: ['x'] },
      guards: rules.map((rule, i) => ({ id: `g${i}`, ...rule })),
      routes: [{ id: 'hard', when: { 'class.needs_strong': { gte: 0.5 } }, to: ['far', 'us'] }],
      default: { to: ['eu', 'us', 'here'] },
    }),
  )
}

/** What a policy leaves open: probed by wishing for each destination. */
function openness(policy: CompiledPolicy, given: Facts) {
  const ask = (wish: string | null) => evaluate(policy, given, { endpoint: ENDPOINT, wish })
  const plain = ask(null)
  return {
    ceiling: CEILINGS.indexOf(plain.ceiling),
    tools: plain.tools === 'keep' ? 1 : 0,
    reachable: NAMES.filter((name) => ask(name).destination === name && ask(name).route === 'wish'),
    plain,
  }
}

function assertNotLooser(
  policy: CompiledPolicy,
  given: Facts,
  tighterPolicy: CompiledPolicy,
  other: Facts,
): void {
  const before = openness(policy, given)
  const after = openness(tighterPolicy, other)
  assert.ok(after.ceiling >= before.ceiling, 'ceiling')
  assert.ok(after.tools <= before.tools, 'tools')
  assert.ok(
    after.reachable.every((name) => before.reachable.includes(name)),
    `${after.reachable} within ${before.reachable}`,
  )
}

/** Every fact that can be unknown, and the facts without it. */
const FORGETTING: readonly ((given: Facts) => Facts)[] = [
  (given) => ({ ...given, identity: { ...given.identity, team: null } }),
  (given) => ({ ...given, identity: { ...given.identity, region: null } }),
  (given) => ({ ...given, identity: { ...given.identity, roles: null } }),
  (given) => ({ ...given, request: { ...given.request, model: null } }),
  (given) => ({
    ...given,
    findings: { ...given.findings, counts: { ...given.findings.counts, PERSON: Number.NaN } },
  }),
  (given) => ({ ...given, findings: { ...given.findings, total: null } }),
  (given) => ({ ...given, findings: { ...given.findings, min_score: null } }),
  (given) => ({ ...given, class: { ...given.class, injection: null } }),
  (given) => ({ ...given, lists: {} }),
  (given) => ({ ...given, budget: { team: {} } }),
  (given) => ({ ...given, detectors: { ...given.detectors, pattern: null } }),
  (given) => ({ ...given, detectors: { ...given.detectors, ner: null } }),
  (given) => ({ ...given, detectors: {} }),
]

function comparable(decision: PolicyDecision): unknown {
  const because = [...decision.because].sort((a, b) => a.rule.localeCompare(b.rule))
  return { ...decision, because, policy_sha256: null }
}

describe('for all policies and facts', () => {
  it('adding a guard never loosens', () => {
    fc.assert(
      fc.property(guards, guard, someFacts, (some, more, given) => {
        assertNotLooser(policyOf(some), given, policyOf([...some, more]), given)
      }),
      { numRuns: 300 },
    )
  })

  it('turning a fact unknown never loosens', () => {
    fc.assert(
      fc.property(guards, someFacts, fc.constantFrom(...FORGETTING), (some, given, forget) => {
        const policy = policyOf(some)
        assertNotLooser(policy, given, policy, forget(given))
      }),
      { numRuns: 500 },
    )
  })

  it('a header never loosens', () => {
    fc.assert(
      fc.property(guards, someFacts, (some, given) => {
        const policy = policyOf(some)
        assertNotLooser(policy, { ...given, headers: {} }, policy, given)
      }),
      { numRuns: 300 },
    )
  })

  it('the name of a model never loosens', () => {
    fc.assert(
      fc.property(guards, someFacts, (some, given) => {
        const policy = policyOf(some)
        const silent = { ...given, request: { ...given.request, model: 'cloakroom-auto' } }
        assertNotLooser(policy, silent, policy, given)
      }),
      { numRuns: 300 },
    )
  })

  it('the order of guards does not matter', () => {
    const shuffled = guards.chain((some) =>
      fc.tuple(
        fc.constant(some.map((one, i) => ({ id: `g${i}`, ...one }))),
        fc.shuffledSubarray(
          some.map((one, i) => ({ id: `g${i}`, ...one })),
          { minLength: some.length },
        ),
      ),
    )
    fc.assert(
      fc.property(shuffled, someFacts, fc.constantFrom(null, ...NAMES), ([some, other], given, wish) => {
        const request = { endpoint: ENDPOINT, wish }
        const first = evaluate(policyOf(some), given, request)
        const second = evaluate(policyOf(other), given, request)
        assert.deepEqual(comparable(first), comparable(second))
      }),
      { numRuns: 300 },
    )
  })

  it('an action is never beyond its ceiling', () => {
    const within = { open: 4, sanitise: 4, approve: 3, local: 2, block: 1 }
    const reach = { cloud: 4, held: 3, local: 2, blocked: 1 }
    fc.assert(
      fc.property(guards, someFacts, fc.constantFrom(null, ...NAMES), (some, given, wish) => {
        const decision = evaluate(policyOf(some), given, { endpoint: ENDPOINT, wish })
        assert.ok(reach[decision.action] <= within[decision.ceiling])
        assert.equal(decision.destination === null, decision.action === 'blocked')
        assert.equal(decision.sanitise, true)
        assert.notEqual(decidingRule(decision), '')
      }),
      { numRuns: 300 },
    )
  })

  it('evaluating never throws, whatever the facts', () => {
    fc.assert(
      fc.property(
        guards,
        fc.anything(),
        fc.string(),
        fc.option(fc.string()),
        (some, given, endpoint, wish) => {
          evaluate(policyOf(some), given as Facts, { endpoint, wish })
        },
      ),
      { numRuns: 300 },
    )
  })

  it('facts of the wrong kind decide nothing in favour of the client', () => {
    const wrong = fc.oneof(fc.object(), fc.string(), fc.array(fc.integer()), fc.constant(null))
    const strict = policyWith(`guards:
  - { id: a, when: { class.injection: { gte: 0.9 } }, then: { ceiling: local } }
  - { id: b, when: { findings.PASSWORD.count: { gte: 1 } }, then: { ceiling: block } }`)
    fc.assert(
      fc.property(wrong, (value) => {
        const given = { ...facts(), class: { injection: value }, findings: { counts: { PASSWORD: value } } }
        const decision = evaluate(strict, given as unknown as Facts, { endpoint: ENDPOINT, wish: null })
        assert.equal(decision.action, 'blocked')
      }),
      { numRuns: 100 },
    )
  })
})
