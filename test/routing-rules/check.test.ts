import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkPolicy } from '../../routing-rules/index.ts'
import { compiled, fixture, policyWith } from './support.ts'

const LOCAL = 'then: { ceiling: local }'

interface Row {
  readonly name: string
  readonly rules: string
  /** `severity line message`, parts; empty: nothing to say. */
  readonly says: readonly string[]
}

const table: readonly Row[] = [
  { name: 'nothing about a plain policy', rules: '', says: [] },
  {
    name: 'a route behind one that takes everything',
    rules:
      'routes:\n  - { id: all, to: [us] }\n  - { id: late, when: { request.tokens: { gt: 5 } }, to: [us] }',
    says: ['error 11 this route can never be reached: the route on line 10'],
  },
  {
    name: 'a route behind a wider one',
    rules: `routes:
  - { id: wide, when: { class.needs_strong: { gte: 0.3 } }, to: [us] }
  - { id: narrow, when: { class.needs_strong: { gte: 0.6 } }, to: [us] }`,
    says: ['error 11 this route can never be reached'],
  },
  {
    name: 'a route behind one with the same branches',
    rules: `routes:
  - { id: a, when: { any: [{ request.tokens: { gt: 5 } }, { request.stream: { eq: true } }] }, to: [us] }
  - { id: b, when: { request.tokens: { gt: 9 }, request.stream: { eq: false } }, to: [us] }`,
    says: ['error 11 this route can never be reached'],
  },
  {
    name: 'nothing about a narrower route first',
    rules: `routes:
  - { id: narrow, when: { class.needs_strong: { gte: 0.6 } }, to: [us] }
  - { id: wide, when: { class.needs_strong: { gte: 0.3 } }, to: [eu] }`,
    says: [],
  },
  {
    name: 'nothing about a route that is reached when the first has no destination left',
    rules: `guards: [{ id: g, when: { identity.region: { eq: eu } }, then: { only_regions: [eu] } }]
routes:
  - { id: all, to: [us] }
  - { id: late, when: { request.tokens: { gt: 5 } }, to: [eu] }`,
    says: [],
  },
  {
    name: 'a route to another destination that every guard leaves only with the first',
    rules: `guards: [{ id: g, when: { class.injection: { gt: 0.5 } }, ${LOCAL} }]
routes:
  - { id: all, to: [here] }
  - { id: late, when: { request.tokens: { gt: 5 } }, to: [us] }`,
    says: ['error 12 this route can never be reached'],
  },
  {
    name: 'nothing about a route that asks for a fact the first does not',
    rules: `routes:
  - { id: a, when: { class.needs_strong: { gte: 0 } }, to: [us] }
  - { id: b, when: { request.tokens: { gt: 5 } }, to: [us] }`,
    says: [],
  },
  {
    name: 'a route whose conditions exclude each other',
    rules: 'routes: [{ id: r, when: { request.tokens: { gt: 9, lt: 3 } }, to: [us] }]',
    says: ['error 9 this route can never be reached: its conditions exclude each other'],
  },
  {
    name: 'a guard beyond the range of its fact',
    rules: `guards: [{ id: g, when: { class.injection: { gt: 1.5 } }, ${LOCAL} }]`,
    says: ['error 9 this guard cannot fire'],
  },
  {
    name: 'a guard on two values at once',
    rules: `guards: [{ id: g, when: { all: [{ identity.team: { eq: a } }, { identity.team: { in: [b, c] } }] }, ${LOCAL} }]`,
    says: ['error 9 this guard cannot fire'],
  },
  {
    name: 'a guard on a thing and its opposite',
    rules: `guards: [{ id: g, when: { request.stream: { eq: true }, not: { any: [{ request.stream: { eq: true } }, { request.tokens: { gt: 1 } }] } }, ${LOCAL} }]`,
    says: ['error 9 this guard cannot fire'],
  },
  {
    name: 'a guard none of whose branches can hold',
    rules: `guards: [{ id: g, when: { request.tokens: { lt: 5 }, any: [{ request.tokens: { gt: 5 } }, { findings.total: { lt: 0 } }] }, ${LOCAL} }]`,
    says: ['error 9 this guard cannot fire'],
  },
  {
    name: 'nothing about a guard with one branch left',
    rules: `guards: [{ id: g, when: { request.tokens: { lt: 5 }, any: [{ request.tokens: { gt: 5 } }, { findings.total: { gt: 0 } }] }, ${LOCAL} }]`,
    says: [],
  },
  {
    name: 'nothing about two roles at once',
    rules: `guards: [{ id: g, when: { all: [{ identity.roles: { eq: a } }, { identity.roles: { eq: b } }] }, ${LOCAL} }]`,
    says: [],
  },
  {
    name: 'a guard that wants a header to open',
    rules: `guards: [{ id: g, when: { headers.x-cloakroom-consent: { neq: granted } }, ${LOCAL} }]`,
    says: ['warning 9 this guard fires for every request: headers and the model name can only tighten'],
  },
  {
    name: 'nothing about a guard on a header that closes',
    rules: `guards: [{ id: g, when: { headers.x-cloakroom-consent: { nin: ["", granted] } }, ${LOCAL} }]`,
    says: [],
  },
  {
    name: 'a guard that changes nothing',
    rules: 'guards: [{ id: g, when: { findings.total: { gte: 1 } }, then: { ceiling: open } }]',
    says: ['warning 9 this guard changes nothing'],
  },
  {
    name: 'regions that no destination has',
    rules: 'guards: [{ id: g, when: { findings.total: { gte: 1 } }, then: { only_regions: [moon] } }]',
    says: ['warning 9 no destination lies in these regions'],
  },
  {
    name: 'a team without a destination, over all guards',
    rules: `guards:
  - { id: a, per: identity.team, allow: { hr: [here], dev: [us], "*": [here, us] } }
  - { id: b, per: identity.team, allow: { hr: [us], "*": [here, us] } }
default: { to: [here, us] }`,
    says: ['error 6 no destination is left here', 'error 7 no destination is left here'],
  },
  {
    name: 'a team whose default is closed',
    rules: `guards: [{ id: a, per: identity.team, allow: { hr: [us] } }]
routes: [{ id: r, when: { request.tokens: { gt: 5 } }, to: [us] }]
default: { to: [here] }`,
    says: ['warning 8 nothing of "default" is left here'],
  },
  {
    name: 'an empty list and one that nobody asks for',
    rules: `lists: { none: [], some: [x] }
guards: [{ id: g, when: { lists.none.hits: { gte: 1 } }, ${LOCAL} }]`,
    says: ['error 9 this list has no term', 'warning 9 no rule asks for this list'],
  },
  {
    name: 'a limit on nothing',
    rules: 'limits: [{ per: identity.key }]',
    says: ['error 9 this limit limits nothing'],
  },
]

describe('checking a policy', () => {
  for (const row of table) {
    it(`reports ${row.name}`, () => {
      const rules = row.rules
      const said = checkPolicy(policyWith(rules)).map((p) => `${p.severity} ${p.line} ${p.message}`)
      assert.equal(said.length, row.says.length, said.join(' | '))
      for (const [i, part] of row.says.entries()) {
        const wanted = rules.includes('\ndefault:') ? part.replace(/ \d+ /, ' ') : part
        const got = rules.includes('\ndefault:') ? said[i]?.replace(/ \d+ /, ' ') : said[i]
        assert.ok(got?.startsWith(wanted), `${wanted} in ${got}`)
      }
    })
  }

  it('flags what is sent without being sanitised', () => {
    const policy = compiled(`version: 1
policy: p
destinations: { open: { kind: cloud, provider: x, sanitise: false } }
default: { to: [open] }`)
    const [problem] = checkPolicy(policy)
    assert.match(problem?.message ?? '', /not sanitised/)
    assert.equal(problem?.line, 3)
  })

  it('flags guards that want a local model where the policy has none', () => {
    const policy = compiled(`version: 1
policy: p
destinations: { c: { kind: cloud, provider: x } }
guards: [{ id: g, when: { findings.total: { gte: 1 } }, then: { ceiling: local } }]
default: { to: [c] }`)
    assert.match(checkPolicy(policy)[0]?.message ?? '', /no destination is local/)
  })

  it('has nothing to say about the policy of the documentation', () => {
    assert.deepEqual(checkPolicy(compiled(fixture('acme.yaml'))), [])
  })
})
