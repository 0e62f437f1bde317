/** Where values may be put back: by their type, and by the tool whose arguments they would stand in. */
import type { EntityType } from '../detectors/index.ts'

/** Where the values of a type are put back: everywhere, not in arguments of tools, or nowhere. */
export type RestorePolicy = 'always' | 'text_only' | 'never'

/** All names of `RestorePolicy`. */
export const RESTORE_POLICIES = ['always', 'text_only', 'never'] as const satisfies readonly RestorePolicy[]

/** Whether values are put back into the arguments of a tool. */
export type ToolPolicy = 'always' | 'never'

/** The rules of an installation. Of two that apply, the one that puts back less holds. */
export interface RestoreRules {
  /** For types that are not in `types`. */
  readonly default: RestorePolicy
  readonly types: Readonly<Record<string, RestorePolicy>>
  /** By the name of the tool; `*` for those that are not named. Absent: `always`. */
  readonly tools: Readonly<Record<string, ToolPolicy>>
}

/** Everything is put back everywhere. */
export const RESTORE_ALL: RestoreRules = { default: 'always', types: {}, tools: {} }

/**
 * Whether a value may be put back. `tool`: the name of the tool whose arguments the text is, undefined for text. A
 * tool without a name is any tool, so what is forbidden for one is forbidden for it.
 */
export function mayRestore(rules: RestoreRules, entity: EntityType, tool: string | undefined): boolean {
  const policy = own(rules.types, entity) ?? rules.default
  if (policy === 'never') return false
  if (tool === undefined) return true
  return policy === 'always' && toolPolicy(rules, tool) === 'always'
}

function toolPolicy({ tools }: RestoreRules, tool: string): ToolPolicy {
  if (tool === '') return Object.values(tools).includes('never') ? 'never' : 'always'
  return own(tools, tool) ?? own(tools, '*') ?? 'always'
}

/** A tool may be called `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
