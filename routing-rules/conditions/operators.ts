/** The operators: which facts they apply to, and what they compute in three-valued logic. */
import type { Facts } from '../types.ts'
import {
  type Condition,
  type FactDefinition,
  type FlagFact,
  type HeaderFact,
  NO,
  type NumberFact,
  type Operand,
  type Operator,
  type Scalar,
  type TextFact,
  type TextsFact,
  type Truth,
  UNKNOWN,
  YES,
} from './types.ts'

const EQUALITY = ['eq', 'neq', 'in', 'nin'] as const

/** Operators that mean something for a kind of fact. */
export const OPERATORS_OF: Readonly<Record<FactDefinition['kind'], readonly Operator[]>> = {
  number: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'],
  text: EQUALITY,
  header: EQUALITY,
  texts: EQUALITY,
  flag: ['eq', 'neq'],
}

/** Compiles one comparison. The operand must have been checked: `operandProblem` says how. */
export function compileTest(fact: FactDefinition, operator: Operator, operand: Operand): Condition {
  switch (fact.kind) {
    case 'number':
      return numberTest(fact, operator, operand)
    case 'text':
      return textTest(fact, operator, operand)
    case 'header':
      return headerTest(fact, operator, operand)
    case 'texts':
      return textsTest(fact, operator, operand)
    case 'flag':
      return flagTest(fact, operator, operand)
    default:
      return fact satisfies never
  }
}

function isNegative(operator: Operator): boolean {
  return operator === 'neq' || operator === 'nin'
}

function truth(value: boolean): Truth {
  return value ? YES : NO
}

function operands(operand: Operand): readonly Scalar[] {
  return Array.isArray(operand) ? operand : [operand as Scalar]
}

function numberTest(fact: NumberFact, operator: Operator, operand: Operand): Condition {
  const { read, bound } = fact
  const numbers = operands(operand).map(Number)
  const holds = numberPredicate(operator, numbers)
  const exact = (value: unknown): Truth =>
    typeof value === 'number' && Number.isFinite(value) ? truth(holds(value)) : UNKNOWN
  if (bound === undefined) return (facts: Facts) => exact(read(facts))
  return (facts: Facts) => {
    const value = read(facts)
    const side = bound(facts)
    if (side === 'exact' || typeof value !== 'number' || !Number.isFinite(value)) return exact(value)
    return side === 'lower'
      ? rangeTruth(operator, numbers, value, Number.POSITIVE_INFINITY)
      : rangeTruth(operator, numbers, Number.NEGATIVE_INFINITY, value)
  }
}

function numberPredicate(operator: Operator, numbers: readonly number[]): (value: number) => boolean {
  const limit = numbers[0] ?? Number.NaN
  switch (operator) {
    case 'eq':
      return (value) => value === limit
    case 'neq':
      return (value) => value !== limit
    case 'gt':
      return (value) => value > limit
    case 'gte':
      return (value) => value >= limit
    case 'lt':
      return (value) => value < limit
    case 'lte':
      return (value) => value <= limit
    case 'in':
      return (value) => numbers.includes(value)
    case 'nin':
      return (value) => !numbers.includes(value)
    default:
      return operator satisfies never
  }
}

/** What a comparison gives when the number is only known to lie in `[low, high]`, one side being open. */
function rangeTruth(operator: Operator, numbers: readonly number[], low: number, high: number): Truth {
  const limit = numbers[0] ?? Number.NaN
  switch (operator) {
    case 'gt':
      return low > limit ? YES : high <= limit ? NO : UNKNOWN
    case 'gte':
      return low >= limit ? YES : high < limit ? NO : UNKNOWN
    case 'lt':
      return high < limit ? YES : low >= limit ? NO : UNKNOWN
    case 'lte':
      return high <= limit ? YES : low > limit ? NO : UNKNOWN
    default: {
      const isOutside = numbers.every((number) => number < low || number > high)
      return isOutside ? truth(isNegative(operator)) : UNKNOWN
    }
  }
}

function textTest(fact: TextFact, operator: Operator, operand: Operand): Condition {
  const { read } = fact
  const fold = fact.ignoresCase ? (text: string) => text.toLowerCase() : (text: string) => text
  const wanted = new Set(operands(operand).map((value) => fold(String(value))))
  const negative = isNegative(operator)
  return (facts) => {
    const value = read(facts)
    return typeof value === 'string' && value !== '' ? truth(wanted.has(fold(value)) !== negative) : UNKNOWN
  }
}

function headerTest(fact: HeaderFact, operator: Operator, operand: Operand): Condition {
  const { read } = fact
  const wanted = new Set(operands(operand).map((value) => String(value).trim().toLowerCase()))
  const negative = isNegative(operator)
  return (facts) => {
    const value = read(facts)
    if (value === undefined) return truth(wanted.has('') !== negative)
    if (typeof value !== 'string') return UNKNOWN
    const tokens = value.toLowerCase().split(',')
    const hits = tokens.filter((token) => wanted.has(token.trim())).length
    if (hits !== 0 && hits !== tokens.length) return UNKNOWN
    return truth((hits !== 0) !== negative)
  }
}

function textsTest(fact: TextsFact, operator: Operator, operand: Operand): Condition {
  const { read } = fact
  const wanted = new Set<unknown>(operands(operand))
  const negative = isNegative(operator)
  return (facts) => {
    const value = read(facts)
    return Array.isArray(value) ? truth(value.some((item) => wanted.has(item)) !== negative) : UNKNOWN
  }
}

function flagTest(fact: FlagFact, operator: Operator, operand: Operand): Condition {
  const { read } = fact
  const wanted = (operand === true) !== isNegative(operator)
  return (facts) => {
    const value = read(facts)
    return typeof value === 'boolean' ? truth(value === wanted) : UNKNOWN
  }
}
