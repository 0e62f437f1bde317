/**
 * Finds every occurrence of a request's values in its texts, in one pass whatever their number.
 *
 * Values are compared by their letters and digits (`fold.ts`): other case, accents, compatibility forms and
 * separators make no difference, up to four separators in a row. An occurrence begins and ends at the edge of a
 * word (or number: a letter beside a digit is an edge) unless the value is distinctive by itself: letters and
 * digits mixed, nine digits, or an address with `@`.
 * Values of fewer than five letters and digits count only with their own separators. Values of fewer than five
 * units count only in their own or a capitalised spelling, so that `Nice` does not take `nice`, but for the names
 * of people with four letters; a name that is also a word never takes the lower-case word (`Will`, `White`);
 * single characters and numbers under four digits take nothing.
 */
import type { Span } from '../detectors/index.ts'
import { Automaton, NO_WORD } from './automaton.ts'
import {
  DIGIT,
  foldAt,
  INVISIBLE,
  isEdge,
  kindBefore,
  kindFrom,
  SEPARATOR,
  UNSPACED,
  widthAt,
} from './fold.ts'
import { isAlsoWord } from './names.ts'

/** A value to look for and what it is. */
export interface Sought {
  readonly entity: string
  readonly value: string
}

/** Where a value was found again. */
export interface Occurrence extends Span {
  readonly entity: string
}

/** Most separators between two letters or digits of an occurrence. */
const MAX_GAP = 4
/** From here on letters and digits alone identify a value. */
const ENOUGH = 5

type CaseRule = 'any' | 'capitalised' | 'exact'

/** One spelling to accept at the end of a word of the automaton. */
interface Pattern {
  readonly entity: string
  readonly value: string
  /** What stands in the value before its first and behind its last letter or digit. */
  readonly lead: string
  readonly trail: string
  readonly separators: 'any' | 'own'
  readonly caseRule: CaseRule
  readonly distinctive: boolean
}

interface Shape {
  readonly folded: string
  /** Offsets of the first letter or digit and behind the last. */
  readonly start: number
  readonly end: number
  readonly digits: number
  readonly letters: number
  readonly unspaced: number
}

/** Letters and digits of a value, folded, and counted. */
export function shapeOf(value: string): Shape {
  let folded = ''
  let start = -1
  let end = 0
  let digits = 0
  let letters = 0
  let unspaced = 0
  for (let at = 0; at < value.length; at += widthAt(value, at)) {
    const { kind, text } = foldAt(value, at)
    if (kind === SEPARATOR || kind === INVISIBLE) continue
    if (start < 0) start = at
    end = at + widthAt(value, at)
    folded += text
    if (kind === DIGIT) digits++
    else letters++
    if (kind === UNSPACED) unspaced++
  }
  return { folded, start: Math.max(start, 0), end, digits, letters, unspaced }
}

function patternOf({ entity, value }: Sought, shape: Shape): Pattern | undefined {
  const short = value.length < ENOUGH
  const size = shape.digits + shape.letters
  if (short && (shape.letters === 0 ? shape.digits < 4 : size < 2)) return undefined
  return {
    entity,
    value,
    lead: value.slice(0, shape.start),
    trail: value.slice(shape.end),
    separators: shape.folded.length < ENOUGH ? 'own' : 'any',
    caseRule: caseRuleOf(entity, value, shape),
    distinctive: isDistinctive(value, shape),
  }
}

function caseRuleOf(entity: string, value: string, shape: Shape): CaseRule {
  if (isAlsoWord(shape.folded) && value !== value.toLowerCase()) return 'capitalised'
  if (value.length >= ENOUGH || (entity === 'PERSON' && shape.letters === 4)) return 'any'
  return shape.letters + shape.digits < 3 ? 'exact' : 'capitalised'
}

function isDistinctive(value: string, { digits, letters }: Shape): boolean {
  if (digits > 0 && letters > 0) return digits + letters >= 8
  return digits >= 9 || (value.includes('@') && value.length >= 6)
}

const MANY_SPELLINGS = 64

/** The values of one request, ready to be looked for. */
export class OccurrenceFinder {
  readonly #patterns: Pattern[][] = []
  readonly #automaton: Automaton
  /** Values without any letter or digit. */
  readonly #literals: readonly Sought[]
  readonly #literalAutomaton: Automaton
  readonly #starts = new Uint8Array(128)
  readonly #places: Int32Array

  constructor(sought: Iterable<Sought>) {
    const byFolded = new Map<string, Pattern[]>()
    const literals: Sought[] = []
    for (const item of sought) {
      const shape = shapeOf(item.value)
      if (shape.folded === '') {
        if (item.value.length >= 3) literals.push(item)
        continue
      }
      const pattern = patternOf(item, shape)
      if (pattern !== undefined) addPattern(byFolded, shape.folded, pattern)
    }
    this.#patterns = [...byFolded.values()]
    this.#automaton = new Automaton([...byFolded.keys()])
    this.#literals = literals
    this.#literalAutomaton = new Automaton(literals.map(({ value }) => value))
    for (let unit = 0; unit < 128; unit++) {
      const { text } = foldAt(String.fromCharCode(unit), 0)
      if (text !== '' && this.#automaton.startsWith(text.charCodeAt(0))) this.#starts[unit] = 1
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
    if (this.#literals.length > 0) this.#findLiterals(text, found)
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
      const { kind, text: folded } = foldAt(text, at)
      const end = at + (unit < 128 ? 1 : widthAt(text, at))
      if (kind === SEPARATOR) {
        if (++gap > MAX_GAP) state = 0
      } else if (kind !== INVISIBLE) {
        gap = 0
        for (let i = 0; i < folded.length; i++) {
          this.#places[count++ & mask] = at
          state = this.#automaton.step(state, folded.charCodeAt(i))
        }
        const ending = this.#automaton.longestEnding(state)
        if (ending !== 0) this.#accept(ending, { text, end, kind, count, cuts }, found)
      }
      at = end
    }
  }

  /** Adds the longest value that ends here and may. */
  #accept(ending: number, place: Place, found: Occurrence[]): void {
    const { text, end, count, cuts } = place
    const mask = this.#places.length - 1
    const endEdge = isEdge(place.kind, kindFrom(text, end)) || cuts.has(end)
    for (let state = ending; state !== 0; state = this.#automaton.nextEnding(state)) {
      const length = this.#automaton.depthOf(state)
      const start = this.#places[(count - length) & mask] ?? 0
      // A character that folds to several must be inside as a whole.
      if (count > length && this.#places[(count - length - 1) & mask] === start) continue
      const edges = endEdge && (startsWord(text, start) || cuts.has(start))
      const word = this.#automaton.wordAt(state)
      for (const pattern of word === NO_WORD ? [] : (this.#patterns[word] ?? [])) {
        const span = spanOf(pattern, text, start, end, edges)
        if (span === undefined) continue
        found.push({ ...span, entity: pattern.entity })
        return
      }
    }
  }

  #findLiterals(text: string, found: Occurrence[]): void {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = this.#literalAutomaton.step(state, text.charCodeAt(at))
      const ending = this.#literalAutomaton.longestEnding(state)
      if (ending === 0) continue
      const literal = this.#literals[this.#literalAutomaton.wordAt(ending)]
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

function addPattern(byFolded: Map<string, Pattern[]>, folded: string, pattern: Pattern): void {
  const same = byFolded.get(folded)
  if (same === undefined) {
    byFolded.set(folded, [pattern])
    return
  }
  const redundant = same.some(
    (other) =>
      other.separators === 'any' &&
      pattern.separators === 'any' &&
      other.lead === pattern.lead &&
      other.trail === pattern.trail &&
      other.distinctive === pattern.distinctive &&
      (other.caseRule === 'any' || (other.caseRule === pattern.caseRule && pattern.caseRule !== 'exact')),
  )
  if (!redundant && same.length < MANY_SPELLINGS) same.push(pattern)
}

/** Whether a word begins at `start`; an escape such as `\n` in source text ends before it. */
function startsWord(text: string, start: number): boolean {
  if (isEdge(kindBefore(text, start), foldAt(text, start).kind)) return true
  return start >= 2 && text.charCodeAt(start - 2) === 0x5c && 'nrtbfv'.includes(text.charAt(start - 1))
}

/** The range that stands for a pattern whose letters and digits are at `[start, end)`; undefined if none does. */
function spanOf(
  pattern: Pattern,
  text: string,
  start: number,
  end: number,
  edges: boolean,
): Span | undefined {
  const { lead, trail, value } = pattern
  const whole = { start: start - lead.length, end: end + trail.length }
  const hasEnds = text.startsWith(trail, end) && lead === text.slice(Math.max(0, whole.start), start)
  if (pattern.separators === 'own') {
    if (!hasEnds || (!edges && !pattern.distinctive)) return undefined
    const core = value.slice(lead.length, value.length - trail.length)
    if (!sameSpelling(text.slice(start, end), core)) return undefined
  } else if (!edges && !pattern.distinctive) return undefined
  if (!fitsCase(pattern, text.slice(start, end), lead.length)) return undefined
  return hasEnds ? whole : { start, end }
}

function sameSpelling(left: string, right: string): boolean {
  return left === right || bare(left) === bare(right)
}

/** Folded, but with its separators. */
function bare(text: string): string {
  let out = ''
  for (let at = 0; at < text.length; at += widthAt(text, at)) {
    const { kind, text: folded } = foldAt(text, at)
    out += kind === SEPARATOR ? text.slice(at, at + widthAt(text, at)) : folded
  }
  return out
}

function fitsCase({ caseRule, value }: Pattern, surface: string, lead: number): boolean {
  if (caseRule === 'any' || value.startsWith(surface, lead)) return true
  return caseRule === 'capitalised' && /^[^\p{Ll}]/u.test(surface)
}
