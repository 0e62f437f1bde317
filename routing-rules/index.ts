/** Facts in, decision out. Pure: no network, clock, environment or log. */
export { type CaseResult, type CasesOptions, type CasesReport, type Coverage, runCases } from './cases.ts'
export { checkPolicy } from './check.ts'
export type { CompileOptions, CompileResult } from './compile.ts'
export { compilePolicy } from './compile.ts'
export { AUTO_MODEL } from './destinations.ts'
export {
  type Change,
  type ChangedDecision,
  changeBetween,
  diffPolicies,
  type PolicyDiff,
  type RecordedRequest,
  type TeamChanges,
} from './diff.ts'
export { type Considered, couldEscalate } from './drafts.ts'
export { decidingRule, evaluate, type RoutingRequest } from './evaluate.ts'
export { type FactsResult, parseFacts } from './facts.ts'
export { casesJsonSchema, policyJsonSchema } from './json-schema.ts'
export { countListHits } from './lists.ts'
export type {
  Budget,
  CompiledPolicy,
  Cost,
  Limit,
  PolicyDestination,
  Provider,
} from './policy.ts'
export * from './types.ts'
export type { Rate } from './units.ts'
