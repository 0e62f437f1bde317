/** Facts in, decision out. See `evaluate.ts` for the semantics. */

/** From loosest to tightest. */
export const CEILINGS = ['open', 'sanitise', 'approve', 'local', 'block'] as const
export type Ceiling = (typeof CEILINGS)[number]

export type Action = 'local' | 'cloud' | 'held' | 'blocked'

/** A fact that is absent or `null` is *unknown*: guards fire on it, routes do not. */
export type FactValue = string | number | boolean | readonly string[] | null | undefined

/**
 * Everything a rule may ask about one request. Types and counts only, never text.
 * `findings.counts` holds distinct findings per entity type; a type that is absent is 0 only when the layers
 * that find it ran (`detectors`), else unknown.
 */
export interface Facts {
  readonly identity: {
    readonly user?: string | null
    readonly team?: string | null
    readonly region?: string | null
    readonly roles?: readonly string[] | null
    readonly key?: string | null
  }
  readonly request: {
    /** `chat`, `responses`, `completions` or `embeddings`. */
    readonly endpoint: string
    /** The model name the client asked for; only ever tightens. */
    readonly model?: string | null
    /** Estimated prompt tokens. */
    readonly tokens?: number | null
    readonly has_tools?: boolean | null
    readonly has_images?: boolean | null
    readonly stream?: boolean | null
    readonly language?: string | null
  }
  /** The tighten-only request headers, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly findings: {
    readonly counts: Readonly<Record<string, number>>
    readonly total?: number | null
    /** Lowest score among the findings; null when there are none or it is unknown. */
    readonly min_score?: number | null
    /** How many kinds of quasi-identifiers meet; absent: what the counts say. */
    readonly quasi_score?: number | null
  }
  /** Hits per list of the policy. */
  readonly lists: Readonly<Record<string, number | null>>
  readonly class: {
    readonly task?: string | null
    readonly domain?: string | null
    readonly needs_strong?: number | null
    readonly injection?: number | null
  }
  readonly detectors: {
    readonly pattern?: string | null
    readonly ner?: string | null
    readonly contextual?: string | null
  }
  readonly local: { readonly status?: string | null; readonly confidence?: number | null }
  readonly budget: { readonly team: { readonly month_used?: number | null } }
  readonly time: { readonly hour?: number | null; readonly weekday?: number | null }
  readonly alerts: { readonly open?: number | null }
}

/** Why a decision is what it is: one fired rule. */
export interface Reason {
  readonly rule: string
  /** `yes`: its condition held; `unknown`: it could not be computed; `error`: evaluating it failed. */
  readonly matched: 'yes' | 'unknown' | 'error'
  /** The effect in words: a ceiling, `only_regions`, `allow`, `tools: none`, or `no_destination`. */
  readonly effect: string
  readonly why?: string
  readonly code?: string
}

/** What the rules say about one request. */
export interface PolicyDecision {
  readonly action: Action
  readonly ceiling: Ceiling
  /** Name of the destination to use (or that a held request would use); null when blocked. */
  readonly destination: string | null
  /** The route that chose the destination: its id, `default`, or `wish` for the client's model. */
  readonly route: string | null
  readonly because: readonly Reason[]
  /** What routing would have chosen without the guards, when that differs. */
  readonly would_have_been?: { readonly route: string; readonly destination: string }
  /** Names of the alerts that fired guards raise; absent when none does. */
  readonly alerts?: readonly string[]
  /** Names of the notices that fired guards add; absent when none does. */
  readonly notices?: readonly string[]
  /** How a held request is released: what the guards that hold it say together. Present when `held`. */
  readonly approval?: {
    /** Who may release it: those that every such guard names; a guard that names nobody leaves it to the others. */
    readonly approvers: readonly string[]
    /** The shortest timeout in ms; null: it waits. */
    readonly timeoutMs: number | null
    /** What happens when nobody decides in time: the tightest that a guard says. */
    readonly onTimeout: 'local' | 'block'
  }
  /** Whether tools must be taken out of the request. */
  readonly tools: 'keep' | 'none'
  /** Whether a cloud request is sanitised; false only where a destination says `sanitise: false`. */
  readonly sanitise: boolean
  /** `policy@revision`. */
  readonly policy: string
  readonly policy_sha256: string
}

/** One problem in a file of rules or tests: 1-based line and column. */
export interface RuleProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** A destination as the pipeline needs it. */
export interface Destination {
  readonly name: string
  readonly kind: 'local' | 'cloud'
  /** Name of the `cloud` entry of the configuration; null for local ones. */
  readonly provider: string | null
  /** The model asked of it. */
  readonly model: string
  readonly regions: readonly string[]
  readonly endpoints: readonly string[]
  readonly sanitise: boolean
}
