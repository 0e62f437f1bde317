/**
 * Finds values again in a text, in one pass whatever their number: by their letters and digits as `value-rules.ts`
 * says, as they stand, in hexadecimal and in base64. Replacing and the check before sending both look with this.
 */
import type { Span } from '../detectors/index.ts'
import { Automaton } from './automaton.ts'
import { FoldedText } from './folded-text.ts'
import { Grams, type Verdict } from './grams.ts'
import { needlesOf } from './needles.ts'
import { MANY_SPELLINGS, ShortWords } from './short-words.ts'
import { ENOUGH, extended, hexRulesOf, rulesOf, type ValueRules } from './value-rules.ts'

/** A value to look for and what it is. */
export interface Sought {
  readonly entity: string
  readonly value: string
}

/** Where a value was found. */
export interface ValueHit extends Span {
  readonly sought: Sought
  readonly form: 'value' | 'hex' | 'base64'
}

/** Says how to go on: see `Verdict`. */
export type VisitHit = (hit: ValueHit) => Verdict

interface Place {
  /** The unit that parts two strings of the text; -1 when it is one string. */
  readonly boundary: number
  /** Offsets at which words begin and end whatever stands there. */
  readonly cuts: ReadonlySet<number>
}

interface Pattern {
  readonly rules: ValueRules
  readonly sought: Sought
  readonly form: 'value' | 'hex'
}

/**
 * The values of one request, ready to be looked for. Values of fewer than five units are not looked for in
 * hexadecimal and base64, and some not at all.
 */
export class ValueSearch {
  readonly #patterns: Pattern[] = []
  readonly #folded: WordSearch
  readonly #needles: readonly { readonly text: string; readonly sought: Sought }[]
  readonly #raw: WordSearch
  readonly #literals: readonly Sought[]
  readonly #literalSearch: WordSearch | undefined

  constructor(values: Iterable<Sought>) {
    const encoded: Sought[] = []
    const literals: Sought[] = []
    for (const sought of values) {
      const rules = rulesOf(sought.entity, sought.value)
      if (rules === undefined) continue
      if (rules.isLiteral) literals.push(sought)
      if (rules.folded !== '') this.#patterns.push({ rules, sought, form: 'value' })
      if (sought.value.length < ENOUGH) continue
      this.#patterns.push({ rules: hexRulesOf(sought.entity, sought.value), sought, form: 'hex' })
      encoded.push(sought)
    }
    this.#folded = new WordSearch(this.#patterns.map(({ rules }) => rules.folded))
    this.#needles = needlesOf(encoded)
    this.#raw = new WordSearch(this.#needles.map(({ text }) => text))
    this.#literals = literals
    if (literals.length > 0) this.#literalSearch = new WordSearch(literals.map(({ value }) => value))
  }

  /**
   * Calls `visit` for every hit until it is `done`; in no order, and hits may overlap. Where several values begin or end
   * at one place the longer comes first, and after `taken` the others do not come. Linear in the text.
   */
  each(text: string, { boundary, cuts }: Place, visit: VisitHit): void {
    if (this.#patterns.length === 0 && this.#literals.length === 0) return
    const folded = new FoldedText(text, boundary, this.#raw.grams, this.#folded.grams)
    try {
      if (!this.#eachFolded(folded, visit, cuts) && !this.#eachBase64(folded, visit))
        this.#eachLiteral(text, visit)
    } finally {
      folded.release()
    }
  }

  #eachFolded(folded: FoldedText, visit: VisitHit, cuts: ReadonlySet<number>): boolean {
    const ends = new LongEnds(folded.text)
    return this.#folded.each(folded.units, folded.foldedAt, (word, at) => {
      const pattern = this.#patterns[word]
      const span = pattern === undefined ? undefined : folded.occurrenceAt(at, pattern.rules, cuts)
      if (pattern === undefined || span === undefined) return 'pass'
      const whole = pattern.rules.isLong ? ends.extend(pattern.rules, span) : span
      return visit({ ...whole, sought: pattern.sought, form: pattern.form })
    })
  }

  #eachBase64({ text, rawAt }: FoldedText, visit: VisitHit): boolean {
    return this.#raw.each(text, rawAt, (word, start) => {
      const needle = this.#needles[word]
      if (needle === undefined) return 'pass'
      return visit({ start, end: start + needle.text.length, sought: needle.sought, form: 'base64' })
    })
  }

  #eachLiteral(text: string, visit: VisitHit): void {
    this.#literalSearch?.each(text, undefined, (word, start) => {
      const sought = this.#literals[word]
      if (sought === undefined) return 'pass'
      return visit({ start, end: start + sought.value.length, sought, form: 'value' })
    })
  }
}

/** How far the long values of one text reach: a beginning inside another one of its value is not followed again. */
class LongEnds {
  readonly #text: string
  readonly #ends = new Map<ValueRules, number>()

  constructor(text: string) {
    this.#text = text
  }

  extend(rules: ValueRules, span: Span): Span {
    if (span.start < (this.#ends.get(rules) ?? 0)) return span
    const whole = extended(rules, this.#text, span)
    this.#ends.set(rules, whole.end)
    return whole
  }
}

/** A word, by its place in the list, stands at an offset. */
type VisitWord = (word: number, start: number) => Verdict

/** Looks for words by their beginnings, or with an automaton where too many begin alike. */
class WordSearch {
  readonly grams: Grams
  readonly #words: readonly string[]
  /** Words too short for their beginnings. */
  readonly #short: ShortWords
  #automaton: AutomatonSearch | undefined

  constructor(words: readonly string[]) {
    this.#words = words
    this.grams = new Grams(words)
    this.#short = new ShortWords(words)
  }

  /**
   * Says whether it was `done`. `candidates`: where words may begin, if that is known. A text that turns out to cost too
   * much is gone through again from its beginning: some hits come twice.
   */
  each(text: string, candidates: readonly number[] | undefined, visit: VisitWord): boolean {
    if (this.#automaton === undefined) {
      const ended = this.grams.each(text, candidates, visit)
      if (ended === 'done') return true
      if (ended === 'whole') return this.#short.each(text, visit)
    }
    this.#automaton ??= new AutomatonSearch(this.#words)
    return this.#automaton.each(text, visit)
  }
}

class AutomatonSearch {
  readonly #automaton: Automaton
  /** Which words are the same, by the number the automaton gives them. */
  readonly #same: readonly (readonly number[])[]

  constructor(words: readonly string[]) {
    const byWord = new Map<string, number[]>()
    for (const [index, word] of words.entries()) {
      const same = byWord.get(word)
      if (same === undefined) byWord.set(word, [index])
      else if (same.length < MANY_SPELLINGS) same.push(index)
    }
    byWord.delete('')
    this.#automaton = new Automaton([...byWord.keys()])
    this.#same = [...byWord.values()]
  }

  each(text: string, visit: VisitWord): boolean {
    const automaton = this.#automaton
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      const ending = automaton.longestEnding(state)
      if (ending !== 0 && this.#visitEndings(ending, at + 1, visit) === 'done') return true
    }
    return false
  }

  #visitEndings(ending: number, at: number, visit: VisitWord): Verdict {
    const automaton = this.#automaton
    for (let end = ending; end !== 0; end = automaton.nextEnding(end)) {
      for (const word of this.#same[automaton.wordAt(end)] ?? []) {
        const verdict = visit(word, at - automaton.depthOf(end))
        if (verdict !== 'pass') return verdict
      }
    }
    return 'pass'
  }
}
