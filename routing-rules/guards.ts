/** Guards: all of them are evaluated, each can only tighten, and their order means nothing. */
import { NO, type Truth, YES } from './conditions/index.ts'
import { AUTO_MODEL } from './destinations.ts'
import type { Approval, CompiledPolicy, Guard, PolicyDestination } from './policy.ts'
import { CEILINGS, type Ceiling, type Facts, type Reason } from './types.ts'

/** How tight a ceiling is: 0 is open. */
export const RANK = Object.fromEntries(CEILINGS.map((ceiling, rank) => [ceiling, rank])) as Record<
  Ceiling,
  number
>

/** What the guards leave open. */
export interface Bounds {
  ceiling: number
  dropsTools: boolean
  readonly removed: Set<PolicyDestination>
  readonly reasons: WeighedReason[]
  readonly approvals: Approval[]
  readonly alerts: string[]
  readonly notices: string[]
}

/** `ceiling` is the rank of the one its guard sets; below 0: none. */
export interface WeighedReason {
  readonly ceiling: number
  readonly reason: Reason
}

/** What all guards together leave open for these facts. Never throws. */
export function evaluateGuards(policy: CompiledPolicy, facts: Facts): Bounds {
  const bounds: Bounds = {
    ceiling: 0,
    dropsTools: false,
    removed: new Set(),
    reasons: [],
    approvals: [],
    alerts: [],
    notices: [],
  }
  for (const guard of policy.guards) {
    const matched = guardMatch(guard, facts)
    if (matched !== null) apply(guard, matched, policy, facts, bounds)
  }
  return bounds
}

type Match = Reason['matched']

function guardMatch(guard: Guard, facts: Facts): Match | null {
  try {
    let truth = guard.test(facts)
    for (const forget of guard.clientSubsets) {
      if (truth === YES) break
      truth = Math.max(truth, guard.test(forgetting(facts, forget))) as Truth
    }
    return truth === YES ? 'yes' : truth === NO ? null : 'unknown'
  } catch {
    // Facts that cannot even be read decide nothing in the client's favour.
    return 'error'
  }
}

/** The facts as if the client had not said these things. */
function forgetting(facts: Facts, said: ReadonlySet<string>): Facts {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts.headers)) {
    if (!said.has(`headers.${name}`)) headers[name] = value
  }
  const request = said.has('request.model') ? { ...facts.request, model: AUTO_MODEL } : facts.request
  return { ...facts, headers, request }
}

function apply(guard: Guard, matched: Match, policy: CompiledPolicy, facts: Facts, bounds: Bounds): void {
  const { effects } = guard
  const words: string[] = []
  let rank = -1
  let worst = matched
  if (effects !== null) {
    if (effects.ceiling !== null) {
      rank = RANK[effects.ceiling]
      bounds.ceiling = Math.max(bounds.ceiling, rank)
      words.push(effects.ceiling)
    }
    if (effects.onlyRegions !== null) {
      removeOutside(effects.onlyRegions, policy, bounds)
      words.push('only_regions')
    }
    if (effects.dropsTools) {
      bounds.dropsTools = true
      words.push('tools: none')
    }
    if (effects.alert !== null) bounds.alerts.push(effects.alert)
    if (effects.notice !== null) bounds.notices.push(effects.notice)
    if (effects.approval !== null) bounds.approvals.push(effects.approval)
    if (words.length === 0) words.push(effects.alert !== null ? 'alert' : 'notice')
  }
  if (guard.allow !== null) {
    const allowed = allowedBy(guard.allow, facts)
    if (removeUnlisted(allowed.names, policy, bounds)) words.push('allow')
    if (matched === 'yes') worst = allowed.matched
  }
  if (words.length === 0) return
  bounds.reasons.push({ ceiling: rank, reason: reasonOf(guard, worst, words) })
}

function reasonOf(guard: Guard, matched: Match, words: readonly string[]): Reason {
  return {
    rule: guard.id,
    matched,
    effect: words.join(', '),
    ...(guard.why === null ? {} : { why: guard.why }),
    ...(guard.effects === null || guard.effects.code === null ? {} : { code: guard.effects.code }),
  }
}

/** A destination stays when every region of it is named; one whose regions are not known does not. */
function removeOutside(regions: ReadonlySet<string>, policy: CompiledPolicy, bounds: Bounds): void {
  for (const one of policy.destinations) {
    if (one.regions.length === 0 || !one.regions.every((region) => regions.has(region))) {
      bounds.removed.add(one)
    }
  }
}

/** A listed value gets its list, another one `*` (or nothing), an unknown one what all lists share. */
function allowedBy(
  allow: NonNullable<Guard['allow']>,
  facts: Facts,
): { readonly names: ReadonlySet<string>; readonly matched: Match } {
  try {
    const value = allow.fact.read(facts)
    if (typeof value !== 'string' || value === '') return { names: allow.shared, matched: 'unknown' }
    return { names: allow.lists.get(value) ?? allow.lists.get('*') ?? new Set(), matched: 'yes' }
  } catch {
    return { names: allow.shared, matched: 'error' }
  }
}

function removeUnlisted(names: ReadonlySet<string>, policy: CompiledPolicy, bounds: Bounds): boolean {
  let hasRemoved = false
  for (const one of policy.destinations) {
    if (names.has(one.name)) continue
    bounds.removed.add(one)
    hasRemoved = true
  }
  return hasRemoved
}
