/** A policy file to a compiled policy, or all that is wrong with it. */
import { createHash } from 'node:crypto'
import { ENTITIES, ENTITY_GROUPS, ENTITY_NAME } from '../detectors/entities.ts'
import {
  clientFactsIn,
  compileCondition,
  type FactDefinition,
  factsOf,
  isRecord,
  type Vocabulary,
  YES,
} from './conditions/index.ts'
import { type DestinationPlan, planDestinations } from './destinations.ts'
import { type LocatedDocument, type Path, readDocument } from './document.ts'
import { compileLists, MAX_TERM_WORDS } from './lists.ts'
import { suggestion } from './nearest.ts'
import type {
  AllowList,
  CompiledPolicy,
  Effects,
  Guard,
  PolicyDestination,
  Provider,
  Route,
} from './policy.ts'
import { type ConditionMap, checkReferences } from './references.ts'
import { checkShape, type PolicyFile, policySchema } from './schema.ts'
import type { RuleProblem } from './types.ts'
import { parseDuration, parseRate } from './units.ts'

/** What a policy is compiled against. */
export interface CompileOptions {
  /** Name of the file, for problems. */
  readonly file: string
  /** The text of a list file, by its path as written in the policy; null when it cannot be read. */
  readList(path: string): string | null
  /** The `cloud` entries of the configuration, in order. Absent: unknown, and every provider is taken as there. */
  readonly providers?: readonly Provider[]
  /** Name of the configured local model; null: none is configured. Absent: unknown, taken as there. */
  readonly localModel?: string | null
  /** Entity types beyond the catalogue, from `detectors.deny`. */
  readonly entityTypes?: readonly string[]
}

/** `policy` is null exactly when a problem is an error; warnings come with either. Sorted by place. */
export interface CompileResult {
  readonly policy: CompiledPolicy | null
  readonly problems: readonly RuleProblem[]
}

/**
 * Compiles a policy. Never throws; every problem of the file is reported at once, in words that do not repeat
 * the file's own.
 */
export function compilePolicy(source: string, options: CompileOptions): CompileResult {
  const { document, problems: unreadable } = readDocument(source, options.file)
  if (document === null) return { policy: null, problems: unreadable }
  const shape = checkShape(policySchema, document)
  const problems: RuleProblem[] = [...shape.problems]
  const facts = factsOf(vocabularyOf(document, options, problems))
  const conditions = checkReferences(document, facts, problems)
  const plan = planDestinations(document, options, problems)
  const terms = shape.value === null ? new Map() : readLists(shape.value, document, options, problems)
  const sorted = sortProblems(problems)
  if (shape.value === null || sorted.some((problem) => problem.severity === 'error')) {
    return { policy: null, problems: sorted }
  }
  const sha256 = createHash('sha256').update(source, 'utf8').digest('hex')
  const parts: Parts = { file: shape.value, document, facts, conditions, plan }
  return { policy: build(parts, terms, sha256), problems: sorted }
}

interface Parts {
  readonly file: PolicyFile
  readonly document: LocatedDocument
  readonly facts: ReadonlyMap<string, FactDefinition>
  readonly conditions: ConditionMap
  readonly plan: DestinationPlan
}

function sortProblems(problems: readonly RuleProblem[]): RuleProblem[] {
  const unique = new Map(problems.map((p) => [`${p.line}:${p.column}:${p.message}`, p]))
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}

/** The names this file adds to the facts, read from the file whatever its shape. */
function vocabularyOf(
  document: LocatedDocument,
  options: CompileOptions,
  problems: RuleProblem[],
): Vocabulary {
  const file = isRecord(document.value) ? document.value : {}
  const extra = (options.entityTypes ?? []).filter((type) => ENTITY_NAME.test(type))
  const entities = [...new Set([...ENTITIES.map((row) => row.type as string), ...extra])]
  const groups = new Map<string, readonly string[]>(Object.entries(ENTITY_GROUPS))
  for (const [name, members] of Object.entries(isRecord(file.groups) ? file.groups : {})) {
    if (groups.has(name) || entities.includes(name)) {
      problems.push(document.problemAtKey(['groups', name], 'an entity type or group has this name already'))
      continue
    }
    groups.set(name, groupMembers(members, ['groups', name], entities, document, problems))
  }
  return { entities, groups, lists: isRecord(file.lists) ? Object.keys(file.lists) : [] }
}

function groupMembers(
  members: unknown,
  path: Path,
  entities: readonly string[],
  document: LocatedDocument,
  problems: RuleProblem[],
): readonly string[] {
  if (!Array.isArray(members)) return []
  for (const [i, member] of members.entries()) {
    if (typeof member !== 'string' || entities.includes(member)) continue
    problems.push(document.problemAt([...path, i], `unknown entity type${suggestion(member, entities)}`))
  }
  return [...new Set(members.filter((member) => entities.includes(member)))]
}

/** Longest list file read, in UTF-16 units. */
const MAX_LIST_FILE = 8_388_608

function readLists(
  file: PolicyFile,
  document: LocatedDocument,
  options: CompileOptions,
  problems: RuleProblem[],
): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>()
  for (const [name, list] of Object.entries(file.lists ?? {})) {
    const path: Path = ['lists', name]
    const terms = Array.isArray(list) ? list : listFile(list.file, path, document, options, problems)
    if (terms.some((term) => term.length > 200 || term.trim().split(/\s+/).length > MAX_TERM_WORDS)) {
      const limit = `200 characters or ${MAX_TERM_WORDS} words`
      problems.push(document.problemAt(path, `a term of this list is longer than ${limit}`))
    }
    lists.set(name, terms)
  }
  return lists
}

function listFile(
  path: string,
  at: Path,
  document: LocatedDocument,
  options: CompileOptions,
  problems: RuleProblem[],
): readonly string[] {
  const text = options.readList(path)
  if (text === null || text.length > MAX_LIST_FILE) {
    const message = text === null ? 'this list file cannot be read' : 'this list file is too long'
    problems.push(document.problemAt([...at, 'file'], message))
    return []
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

function build(parts: Parts, terms: ReadonlyMap<string, readonly string[]>, sha256: string): CompiledPolicy {
  const { file, document, facts, plan } = parts
  const revision = String(file.revision ?? sha256.slice(0, 12))
  return {
    name: file.policy,
    revision,
    id: `${file.policy}@${revision}`,
    sha256,
    destinations: plan.destinations,
    leftOut: plan.leftOut,
    guards: (file.guards ?? []).map((guard, i) => buildGuard(guard, i, parts)),
    routes: (file.routes ?? []).map((route, i) => buildRoute(route.id, route.to, ['routes', i], parts)),
    fallback: buildRoute('default', file.default.to, ['default'], parts),
    limits: (file.limits ?? []).map((limit) => ({
      per: limit.per,
      requests: parseRate(limit.requests ?? ''),
      tokens: parseRate(limit.tokens ?? ''),
      escalations: parseRate(limit.escalations ?? ''),
    })),
    budgets: (file.budgets ?? []).map((budget) => ({
      per: budget.per,
      amount: budget.amount,
      currency: budget.currency,
      window: budget.window,
      warnAt: budget.warn_at ?? null,
    })),
    shadow: file.shadow ?? null,
    lists: compileLists(terms),
    facts,
    document,
  }
}

type GuardEntry = NonNullable<PolicyFile['guards']>[number]

function buildGuard(guard: GuardEntry, i: number, parts: Parts): Guard {
  const at: Path = ['guards', i]
  const node = parts.conditions.get(at.join('.')) ?? null
  return {
    id: guard.id,
    why: guard.why ?? null,
    node,
    test: node === null ? () => YES : compileCondition(node),
    clientSubsets: node === null ? [] : subsets(clientFactsIn(node)),
    effects: guard.then === undefined ? null : buildEffects(guard.then),
    allow: buildAllow(guard, parts.facts),
    at,
  }
}

/** Every non-empty set of the names; there are four client facts at most. */
function subsets(names: readonly string[]): ReadonlySet<string>[] {
  return Array.from({ length: 2 ** names.length - 1 }, (_, i) => {
    const bits = i + 1
    return new Set(names.filter((_name, n) => (bits >> n) % 2 === 1))
  })
}

function buildEffects(effects: NonNullable<GuardEntry['then']>): Effects {
  const approval = {
    approvers: effects.approvers ?? [],
    timeoutMs: parseDuration(effects.timeout ?? ''),
    onTimeout: effects.on_timeout ?? 'block',
  } as const
  return {
    ceiling: effects.ceiling ?? null,
    onlyRegions: effects.only_regions === undefined ? null : new Set(effects.only_regions),
    dropsTools: effects.tools === 'none',
    code: effects.code ?? null,
    alert: effects.alert ?? null,
    notice: effects.notice ?? null,
    approval: effects.ceiling === 'approve' ? approval : null,
  }
}

function buildAllow(guard: GuardEntry, facts: ReadonlyMap<string, FactDefinition>): AllowList | null {
  const fact = facts.get(guard.per ?? '')
  if (guard.allow === undefined || fact === undefined) return null
  const lists = new Map(Object.entries(guard.allow).map(([team, names]) => [team, new Set(names)]))
  const [first, ...rest] = [...lists.values()]
  const shared = [...(first ?? [])].filter((name) => rest.every((names) => names.has(name)))
  return { fact, lists, shared: new Set(shared) }
}

function buildRoute(id: string, to: readonly string[], at: Path, parts: Parts): Route {
  const node = parts.conditions.get(at.join('.')) ?? null
  const byName = new Map(parts.plan.destinations.map((destination) => [destination.name, destination]))
  return {
    id,
    node,
    test: node === null ? () => YES : compileCondition(node),
    to: to.map((name) => byName.get(name)).filter((found): found is PolicyDestination => found !== undefined),
    at,
  }
}
