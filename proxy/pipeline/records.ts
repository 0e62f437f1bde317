/** What is kept of a request: the explain record and the audit entries. Types and counts, never text. */
import type { LayerStatus } from '../../detectors/index.ts'
import type { CompiledPolicy, PolicyDecision } from '../../routing-rules/index.ts'
import type { Exchange } from '../exchange.ts'
import type { AuditEntry, DecisionRecord } from '../ports.ts'
import type { DraftFacts } from './draft.ts'
import type { Ending } from './ending.ts'
import type { PromptClass } from './facts.ts'
import type { Inspection } from './inspect.ts'

/** What a decision record is made from. */
export interface DecisionSources {
  readonly id: string
  readonly exchange: Exchange
  readonly decision: PolicyDecision
  readonly facts: {
    readonly tokens: number
    readonly promptClass: PromptClass
    readonly inspection: Inspection
    readonly lists: Readonly<Record<string, number>>
    readonly contextual: LayerStatus
  }
  readonly draft: DraftFacts | null
  readonly contextualPrompt: string | null
  readonly classifier: string
  readonly tookUs: number
}

/** The explain record of a decision. List hits of zero are left out. */
export function decisionRecord(sources: DecisionSources): DecisionRecord {
  const { decision, draft, exchange, facts } = sources
  const { principal } = exchange
  return {
    id: sources.id,
    request_id: exchange.id,
    action: decision.action,
    ceiling: decision.ceiling,
    destination: decision.destination,
    route: decision.route,
    because: decision.because,
    ...(decision.would_have_been === undefined ? {} : { would_have_been: decision.would_have_been }),
    facts: {
      team: principal.team,
      region: principal.region,
      tokens: facts.tokens,
      class: facts.promptClass,
      findings: facts.inspection.counts,
      list_hits: Object.fromEntries(Object.entries(facts.lists).filter(([, hits]) => hits > 0)),
      detectors: { ...facts.inspection.status, contextual: facts.contextual },
      ...(draft === null ? {} : { local: { status: draft.status, confidence: draft.confidence } }),
    },
    ...(draft === null ? {} : { draft: draft.outcome }),
    ...(sources.contextualPrompt === null ? {} : { contextual_prompt: sources.contextualPrompt }),
    policy: decision.policy,
    policy_sha256: decision.policy_sha256,
    classifier: sources.classifier,
    took_us: sources.tookUs,
  }
}

const CLIENT_CLOSED_REQUEST = 499

/**
 * An audit entry. The explain record stands in the intent; an outcome carries it only when no intent was
 * written. `now` in ms since the epoch.
 */
export function auditEntry(
  exchange: Exchange,
  policy: CompiledPolicy,
  now: number,
  ending: Ending | null,
): AuditEntry {
  const { principal, decision } = exchange
  return {
    kind: ending === null ? 'intent' : 'outcome',
    request_id: exchange.id,
    time: now,
    user: principal.user,
    team: principal.team,
    key: principal.key,
    endpoint: exchange.endpoint,
    action: decision === null ? 'error' : exchange.action,
    destination: exchange.destination,
    model: exchange.model,
    rule: exchange.rule,
    policy: policy.id,
    policy_sha256: policy.sha256,
    entities: exchange.entities,
    prompt_hmac: exchange.promptHmac,
    ...(decision === null || (ending !== null && exchange.intentRecorded) ? {} : { decision }),
    ...(ending === null ? {} : { outcome: outcomeOf(exchange, ending, now) }),
  }
}

function outcomeOf(exchange: Exchange, ending: Ending, now: number): NonNullable<AuditEntry['outcome']> {
  const code = ending === 'complete' ? null : ending === 'aborted' ? 'client_aborted' : ending.code
  return {
    status: ending === 'complete' ? 200 : ending === 'aborted' ? CLIENT_CLOSED_REQUEST : ending.status,
    code,
    duration_ms: Math.max(0, Math.round(now - exchange.startedAt)),
    prompt_tokens: exchange.promptTokens,
    completion_tokens: exchange.completionTokens,
    restored: exchange.restored,
  }
}
