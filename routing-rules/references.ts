/** Checks on a policy file that its shape cannot express: names that must exist, things that go together. */
import {
  type ConditionContext,
  type ConditionNode,
  type FactDefinition,
  isRecord,
  readCondition,
} from './conditions/index.ts'
import type { LocatedDocument, Path } from './document.ts'
import { suggestion } from './nearest.ts'
import type { RuleProblem } from './types.ts'

/** Ids that decisions use for themselves. */
const RESERVED_IDS = ['default', 'wish', 'no_destination']

/** Conditions by the place of their rule: `guards.0`, `routes.2`. */
export type ConditionMap = ReadonlyMap<string, ConditionNode>

/**
 * Works on the file as read, whatever its shape, so that one wrong key does not hide the other problems.
 * Adds to `problems`; gives back the conditions of guards and routes.
 */
export function checkReferences(
  document: LocatedDocument,
  facts: ReadonlyMap<string, FactDefinition>,
  problems: RuleProblem[],
): ConditionMap {
  const context: ConditionContext = { facts, document, problems }
  const file = isRecord(document.value) ? document.value : {}
  const destinations = isRecord(file.destinations) ? Object.keys(file.destinations) : []
  const conditions = new Map<string, ConditionNode>()
  const ids = new Set<string>()
  for (const block of ['guards', 'routes'] as const) {
    for (const [i, rule] of records(file[block])) {
      const path = [block, i]
      checkId(rule.id, [...path, 'id'], ids, context)
      if (rule.when !== undefined) {
        conditions.set(path.join('.'), readCondition(rule.when, [...path, 'when'], context))
      }
      checkNames(rule.to, [...path, 'to'], destinations, context)
      if (block === 'guards') checkGuard(rule, path, destinations, context)
    }
  }
  const fallback = file.default
  if (isRecord(fallback)) checkNames(fallback.to, ['default', 'to'], destinations, context)
  return conditions
}

function records(value: unknown): [number, Readonly<Record<string, unknown>>][] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item, i) => (isRecord(item) ? [[i, item]] : []))
}

function checkId(id: unknown, path: Path, seen: Set<string>, context: ConditionContext): void {
  if (typeof id !== 'string') return
  const { document, problems } = context
  if (RESERVED_IDS.includes(id))
    problems.push(document.problemAt(path, 'this id is reserved; choose another'))
  if (seen.has(id)) problems.push(document.problemAt(path, 'another rule has this id'))
  seen.add(id)
}

function checkNames(value: unknown, path: Path, known: readonly string[], context: ConditionContext): void {
  if (!Array.isArray(value)) return
  const seen = new Set<unknown>()
  for (const [i, name] of value.entries()) {
    const problemHere = (message: string) =>
      context.problems.push(context.document.problemAt([...path, i], message))
    if (typeof name === 'string' && !known.includes(name)) {
      problemHere(`no destination of this name${suggestion(name, known)}`)
    } else if (seen.has(name)) problemHere('this destination stands here twice')
    seen.add(name)
  }
}

function checkGuard(
  guard: Readonly<Record<string, unknown>>,
  path: Path,
  destinations: readonly string[],
  { document, problems, ...context }: ConditionContext,
): void {
  const report = (key: string, message: string) => problems.push(document.problemAt([...path, key], message))
  const effects = guard.then
  const { per, allow } = guard
  if (effects === undefined && allow === undefined) report('id', 'a guard needs "then" or "allow"')
  if (guard.when === undefined && allow === undefined) report('id', 'a guard with "then" needs "when"')
  if (allow !== undefined && per === undefined) report('allow', '"allow" needs "per", such as identity.team')
  if (per !== undefined && allow === undefined) report('per', '"per" needs "allow"')
  if (isRecord(allow)) {
    if (Object.keys(allow).length === 0) report('allow', 'expected at least one team')
    for (const [team, names] of Object.entries(allow)) {
      checkNames(names, [...path, 'allow', team], destinations, { document, problems, ...context })
    }
  }
  if (!isRecord(effects)) return
  if (Object.keys(effects).length === 0) report('then', 'expected an effect, such as { ceiling: local }')
  for (const key of ['approvers', 'timeout', 'on_timeout']) {
    if (effects[key] !== undefined && effects.ceiling !== 'approve') {
      problems.push(
        document.problemAtKey([...path, 'then', key], `"${key}" goes with "ceiling: approve" only`),
      )
    }
  }
}
