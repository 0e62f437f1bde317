/**
 * Facts to a decision. Guards first: all of them, each can only tighten, their order means nothing. Then routes,
 * inside what the guards left.
 *
 * Three-valued: an unknown fact makes a guard fire and a route not fire. A guard whose evaluation fails counts
 * as fired; a route whose evaluation fails does not fire, since firing could send a request further out.
 * Headers and the model name come from the client and can only tighten: a guard that asks for them fires also
 * when it would fire without some of them.
 */
import { YES } from './conditions/index.ts'
import { AUTO_MODEL } from './destinations.ts'
import { type Bounds, evaluateGuards, RANK, type WeighedReason } from './guards.ts'
import type { Approval, CompiledPolicy, PolicyDestination, Route } from './policy.ts'
import { CEILINGS, type Ceiling, type Facts, type PolicyDecision, type Reason } from './types.ts'

/** What is asked for besides the facts. */
export interface RoutingRequest {
  /** `chat`, `responses`, `completions` or `embeddings`. */
  readonly endpoint: string
  /** The client's `model`; null for "let routing decide". A name that no destination has is the same. */
  readonly wish: string | null
}

interface Choice {
  readonly route: string
  readonly destination: PolicyDestination
}

/**
 * Decides one request. Never throws, whatever the facts. `because` begins with the tightest ceiling; among
 * equals what is known comes before what is unknown, then the file's order.
 */
export function evaluate(policy: CompiledPolicy, facts: Facts, request: RoutingRequest): PolicyDecision {
  const bounds = evaluateGuards(policy, facts)
  const serving = policy.destinations.filter((one) => one.endpoints.includes(request.endpoint))
  const wish = request.wish === null || request.wish === AUTO_MODEL ? null : request.wish
  const wantsLocal = wish !== null && wishesLocal(policy, wish)
  const left = new Set(serving.filter((one) => isLeft(one, bounds, wantsLocal)))
  const matching = matchingRoutes(policy, facts)
  const choice = choose(matching, left, policy, wish)
  const ungoverned = left.size === serving.length ? choice : choose(matching, new Set(serving), policy, wish)
  if (choice === null && bounds.ceiling < RANK.block) {
    bounds.reasons.push({
      ceiling: -2,
      reason: noDestination(policy, wantsLocal || bounds.ceiling === RANK.local),
    })
  }
  return decide(policy, bounds, choice, ungoverned)
}

/**
 * The rule a decision is named after in headers and metrics: the guard that set its ceiling where that decided
 * (blocked, held, kept local), otherwise the route.
 */
export function decidingRule(
  decision: Pick<PolicyDecision, 'action' | 'ceiling' | 'because' | 'route'>,
): string {
  const { action, ceiling, because, route } = decision
  const first = because.find((reason) => reason.effect.split(', ', 1)[0] === ceiling)
  const hasDecided = RANK[ceiling] >= RANK.local || action === 'held'
  if (first !== undefined && hasDecided) return first.rule
  return route ?? NO_DESTINATION
}

const NO_DESTINATION = 'no_destination'

function isLeft(destination: PolicyDestination, bounds: Bounds, wantsLocal: boolean): boolean {
  if (bounds.ceiling === RANK.block || bounds.removed.has(destination)) return false
  return destination.kind === 'local' || (bounds.ceiling < RANK.local && !wantsLocal)
}

/** Naming a local model is asking to stay local, also where it is not available. */
function wishesLocal(policy: CompiledPolicy, wish: string): boolean {
  const named = wishedFor(policy, wish)
  if (named.length > 0) return named.every((one) => one.kind === 'local')
  return policy.leftOut.some((one) => one.kind === 'local' && one.name === wish)
}

/** The destination of that name, or else those that ask for that model. */
function wishedFor(policy: CompiledPolicy, wish: string): readonly PolicyDestination[] {
  const named = policy.destinations.filter((one) => one.name === wish)
  return named.length > 0 ? named : policy.destinations.filter((one) => one.model === wish)
}

function matchingRoutes(policy: CompiledPolicy, facts: Facts): readonly Route[] {
  return [...policy.routes.filter((route) => routeMatches(route, facts)), policy.fallback]
}

function routeMatches(route: Route, facts: Facts): boolean {
  try {
    return route.test(facts) === YES
  } catch {
    return false
  }
}

/** The wish, or the first matching route with a destination left: its first such one. */
function choose(
  matching: readonly Route[],
  left: ReadonlySet<PolicyDestination>,
  policy: CompiledPolicy,
  wish: string | null,
): Choice | null {
  const wished = wish === null ? undefined : wishedFor(policy, wish).find((one) => left.has(one))
  if (wished !== undefined) return { route: 'wish', destination: wished }
  for (const route of matching) {
    const destination = route.to.find((one) => left.has(one))
    if (destination !== undefined) return { route: route.id, destination }
  }
  return null
}

function byWeight(a: WeighedReason, b: WeighedReason): number {
  return b.ceiling - a.ceiling || Number(a.reason.matched !== 'yes') - Number(b.reason.matched !== 'yes')
}

function decide(
  policy: CompiledPolicy,
  bounds: Bounds,
  choice: Choice | null,
  ungoverned: Choice | null,
): PolicyDecision {
  const ceiling = CEILINGS[bounds.ceiling] ?? 'block'
  const because = bounds.reasons.sort(byWeight).map(({ reason }) => reason)
  const action = actionOf(ceiling, choice)
  const hasMoved = ungoverned !== null && ungoverned.destination !== choice?.destination
  return {
    action,
    ceiling,
    destination: choice?.destination.name ?? null,
    route: choice?.route ?? null,
    because,
    ...(hasMoved
      ? { would_have_been: { route: ungoverned.route, destination: ungoverned.destination.name } }
      : {}),
    ...(bounds.alerts.length > 0 ? { alerts: [...new Set(bounds.alerts)] } : {}),
    ...(bounds.notices.length > 0 ? { notices: [...new Set(bounds.notices)] } : {}),
    ...(action === 'held' ? { approval: joinApprovals(bounds.approvals) } : {}),
    tools: bounds.dropsTools ? 'none' : 'keep',
    sanitise: choice === null || choice.destination.sanitise || bounds.ceiling >= RANK.sanitise,
    policy: policy.id,
    policy_sha256: policy.sha256,
  }
}

function actionOf(ceiling: Ceiling, choice: Choice | null): PolicyDecision['action'] {
  if (choice === null) return 'blocked'
  if (choice.destination.kind === 'local') return 'local'
  return ceiling === 'approve' ? 'held' : 'cloud'
}

/** What would have to be there, in fixed words: this reaches the client. */
function noDestination(policy: CompiledPolicy, needsLocal: boolean): Reason {
  const hasLocal = policy.destinations.some((one) => one.kind === 'local')
  const why =
    needsLocal && !hasLocal
      ? 'only a local model may answer this and none is configured: set `local` in cloakroom.yaml, or CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH'
      : policy.destinations.length === 0
        ? 'no model is configured: set `local` or `cloud` in cloakroom.yaml'
        : 'no destination of the policy is left for this request'
  return { rule: NO_DESTINATION, matched: 'yes', effect: NO_DESTINATION, why }
}

/** Several holding guards: whoever all of them accept, the shortest time, the tightest outcome. */
function joinApprovals(approvals: readonly Approval[]): NonNullable<PolicyDecision['approval']> {
  const named = approvals.map((one) => one.approvers).filter((names) => names.length > 0)
  const approvers = (named[0] ?? []).filter((name) => named.every((names) => names.includes(name)))
  const timeouts = approvals.map((one) => one.timeoutMs).filter((ms): ms is number => ms !== null)
  return {
    approvers,
    timeoutMs: timeouts.length > 0 ? Math.min(...timeouts) : null,
    onTimeout: approvals.some((one) => one.onTimeout === 'block') ? 'block' : 'local',
  }
}
