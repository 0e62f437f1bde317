/** A `when` of a rule: from what is written to a checked tree, and from the tree to a function. */
import type { LocatedDocument, Path } from '../document.ts'
import { suggestion } from '../nearest.ts'
import type { Facts, RuleProblem } from '../types.ts'
import { compileTest, OPERATORS_OF } from './operators.ts'
import {
  type Condition,
  type ConditionNode,
  type FactDefinition,
  NO,
  OPERATORS,
  type Operand,
  type Operator,
  type Truth,
  YES,
} from './types.ts'

/** What parsing a condition needs; problems are added to `problems`. */
export interface ConditionContext {
  readonly facts: ReadonlyMap<string, FactDefinition>
  readonly document: LocatedDocument
  readonly problems: RuleProblem[]
}

/** Reads a `when` map: conditions that must all hold. A wrong one adds its problems and reads as empty. */
export function readCondition(value: unknown, path: Path, context: ConditionContext): ConditionNode {
  const { document, problems } = context
  if (!isRecord(value) || Object.keys(value).length === 0) {
    problems.push(document.problemAt(path, 'expected conditions, such as { findings.total: { gte: 1 } }'))
    return { kind: 'all', of: [] }
  }
  const parts = Object.entries(value).flatMap(([key, inner]) =>
    readEntry(key, inner, [...path, key], context),
  )
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', of: parts }
}

function readEntry(key: string, value: unknown, path: Path, context: ConditionContext): ConditionNode[] {
  if (key === 'not') return [{ kind: 'not', of: readCondition(value, path, context) }]
  if (key === 'all' || key === 'any') {
    if (!Array.isArray(value) || value.length === 0) {
      context.problems.push(context.document.problemAt(path, `"${key}" takes a list of conditions`))
      return []
    }
    return [{ kind: key, of: value.map((item, i) => readCondition(item, [...path, i], context)) }]
  }
  const fact = context.facts.get(key)
  if (fact === undefined) {
    const near = suggestion(key, ['all', 'any', 'not', ...context.facts.keys()])
    context.problems.push(context.document.problemAtKey(path, `unknown fact${near}`))
    return []
  }
  return readTests(fact, value, path, context)
}

function readTests(
  fact: FactDefinition,
  value: unknown,
  path: Path,
  context: ConditionContext,
): ConditionNode[] {
  const { document, problems } = context
  if (!isRecord(value) || Object.keys(value).length === 0) {
    problems.push(document.problemAt(path, `expected an operator and a value, such as ${exampleOf(fact)}`))
    return []
  }
  const tests: ConditionNode[] = []
  for (const [name, operand] of Object.entries(value)) {
    const at = [...path, name]
    const operator = OPERATORS.find((known) => known === name)
    if (operator === undefined) {
      const near = suggestion(name, OPERATORS_OF[fact.kind])
      problems.push(document.problemAtKey(at, `unknown operator${near}`))
      continue
    }
    const wrong = operandProblem(fact, operator, operand)
    if (wrong === null) tests.push({ kind: 'test', fact, operator, operand: operand as Operand })
    else problems.push(document.problemAt(at, wrong))
  }
  return tests
}

function exampleOf(fact: FactDefinition): string {
  switch (fact.kind) {
    case 'number':
      return '{ gte: 1 }'
    case 'flag':
      return '{ eq: true }'
    default:
      return '{ eq: name }'
  }
}

const KIND_WORDS = {
  number: 'a number',
  text: 'a text',
  header: 'a text',
  texts: 'a list of texts',
  flag: 'true or false',
}

/** What is wrong with an operand, or null. Never repeats the operand. */
function operandProblem(fact: FactDefinition, operator: Operator, operand: unknown): string | null {
  const allowed = OPERATORS_OF[fact.kind]
  if (!allowed.includes(operator)) {
    return `"${operator}" does not apply to ${fact.path}, which is ${KIND_WORDS[fact.kind]}; use ${allowed.join(', ')}`
  }
  if (operator !== 'in' && operator !== 'nin') return scalarProblem(fact, operand)
  if (!Array.isArray(operand) || operand.length === 0) return `"${operator}" takes a list of values`
  for (const item of operand) {
    const wrong = scalarProblem(fact, item)
    if (wrong !== null) return wrong
  }
  return null
}

function scalarProblem(fact: FactDefinition, value: unknown): string | null {
  switch (fact.kind) {
    case 'number':
      return typeof value === 'number' ? null : `expected a number: ${fact.path} is one`
    case 'flag':
      return typeof value === 'boolean' ? null : `expected true or false: ${fact.path} is one of them`
    case 'text':
      if (typeof value !== 'string') return `expected a text: ${fact.path} is one (put numbers in quotes)`
      if (fact.values === undefined || fact.values.includes(value)) return null
      return `${fact.path} never has this value${suggestion(value, fact.values)}`
    case 'header':
    case 'texts':
      return typeof value === 'string' ? null : `expected a text: ${fact.path} holds texts`
    default:
      return fact satisfies never
  }
}

/** The function of a condition. An empty `all` holds. */
export function compileCondition(node: ConditionNode): Condition {
  switch (node.kind) {
    case 'test':
      return compileTest(node.fact, node.operator, node.operand)
    case 'not': {
      const inner = compileCondition(node.of)
      return (facts) => (2 - inner(facts)) as Truth
    }
    case 'all':
      return compileMany(node.of, YES)
    case 'any':
      return compileMany(node.of, NO)
    default:
      return node satisfies never
  }
}

/** `all` starts from YES and keeps the smaller, `any` from NO and keeps the larger; each stops at its end. */
function compileMany(nodes: readonly ConditionNode[], start: Truth): Condition {
  const parts = nodes.map(compileCondition)
  const end = start === YES ? NO : YES
  return (facts: Facts) => {
    let result: Truth = start
    for (const part of parts) {
      const value = part(facts)
      if (value === end) return end
      if (start === YES ? value < result : value > result) result = value
    }
    return result
  }
}

/** Paths of the facts in a condition that the client alone decides. */
export function clientFactsIn(node: ConditionNode): readonly string[] {
  switch (node.kind) {
    case 'test':
      return node.fact.isFromClient === true ? [node.fact.path] : []
    case 'not':
      return clientFactsIn(node.of)
    default:
      return [...new Set(node.of.flatMap(clientFactsIn))]
  }
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
