/**
 * What stands in the audit log: canonical bytes of a closed set of fields. Every string has a pattern or a
 * length so small that no sentence of a request fits; the one prose field is `why`, which a policy's author wrote.
 */
import { createHash } from 'node:crypto'
import { ENTITY_NAME } from '../../detectors/entities.ts'
import { type AuditEntry, type AuditRow, type DecisionRecord, PRINCIPAL_NAME } from '../ports.ts'
import {
  closedObject,
  count,
  finite,
  listOf,
  mapOf,
  matching,
  nullable,
  oneOf,
  optional,
} from './canonical.ts'
import { AuditError } from './errors.ts'

/** Destinations, models, rules: letters, digits and the punctuation of model names. */
const NAME = matching(/^[A-Za-z0-9_][A-Za-z0-9_.:/@+-]{0,127}$/)
/** As the configuration and the rules allow model names: printable ASCII without spaces. */
const MODEL = matching(/^[!-~]{1,200}$/)
/** Endpoints, codes, events, tasks, domains. */
const WORD = matching(/^[a-z][a-z0-9_-]{0,39}$/)
const PERSON = matching(PRINCIPAL_NAME)
const SHA256_HEX = matching(/^(?:[0-9a-f]{64})?$/)
/** `name@revision`; empty where no policy was involved. */
const POLICY = matching(/^(?:[A-Za-z0-9_][A-Za-z0-9_.:/@+ -]{0,159})?$/)
const HMAC = matching(/^[A-Za-z0-9_-]{16,64}$/)
/** `local`, `only_regions: [eu, onprem]`, `tools: none`. */
const EFFECT = matching(/^[A-Za-z0-9_][A-Za-z0-9_.:,*[\] -]{0,199}$/)
const STATUS = oneOf('ok', 'off', 'down', 'timeout')
const COUNTS = mapOf(ENTITY_NAME, count, 200)
const ACTIONS = ['local', 'cloud', 'blocked', 'held', 'error'] as const

/** Ids of requests: `req_` and a ULID. */
export const REQUEST_ID = /^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const DECISION_ID = /^d_[0-7][0-9A-HJKMNP-TV-Z]{25}$/
// One field for all places: an entry, its decision and its outcome name the same request.
const REQUEST = matching(REQUEST_ID)

const REASON = closedObject({
  rule: NAME,
  matched: oneOf('yes', 'unknown', 'error'),
  effect: EFFECT,
  why: optional(prose),
  code: optional(NAME),
})

const FACTS = closedObject({
  team: nullable(PERSON),
  region: nullable(PERSON),
  tokens: finite,
  class: closedObject({ task: WORD, domain: WORD, needs_strong: finite, injection: finite }),
  findings: COUNTS,
  list_hits: mapOf(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, count, 200),
  detectors: closedObject({ pattern: STATUS, ner: STATUS, contextual: STATUS }),
  local: optional(closedObject({ status: STATUS, confidence: nullable(finite) })),
})

const DECISION = closedObject({
  id: matching(DECISION_ID),
  request_id: REQUEST,
  action: oneOf('local', 'cloud', 'held', 'blocked'),
  ceiling: oneOf('open', 'sanitise', 'approve', 'local', 'block'),
  destination: nullable(NAME),
  route: nullable(NAME),
  because: listOf(REASON, 200),
  policy: POLICY,
  policy_sha256: SHA256_HEX,
  would_have_been: optional(closedObject({ route: NAME, destination: NAME })),
  facts: FACTS,
  draft: optional(oneOf('judged', 'unjudged', 'failed')),
  contextual_prompt: optional(NAME),
  classifier: NAME,
  took_us: finite,
})

const ENTRY = closedObject({
  kind: oneOf('intent', 'outcome', 'event'),
  request_id: REQUEST,
  time: count,
  user: nullable(PERSON),
  team: nullable(PERSON),
  key: nullable(NAME),
  endpoint: WORD,
  action: oneOf(...ACTIONS),
  destination: nullable(NAME),
  model: nullable(MODEL),
  rule: nullable(NAME),
  policy: POLICY,
  policy_sha256: SHA256_HEX,
  entities: COUNTS,
  prompt_hmac: nullable(HMAC),
  decision: optional(DECISION),
  outcome: optional(
    closedObject({
      status: count,
      code: nullable(WORD),
      duration_ms: finite,
      prompt_tokens: nullable(finite),
      completion_tokens: nullable(finite),
      restored: count,
    }),
  ),
  event: optional(WORD),
})

/** Longest `why` that is kept, in UTF-16 units. */
const MAX_PROSE = 300

/** A policy author's reason: cut rather than refused, since a long one must not stop requests. */
function prose(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return JSON.stringify(value.slice(0, MAX_PROSE).replace(/[\p{Cc}\p{Cs}]/gu, ' '))
}

/**
 * The canonical text of an entry; its UTF-8 bytes are what is hashed. One line. Throws `AuditError` `invalid`,
 * naming the field, when a field is unknown, missing or of the wrong form: what is not metadata is not written.
 */
export function canonicalRecord(entry: AuditEntry): string {
  const text = ENTRY(entry)
  if (text === undefined) throw new AuditError('invalid', 'an audit entry is an object')
  return text
}

/** The row of an entry whose canonical text is `record`. */
export function rowOf(entry: AuditEntry, record: string, position: number): AuditRow {
  const { request_id, kind, time, user, team, action, destination } = entry
  const entities = Object.keys(entry.entities)
  if (entities.length > 1) entities.sort()
  return { position, request_id, kind, time, user, team, action, destination, entities, record }
}

/**
 * The entry of a record that was written, now or by an earlier version with other patterns; null when the text
 * is not a record at all.
 */
export function parseRecord(record: string): AuditEntry | null {
  try {
    const value: unknown = JSON.parse(record)
    return isEntry(value) ? value : null
  } catch {
    // Not JSON: damaged.
    return null
  }
}

function isEntry(value: unknown): value is AuditEntry {
  if (typeof value !== 'object' || value === null) return false
  if (!('request_id' in value && 'kind' in value && 'time' in value && 'action' in value)) return false
  if (!('entities' in value) || typeof value.entities !== 'object' || value.entities === null) return false
  return REQUEST_ID.test(String(value.request_id)) && Number.isSafeInteger(value.time)
}

/** The explain record in an audit record; null when it has none. */
export function decisionOf(
  record: string,
): { readonly entry: AuditEntry; readonly decision: DecisionRecord } | null {
  const entry = parseRecord(record)
  return entry?.decision ? { entry, decision: entry.decision } : null
}

/** The leaf hash of a record: SHA-256(0x00 ‖ bytes). Source: RFC 6962 section 2.1. */
export function leafHash(record: string): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(record, 'utf8').digest()
}

const LEAF_PREFIX = Buffer.from([0])
