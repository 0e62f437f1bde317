/** What a condition is made of. */
import type { Facts } from '../types.ts'

/** Kleene's three values, ordered so that `and` is the smaller, `or` the larger and `not` is `2 - x`. */
export const NO = 0
export const UNKNOWN = 1
export const YES = 2
export type Truth = typeof NO | typeof UNKNOWN | typeof YES

/** A compiled condition. Throws only when the facts themselves do. */
export type Condition = (facts: Facts) => Truth

export const OPERATORS = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'] as const
export type Operator = (typeof OPERATORS)[number]
export type Scalar = string | number | boolean
export type Operand = Scalar | readonly Scalar[]

interface FactBase {
  /** As it is written in a rule, such as `findings.HEALTH.count`. */
  readonly path: string
  readonly about: string
  /** Where the value stands in `Facts`; for a group, where its first type stands. */
  readonly keys: readonly string[]
  /** Whether the client alone decides it: such a fact may only tighten. */
  readonly isFromClient?: true
}

/** A number. Anything but a finite number reads as unknown. */
export interface NumberFact extends FactBase {
  readonly kind: 'number'
  /** Smallest and largest value it can have; what `rules check` reasons with. */
  readonly min: number
  readonly max: number
  read(facts: Facts): unknown
  /**
   * Present where the value read may be only a bound: says for these facts whether it is `exact`, or the
   * truth lies at or above it (`lower`), or at or below it (`upper`).
   */
  bound?(facts: Facts): 'exact' | 'lower' | 'upper'
}

/** A text, compared exactly (`ignoresCase`: without regard to case). Anything but a non-empty text is unknown. */
export interface TextFact extends FactBase {
  readonly kind: 'text'
  /** The closed set of values, where there is one. */
  readonly values?: readonly string[]
  readonly ignoresCase?: true
  read(facts: Facts): unknown
}

/** True or false. */
export interface FlagFact extends FactBase {
  readonly kind: 'flag'
  read(facts: Facts): unknown
}

/** Several texts at once: `eq` and `in` ask whether one of them is among the operand's. */
export interface TextsFact extends FactBase {
  readonly kind: 'texts'
  read(facts: Facts): unknown
}

/**
 * A client header: a comma-separated list without regard to case; an absent one is the empty text, which is
 * known. Where some of its values satisfy a comparison and some do not, the answer is unknown.
 */
export interface HeaderFact extends FactBase {
  readonly kind: 'header'
  read(facts: Facts): unknown
}

export type FactDefinition = NumberFact | TextFact | FlagFact | TextsFact | HeaderFact

/** The names a policy adds to the facts. */
export interface Vocabulary {
  /** Entity types that may be counted. */
  readonly entities: readonly string[]
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly lists: readonly string[]
}

/** A family of facts: one file, one line in the index; schema, explain, check and cases derive from it. */
export interface FactFamily {
  /** First word of every path of the family. */
  readonly id: string
  facts(vocabulary: Vocabulary): readonly FactDefinition[]
}

/** A condition as written, kept for `rules check`. */
export type ConditionNode =
  | { readonly kind: 'all' | 'any'; readonly of: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly of: ConditionNode }
  | {
      readonly kind: 'test'
      readonly fact: FactDefinition
      readonly operator: Operator
      readonly operand: Operand
    }
