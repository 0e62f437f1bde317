/** Two policies over the same recorded requests: what changes, and what loosens. */
import { evaluate } from './evaluate.ts'
import type { CompiledPolicy } from './policy.ts'
import { CEILINGS, type Facts, type PolicyDecision } from './types.ts'

/** What is read of a recorded decision: metadata only. */
export interface RecordedRequest {
  readonly request_id: string
  readonly endpoint: string
  /** The model name the client asked for, where it was recorded. */
  readonly model?: string | null
  readonly user?: string | null
  readonly facts: {
    readonly team: string | null
    readonly region: string | null
    readonly tokens: number
    readonly class: {
      readonly task: string
      readonly domain: string
      readonly needs_strong: number
      readonly injection: number
    }
    readonly findings: Readonly<Record<string, number>>
    readonly list_hits: Readonly<Record<string, number>>
    readonly detectors: Readonly<Record<'pattern' | 'ner' | 'contextual', string>>
    /** Where a local draft was made. */
    readonly local?: { readonly status: string; readonly confidence: number | null }
  }
}

/** How a decision changed: `loosened` goes further out or with less protection, `tightened` the other way. */
export type Change = 'loosened' | 'tightened' | 'moved'

export interface ChangedDecision {
  readonly request_id: string
  readonly team: string | null
  readonly change: Change
  readonly before: Pick<PolicyDecision, 'action' | 'ceiling' | 'destination' | 'route'>
  readonly after: Pick<PolicyDecision, 'action' | 'ceiling' | 'destination' | 'route'>
}

export interface TeamChanges {
  /** Null: the team was not known. */
  readonly team: string | null
  readonly total: number
  readonly loosened: number
  readonly tightened: number
  readonly moved: number
}

export interface PolicyDiff {
  readonly total: number
  readonly loosened: number
  /** Most loosened first, then by name. */
  readonly teams: readonly TeamChanges[]
  /** Loosened ones first, then tightened, then moved; at most 100 of each. */
  readonly examples: readonly ChangedDecision[]
}

/** Examples kept per kind of change. */
const MAX_EXAMPLES = 100

/**
 * Replays recorded requests through two policies. What a record does not say is taken as unremarkable for both
 * (no headers, no images or tools, sure findings, an unused budget, no alerts), and a list that the record does
 * not name as without hits; so guards on those are not exercised.
 */
export function diffPolicies(
  before: CompiledPolicy,
  after: CompiledPolicy,
  records: Iterable<RecordedRequest>,
): PolicyDiff {
  const teams = new Map<string | null, { total: number } & Record<Change, number>>()
  const examples: Record<Change, ChangedDecision[]> = { loosened: [], tightened: [], moved: [] }
  let total = 0
  for (const record of records) {
    total++
    const { team } = record.facts
    const row = teams.get(team) ?? { total: 0, loosened: 0, tightened: 0, moved: 0 }
    teams.set(team, row)
    row.total++
    const changed = compareOne(before, after, record)
    if (changed === null) continue
    row[changed.change]++
    if (examples[changed.change].length < MAX_EXAMPLES) examples[changed.change].push(changed)
  }
  const rows = [...teams].map(([team, counts]) => ({ team, ...counts }))
  return {
    total,
    loosened: rows.reduce((sum, row) => sum + row.loosened, 0),
    teams: rows.sort((a, b) => b.loosened - a.loosened || String(a.team).localeCompare(String(b.team), 'en')),
    examples: [...examples.loosened, ...examples.tightened, ...examples.moved],
  }
}

function compareOne(
  before: CompiledPolicy,
  after: CompiledPolicy,
  record: RecordedRequest,
): ChangedDecision | null {
  const request = { endpoint: record.endpoint, wish: record.model ?? null }
  const old = evaluate(before, factsOf(before, record), request)
  const now = evaluate(after, factsOf(after, record), request)
  const change = changeBetween(old, now)
  if (change === null) return null
  return {
    request_id: record.request_id,
    team: record.facts.team,
    change,
    before: short(old),
    after: short(now),
  }
}

function short({ action, ceiling, destination, route }: PolicyDecision): ChangedDecision['before'] {
  return { action, ceiling, destination, route }
}

const REACH = ['blocked', 'local', 'held', 'cloud'] as const

/**
 * Loosened where any part of the decision is looser than before (it reaches further, its ceiling is lower, tools
 * stay, it is no longer sanitised), whatever else got tighter: somebody has to look at it.
 */
export function changeBetween(before: PolicyDecision, after: PolicyDecision): Change | null {
  const steps = [
    REACH.indexOf(after.action) - REACH.indexOf(before.action),
    CEILINGS.indexOf(before.ceiling) - CEILINGS.indexOf(after.ceiling),
    Number(after.tools === 'keep') - Number(before.tools === 'keep'),
    Number(before.sanitise) - Number(after.sanitise),
  ]
  if (steps.some((step) => step > 0)) return 'loosened'
  if (steps.some((step) => step < 0)) return 'tightened'
  return before.destination === after.destination ? null : 'moved'
}

function factsOf(policy: CompiledPolicy, record: RecordedRequest): Facts {
  const { facts } = record
  const counts = facts.findings
  const lists = [...policy.lists.sizes.keys()].map((name) => [name, facts.list_hits[name] ?? 0])
  return {
    identity: { user: record.user ?? null, team: facts.team, region: facts.region, roles: [] },
    request: {
      endpoint: record.endpoint,
      model: record.model ?? null,
      tokens: facts.tokens,
      has_tools: false,
      has_images: false,
    },
    headers: {},
    findings: { counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0), min_score: 1 },
    lists: Object.fromEntries(lists),
    class: facts.class,
    detectors: facts.detectors,
    local: facts.local ?? { status: 'ok' },
    budget: { team: { month_used: 0 } },
    time: {},
    alerts: { open: 0 },
  }
}
