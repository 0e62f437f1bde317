/**
 * Whether conditions can hold at all, for `rules check`. Works on known facts; claims a contradiction only where
 * there is one, and may miss some (facts are taken as independent of each other).
 */
import {
  type ConditionNode,
  compileTest,
  type FactDefinition,
  type Operator,
  type Scalar,
  YES,
} from './conditions/index.ts'
import { AUTO_MODEL } from './destinations.ts'
import type { Facts } from './types.ts'

type Test = Extract<ConditionNode, { kind: 'test' }>

/** Always true and never true, as conditions. */
const ALWAYS: ConditionNode = { kind: 'all', of: [] }
const NEVER: ConditionNode = { kind: 'any', of: [] }

/** Whether no known facts make the condition true. */
export function isContradiction(node: ConditionNode): boolean {
  return conflicts(positive(node), [])
}

/** Whether every known facts that make `narrow` true make `wide` true too. Null is the condition that always holds. */
export function covers(wide: ConditionNode | null, narrow: ConditionNode | null): boolean {
  if (wide === null) return true
  return isContradiction({ kind: 'all', of: [narrow ?? ALWAYS, { kind: 'not', of: wide }] })
}

/** Paths of the facts a condition asks for. */
export function factsIn(node: ConditionNode | null): ReadonlySet<string> {
  if (node === null) return new Set()
  if (node.kind === 'test') return new Set([node.fact.path])
  if (node.kind === 'not') return factsIn(node.of)
  return new Set(node.of.flatMap((part) => [...factsIn(part)]))
}

/** The condition for a client that sets no header and names no model. */
export function withoutClient(node: ConditionNode): ConditionNode {
  if (node.kind === 'test') {
    if (node.fact.isFromClient !== true) return node
    const value = node.fact.kind === 'header' ? '' : AUTO_MODEL
    return holdsFor(node, value) ? ALWAYS : NEVER
  }
  if (node.kind === 'not') return { kind: 'not', of: withoutClient(node.of) }
  return { kind: node.kind, of: node.of.map(withoutClient) }
}

const OPPOSITE: Readonly<Record<Operator, Operator>> = {
  eq: 'neq',
  neq: 'eq',
  gt: 'lte',
  lte: 'gt',
  gte: 'lt',
  lt: 'gte',
  in: 'nin',
  nin: 'in',
}

/** Moves every `not` down into the operators. */
function positive(node: ConditionNode, isNegated = false): ConditionNode {
  switch (node.kind) {
    case 'test':
      return isNegated ? { ...node, operator: OPPOSITE[node.operator] } : node
    case 'not':
      return positive(node.of, !isNegated)
    default: {
      const kind = isNegated ? (node.kind === 'all' ? 'any' : 'all') : node.kind
      return { kind, of: node.of.map((part) => positive(part, isNegated)) }
    }
  }
}

/** Whether `node`, free of `not`, cannot hold together with `given`. */
function conflicts(node: ConditionNode, given: readonly Test[]): boolean {
  if (node.kind === 'not') return false
  if (node.kind === 'test') return !isPossible([...given, node])
  if (node.kind === 'any') return node.of.every((part) => conflicts(part, given))
  const { tests, others } = flatten(node)
  const all = [...given, ...tests]
  return !isPossible(all) || others.some((part) => conflicts(part, all))
}

function flatten(node: ConditionNode): { tests: readonly Test[]; others: readonly ConditionNode[] } {
  if (node.kind === 'test') return { tests: [node], others: [] }
  if (node.kind !== 'all') return { tests: [], others: [node] }
  const parts = node.of.map(flatten)
  return { tests: parts.flatMap((part) => part.tests), others: parts.flatMap((part) => part.others) }
}

/** Whether for each fact some value passes all tests on it. */
function isPossible(tests: readonly Test[]): boolean {
  const byFact = new Map<string, Test[]>()
  for (const test of tests) byFact.set(test.fact.path, [...(byFact.get(test.fact.path) ?? []), test])
  return [...byFact.values()].every((group) => {
    const fact = group[0]?.fact
    // Several texts can be there at once: tests on them do not exclude each other.
    if (fact === undefined || fact.kind === 'texts') return true
    return candidates(fact, group).some((value) => group.every((test) => holdsFor(test, value)))
  })
}

/** Values that stand for every region the tests can tell apart. */
function candidates(fact: FactDefinition, tests: readonly Test[]): readonly Scalar[] {
  const named = tests.flatMap(({ operand }) => (Array.isArray(operand) ? operand : [operand as Scalar]))
  switch (fact.kind) {
    case 'number': {
      const edges = [fact.min, fact.max, ...named.map(Number)].filter(Number.isFinite).sort((a, b) => a - b)
      const between = edges.map((edge, i) => (edge + (edges[i + 1] ?? edge + 2)) / 2)
      return [...edges, ...between].filter((value) => value >= fact.min && value <= fact.max)
    }
    case 'flag':
      return [true, false]
    case 'text':
      return fact.values ?? [...named, 'something else']
    case 'header':
      return [...named, '', 'something else']
    case 'texts':
      return named
    default:
      return fact satisfies never
  }
}

/** The facts are never read: the value stands in for them. */
const NO_FACTS: Facts = {
  identity: {},
  request: { endpoint: '' },
  headers: {},
  findings: { counts: {} },
  lists: {},
  class: {},
  detectors: {},
  local: {},
  budget: { team: {} },
  time: {},
  alerts: {},
}

function holdsFor(test: Test, value: Scalar): boolean {
  const fixed = { ...test.fact, read: () => value }
  const exact = fixed.kind === 'number' ? { ...fixed, bound: () => 'exact' as const } : fixed
  return compileTest(exact, test.operator, test.operand)(NO_FACTS) === YES
}
