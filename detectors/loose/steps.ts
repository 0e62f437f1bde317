/** What every window of a run asks of its pieces again: the gaps between them, whether they count, what they are made of. */
import type { Run } from './pieces.ts'
import type { Piece } from './reader.ts'

/** A piece of digits and nothing else. */
export const PLAIN_DIGITS = /^[0-9]+$/u
/** An identifier does not begin with a word in small letters. */
const WORD = /^[a-z]{3,}$/u

/** What kind of gap it is: which marks are in it; names and numbers do not matter. */
const gapKind = (gap: string): string =>
  gap === ' ' || gap === '' ? gap : [...new Set(gap.replace(/[\p{L}\p{N}\r]+/gu, ''))].sort().join('')

const OPERATOR = /^ [*+=<>×÷] $/u
/** So many numbers in a row at the same distance are counting, not an identifier. */
export const COUNTING = 6

/** Whether the numbers up to a piece count; single digits that are not in words may be an identifier all the same. */
function isCounting(pieces: readonly Piece[], to: number): boolean {
  if (to < COUNTING - 1) return false
  const last = pieces.slice(to - COUNTING + 1, to + 1)
  const values = last.map(({ value }) => (PLAIN_DIGITS.test(value) ? Number(value) : Number.NaN))
  const step = (values[1] ?? 0) - (values[0] ?? 0)
  if (!(step !== 0 && values.every((value, i) => i === 0 || value - (values[i - 1] ?? 0) === step)))
    return false
  return last.some(({ inWords, value }) => inWords || value.length > 1)
}

/** What is asked of every window of a run again: told once for each of its pieces. */
export interface Steps {
  /** The kind of the gap in front, as one bit; 0 where it does not count. */
  readonly kinds: readonly number[]
  readonly isOperator: readonly boolean[]
  /** Whether the numbers up to here count. */
  readonly isCounting: readonly boolean[]
  /** Digits as they are written. */
  readonly isWritten: readonly boolean[]
  readonly isWord: readonly boolean[]
}

/** Looks at each piece of a run once. */
export function stepsOf({ pieces, gaps }: Run): Steps {
  const known: string[] = []
  const bitOf = (gap: string): number => {
    const kind = gapKind(gap)
    const at = known.indexOf(kind)
    // More kinds than bits are far more than any identifier has: the last one stands for all of them.
    return 1 << Math.min(30, at >= 0 ? at : known.push(kind) - 1)
  }
  return {
    kinds: pieces.map((piece, i) => (piece.inWords ? 0 : bitOf(gaps[i] ?? ''))),
    isOperator: gaps.map((gap) => OPERATOR.test(gap)),
    isCounting: pieces.map((_, i) => isCounting(pieces, i)),
    isWritten: pieces.map(({ value, inWords }) => !inWords && PLAIN_DIGITS.test(value)),
    isWord: pieces.map(({ value }) => WORD.test(value)),
  }
}
