import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FACT_FAMILIES, type Truth } from '../../routing-rules/conditions/index.ts'
import type { Facts } from '../../routing-rules/index.ts'
import { type DeepPartial, facts, policyWith } from './support.ts'

function truthOf(condition: string, changes: DeepPartial<Facts> = {}): Truth {
  const policy = policyWith(`routes: [{ id: r, when: ${condition}, to: [us] }]`)
  const test = policy.routes[0]?.test
  assert.ok(test)
  return test(facts(changes))
}

const NO = 0
const UNKNOWN = 1
const YES = 2

const table: readonly [string, string, DeepPartial<Facts>, Truth][] = [
  ['a number above', '{ request.tokens: { gt: 299 } }', {}, YES],
  ['a number at the edge of gt', '{ request.tokens: { gt: 300 } }', {}, NO],
  ['a number at the edge of gte', '{ request.tokens: { gte: 300 } }', {}, YES],
  ['a number at the edge of lt', '{ request.tokens: { lt: 300 } }', {}, NO],
  ['a number at the edge of lte', '{ request.tokens: { lte: 300 } }', {}, YES],
  ['an equal number', '{ request.tokens: { eq: 300 } }', {}, YES],
  ['an unequal number', '{ request.tokens: { neq: 300 } }', {}, NO],
  ['a number in a list', '{ request.tokens: { in: [1, 300] } }', {}, YES],
  ['a number not in a list', '{ request.tokens: { nin: [1, 300] } }', {}, NO],
  ['a number in a window', '{ request.tokens: { gte: 100, lt: 301 } }', {}, YES],
  ['an absent number', '{ request.tokens: { gte: 0 } }', { request: { tokens: null } }, UNKNOWN],
  ['a number that is none', '{ request.tokens: { gte: 0 } }', { request: { tokens: Number.NaN } }, UNKNOWN],
  [
    'a null below a number is not true',
    '{ class.injection: { lt: 0.6 } }',
    { class: { injection: null } },
    UNKNOWN,
  ],
  ['a flag', '{ request.stream: { eq: true } }', { request: { stream: true } }, YES],
  ['a flag that is not', '{ request.stream: { neq: true } }', { request: { stream: true } }, NO],
  ['an absent flag', '{ request.stream: { eq: false } }', { request: { stream: null } }, UNKNOWN],
  ['a team', '{ identity.team: { eq: engineering } }', {}, YES],
  ['a team in other letters', '{ identity.team: { eq: Engineering } }', {}, NO],
  ['a region in other letters', '{ identity.region: { eq: eu } }', { identity: { region: 'EU' } }, YES],
  ['an empty team', '{ identity.team: { neq: hr } }', { identity: { team: '' } }, UNKNOWN],
  ['one of the roles', '{ identity.roles: { in: [a, b] } }', { identity: { roles: ['b', 'c'] } }, YES],
  ['none of the roles', '{ identity.roles: { nin: [a] } }', { identity: { roles: ['b'] } }, YES],
  ['unknown roles', '{ identity.roles: { nin: [a] } }', { identity: { roles: null } }, UNKNOWN],
  ['an absent header', '{ headers.x-cloakroom-consent: { eq: denied } }', {}, NO],
  ['an absent header, negated', '{ headers.x-cloakroom-consent: { neq: granted } }', {}, YES],
  [
    'a header with a list',
    '{ headers.x-cloakroom-data-class: { in: [itar, phi] } }',
    { headers: { 'x-cloakroom-data-class': 'PHI , itar' } },
    YES,
  ],
  [
    'a header with a mixed list',
    '{ headers.x-cloakroom-data-class: { eq: phi } }',
    { headers: { 'x-cloakroom-data-class': 'public, phi' } },
    UNKNOWN,
  ],
  [
    'a header with a mixed list, negated',
    '{ headers.x-cloakroom-data-class: { neq: public } }',
    { headers: { 'x-cloakroom-data-class': 'public, phi' } },
    UNKNOWN,
  ],
  ['a count', '{ findings.EMAIL.count: { gte: 2 } }', { findings: { counts: { EMAIL: 2 } } }, YES],
  ['an absent count of a format whose layer ran', '{ findings.EMAIL.count: { gte: 1 } }', {}, NO],
  [
    'an absent count of a format without its layer',
    '{ findings.EMAIL.count: { gte: 1 } }',
    { detectors: { pattern: 'down' } },
    UNKNOWN,
  ],
  [
    'an absent count of a format without the other layers',
    '{ findings.EMAIL.count: { gte: 1 } }',
    { detectors: { ner: 'down', contextual: 'timeout' } },
    NO,
  ],
  [
    'an absent count of a name without the name layer',
    '{ findings.PERSON.count: { gte: 1 } }',
    { detectors: { ner: 'timeout' } },
    UNKNOWN,
  ],
  [
    'an absent count of a name with the name layer off',
    '{ findings.PERSON.count: { gte: 1 } }',
    { detectors: { ner: 'off' } },
    NO,
  ],
  [
    'an absent count of a meaning with the third layer off',
    '{ findings.HEALTH.count: { gte: 1 } }',
    { detectors: { contextual: 'off' } },
    NO,
  ],
  [
    'an absent count of a meaning with the third layer down',
    '{ findings.HEALTH.count: { gte: 1 } }',
    { detectors: { contextual: 'down' } },
    UNKNOWN,
  ],
  [
    'an absent count of a meaning with an unknown third layer',
    '{ findings.HEALTH.count: { gte: 1 } }',
    { detectors: { contextual: null } },
    UNKNOWN,
  ],
  [
    'what a count already proves',
    '{ findings.PERSON.count: { gte: 1 } }',
    { findings: { counts: { PERSON: 1 } }, detectors: { ner: 'down' } },
    YES,
  ],
  [
    'what a count does not exclude',
    '{ findings.PERSON.count: { lt: 2 } }',
    { findings: { counts: { PERSON: 1 } }, detectors: { ner: 'down' } },
    UNKNOWN,
  ],
  [
    'what a count already excludes',
    '{ findings.PERSON.count: { lt: 1 } }',
    { findings: { counts: { PERSON: 1 } }, detectors: { ner: 'down' } },
    NO,
  ],
  [
    'an equality with a bound',
    '{ findings.PERSON.count: { eq: 0 } }',
    { findings: { counts: { PERSON: 1 } }, detectors: { ner: 'down' } },
    NO,
  ],
  [
    'a count that is no number',
    '{ findings.EMAIL.count: { gte: 1 } }',
    { findings: { counts: { EMAIL: Number.NaN } } },
    UNKNOWN,
  ],
  [
    'a count below zero',
    '{ findings.EMAIL.count: { gte: 1 } }',
    { findings: { counts: { EMAIL: -1 } } },
    UNKNOWN,
  ],
  [
    'a group',
    '{ findings.PAYMENT.count: { gte: 3 } }',
    { findings: { counts: { IBAN: 1, CREDIT_CARD: 2 } } },
    YES,
  ],
  ['a group of which nothing was found', '{ findings.PAYMENT.count: { gte: 1 } }', {}, NO],
  [
    'the total without the name layer',
    '{ findings.total: { gte: 1 } }',
    { detectors: { ner: 'down' } },
    UNKNOWN,
  ],
  [
    'no quasi-identifiers',
    '{ findings.quasi_score: { eq: 0 } }',
    { findings: { counts: { PERSON: 9 } } },
    YES,
  ],
  [
    'quasi-identifiers by kind, however many of each',
    '{ findings.quasi_score: { eq: 3 } }',
    { findings: { counts: { ORG: 4, AGE: 1, LOCATION: 2, ADDRESS: 1 } } },
    YES,
  ],
  [
    'all quasi-identifiers',
    '{ findings.quasi_score: { gte: 6 } }',
    { findings: { counts: { ORG: 1, AGE: 1, LOCATION: 1, DATE_TIME: 1, HEALTH: 1, TITLE_OR_JOB: 1 } } },
    YES,
  ],
  [
    'quasi-identifiers that a failed layer may have missed',
    '{ findings.quasi_score: { gte: 3 } }',
    { findings: { counts: { ORG: 1, AGE: 1 } }, detectors: { contextual: 'timeout' } },
    UNKNOWN,
  ],
  [
    'enough quasi-identifiers, whatever a failed layer missed',
    '{ findings.quasi_score: { gte: 2 } }',
    { findings: { counts: { ORG: 1, AGE: 1 } }, detectors: { contextual: 'timeout' } },
    YES,
  ],
  [
    'quasi-identifiers that are said to be unknown',
    '{ findings.quasi_score: { gte: 0 } }',
    { findings: { counts: {}, quasi_score: null } },
    UNKNOWN,
  ],
  ['the lowest score', '{ findings.min_score: { lt: 0.6 } }', { findings: { min_score: 0.5 } }, YES],
  [
    'the lowest score without the name layer',
    '{ findings.min_score: { lt: 0.6 } }',
    { findings: { min_score: 0.9 }, detectors: { ner: 'down' } },
    UNKNOWN,
  ],
  [
    'a low score without the name layer',
    '{ findings.min_score: { lt: 0.6 } }',
    { findings: { min_score: 0.5 }, detectors: { ner: 'down' } },
    YES,
  ],
  [
    'a budget that cannot be read',
    '{ budget.team.month_used: { gte: 1 } }',
    { budget: { team: { month_used: null } } },
    UNKNOWN,
  ],
  ['the hour', '{ time.hour: { gte: 9, lt: 17 } }', {}, YES],
  ['open alerts', '{ alerts.open: { gt: 0 } }', {}, NO],
  [
    'all: no beats unknown',
    '{ request.tokens: { gt: 999 }, class.injection: { gt: 0.5 } }',
    { class: { injection: null } },
    NO,
  ],
  [
    'all: unknown beats yes',
    '{ request.tokens: { gt: 1 }, class.injection: { gt: 0.5 } }',
    { class: { injection: null } },
    UNKNOWN,
  ],
  [
    'any: yes beats unknown',
    '{ any: [{ class.injection: { gt: 0.5 } }, { request.tokens: { gt: 1 } }] }',
    { class: { injection: null } },
    YES,
  ],
  [
    'any: unknown beats no',
    '{ any: [{ class.injection: { gt: 0.5 } }, { request.tokens: { gt: 999 } }] }',
    { class: { injection: null } },
    UNKNOWN,
  ],
  [
    'not: unknown stays unknown',
    '{ not: { class.injection: { gt: 0.5 } } }',
    { class: { injection: null } },
    UNKNOWN,
  ],
  [
    'not: turns the rest',
    '{ not: { any: [{ request.tokens: { gt: 999 } }, { alerts.open: { gt: 5 } }] } }',
    {},
    YES,
  ],
  [
    'a map beside any: all must hold',
    '{ any: [{ request.tokens: { gt: 1 } }], alerts.open: { gt: 5 } }',
    {},
    NO,
  ],
  ['all, nested', '{ all: [{ request.tokens: { gt: 1 } }, { not: { alerts.open: { gt: 5 } } }] }', {}, YES],
]

describe('conditions', () => {
  for (const [name, condition, changes, expected] of table) {
    it(`reads ${name}`, () => {
      assert.equal(truthOf(condition, changes), expected)
    })
  }

  it('have every file of the folder in the one list', () => {
    const folder = join(import.meta.dirname, '../../routing-rules/conditions')
    const index = readFileSync(join(folder, 'index.ts'), 'utf8')
    const machinery = ['index.ts', 'types.ts', 'compile.ts', 'operators.ts']
    const families = readdirSync(folder).filter((file) => !machinery.includes(file))
    for (const file of families) assert.ok(index.includes(`'./${file}'`), file)
    assert.equal(new Set(FACT_FAMILIES.map((family) => family.id)).size, FACT_FAMILIES.length)
  })

  it('offer every fact that the documentation names', () => {
    const policy = policyWith('lists: { words: [x] }')
    const named = `identity.user identity.team identity.region identity.roles identity.key request.endpoint
      request.model request.tokens request.has_tools request.has_images request.stream request.language
      headers.x-cloakroom-conversation headers.x-cloakroom-consent headers.x-cloakroom-data-class findings.total
      findings.min_score findings.HEALTH.count findings.CREDENTIALS.count findings.SPECIAL_CATEGORY.count
      findings.PAYMENT.count lists.words.hits class.task class.domain class.needs_strong class.injection
      detectors.pattern.status detectors.ner.status detectors.contextual.status local.status local.confidence
      budget.team.month_used time.hour time.weekday alerts.open`
    for (const path of named.split(/\s+/)) assert.ok(policy.facts.has(path), path)
  })
})
