/** Destinations of a policy against what the configuration provides. */
import { isRecord } from './conditions/index.ts'
import type { LocatedDocument, Path } from './document.ts'
import { suggestion } from './nearest.ts'
import type { CompiledPolicy, PolicyDestination, Provider } from './policy.ts'
import type { RuleProblem } from './types.ts'

/** The model name that stands for "let routing decide". */
export const AUTO_MODEL = 'cloakroom-auto'

const DEFAULT_ENDPOINTS = ['chat', 'responses', 'completions']

/** What the configuration provides; absent: unknown, taken as there. */
export interface Provided {
  readonly providers?: readonly Provider[]
  readonly localModel?: string | null
}

/** The destinations that exist, and the optional ones that do not. */
export type DestinationPlan = Pick<CompiledPolicy, 'destinations' | 'leftOut'>

interface Planning {
  readonly name: string
  readonly entry: Readonly<Record<string, unknown>>
  readonly provided: Provided
  report(key: string, message: string, severity?: 'error' | 'warning'): void
}

/**
 * Resolves `provider: "*"` and `model: "*"`, and leaves out destinations marked `optional` that nothing
 * provides. A cloud destination that is not optional and has no provider is an error. A local destination
 * without a local model is a warning: what is routed there is answered with `local_unavailable`, which is
 * closed, not open.
 */
export function planDestinations(
  document: LocatedDocument,
  provided: Provided,
  problems: RuleProblem[],
): DestinationPlan {
  const file = isRecord(document.value) ? document.value : {}
  const entries = isRecord(file.destinations) ? Object.entries(file.destinations) : []
  if (entries.length === 0 && isRecord(file.destinations)) {
    problems.push(document.problemAt(['destinations'], 'expected at least one destination'))
  }
  const destinations: PolicyDestination[] = []
  const leftOut: { name: string; kind: 'local' | 'cloud' }[] = []
  for (const [name, entry] of entries) {
    if (!isRecord(entry)) continue
    const at: Path = ['destinations', name]
    const report: Planning['report'] = (key, message, severity) =>
      void problems.push(document.problemAt([...at, key], message, severity))
    if (name === AUTO_MODEL) problems.push(document.problemAtKey(at, 'this name is reserved; choose another'))
    const kind = entry.kind === 'local' ? 'local' : 'cloud'
    const planning = { name, entry, provided, report }
    const planned = kind === 'local' ? planLocal(planning) : planCloud(planning)
    if (planned === null) leftOut.push({ name, kind })
    else destinations.push(planned)
  }
  return { destinations, leftOut }
}

function planLocal(planning: Planning): PolicyDestination | null {
  const { entry, provided, report } = planning
  const { localModel } = provided
  if (entry.provider !== undefined) report('provider', 'a local destination has no provider')
  if (entry.sanitise !== undefined) report('sanitise', 'what stays local is never sanitised')
  const wanted = textOr(entry.model, '*')
  if (localModel === null) {
    if (entry.optional === true) return null
    report('kind', 'no local model is configured: requests sent here will be refused', 'warning')
  } else if (localModel !== undefined && wanted !== '*' && wanted !== localModel) {
    report('model', 'the configured local model has another name', 'warning')
  }
  return planned(planning, 'local', null, wanted === '*' ? (localModel ?? '*') : wanted)
}

function planCloud(planning: Planning): PolicyDestination | null {
  const { entry, provided, report } = planning
  const wanted = entry.provider
  if (typeof wanted !== 'string') {
    if (entry.kind === 'cloud' && wanted === undefined) {
      report('kind', 'a cloud destination needs "provider": a `cloud` entry of the configuration, or "*"')
    }
    return null
  }
  const { providers } = provided
  const provider = providers === undefined ? null : findProvider(providers, wanted)
  if (provider === undefined) {
    if (entry.optional === true) return null
    const names = (providers ?? []).map((known) => known.name)
    const hint = names.length === 0 ? '; the configuration has no `cloud` entry' : suggestion(wanted, names)
    report('provider', `no provider of this name in the configuration${hint}`)
    return null
  }
  const model = textOr(entry.model, '*')
  if (model !== '*' || provider === null) return planned(planning, 'cloud', provider?.name ?? wanted, model)
  if (provider.model === null) report('model', 'the provider has no model of its own: name one here')
  return planned(planning, 'cloud', provider.name, provider.model ?? '*')
}

function findProvider(providers: readonly Provider[], wanted: string): Provider | undefined {
  return wanted === '*' ? providers[0] : providers.find((provider) => provider.name === wanted)
}

function planned(
  { name, entry }: Planning,
  kind: 'local' | 'cloud',
  provider: string | null,
  model: string,
): PolicyDestination {
  const regions = texts(entry.regions) ?? (kind === 'local' ? ['onprem'] : [])
  const cost = entry.cost
  return {
    name,
    kind,
    provider,
    model,
    regions,
    endpoints: texts(entry.endpoints) ?? DEFAULT_ENDPOINTS,
    sanitise: entry.sanitise !== false,
    cost: isRecord(cost) ? { in: Number(cost.in), out: Number(cost.out) } : null,
  }
}

function texts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null
  return [...new Set(value.filter((item): item is string => typeof item === 'string'))]
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}
