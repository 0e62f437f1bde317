/** What the rules may know of one request: types and counts, never text. */
import type { LayerStatus } from '../../detectors/index.ts'
import type { Facts } from '../../routing-rules/index.ts'
import type { Principal } from '../ports.ts'
import type { Inspection } from './inspect.ts'

/** The classifier's view of a prompt. */
export interface PromptClass {
  readonly task: string
  readonly domain: string
  readonly needs_strong: number
  readonly injection: number
}

/** The request's own properties. */
export interface RequestShape {
  readonly endpoint: string
  readonly model: string | null
  readonly tokens: number
  readonly hasTools: boolean
  readonly hasImages: boolean
  readonly stream: boolean
}

/** Everything the facts are made of. `now` in ms since the epoch; hours and weekdays are UTC, Sunday is 0. */
export interface FactSources {
  readonly principal: Principal
  readonly shape: RequestShape
  readonly headers: Readonly<Record<string, string>>
  readonly inspection: Inspection
  readonly contextual: LayerStatus
  readonly lists: Readonly<Record<string, number>>
  readonly promptClass: PromptClass
  readonly localStatus: LayerStatus
  /** Confidence in a local draft, 0..1; null before there is one. */
  readonly localConfidence: number | null
  /** Share of the team's monthly budget that is used; null when it is not known. */
  readonly budgetUsed: number | null
  readonly openAlerts: number
  readonly now: number
}

/** Request headers by lower-case name, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** The request headers rules may read; each may only tighten. */
export const TIGHTENING_HEADERS = [
  'x-cloakroom-conversation',
  'x-cloakroom-consent',
  'x-cloakroom-data-class',
] as const

/** Facts in the rule language's shape. */
export function gatherFacts(sources: FactSources): Facts {
  const { principal, shape, inspection, promptClass } = sources
  const date = new Date(sources.now)
  return {
    identity: {
      user: principal.user,
      team: principal.team,
      region: principal.region,
      roles: principal.roles,
      key: principal.key,
    },
    request: {
      endpoint: shape.endpoint,
      model: shape.model,
      tokens: shape.tokens,
      has_tools: shape.hasTools,
      has_images: shape.hasImages,
      stream: shape.stream,
    },
    headers: sources.headers,
    findings: { counts: inspection.counts, total: inspection.total, min_score: inspection.minScore },
    lists: sources.lists,
    class: { ...promptClass },
    detectors: { ...inspection.status, contextual: sources.contextual },
    local: { status: sources.localStatus, confidence: sources.localConfidence },
    budget: { team: { month_used: sources.budgetUsed } },
    time: { hour: date.getUTCHours(), weekday: date.getUTCDay() },
    alerts: { open: sources.openAlerts },
  }
}

/** The tightening headers of a request, lower-cased and bounded: an over-long value counts as present and unknown. */
export function tighteningHeaders(headers: RequestHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of TIGHTENING_HEADERS) {
    const value = headers[name]
    if (typeof value === 'string') kept[name] = value.slice(0, 256).trim().toLowerCase()
  }
  return kept
}
