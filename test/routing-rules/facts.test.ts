import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { evaluate, type Facts, parseFacts } from '../../routing-rules/index.ts'
import { compiled, fixture } from './support.ts'

const policy = compiled(fixture('acme.yaml'))

function read(source: string): Facts {
  const { facts, problems } = parseFacts(source, 'facts.json', policy)
  assert.ok(facts !== null, problems.map((p) => p.message).join(', '))
  return facts
}

describe('facts written by hand', () => {
  for (const [name, source] of [
    [
      'nested',
      '{"identity": {"team": "hr"}, "findings": {"counts": {"HEALTH": 1}}, "detectors": {"ner": {"status": "ok"}}}',
    ],
    ['short', 'identity: { team: hr }\nfindings: { HEALTH: 1 }\ndetectors: { ner: ok }'],
    ['half way', 'identity: { team: hr }\nfindings: { HEALTH: { count: 1 } }\ndetectors.ner: ok'],
    ['dotted', '{"identity.team": "hr", "findings.HEALTH.count": 1, "detectors.ner.status": "ok"}'],
    [
      'as a decision records them',
      '{"team": "hr", "findings": {"HEALTH": 1}, "detectors": {"ner": "ok"}, "list_hits": {}}',
    ],
  ] as const) {
    it(`may be ${name}`, () => {
      const facts = read(source)
      assert.equal(facts.identity.team, 'hr')
      assert.deepEqual(facts.findings, { counts: { HEALTH: 1 }, total: 1 })
      assert.equal(facts.detectors.ner, 'ok')
    })
  }

  it('take what is not mentioned as unknown, but for what the proxy always knows', () => {
    const facts = read('{}')
    assert.deepEqual(facts.lists, { itar_terms: 0, deal_codenames: 0 })
    assert.equal(facts.findings.total, 0)
    assert.equal(facts.request.endpoint, 'chat')
    assert.deepEqual(facts.headers, {})
    assert.equal(facts.identity.team, undefined)
    assert.equal(facts.detectors.pattern, undefined)
  })

  it('keep what is written as unknown, also for a count, a list and a whole family', () => {
    const facts = read('{"findings": {"HEALTH": null}, "lists": {"itar_terms": null}, "detectors": null}')
    assert.ok(Number.isNaN(facts.findings.counts.HEALTH))
    assert.equal(facts.findings.total, null)
    assert.equal(facts.lists.itar_terms, null)
    assert.deepEqual(facts.detectors, { pattern: null, ner: null, contextual: null })
  })

  it('count a group through one of its types', () => {
    const decision = evaluate(policy, read('{"findings": {"CREDENTIALS": 1}, "detectors.pattern": "ok"}'), {
      endpoint: 'chat',
      wish: null,
    })
    assert.ok(decision.because.some((reason) => reason.rule === 'credentials' && reason.matched === 'yes'))
  })

  it('set lists, budgets and headers', () => {
    const facts = read(
      'lists: { itar_terms: { hits: 2 } }\nbudget: { team: { month_used: 0.5 } }\nheaders: { x-cloakroom-consent: denied }',
    )
    assert.equal(facts.lists.itar_terms, 2)
    assert.equal(facts.budget.team.month_used, 0.5)
    assert.deepEqual(facts.headers, { 'x-cloakroom-consent': 'denied' })
  })

  for (const [name, source, says] of [
    ['an unknown fact', 'identity: { teem: hr }', '1:13 unknown fact; did you mean "identity.team"?'],
    ['an unknown type', 'findings: { HELTH: 1 }', '1:13 unknown fact; did you mean "findings.HEALTH.count"?'],
    ['a text for a number', 'request: { tokens: many }', '1:20 expected a number or null'],
    ['a number out of range', 'class.injection: 7', '1:18 class.injection is never outside 0 to 1'],
    ['a number for a text', 'identity: { team: 5 }', 'expected a text or null'],
    ['a text for a flag', 'request: { stream: yes }', 'expected true, false or null'],
    ['a text for roles', 'identity: { roles: admin }', 'expected a list of texts or null'],
    ['a status that does not exist', 'detectors: { ner: dwon }', 'did you mean "down"?'],
    ['a list instead of a map', '[1]', '1:1 expected facts'],
    ['broken JSON', '{"a": ', '1:7 '],
  ] as const) {
    it(`report ${name}`, () => {
      const { facts, problems } = parseFacts(source, 'facts.json', policy)
      assert.equal(facts, null)
      const said = problems.map((p) => `${p.line}:${p.column} ${p.message}`).join(' | ')
      assert.ok(said.includes(says), said)
    })
  }
})
