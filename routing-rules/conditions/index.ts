/** Every fact a rule may ask about: the one list. */
import { classification } from './class.ts'
import { detectors } from './detectors.ts'
import { findings } from './findings.ts'
import { headers } from './headers.ts'
import { identity } from './identity.ts'
import { lists } from './lists.ts'
import { local } from './local.ts'
import { alerts, budget, time } from './operations.ts'
import { request } from './request.ts'
import type { FactDefinition, FactFamily, Vocabulary } from './types.ts'

export const FACT_FAMILIES: readonly FactFamily[] = [
  identity,
  request,
  headers,
  findings,
  lists,
  classification,
  detectors,
  local,
  budget,
  time,
  alerts,
]

/** All facts of a policy by path, in the order of documentation. */
export function factsOf(vocabulary: Vocabulary): ReadonlyMap<string, FactDefinition> {
  const all = FACT_FAMILIES.flatMap((family) => family.facts(vocabulary))
  return new Map(all.map((fact) => [fact.path, fact]))
}

export * from './compile.ts'
export { compileTest } from './operators.ts'
export { ENDPOINTS } from './request.ts'
export * from './types.ts'
