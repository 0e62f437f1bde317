/**
 * A last look at replaced texts: whatever restoring could take for an issued placeholder and is none of those just put
 * in. Look-alikes were replaced before, so there is nothing to find unless a text happens to spell a new code.
 */
import type { Span } from '../detectors/index.ts'
import { type IssuedIndex, matchIssued } from './issued.ts'

/** Where something was put in, and what it stands for in the original. */
export interface Placed extends Span {
  readonly original: Span
}

/** Ranges of the original text that must be replaced too; `placed` ascending. Linear but for what looks alike. */
export function straysIn(text: string, placed: readonly Placed[], index: IssuedIndex): readonly Span[] {
  const strays: Span[] = []
  let from = 0
  for (let next = 0; next <= placed.length; next++) {
    const put = placed[next]
    const to = put?.start ?? text.length
    // A code has a digit. It may be one of the type that follows.
    if (hasDigit(text, from, put === undefined ? to : text.lastIndexOf('_', put.end))) {
      findStrays(text, from, to, index, (start, end) => {
        strays.push({ start: originalOf(start, placed, 'start'), end: originalOf(end, placed, 'end') })
      })
    }
    from = put?.end ?? to
  }
  return strays
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at)
    if ((unit >= 0x30 && unit <= 0x39) || (unit >= 0xff10 && unit <= 0xff19)) return true
  }
  return false
}

/** Matches that begin in `[from, to)`, wherever: in JSON an escape may stand before them. */
function findStrays(
  text: string,
  from: number,
  to: number,
  index: IssuedIndex,
  add: (start: number, end: number) => void,
): void {
  for (let at = from; at < to; ) {
    const found = index.trie.startsWith(text.charCodeAt(at)) ? matchIssued(index, text, at, true) : undefined
    if (found === undefined || found === 'more') {
      at++
      continue
    }
    add(at, found.end)
    at = found.end
  }
}

/** The offset in the original of an offset in the replaced text; inside something put in, its start or end. */
function originalOf(at: number, placed: readonly Placed[], side: 'start' | 'end'): number {
  let shift = 0
  for (const { start, end, original } of placed) {
    if (at <= start && (side === 'end' || at < start)) break
    if (at < end || (at === end && side === 'end')) return original[side]
    shift = original.end - end
  }
  return at + shift
}
