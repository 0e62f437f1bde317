import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AUTO_MODEL, decidingRule, evaluate, type Facts } from '../../routing-rules/index.ts'
import { compiled, decide, facts, fixture, policyWith, rulesOf } from './support.ts'

const ALWAYS = '{ request.tokens: { gte: 0 } }'
const NEVER = '{ request.tokens: { lt: 0 } }'

function guard(id: string, effect: string, when = ALWAYS): string {
  return `  - { id: ${id}, when: ${when}, then: ${effect} }\n`
}

describe('guards', () => {
  for (const [ceiling, action, to] of [
    ['open', 'cloud', 'eu'],
    ['sanitise', 'cloud', 'eu'],
    ['approve', 'held', 'eu'],
    ['local', 'local', 'here'],
    ['block', 'blocked', null],
  ] as const) {
    it(`with the ceiling ${ceiling} make a cloud request ${action}`, () => {
      const decision = decide(policyWith(`guards:\n${guard('g', `{ ceiling: ${ceiling} }`)}`))
      assert.equal(decision.ceiling, ceiling)
      assert.equal(decision.action, action)
      assert.equal(decision.destination, to)
      assert.deepEqual(rulesOf(decision), ['g'])
    })
  }

  it('are all evaluated, and the most restrictive ceiling wins and comes first', () => {
    const decision = decide(
      policyWith(
        `guards:\n${guard('a', '{ ceiling: sanitise }')}${guard('b', '{ ceiling: local }')}${guard('c', '{ ceiling: approve }')}`,
      ),
    )
    assert.equal(decision.ceiling, 'local')
    assert.deepEqual(rulesOf(decision), ['b', 'c', 'a'])
  })

  it('leave the ceiling open when none sets one', () => {
    const decision = decide(policyWith(`guards:\n${guard('g', '{ ceiling: block }', NEVER)}`))
    assert.equal(decision.ceiling, 'open')
    assert.equal(decision.action, 'cloud')
    assert.equal(decision.sanitise, true)
    assert.deepEqual(decision.because, [])
  })

  it('fire on an unknown fact and say so', () => {
    const policy = policyWith(
      `guards:\n${guard('g', '{ ceiling: local }', '{ class.injection: { gte: 0.9 } }')}`,
    )
    const decision = decide(policy, { class: { injection: null } })
    assert.deepEqual(decision.because, [{ rule: 'g', matched: 'unknown', effect: 'local' }])
  })

  it('count as matched when evaluating them fails', () => {
    const policy = policyWith(
      `guards:\n${guard('g', '{ ceiling: local }', '{ class.injection: { gte: 0.9 } }')}`,
    )
    const broken = {
      ...facts(),
      get class(): Facts['class'] {
        throw new Error('unreadable')
      },
    }
    const decision = evaluate(policy, broken, { endpoint: 'chat', wish: null })
    assert.deepEqual(decision.because, [{ rule: 'g', matched: 'error', effect: 'local' }])
  })

  it('intersect their regions', () => {
    const policy = policyWith(
      `guards:\n${guard('a', '{ only_regions: [eu, onprem] }')}${guard('b', '{ only_regions: [us, onprem] }')}`,
    )
    assert.equal(decide(policy).destination, 'here')
  })

  it('keep a destination only when every region of it is named', () => {
    const source = (regions: string) => `version: 1
policy: p
destinations: { two: { kind: cloud, provider: x, ${regions} }, here: { kind: local } }
guards: [{ id: g, when: ${ALWAYS}, then: { only_regions: [eu, onprem] } }]
default: { to: [two, here] }`
    assert.equal(decide(compiled(source('regions: [eu]'))).destination, 'two')
    assert.equal(decide(compiled(source('regions: [eu, us]'))).destination, 'here')
    assert.equal(decide(compiled(source('model: unplaced'))).destination, 'here')
  })

  it('drop tools', () => {
    assert.equal(decide(policyWith(`guards:\n${guard('g', '{ tools: none }')}`)).tools, 'none')
    assert.equal(decide(policyWith(`guards:\n${guard('g', '{ tools: none }', NEVER)}`)).tools, 'keep')
  })

  it('put several effects into one reason', () => {
    const decision = decide(
      policyWith(
        `guards:\n${guard('g', '{ ceiling: local, only_regions: [onprem], tools: none, code: c }')}`,
      ),
    )
    assert.deepEqual(decision.because, [
      { rule: 'g', matched: 'yes', effect: 'local, only_regions, tools: none', code: 'c' },
    ])
    assert.equal(decidingRule(decision), 'g')
  })

  it('collect alerts and notices once', () => {
    const decision = decide(
      policyWith(`guards:\n${guard('a', '{ alert: x, notice: n }')}${guard('b', '{ alert: x }')}`),
    )
    assert.deepEqual(decision.alerts, ['x'])
    assert.deepEqual(decision.notices, ['n'])
  })

  it('that hold a request agree on who, how long and what then', () => {
    const decision = decide(
      policyWith(
        `guards:\n${guard('a', '{ ceiling: approve, approvers: [x, y], timeout: 1h, on_timeout: local }')}${guard('b', '{ ceiling: approve, approvers: [y, z], timeout: 90s }')}${guard('c', '{ ceiling: approve, on_timeout: local }')}`,
      ),
    )
    assert.deepEqual(decision.approval, { approvers: ['y'], timeoutMs: 90_000, onTimeout: 'block' })
  })
})

describe('team lists', () => {
  const policy = policyWith(
    `guards: [{ id: t, per: identity.team, allow: { dev: [here, eu, us], hr: [here], "*": [here, us] } }]`,
  )
  const closed = policyWith(`guards: [{ id: t, per: identity.team, allow: { dev: [eu, us], qa: [us] } }]`)

  for (const [name, which, team, to] of [
    ['a listed team', policy, 'dev', 'eu'],
    ['a team with less', policy, 'hr', 'here'],
    ['a team that is not listed', policy, 'sales', 'us'],
    ['an unknown team', policy, null, 'here'],
    ['an empty team, which is unknown', policy, '', 'here'],
    ['a team named like a property of every object', policy, 'constructor', 'us'],
    ['a team that is not listed where there is no "*"', closed, 'sales', null],
    ['an unknown team where there is no "*": what all lists share', closed, null, 'us'],
  ] as const) {
    it(`give ${name} ${to ?? 'nothing'}`, () => {
      const decision = decide(which, { identity: { team } })
      assert.equal(decision.destination, to)
      assert.equal(decision.action === 'blocked', to === null)
    })
  }

  it('are a reason only where they take something away', () => {
    assert.deepEqual(rulesOf(decide(policy, { identity: { team: 'dev' } })), [])
    assert.deepEqual(decide(policy, { identity: { team: null } }).because, [
      { rule: 't', matched: 'unknown', effect: 'allow' },
    ])
  })

  it('of several guards intersect', () => {
    const two = policyWith(`guards:
  - { id: a, per: identity.team, allow: { "*": [eu, here] } }
  - { id: b, per: identity.region, allow: { us: [us, here] } }`)
    assert.equal(decide(two).destination, 'here')
  })

  it('with a condition apply when it holds or is unknown', () => {
    const some = policyWith(
      `guards: [{ id: t, when: { class.injection: { gt: 0.5 } }, per: identity.team, allow: { "*": [here] } }]`,
    )
    assert.equal(decide(some).destination, 'eu')
    assert.equal(decide(some, { class: { injection: 0.9 } }).destination, 'here')
    assert.equal(decide(some, { class: { injection: null } }).destination, 'here')
  })
})

describe('routes', () => {
  const policy = policyWith(`routes:
  - { id: first, when: { class.needs_strong: { gte: 0.5 } }, to: [us] }
  - { id: second, when: { class.needs_strong: { gte: 0.2 } }, to: [eu] }
default: { to: [here] }`)

  it('are taken in order, the first match first', () => {
    assert.equal(decide(policy, { class: { needs_strong: 0.9 } }).route, 'first')
    assert.equal(decide(policy, { class: { needs_strong: 0.3 } }).route, 'second')
    assert.equal(decide(policy).route, 'default')
  })

  it('do not fire on an unknown fact', () => {
    assert.equal(decide(policy, { class: { needs_strong: null } }).route, 'default')
  })

  it('do not fire when evaluating them fails', () => {
    const broken = {
      ...facts(),
      get class(): Facts['class'] {
        throw new Error('unreadable')
      },
    }
    assert.equal(evaluate(policy, broken, { endpoint: 'chat', wish: null }).route, 'default')
  })

  it('of which no destination is left are passed over', () => {
    const guarded = policyWith(`guards:\n${guard('g', '{ only_regions: [eu, onprem] }')}routes:
  - { id: first, to: [us] }
  - { id: second, to: [us, eu] }`)
    const decision = decide(guarded)
    assert.equal(decision.route, 'second')
    assert.equal(decision.destination, 'eu')
    assert.deepEqual(decision.would_have_been, { route: 'first', destination: 'us' })
  })

  it('take the first destination that serves the endpoint', () => {
    const source = `version: 1
policy: p
destinations:
  chat: { kind: cloud, provider: x }
  vectors: { kind: cloud, provider: x, endpoints: [embeddings] }
default: { to: [chat, vectors] }`
    assert.equal(decide(compiled(source)).destination, 'chat')
    assert.equal(decide(compiled(source), { request: { endpoint: 'embeddings' } }).destination, 'vectors')
    const none = decide(compiled(source.replace(', vectors]', ']')), { request: { endpoint: 'embeddings' } })
    assert.equal(none.action, 'blocked')
    assert.deepEqual(rulesOf(none), ['no_destination'])
  })

  it('leave a decision without would_have_been where the guards changed nothing', () => {
    assert.equal(decide(policy).would_have_been, undefined)
    const guarded = policyWith(`guards:\n${guard('g', '{ ceiling: local }')}default: { to: [here] }`)
    assert.equal(decide(guarded).would_have_been, undefined)
  })
})

describe('nothing left', () => {
  it('is blocked with the reason no_destination and its words', () => {
    const decision = decide(policyWith(`guards:\n${guard('g', '{ only_regions: [moon] }')}`))
    assert.equal(decision.action, 'blocked')
    assert.equal(decision.destination, null)
    assert.equal(decision.route, null)
    assert.equal(decision.because.at(-1)?.effect, 'no_destination')
    assert.equal(decidingRule(decision), 'no_destination')
  })

  it('is named after the guard that closed the rest', () => {
    const source = `version: 1
policy: p
destinations: { c: { kind: cloud, provider: x } }
guards: [{ id: g, when: ${ALWAYS}, then: { ceiling: local } }]
default: { to: [c] }`
    const decision = decide(compiled(source))
    assert.equal(decision.action, 'blocked')
    assert.equal(decidingRule(decision), 'g')
    assert.match(decision.because[1]?.why ?? '', /only a local model may answer/)
  })

  it('by a ceiling of block needs no other reason', () => {
    const decision = decide(policyWith(`guards:\n${guard('g', '{ ceiling: block }')}`))
    assert.deepEqual(rulesOf(decision), ['g'])
  })
})

describe('held requests', () => {
  const policy = policyWith(`guards:\n${guard('g', '{ ceiling: approve }')}routes:
  - { id: hard, when: { class.needs_strong: { gte: 0.5 } }, to: [us] }
default: { to: [here] }`)

  it('name the cloud destination that would be used', () => {
    const decision = decide(policy, { class: { needs_strong: 0.9 } })
    assert.equal(decision.action, 'held')
    assert.equal(decision.destination, 'us')
    assert.equal(decidingRule(decision), 'g')
  })

  it('are simply local when routing keeps them local', () => {
    const decision = decide(policy)
    assert.equal(decision.action, 'local')
    assert.equal(decision.approval, undefined)
    assert.equal(decidingRule(decision), 'default')
  })
})

describe('the wish of the client', () => {
  const policy = policyWith(
    `guards:\n${guard('g', '{ ceiling: local }', '{ findings.HEALTH.count: { gte: 1 } }')}default: { to: [eu] }`,
  )

  it('is met by name and by model', () => {
    assert.equal(decide(policy, {}, 'us').destination, 'us')
    assert.equal(decide(policy, {}, 'big-us').destination, 'us')
    assert.equal(decide(policy, {}, 'us').route, 'wish')
  })

  it('is nothing when it is the automatic model or a name nobody has', () => {
    for (const wish of [AUTO_MODEL, 'gpt-9', '', 'constructor', '*']) {
      assert.equal(decide(policy, {}, wish).route, 'default')
    }
  })

  it('never bypasses a guard', () => {
    const sick = { findings: { counts: { HEALTH: 1 }, total: 1 } }
    for (const wish of ['us', 'big-us', 'eu', 'here', null]) {
      const decision = decide(policy, sick, wish)
      assert.notEqual(decision.action, 'cloud')
    }
  })

  it('for the local model keeps the request local, and is refused rather than sent out', () => {
    assert.equal(decide(policy, {}, 'here').destination, 'here')
    assert.equal(decide(policy, {}, 'small').destination, 'here')
    const closed = policyWith('guards: [{ id: t, per: identity.team, allow: { "*": [eu, us] } }]')
    const decision = decide(closed, {}, 'here')
    assert.equal(decision.action, 'blocked')
    assert.equal(decision.ceiling, 'open')
  })

  it('for a model that several destinations ask for takes one that is left', () => {
    const source = `version: 1
policy: p
destinations:
  a: { kind: cloud, provider: x, model: same, regions: [us] }
  b: { kind: cloud, provider: y, model: same, regions: [eu] }
guards: [{ id: g, when: { identity.region: { eq: eu } }, then: { only_regions: [eu] } }]
default: { to: [a] }`
    assert.equal(decide(compiled(source), {}, 'same').destination, 'a')
    assert.equal(decide(compiled(source), { identity: { region: 'eu' } }, 'same').destination, 'b')
  })

  it('goes to what serves the endpoint only', () => {
    const source = `version: 1
policy: p
destinations: { chat: { kind: cloud, provider: x }, vectors: { kind: cloud, provider: x, endpoints: [embeddings] } }
default: { to: [chat] }`
    assert.equal(decide(compiled(source), {}, 'vectors').destination, 'chat')
  })
})

describe('what the client says', () => {
  it('can close by a header and cannot open by one', () => {
    const policy = policyWith(
      `guards:\n${guard('g', '{ ceiling: local }', '{ headers.x-cloakroom-consent: { neq: granted } }')}`,
    )
    assert.equal(decide(policy).action, 'local')
    assert.equal(decide(policy, { headers: { 'x-cloakroom-consent': 'granted' } }).action, 'local')
    assert.equal(decide(policy, { headers: { 'x-cloakroom-consent': 'denied' } }).action, 'local')
  })

  it('can close by a model name and cannot open by one', () => {
    const policy = policyWith(
      `guards:\n${guard('g', '{ ceiling: local }', '{ request.model: { neq: big-us } }')}${guard('h', '{ ceiling: block }', '{ request.model: { eq: big-eu } }')}`,
    )
    assert.equal(decide(policy, { request: { model: 'big-us' } }, 'big-us').action, 'local')
    assert.equal(decide(policy, { request: { model: 'big-eu' } }, 'big-eu').action, 'blocked')
  })
})

describe('public data', () => {
  const source = `version: 1
policy: p
destinations: { open: { kind: cloud, provider: x, sanitise: false } }
guards: [{ id: g, when: { findings.total: { gte: 1 } }, then: { ceiling: sanitise } }]
default: { to: [open] }`

  it('leaves unsanitised only where a destination says so and no guard says otherwise', () => {
    assert.equal(decide(compiled(source)).sanitise, false)
    assert.equal(decide(compiled(source), { findings: { total: 1 } }).sanitise, true)
    assert.equal(decide(compiled(source), { detectors: { ner: 'down' } }).sanitise, true)
  })
})

describe('the cost of a decision', () => {
  it('is a handful of microseconds for the policy of the documentation', () => {
    const policy = compiled(fixture('acme.yaml'))
    const plain = facts()
    const request = { endpoint: 'chat', wish: null }
    const rounds = 20_000
    for (let i = 0; i < rounds; i++) evaluate(policy, plain, request)
    const started = process.cpuUsage()
    for (let i = 0; i < rounds; i++) evaluate(policy, plain, request)
    const microseconds = process.cpuUsage(started).user / rounds
    assert.ok(microseconds < 100, `${microseconds} us`)
  })
})
