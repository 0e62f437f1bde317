import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changeBetween, diffPolicies, type RecordedRequest } from '../../routing-rules/index.ts'
import { compiled, decide, fixture, policyWith } from './support.ts'

function record(id: string, changes: Partial<RecordedRequest['facts']> = {}): RecordedRequest {
  return {
    request_id: id,
    endpoint: 'chat',
    facts: {
      team: 'engineering',
      region: 'us',
      tokens: 300,
      class: { task: 'chat', domain: 'general', needs_strong: 0.1, injection: 0.01 },
      findings: {},
      list_hits: {},
      detectors: { pattern: 'ok', ner: 'ok', contextual: 'ok' },
      ...changes,
    },
  }
}

const acme = fixture('acme.yaml')
const before = compiled(acme)

describe('comparing two policies', () => {
  const records = [
    record('plain'),
    record('sick', {
      findings: { HEALTH: 1 },
      class: { task: 'a', domain: 'b', needs_strong: 0.9, injection: 0 },
    }),
    record('hard', { class: { task: 'a', domain: 'b', needs_strong: 0.65, injection: 0 } }),
    record('hr', { team: 'hr', class: { task: 'a', domain: 'b', needs_strong: 0.65, injection: 0 } }),
    record('card', { team: 'legal', findings: { CREDIT_CARD: 1 } }),
  ]

  it('finds nothing between a policy and itself', () => {
    const diff = diffPolicies(before, compiled(acme), records)
    assert.equal(diff.total, 5)
    assert.equal(diff.loosened, 0)
    assert.deepEqual(diff.examples, [])
  })

  it('puts what loosens first, per team', () => {
    const after = compiled(
      acme
        .replace('{ findings.HEALTH.count: { gte: 1 } }', '{ findings.HEALTH.count: { gte: 2 } }')
        .replace('{ ceiling: block, code: pci_card }', '{ ceiling: sanitise, code: pci_card }')
        .replace('{ gte: 0.62 }', '{ gte: 0.7 }'),
    )
    const diff = diffPolicies(before, after, records)
    assert.deepEqual(diff.teams, [
      { team: 'engineering', total: 3, loosened: 1, tightened: 1, moved: 0 },
      { team: 'legal', total: 1, loosened: 1, tightened: 0, moved: 0 },
      { team: 'hr', total: 1, loosened: 0, tightened: 0, moved: 0 },
    ])
    assert.deepEqual(
      diff.examples.map((one) => [one.request_id, one.change, one.before.action, one.after.action]),
      [
        ['sick', 'loosened', 'local', 'cloud'],
        ['card', 'loosened', 'blocked', 'local'],
        ['hard', 'tightened', 'cloud', 'local'],
      ],
    )
  })

  it('calls another destination of the same reach moved', () => {
    const after = compiled(
      acme.replace(
        'to: [us-cloud, eu-cloud] }\n  - { id: local-gave-up',
        'to: [eu-cloud] }\n  - { id: local-gave-up',
      ),
    )
    const diff = diffPolicies(before, after, records)
    assert.deepEqual(
      diff.examples.map((one) => [one.request_id, one.change]),
      [['hard', 'moved']],
    )
  })

  it('calls anything looser loosened, whatever else got tighter', () => {
    const decision = decide(policyWith(''))
    assert.equal(changeBetween(decision, { ...decision, sanitise: false, action: 'local' }), 'loosened')
    assert.equal(changeBetween({ ...decision, tools: 'none' }, decision), 'loosened')
    assert.equal(changeBetween({ ...decision, ceiling: 'local' }, decision), 'loosened')
    assert.equal(changeBetween(decision, { ...decision, tools: 'none' }), 'tightened')
    assert.equal(changeBetween(decision, decision), null)
  })

  it('keeps a bounded number of examples and counts all', () => {
    const after = compiled(acme.replace('{ ceiling: block, code: credential }', '{ ceiling: open }'))
    const many = Array.from({ length: 500 }, (_, i) => record(`r${i}`, { findings: { PASSWORD: 1 } }))
    const diff = diffPolicies(before, after, many)
    assert.equal(diff.loosened, 500)
    assert.equal(diff.examples.length, 100)
  })
})
