/**
 * What counts as an occurrence of a value: the rules that replacing and the check before sending share.
 *
 * Values are compared by their letters and digits (`fold.ts`): other case, accents, compatibility forms and
 * separators make no difference, up to eight separators in a row. An occurrence begins and ends at the edge of a
 * word (or number: a letter beside a digit is an edge) unless the value is distinctive by itself: letters and
 * digits mixed, nine digits, an `@`, or two signs that names, numbers and dates are not written with.
 * Values of fewer than five letters and digits count only with their own separators. Values of fewer than five
 * units count only in their own or a capitalised spelling, so that `Nice` does not take `nice`, but for the names
 * of people with four letters; a name that is also a word never takes the lower-case word (`Will`, `White`);
 * single characters, numbers under four digits and words such as `user` or `assistant` take nothing. Of a value of more than 256 letters and digits the
 * beginning is enough.
 */
import { Buffer } from 'node:buffer'
import type { Span } from '../detectors/index.ts'
import { DIGIT, foldAt, INVISIBLE, isEdge, kindBefore, kindFrom, SEPARATOR, widthAt } from './fold.ts'
import { isAlsoWord, isGeneric } from './names.ts'

/** Most separators between two letters or digits of an occurrence. */
export const MAX_GAP = 8
/** Of a longer value so many letters and digits are enough, and as much of the rest as is there. */
const MAX_FOLDED = 256
/** Of hexadecimal digits so many. */
const MAX_HEX = 16
/** From here on letters and digits alone identify a value. */
export const ENOUGH = 5

export type CaseRule = 'any' | 'capitalised' | 'exact'

/** How one value is recognised. */
export interface ValueRules {
  readonly entity: string
  readonly value: string
  /** Its letters and digits; empty when it has none. */
  readonly folded: string
  /** What stands in the value before its first and behind its last letter or digit. */
  readonly lead: string
  readonly trail: string
  readonly separators: 'any' | 'own'
  readonly caseRule: CaseRule
  /** Recognised also inside a longer word. */
  readonly distinctive: boolean
  /** `folded` is only the beginning: an occurrence may end anywhere behind it. */
  readonly isLong: boolean
  /** Recognised also as it stands: it has no letters and digits, or they stand too far apart. */
  readonly isLiteral: boolean
}

interface Shape {
  readonly folded: string
  /** Offsets of the first letter or digit and behind the last. */
  readonly start: number
  readonly end: number
  readonly digits: number
  readonly letters: number
  /** Most separators in a row between two letters or digits. */
  readonly gap: number
}

function shapeOf(value: string): Shape {
  let folded = ''
  let start = -1
  let end = 0
  let digits = 0
  let letters = 0
  let gap = 0
  let separators = 0
  for (let at = 0; at < value.length; at += widthAt(value, at)) {
    const { kind, text } = foldAt(value, at)
    if (kind === SEPARATOR) separators++
    if (kind === SEPARATOR || kind === INVISIBLE) continue
    if (start < 0) start = at
    else gap = Math.max(gap, separators)
    separators = 0
    end = at + widthAt(value, at)
    folded += text
    if (kind === DIGIT) digits++
    else letters++
  }
  return { folded, start: Math.max(start, 0), end, digits, letters, gap }
}

/** The rules for a value; undefined when it is not looked for elsewhere at all. */
export function rulesOf(entity: string, value: string): ValueRules | undefined {
  const shape = shapeOf(value)
  if (value.length < ENOUGH && isTooShort(shape, value)) return undefined
  if (isGeneric(shape.folded)) return undefined
  return {
    entity,
    value,
    folded: shape.folded.slice(0, MAX_FOLDED),
    isLong: shape.folded.length > MAX_FOLDED,
    lead: value.slice(0, shape.start),
    trail: value.slice(shape.end),
    separators: shape.folded.length < ENOUGH ? 'own' : 'any',
    caseRule: caseRuleOf(entity, value, shape),
    distinctive: isDistinctive(value, shape),
    isLiteral: shape.folded === '' || shape.gap > MAX_GAP,
  }
}

/** The hexadecimal digits of a value, looked for like a value: any case, any separators, anywhere. */
export function hexRulesOf(entity: string, value: string): ValueRules {
  const hex = Buffer.from(value, 'utf8').toString('hex')
  return {
    entity,
    value: hex,
    folded: hex.slice(0, MAX_HEX),
    lead: '',
    trail: '',
    separators: 'any',
    caseRule: 'any',
    distinctive: true,
    isLong: hex.length > MAX_HEX,
    isLiteral: false,
  }
}

function isTooShort({ letters, digits }: Shape, value: string): boolean {
  if (letters === 0) return digits === 0 ? value.length < 3 : digits < 4
  return letters + digits < 2
}

function caseRuleOf(entity: string, value: string, shape: Shape): CaseRule {
  if (isAlsoWord(shape.folded) && value !== value.toLowerCase()) return 'capitalised'
  if (value.length >= ENOUGH || (entity === 'PERSON' && shape.letters === 4)) return 'any'
  return shape.letters + shape.digits < 3 ? 'exact' : 'capitalised'
}

function isDistinctive(value: string, { digits, letters }: Shape): boolean {
  if (digits > 0 && letters > 0 && digits + letters >= 8) return true
  if (digits >= 9 || value.length < ENOUGH) return digits >= 9
  return value.includes('@') || (value.match(SIGN)?.length ?? 0) >= 2
}

/** Signs that names, numbers and dates are not written with. */
const SIGN = /[^\p{L}\p{N}\p{M}\s.,'’()/:+-]/gu

/** Where the letters and digits of a candidate stand, and whether a word begins and ends there. */
export interface Candidate {
  readonly start: number
  readonly end: number
  readonly edges: boolean
}

/** Whether a word ends at `end`; `kind` is that of the character before. */
export function endsWord(text: string, end: number, kind: number): boolean {
  return isEdge(kind, kindFrom(text, end))
}

/** Whether a word begins at `start`; an escape such as `\n` in source text ends before it. */
export function startsWord(text: string, start: number): boolean {
  if (isEdge(kindBefore(text, start), foldAt(text, start).kind)) return true
  return start >= 2 && text.charCodeAt(start - 2) === 0x5c && 'nrtbfv'.includes(text.charAt(start - 1))
}

/** The range that stands for a value whose letters and digits are at `[start, end)`; undefined if none does. */
export function occurrenceAt(
  rules: ValueRules,
  text: string,
  { start, end, edges }: Candidate,
): Span | undefined {
  const { lead, trail, value } = rules
  if (rules.isLong) return { start, end }
  const whole = { start: start - lead.length, end: end + trail.length }
  const hasEnds = text.startsWith(trail, end) && lead === text.slice(Math.max(0, whole.start), start)
  if (rules.separators === 'own') {
    if (!hasEnds || (!edges && !rules.distinctive)) return undefined
    const core = value.slice(lead.length, value.length - trail.length)
    if (!sameSpelling(text.slice(start, end), core)) return undefined
  } else if (!edges && !rules.distinctive) return undefined
  if (!fitsCase(rules, text.slice(start, end), lead.length)) return undefined
  return hasEnds ? whole : { start, end }
}

/**
 * The range of a long value whose beginning stands at a range: as many letters and digits behind it as are those of the
 * value. Linear in what it adds.
 */
export function extended({ folded, value }: ValueRules, text: string, { start, end }: Span): Span {
  const ofValue = foldedUnits(value, 0)
  for (let count = 0; count < folded.length; count++) ofValue.next()
  let to = end
  for (const { unit, end: at, gap } of foldedUnits(text, end)) {
    const next = ofValue.next()
    if (next.done === true || next.value.unit !== unit || gap > MAX_GAP) break
    to = at
  }
  return { start, end: to }
}

interface FoldedUnit {
  readonly unit: string
  /** Offset behind the character it came from. */
  readonly end: number
  /** Separators before it. */
  readonly gap: number
}

function* foldedUnits(text: string, from: number): Generator<FoldedUnit> {
  let gap = 0
  for (let at = from; at < text.length; ) {
    const { kind, text: folded } = foldAt(text, at)
    at += widthAt(text, at)
    if (kind === SEPARATOR) gap++
    for (const unit of folded) yield { unit, end: at, gap }
    if (folded !== '') gap = 0
  }
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

function fitsCase({ caseRule, value }: ValueRules, surface: string, lead: number): boolean {
  if (caseRule === 'any' || value.startsWith(surface, lead)) return true
  return caseRule === 'capitalised' && /^[^\p{Ll}]/u.test(surface)
}
