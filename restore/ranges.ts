/** Ranges of a text that will be replaced: kept whole, apart from each other and from what would run into them. */
import type { EntityType, Span } from '../detectors/index.ts'
import { foldAt, isHighSurrogate, isLowSurrogate, SEPARATOR } from './fold.ts'
import { isUpper } from './spelling.ts'

/** The type of what looks like a placeholder: it yields to any other, since what it holds may be personal. */
export const LOOK_ALIKE = 'MISC'

/** What will be replaced. */
export interface Range extends Span {
  readonly entity: EntityType
}

/**
 * The range of a finding: inside the text, never half of a surrogate pair. Undefined when nothing is left of it,
 * or its ends are no numbers.
 */
export function rangeOf(text: string, span: Span, entity: EntityType): Range | undefined {
  let start = Math.max(0, Math.trunc(span.start))
  let end = Math.min(text.length, Math.trunc(span.end))
  if (!(start < end)) return undefined
  if (splitsPair(text, start)) start--
  if (splitsPair(text, end)) end++
  return { start, end, entity }
}

function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false
  return isHighSurrogate(text.charCodeAt(at - 1)) && isLowSurrogate(text.charCodeAt(at))
}

/**
 * Ranges in ascending order, none overlapping another. Those that overlap are joined and take the type of the
 * longest that is no look-alike; one inside another is dropped. Each is then grown to the left over capitals and to
 * the right over capitals and digits, which would be read as part of its placeholder, as far as the range beside it.
 * Ranges that touch are joined unless `mayTouch` holds for both types. Linear after sorting.
 */
export function joinRanges(
  text: string,
  ranges: readonly Range[],
  mayTouch: (entity: EntityType) => boolean,
): readonly Range[] {
  if (ranges.length === 0) return ranges
  const sorted = [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)
  const joined: Range[] = []
  for (const range of sorted) {
    let last = joined.pop()
    if (last === undefined) {
      joined.push(grownLeft(text, range, 0))
      continue
    }
    let next = range
    if (next.start > last.end) {
      last = grownRight(text, last, next.start)
      next = grownLeft(text, next, last.end)
    }
    const apart = next.start > last.end
    const touching = next.start === last.end && mayTouch(last.entity) && mayTouch(next.entity)
    if (apart || touching) joined.push(last, next)
    else joined.push(union(last, next))
  }
  const last = joined.pop()
  if (last !== undefined) joined.push(grownRight(text, last, text.length))
  return joined
}

function union(left: Range, right: Range): Range {
  const isRight = left.entity === LOOK_ALIKE || right.end - right.start > left.end - left.start
  const longer = isRight && right.entity !== LOOK_ALIKE ? right : left
  const start = Math.min(left.start, right.start)
  const end = Math.max(left.end, right.end)
  return { start, end, entity: longer.entity }
}

function grownLeft(text: string, range: Range, floor: number): Range {
  let { start } = range
  while (start > floor && isUpper(text.charCodeAt(start - 1))) start--
  return start === range.start ? range : { ...range, start }
}

function grownRight(text: string, range: Range, ceiling: number): Range {
  let { end } = range
  while (end < ceiling && isUpperOrDigit(text.charCodeAt(end))) end++
  return end === range.end ? range : { ...range, end }
}

function isUpperOrDigit(unit: number): boolean {
  return isUpper(unit) || (unit >= 0x30 && unit <= 0x39)
}

const NO_CUTS: ReadonlySet<number> = new Set()

/** The ends of ranges that have a letter or digit beside them, so that a word would not be seen to end there. */
export function cutsOf(text: string, ranges: readonly Range[]): ReadonlySet<number> {
  let cuts: Set<number> | undefined
  for (const { start, end } of ranges) {
    if (start > 0 && isWordLike(text, start - 1)) cuts = (cuts ?? new Set()).add(start)
    if (end < text.length && isWordLike(text, end)) cuts = (cuts ?? new Set()).add(end)
  }
  return cuts ?? NO_CUTS
}

function isWordLike(text: string, at: number): boolean {
  return foldAt(text, at).kind !== SEPARATOR || isLowSurrogate(text.charCodeAt(at))
}
