/** Entries for tests: whole, valid, and of invented people. */
import type { AuditEntry, DecisionRecord, DirectoryLock } from '../../proxy/ports.ts'

const ULID = '01JD0000000000000000000000'

/** The id of the n-th request. */
export function requestId(n: number): string {
  return `req_${ULID.slice(0, -6)}${String(n).padStart(6, '0')}`
}

export function decision(n: number, change: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    id: `d_${ULID}`,
    request_id: requestId(n),
    action: 'cloud',
    ceiling: 'sanitise',
    destination: 'us-cloud',
    route: 'default',
    because: [{ rule: 'health-local', matched: 'yes', effect: 'local', why: 'HIPAA / GDPR art. 9' }],
    policy: 'acme-default@2026-11-20.1',
    policy_sha256: 'ab'.repeat(32),
    facts: {
      team: 'engineering',
      region: 'us',
      tokens: 300,
      class: { task: 'chat', domain: 'general', needs_strong: 0.9, injection: 0.01 },
      findings: { HEALTH: 1 },
      list_hits: { deal_codenames: 2 },
      detectors: { pattern: 'ok', ner: 'ok', contextual: 'off' },
    },
    classifier: 'surface-v1',
    took_us: 84,
    ...change,
  }
}

export function intent(n: number, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: 'intent',
    request_id: requestId(n),
    time: 1_795_000_000_000 + n,
    user: 'ana',
    team: 'engineering',
    key: '0123456789ab',
    endpoint: 'chat',
    action: 'cloud',
    destination: 'us-cloud',
    model: 'gpt-4.1',
    rule: 'default',
    policy: 'acme-default@2026-11-20.1',
    policy_sha256: 'ab'.repeat(32),
    entities: { PERSON: 2, EMAIL: 1 },
    prompt_hmac: 'A'.repeat(43),
    decision: decision(n),
    ...change,
  }
}

export function outcome(n: number, change: Partial<AuditEntry> = {}): AuditEntry {
  const { decision: _, ...rest } = intent(n)
  return {
    ...rest,
    kind: 'outcome',
    outcome: {
      status: 200,
      code: null,
      duration_ms: 12.5,
      prompt_tokens: 10,
      completion_tokens: null,
      restored: 3,
    },
    ...change,
  }
}

/** A lock on `dir` that nobody contests. */
export function heldLock(dir: string): DirectoryLock {
  return { dir, isHeld: () => true, release: async () => undefined }
}
