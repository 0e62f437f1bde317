/** Finds every occurrence of a request's values in its texts, in one pass whatever their number: `value-rules.ts`. */
import type { Span } from '../detectors/index.ts'
import { Automaton, NO_WORD } from './automaton.ts'
import { ASCII_FOLD, ASCII_FOLDED, foldAt, INVISIBLE, SEPARATOR, widthAt } from './fold.ts'
import {
  ENOUGH,
  endsWord,
  hexRulesOf,
  MAX_GAP,
  occurrenceAt,
  rulesOf,
  startsWord,
  type ValueRules,
} from './value-rules.ts'

/** A value to look for and what it is. */
export interface Sought {
  readonly entity: string
  readonly value: string
}

/** Where a value was found again. */
export interface Occurrence extends Span {
  readonly entity: string
}

const MANY_SPELLINGS = 64

/** The values of one request, ready to be looked for. */
export class OccurrenceFinder {
  readonly #patterns: readonly (readonly ValueRules[])[]
  readonly #automaton: Automaton
  /** Values without letters and digits, or with wide gaps. */
  readonly #literals: readonly ValueRules[]
  readonly #literalAutomaton: Automaton | undefined
  readonly #starts = new Uint8Array(128)
  readonly #places: Int32Array

  constructor(sought: Iterable<Sought>) {
    const byFolded = new Map<string, ValueRules[]>()
    const literals: ValueRules[] = []
    for (const { entity, value } of sought) {
      const rules = rulesOf(entity, value)
      if (rules === undefined) continue
      if (rules.isLiteral) literals.push(rules)
      if (rules.folded !== '') addRules(byFolded, rules)
      if (value.length >= ENOUGH) addRules(byFolded, hexRulesOf(entity, value))
    }
    this.#patterns = [...byFolded.values()]
    this.#automaton = new Automaton([...byFolded.keys()])
    this.#literals = literals
    if (literals.length > 0) this.#literalAutomaton = new Automaton(literals.map(({ value }) => value))
    for (let unit = 0; unit < 128; unit++) {
      const folded = ASCII_FOLD[unit] ?? 0
      if (folded !== 0 && this.#automaton.startsWith(folded)) this.#starts[unit] = 1
    }
    this.#places = new Int32Array(1 << (32 - Math.clz32(this.#automaton.longest + 1)))
  }

  /** Whether there is nothing to look for. */
  get isEmpty(): boolean {
    return this.#patterns.length === 0 && this.#literals.length === 0
  }

  /**
   * Occurrences in a text, ascending by end; they may overlap. At the offsets of `cuts` words are taken to begin
   * and end: something is replaced next to them.
   */
  find(text: string, cuts: ReadonlySet<number>): readonly Occurrence[] {
    const found: Occurrence[] = []
    if (this.#patterns.length > 0) this.#findFolded(text, cuts, found)
    if (this.#literalAutomaton !== undefined) this.#findLiterals(text, this.#literalAutomaton, found)
    return found
  }

  #findFolded(text: string, cuts: ReadonlySet<number>, found: Occurrence[]): void {
    const mask = this.#places.length - 1
    let state = 0
    let gap = 0
    let count = 0
    for (let at = 0; at < text.length; ) {
      const unit = text.charCodeAt(at)
      if (state === 0 && unit < 128 && this.#starts[unit] === 0) {
        at++
        continue
      }
      const isAscii = unit < 128
      const folded = isAscii ? ASCII_FOLDED[unit] : foldAt(text, at)
      const end = at + (isAscii ? 1 : widthAt(text, at))
      const units = folded?.text ?? ''
      if (folded === undefined || folded.kind === SEPARATOR) {
        if (++gap > MAX_GAP) state = 0
      } else if (folded.kind !== INVISIBLE) gap = 0
      for (let i = 0; i < units.length; i++) {
        this.#places[count++ & mask] = at
        state = this.#automaton.step(state, units.charCodeAt(i))
      }
      const ending = units === '' ? 0 : this.#automaton.longestEnding(state)
      at =
        ending === 0 ? end : this.#accept(ending, { text, end, kind: folded?.kind ?? 0, count, cuts }, found)
      // Behind a long value: what it covers need not be looked at again.
      if (at > end) state = 0
    }
  }

  /** Adds the longest value that ends here and may; gives its end, which a long value has further on. */
  #accept(ending: number, place: Place, found: Occurrence[]): number {
    const { text, end, count, cuts } = place
    const mask = this.#places.length - 1
    const endEdge = endsWord(text, end, place.kind) || cuts.has(end)
    for (let state = ending; state !== 0; state = this.#automaton.nextEnding(state)) {
      const length = this.#automaton.depthOf(state)
      const start = this.#places[(count - length) & mask] ?? 0
      // A character that folds to several must be inside as a whole.
      if (count > length && this.#places[(count - length - 1) & mask] === start) continue
      const edges = endEdge && (startsWord(text, start) || cuts.has(start))
      const word = this.#automaton.wordAt(state)
      for (const pattern of word === NO_WORD ? [] : (this.#patterns[word] ?? [])) {
        const span = occurrenceAt(pattern, text, { start, end, edges })
        if (span === undefined) continue
        found.push({ ...span, entity: pattern.entity })
        return pattern.isLong ? span.end : end
      }
    }
    return end
  }

  #findLiterals(text: string, automaton: Automaton, found: Occurrence[]): void {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      const ending = automaton.longestEnding(state)
      if (ending === 0) continue
      const literal = this.#literals[automaton.wordAt(ending)]
      if (literal === undefined) continue
      found.push({ start: at + 1 - literal.value.length, end: at + 1, entity: literal.entity })
      state = 0
    }
  }
}

interface Place {
  readonly text: string
  readonly end: number
  readonly kind: number
  readonly count: number
  readonly cuts: ReadonlySet<number>
}

function addRules(byFolded: Map<string, ValueRules[]>, rules: ValueRules): void {
  const same = byFolded.get(rules.folded)
  if (same === undefined) byFolded.set(rules.folded, [rules])
  else if (same.length < MANY_SPELLINGS && !same.some((other) => covers(other, rules))) same.push(rules)
}

/** Whether whatever is found by one value's rules is found by the other's with the same range. */
function covers(other: ValueRules, rules: ValueRules): boolean {
  if (other.separators === 'own' || rules.separators === 'own') return false
  if (other.isLong || rules.isLong) return false
  const sameEnds = other.lead === rules.lead && other.trail === rules.trail
  const sameCase = other.caseRule === rules.caseRule && rules.caseRule !== 'exact'
  return sameEnds && other.distinctive === rules.distinctive && (other.caseRule === 'any' || sameCase)
}
