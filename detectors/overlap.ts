/**
 * What happens where findings overlap. Nothing that was found is lost: the winner keeps its whole span, a loser
 * keeps what sticks out of it, as far as that holds a letter or digit.
 *
 * Winners, in this order: higher rank (an operator's own word, then checksum or fixed structure, then patterns,
 * then names), longer span, higher score, earlier start, then the recogniser's id, so that the result never
 * depends on the order of the recognisers.
 */
import type { Finding, Span } from './types.ts'

/** A finding and how much its recogniser is to be believed. */
export interface RankedFinding {
  readonly finding: Finding
  /** 0 names, 1 patterns, 2 checksum or structure, 3 named by the operator. */
  readonly rank: number
}

/** Two findings of the same value: the order in which the second gives way. */
function compare(a: RankedFinding, b: RankedFinding): number {
  const length = (one: RankedFinding): number => one.finding.span.end - one.finding.span.start
  return (
    b.rank - a.rank ||
    length(b) - length(a) ||
    b.finding.score - a.finding.score ||
    a.finding.span.start - b.finding.span.start ||
    (a.finding.recogniser < b.finding.recogniser ? -1 : 1)
  )
}

const WORTH_KEEPING = /[\p{L}\p{N}]/u
const LEADING = /^[^\p{L}\p{M}\p{N}]+/u
const TRAILING = /[^\p{L}\p{M}\p{N}]$/u

/** A piece of a loser without the white space and punctuation at its edges; null when nothing is left. */
function trimPiece(text: string, span: Span): Span | null {
  const piece = text.slice(span.start, span.end)
  if (!WORTH_KEEPING.test(piece)) return null
  const start = span.start + (LEADING.exec(piece)?.[0].length ?? 0)
  let end = span.end
  while (end > start && TRAILING.test(text.slice(Math.max(start, end - 2), end))) end -= 1
  return end > start ? { start, end } : null
}

/** Paints a cluster's findings from weakest to strongest and reads the colours off. Linear per finding. */
function resolveCluster(
  text: string,
  cluster: readonly RankedFinding[],
  from: number,
  to: number,
): Finding[] {
  const ordered = cluster.toSorted(compare)
  const owner = new Int32Array(to - from).fill(-1)
  for (let i = ordered.length - 1; i >= 0; i -= 1) {
    const span = ordered[i]?.finding.span
    if (span !== undefined) owner.fill(i, span.start - from, span.end - from)
  }
  const kept: Finding[] = []
  for (let start = 0; start < owner.length; ) {
    const index = owner[start] ?? -1
    let end = start + 1
    while (end < owner.length && owner[end] === index) end += 1
    const finding = ordered[index]?.finding
    if (finding !== undefined) {
      const span = { start: start + from, end: end + from }
      const whole = span.start === finding.span.start && span.end === finding.span.end
      const piece = whole ? span : trimPiece(text, span)
      if (piece !== null) kept.push(whole ? finding : { ...finding, span: piece })
    }
    start = end
  }
  return kept
}

/**
 * Makes findings disjoint and sorted by start. `text` is what the spans refer to; empty spans and spans outside
 * it are dropped. Linear in the findings and the characters they cover.
 */
export function resolveOverlaps(text: string, findings: readonly RankedFinding[]): Finding[] {
  const sorted = findings
    .filter(({ finding: { span } }) => span.start >= 0 && span.end > span.start && span.end <= text.length)
    .sort((a, b) => a.finding.span.start - b.finding.span.start)
  const resolved: Finding[] = []
  let cluster: RankedFinding[] = []
  let from = 0
  let to = 0
  const flush = (): void => {
    const only = cluster[0]
    if (only !== undefined && cluster.length === 1) resolved.push(only.finding)
    else if (cluster.length > 1)
      for (const finding of resolveCluster(text, cluster, from, to)) resolved.push(finding)
  }
  for (const ranked of sorted) {
    const { span } = ranked.finding
    if (cluster.length > 0 && span.start < to) {
      cluster.push(ranked)
      to = Math.max(to, span.end)
      continue
    }
    flush()
    cluster = [ranked]
    from = span.start
    to = span.end
  }
  flush()
  return resolved
}
