import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decisionOf, rowOf } from '../../proxy/audit/entry.ts'
import { canonicalRecord, leafHash, parseRecord } from '../../proxy/audit/index.ts'
import type { AuditEntry } from '../../proxy/ports.ts'
import { decision, intent, outcome, requestId } from './entries.ts'

/** JCS written in the plainest way: what `canonicalRecord` must agree with. */
function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`
}

/** An entry as it might come from code that the type checker did not see. */
function broken(change: Record<string, unknown>): AuditEntry {
  return Object.assign(intent(1), change)
}

describe('the canonical record', () => {
  it('is RFC 8785 JSON on one line, whatever the order of the members', () => {
    const entries = [
      intent(1),
      outcome(2),
      intent(3, {
        user: null,
        team: null,
        key: null,
        destination: null,
        model: null,
        rule: null,
        entities: {},
      }),
      intent(4, { user: 'Łukasz.Żak@example.com' }),
      outcome(5, { kind: 'event', event: 'policy_loaded', policy: '', policy_sha256: '' }),
      intent(6, {
        decision: decision(6, { would_have_been: { route: 'hard-task', destination: 'eu-cloud' } }),
      }),
    ]
    for (const entry of entries) {
      const record = canonicalRecord(entry)
      assert.equal(record, jcs(entry))
      assert.doesNotMatch(record, /[\n\r]/)
      const reversed = Object.fromEntries(Object.entries(entry).reverse())
      assert.equal(canonicalRecord(Object.assign(reversed, {}) as never), record)
      assert.deepEqual(parseRecord(record), entry)
    }
  })

  it('writes numbers as RFC 8785 does', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [-0, '0'],
      [1e21, '1e+21'],
      [1e-7, '1e-7'],
      [333333333.3333333, '333333333.3333333'],
      [4.5, '4.5'],
      [2e-3, '0.002'],
    ]
    for (const [value, text] of cases) {
      const record = canonicalRecord(intent(1, { decision: withNeed(value) }))
      assert.match(record, new RegExp(`"needs_strong":${text.replace(/[+.]/g, '\\$&')}[,}]`))
    }
  })

  it('sorts names that look like numbers as text', () => {
    const facts = { ...decision(1).facts, list_hits: { b: 1, 10: 2, 9: 3, B: 4, a_b: 5 } }
    const record = canonicalRecord(intent(1, { decision: decision(1, { facts }) }))
    assert.match(record, /"list_hits":\{"10":2,"9":3,"B":4,"a_b":5,"b":1\}/)
  })

  it('has no place for anything that is not metadata', () => {
    const text = 'Please write to Jane Doe about her illness'
    const cases: [string, AuditEntry][] = [
      ['an unknown field', broken({ prompt: text })],
      ['an unknown field in the outcome', broken({ outcome: { ...outcome(1).outcome, text } })],
      ['an unknown fact', broken({ decision: { ...decision(1), facts: { ...decision(1).facts, text } } })],
      ['a sentence as user', broken({ user: text })],
      ['a sentence as team', broken({ team: text })],
      ['a sentence as model', broken({ model: text })],
      ['a sentence as rule', broken({ rule: text })],
      ['a sentence as event', broken({ event: text })],
      ['a sentence as code', broken({ outcome: { ...outcome(1).outcome, code: text } })],
      ['a sentence as entity', broken({ entities: { [text]: 1 } })],
      ['a sentence as count', broken({ entities: { PERSON: text } })],
      ['a sentence as list name', broken({ decision: decision(1, withHits({ [text]: 1 })) })],
      ['a sentence as task', broken({ decision: decision(1, withTask(text)) })],
      ['a line break', broken({ user: 'ana\nbo' })],
      ['a lone surrogate', broken({ user: 'a\ud800' })],
      ['a name without end', broken({ user: 'a'.repeat(129) })],
      ['an object as user', broken({ user: { toString: () => 'ana' } })],
      ['no user', broken({ user: undefined })],
      ['a request id of another form', broken({ request_id: 'req_1' })],
      ['a negative time', broken({ time: -1 })],
      ['a time that is no number', broken({ time: Number.NaN })],
      [
        'an infinite duration',
        broken({ outcome: { ...outcome(1).outcome, duration_ms: Number.POSITIVE_INFINITY } }),
      ],
      ['a number that is no number', broken({ decision: withNeed(Number.NaN) })],
      ['another kind', broken({ kind: 'note' })],
      ['a hash of another form', broken({ prompt_hmac: text })],
      ['too many entities', broken({ entities: Object.fromEntries(many(201)) })],
      ['an array as entities', broken({ entities: [1, 2] })],
    ]
    for (const [name, entry] of cases) {
      assert.throws(
        () => canonicalRecord(entry),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'invalid', name)
          assert.doesNotMatch(String(error.stack), /Jane|illness/, name)
          return true
        },
        name,
      )
    }
  })

  it('keeps a policy author’s reason, cut and on one line', () => {
    const why = `first\nsecond ${'x'.repeat(400)}`
    const because = [
      { rule: 'r', matched: 'unknown' as const, effect: 'only_regions: [eu, onprem]', why, code: 'pci_card' },
    ]
    const record = canonicalRecord(intent(1, { decision: decision(1, { because }) }))
    const kept = parseRecord(record)?.decision?.because[0]?.why ?? ''
    assert.equal(kept.length, 300)
    assert.match(kept, /^first second x+$/)
  })

  it('throws nothing but its own error on any value', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (name, value) => {
        const entry = broken({ [name]: value, decision: value })
        try {
          canonicalRecord(entry)
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid')
        }
      }),
    )
  })

  it('is read back with its decision, or as nothing when it is damaged', () => {
    const record = canonicalRecord(intent(7))
    assert.equal(decisionOf(record)?.decision.id, decision(7).id)
    assert.equal(decisionOf(canonicalRecord(outcome(7))), null)
    for (const text of ['', 'null', '[]', '{}', record.slice(0, -1), '{"request_id":1}']) {
      assert.equal(parseRecord(text), null, text.slice(0, 20))
    }
  })

  it('becomes a row with the columns that are searched by', () => {
    const entry = intent(8)
    const row = rowOf(entry, 'text', 3)
    assert.deepEqual(row, {
      position: 3,
      request_id: requestId(8),
      kind: 'intent',
      time: entry.time,
      user: 'ana',
      team: 'engineering',
      action: 'cloud',
      destination: 'us-cloud',
      entities: ['EMAIL', 'PERSON'],
      record: 'text',
    })
  })

  it('has the leaf hash of RFC 6962', () => {
    // The hash of an empty leaf: SHA-256 of the single byte 0x00, a vector of RFC 6962 implementations.
    assert.equal(
      leafHash('').toString('hex'),
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    const expected = createHash('sha256').update(Buffer.from('\0ü😀', 'utf8')).digest('hex')
    assert.equal(leafHash('ü😀').toString('hex'), expected)
  })
})

function withNeed(needs_strong: number) {
  const { facts } = decision(1)
  return decision(1, { facts: { ...facts, class: { ...facts.class, needs_strong } } })
}

function withHits(list_hits: Record<string, number>) {
  return { facts: { ...decision(1).facts, list_hits } }
}

function withTask(task: string) {
  const { facts } = decision(1)
  return { facts: { ...facts, class: { ...facts.class, task } } }
}

function many(n: number): [string, number][] {
  return Array.from({ length: n }, (_, i) => [`TYPE_${i}`, 1])
}
