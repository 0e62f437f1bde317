/** What a policy says that it cannot mean: checks beyond those that keep it from compiling. */
import type { ConditionNode } from './conditions/index.ts'
import type { Path } from './document.ts'
import type { CompiledPolicy, Guard, PolicyDestination, Route } from './policy.ts'
import { covers, factsIn, isContradiction, withoutClient } from './satisfiable.ts'
import { CEILINGS, type RuleProblem } from './types.ts'

type Report = (path: Path, message: string, severity?: 'error' | 'warning') => void

/**
 * Checks a compiled policy: guards that cannot fire or change nothing, routes that are never reached, teams
 * without a destination, empty and unused lists, `sanitise: false`. Errors are rules that do not work; warnings
 * are rules that work and deserve a look. Sorted by place.
 */
export function checkPolicy(policy: CompiledPolicy): readonly RuleProblem[] {
  const problems: RuleProblem[] = []
  const report: Report = (path, message, severity = 'error') =>
    void problems.push(policy.document.problemAt(path, message, severity))
  checkDestinations(policy, report)
  checkLists(policy, report)
  for (const guard of policy.guards) checkGuard(guard, policy, report)
  for (const [i, route] of policy.routes.entries())
    checkRoute(route, policy.routes.slice(0, i), policy, report)
  checkTeams(policy, report)
  for (const [i, limit] of policy.limits.entries()) {
    if (limit.requests ?? limit.tokens ?? limit.escalations) continue
    report(['limits', i], 'this limit limits nothing: name requests, tokens or escalations')
  }
  return problems.sort((a, b) => a.line - b.line || a.column - b.column)
}

function checkDestinations({ destinations, leftOut, guards }: CompiledPolicy, report: Report): void {
  for (const one of destinations) {
    if (one.sanitise) continue
    const path = ['destinations', one.name, 'sanitise']
    report(path, 'what goes here is not sanitised: for public data only', 'warning')
  }
  const hasLocal = [...destinations, ...leftOut].some((one) => one.kind === 'local')
  const needsLocal = guards.some(({ effects }) => effects?.ceiling === 'local')
  if (needsLocal && !hasLocal) {
    report(
      ['destinations'],
      'guards keep requests local and no destination is local: they are refused',
      'warning',
    )
  }
}

function checkLists(policy: CompiledPolicy, report: Report): void {
  const asked = new Set([...policy.guards, ...policy.routes].flatMap((rule) => [...factsIn(rule.node)]))
  for (const [name, size] of policy.lists.sizes) {
    if (size === 0) report(['lists', name], 'this list has no term')
    if (!asked.has(`lists.${name}.hits`)) report(['lists', name], 'no rule asks for this list', 'warning')
  }
}

function checkGuard(guard: Guard, policy: CompiledPolicy, report: Report): void {
  const { node, effects, at } = guard
  const when = [...at, 'when']
  if (node !== null) {
    if (isContradiction(node)) report(when, 'this guard cannot fire: its conditions exclude each other')
    else if (guard.clientSubsets.length > 0 && !isAlways(node) && isAlways(withoutClient(node))) {
      const reason = 'headers and the model name can only tighten, and without them the condition holds'
      report(when, `this guard fires for every request: ${reason}`, 'warning')
    }
  }
  if (effects === null) return
  const isIdle = !effects.dropsTools && effects.onlyRegions === null && effects.alert === null
  if (effects.ceiling === CEILINGS[0] && isIdle && effects.notice === null && guard.allow === null) {
    report(
      [...at, 'then', 'ceiling'],
      'this guard changes nothing: "open" is where every request begins',
      'warning',
    )
  }
  const { onlyRegions } = effects
  if (onlyRegions !== null && !policy.destinations.some((one) => isWithin(one, onlyRegions))) {
    report([...at, 'then', 'only_regions'], 'no destination lies in these regions', 'warning')
  }
}

function isAlways(node: ConditionNode): boolean {
  return isContradiction({ kind: 'not', of: node })
}

function isWithin(destination: PolicyDestination, regions: ReadonlySet<string>): boolean {
  return destination.regions.length > 0 && destination.regions.every((region) => regions.has(region))
}

function checkRoute(route: Route, earlier: readonly Route[], policy: CompiledPolicy, report: Report): void {
  if (route.node !== null && isContradiction(route.node)) {
    report([...route.at, 'when'], 'this route can never be reached: its conditions exclude each other')
    return
  }
  const first = earlier.find((other) => isTaken(other, route) && alwaysServes(other, route, policy))
  if (first === undefined) return
  const { line } = policy.document.problemAt(first.at, '')
  report(route.at, `this route can never be reached: the route on line ${line} takes all its requests`)
}

/** Whether `first` matches whenever `second` does, also where facts are unknown. */
function isTaken(first: Route, second: Route): boolean {
  const known = factsIn(second.node)
  return covers(first.node, second.node) && [...factsIn(first.node)].every((path) => known.has(path))
}

/** Whether `first` still has a destination whenever `second` has one. */
function alwaysServes(first: Route, second: Route, policy: CompiledPolicy): boolean {
  return second.to.every(
    (wanted) =>
      first.to.includes(wanted) ||
      first.to.some((one) => {
        const serves = wanted.endpoints.every((endpoint) => one.endpoints.includes(endpoint))
        return serves && outlasts(one, wanted, policy)
      }),
  )
}

/** Whether every guard that leaves `wanted` leaves `one` too. */
function outlasts(one: PolicyDestination, wanted: PolicyDestination, policy: CompiledPolicy): boolean {
  const canGoLocal = policy.guards.some(({ effects }) => effects?.ceiling === 'local')
  if (one.kind === 'cloud' && wanted.kind === 'local' && canGoLocal) return false
  return policy.guards.every(({ effects, allow }) => {
    const regions = effects?.onlyRegions ?? null
    if (regions !== null && isWithin(wanted, regions) && !isWithin(one, regions)) return false
    if (allow === null) return true
    return [...allow.lists.values()].every((names) => !names.has(wanted.name) || names.has(one.name))
  })
}

function checkTeams(policy: CompiledPolicy, report: Report): void {
  const guards = policy.guards.filter((guard) => guard.allow !== null && guard.node === null)
  for (const guard of guards) {
    for (const team of guard.allow?.lists.keys() ?? []) {
      const left = destinationsOf(team, guard, guards, policy)
      const path = [...guard.at, 'allow', team]
      const routed = [policy.fallback, ...policy.routes].some((route) =>
        route.to.some((one) => left.has(one)),
      )
      if (!routed) report(path, 'no destination is left here: every request is refused')
      else if (!policy.fallback.to.some((one) => left.has(one))) {
        report(path, 'nothing of "default" is left here: requests that no route takes are refused', 'warning')
      }
    }
  }
}

/** What all unconditional lists on the same fact leave for a team. */
function destinationsOf(
  team: string,
  guard: Guard,
  guards: readonly Guard[],
  policy: CompiledPolicy,
): ReadonlySet<PolicyDestination> {
  const same = guards.filter((other) => other.allow?.fact.path === guard.allow?.fact.path)
  const left = policy.destinations.filter((one) =>
    same.every(({ allow }) => (allow?.lists.get(team) ?? allow?.lists.get('*'))?.has(one.name) === true),
  )
  return new Set(left)
}
