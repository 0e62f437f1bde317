/** Looks for the values of one vault in texts: few of them by their beginnings, many by automata. */
import { Automaton } from '../../restore/automaton.ts'
import { GRAM, Grams } from '../../restore/grams.ts'
import { Base64Needles, needlesOf } from '../../restore/needles.ts'
import type { ValueRules } from '../../restore/value-rules.ts'
import { FoldedText, passOver } from './leak-text.ts'

/** Says whether to stop: whether the value of some rules stands at `at` of the folded text. */
type VisitValue = (folded: FoldedText, at: number, rules: ValueRules) => boolean
/** Says whether to stop: base64 of a value was found at `[start, end)`. */
type VisitBase64 = (start: number, end: number) => boolean

/** Finds candidates; what they are worth is the visitors' business. */
export interface Search {
  each(text: string, boundary: string, visitValue: VisitValue, visitBase64: VisitBase64): void
}

/** From so many values on automata are cheaper than comparing. */
const MANY = 24

/** A search for values by their rules (hexadecimal ones among them) and for the base64 of `values`. */
export function searchFor(rules: readonly ValueRules[], values: readonly string[]): Search {
  return values.length < MANY ? new FewValues(rules, values) : new ManyValues(rules, values)
}

class FewValues implements Search {
  readonly #rules: readonly ValueRules[]
  readonly #short: readonly ValueRules[]
  readonly #folded: Grams
  readonly #needles: readonly string[]
  readonly #raw: Grams

  constructor(rules: readonly ValueRules[], values: readonly string[]) {
    this.#rules = rules
    this.#short = rules.filter(({ folded }) => folded !== '' && folded.length < GRAM)
    this.#folded = new Grams(rules.map(({ folded }) => folded))
    this.#needles = needlesOf(values).map(({ text }) => text)
    this.#raw = new Grams(this.#needles)
  }

  each(text: string, boundary: string, visitValue: VisitValue, visitBase64: VisitBase64): void {
    const pass = passOver(text, boundary, this.#raw.seen, this.#folded.seen)
    const folded = new FoldedText(text, boundary, pass?.units)
    const atFolded = (index: number, start: number): boolean => {
      const rules = this.#rules[index]
      return rules !== undefined && visitValue(folded, start, rules)
    }
    const atRaw = (index: number, start: number): boolean =>
      visitBase64(start, start + (this.#needles[index]?.length ?? 0))
    if (pass === undefined) {
      this.#folded.each(folded.units, atFolded)
      this.#raw.each(text, atRaw)
    } else {
      for (const start of pass.foldedAt) if (this.#folded.visitAt(folded.units, start, atFolded)) return
      for (const start of pass.rawAt) if (this.#raw.visitAt(text, start, atRaw)) return
    }
    this.#eachShort(folded, visitValue)
  }

  /** Values of a few letters and digits between signs. */
  #eachShort(folded: FoldedText, visit: VisitValue): void {
    const { units } = folded
    for (const rules of this.#short) {
      for (let at = units.indexOf(rules.folded); at >= 0; at = units.indexOf(rules.folded, at + 1)) {
        if (visit(folded, at, rules)) return
      }
    }
  }
}

class ManyValues implements Search {
  readonly #byWord: readonly (readonly ValueRules[])[]
  readonly #automaton: Automaton
  readonly #needles: Base64Needles

  constructor(rules: readonly ValueRules[], values: readonly string[]) {
    const byWord = new Map<string, ValueRules[]>()
    for (const rule of rules) {
      const same = byWord.get(rule.folded)
      if (same === undefined) byWord.set(rule.folded, [rule])
      else same.push(rule)
    }
    byWord.delete('')
    this.#byWord = [...byWord.values()]
    this.#automaton = new Automaton([...byWord.keys()])
    this.#needles = new Base64Needles(values)
  }

  each(text: string, boundary: string, visitValue: VisitValue, visitBase64: VisitBase64): void {
    const folded = new FoldedText(text, boundary)
    const { units } = folded
    let state = 0
    for (let at = 0; at < units.length; at++) {
      state = this.#automaton.step(state, units.charCodeAt(at))
      let ending = this.#automaton.longestEnding(state)
      for (; ending !== 0; ending = this.#automaton.nextEnding(ending)) {
        const start = at + 1 - this.#automaton.depthOf(ending)
        const rules = this.#byWord[this.#automaton.wordAt(ending)] ?? []
        if (rules.some((rule) => visitValue(folded, start, rule))) return
      }
    }
    for (const { start, end } of this.#needles.find(text)) if (visitBase64(start, end)) return
  }
}
