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
  let next = 0
  for (let at = 0; at < text.length; ) {
    const here = placed[next]
    if (here !== undefined && at >= here.start) {
      at = here.end
      next++
      continue
    }
    // Wherever it begins: in JSON an escape may stand before it.
    const found = index.trie.startsWith(text.charCodeAt(at)) ? matchIssued(index, text, at, true) : undefined
    if (found === undefined || found === 'more') {
      at++
      continue
    }
    strays.push({ start: originalOf(at, placed, 'start'), end: originalOf(found.end, placed, 'end') })
    at = found.end
    while ((placed[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++
  }
  return strays
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
