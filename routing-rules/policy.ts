/** A compiled policy: what `compile.ts` makes and everything else in this folder reads. */
import type { Condition, ConditionNode, FactDefinition } from './conditions/index.ts'
import type { LocatedDocument, Path } from './document.ts'
import type { ListMatcher } from './lists.ts'
import type { Ceiling, Destination } from './types.ts'
import type { Rate } from './units.ts'

/** A `cloud` entry of the configuration. `model` is what it serves by default; null where none is named. */
export interface Provider {
  readonly name: string
  readonly model: string | null
}

/** Price in the policy's currency per million tokens. */
export interface Cost {
  readonly in: number
  readonly out: number
}

/** A destination with what only the rules need to know. */
export interface PolicyDestination extends Destination {
  readonly cost: Cost | null
}

/** What a fired guard does. */
export interface Effects {
  readonly ceiling: Ceiling | null
  readonly onlyRegions: ReadonlySet<string> | null
  readonly dropsTools: boolean
  readonly code: string | null
  readonly alert: string | null
  readonly notice: string | null
  readonly approval: Approval | null
}

/** How a held request is released. `timeoutMs` null: it waits. */
export interface Approval {
  readonly approvers: readonly string[]
  readonly timeoutMs: number | null
  readonly onTimeout: 'local' | 'block'
}

/** Destinations per value of one identity fact; `*` is for values not listed. */
export interface AllowList {
  readonly fact: FactDefinition
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
  /** What every list shares: for a value that is unknown. */
  readonly shared: ReadonlySet<string>
}

export interface Guard {
  readonly id: string
  readonly why: string | null
  /** Null: always. */
  readonly node: ConditionNode | null
  readonly test: Condition
  /** The sets of facts that the client alone decides and the condition asks for; empty when it asks for none. */
  readonly clientSubsets: readonly ReadonlySet<string>[]
  readonly effects: Effects | null
  readonly allow: AllowList | null
  readonly at: Path
}

export interface Route {
  readonly id: string
  readonly node: ConditionNode | null
  readonly test: Condition
  /** In order of preference. */
  readonly to: readonly PolicyDestination[]
  readonly at: Path
}

/** At most so many requests, tokens or escalations per window; enforced by the caller. */
export interface Limit {
  readonly per: string
  readonly requests: Rate | null
  readonly tokens: Rate | null
  readonly escalations: Rate | null
}

export interface Budget {
  readonly per: string
  readonly amount: number
  readonly currency: string
  readonly window: 'day' | 'week' | 'month'
  /** Part of the amount, 0..1, from which to warn; null: never. */
  readonly warnAt: number | null
}

export interface CompiledPolicy {
  readonly name: string
  readonly revision: string
  /** `policy@revision`. */
  readonly id: string
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  readonly destinations: readonly PolicyDestination[]
  /** Optional destinations that nothing in the configuration provides. */
  readonly leftOut: readonly { readonly name: string; readonly kind: 'local' | 'cloud' }[]
  readonly guards: readonly Guard[]
  readonly routes: readonly Route[]
  /** `default`. */
  readonly fallback: Route
  readonly limits: readonly Limit[]
  readonly budgets: readonly Budget[]
  /** Path of a second policy, as written; null: none. */
  readonly shadow: string | null
  readonly lists: ListMatcher
  readonly facts: ReadonlyMap<string, FactDefinition>
  readonly document: LocatedDocument
}
