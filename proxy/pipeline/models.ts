/** Which models a caller may ask for. */
import { AUTO_MODEL, type CompiledPolicy, evaluate, type Facts } from '../../routing-rules/index.ts'
import type { Principal } from '../ports.ts'

/** A row of `GET /v1/models`. */
export interface ModelEntry {
  readonly id: string
  readonly object: 'model'
  /** Seconds since the epoch. */
  readonly created: number
  readonly owned_by: string
}

/** Whether a name asks for something the policy has; `cloakroom-auto` always does. */
export function isKnownModel(policy: CompiledPolicy, name: string): boolean {
  return name === AUTO_MODEL || policy.destinations.some((one) => one.name === name || one.model === name)
}

/**
 * What this caller may use: `cloakroom-auto`, and each destination's name and model that a harmless request of
 * the caller's would get.
 */
export function availableModels(
  policy: CompiledPolicy,
  principal: Principal,
  now: number,
): readonly ModelEntry[] {
  const created = Math.floor(now / 1000)
  const entry = (id: string, owner: string): ModelEntry => ({ id, object: 'model', created, owned_by: owner })
  const entries = new Map([[AUTO_MODEL, entry(AUTO_MODEL, 'cloakroom')]])
  for (const destination of policy.destinations) {
    const endpoint = destination.endpoints[0] ?? 'chat'
    const decision = evaluate(policy, harmlessFacts(principal, endpoint), {
      endpoint,
      wish: destination.name,
    })
    if (decision.destination !== destination.name || decision.action === 'blocked') continue
    for (const id of [destination.name, destination.model]) {
      if (!entries.has(id)) entries.set(id, entry(id, destination.provider ?? 'local'))
    }
  }
  return [...entries.values()]
}

/** The facts of a short, harmless prompt. */
export function harmlessFacts(principal: Principal, endpoint: string): Facts {
  return {
    identity: {
      user: principal.user,
      team: principal.team,
      region: principal.region,
      roles: principal.roles,
      key: principal.key,
    },
    request: { endpoint, tokens: 1, has_tools: false, has_images: false, stream: false },
    headers: {},
    findings: { counts: {}, total: 0, min_score: null },
    lists: {},
    class: { task: 'chat', domain: 'general', needs_strong: 0, injection: 0 },
    detectors: { pattern: 'ok', ner: 'ok', contextual: 'ok' },
    local: { status: 'ok' },
    budget: { team: { month_used: 0 } },
    time: {},
    alerts: { open: 0 },
  }
}
