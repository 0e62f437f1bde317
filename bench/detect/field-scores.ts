/**
 * F2 as presidio-research counts it, whatever the type: of words (its token evaluator) and of whole spans (its span
 * evaluator, where nine tenths of the characters of a labelled span and a finding must be shared). Stretches of one
 * type with nothing but marks between them count as one span.
 */
import type { GoldDocument, TypedSpan } from './score.ts'

/** Sums over documents. */
export interface FieldCounts {
  words: { found: number; missed: number; wrong: number }
  /** Labelled spans, judged findings, and pairs of them that are the same. */
  labelled: number
  judged: number
  matched: number
}

/** Values 0..1; `null` where there is nothing to divide by. */
export interface FieldScores {
  readonly wordF2: number | null
  readonly wholeSpanF2: number | null
}

const SHARED = 0.9
const WORD = /[\p{L}\p{N}]+/gu
const BETA_SQUARE = 4

/** Counts of zero. */
export function noFieldCounts(): FieldCounts {
  return { words: { found: 0, missed: 0, wrong: 0 }, labelled: 0, judged: 0, matched: 0 }
}

/** Adds one document's result to `counts`. Findings of types that the source does not label are left out. */
export function countFields(counts: FieldCounts, gold: GoldDocument, findings: readonly TypedSpan[]): void {
  const { text, scope } = gold
  const judged = joined(
    text,
    findings.filter(({ type }) => scope === undefined || scope.includes(type)),
  )
  const labelled = joined(text, gold.spans)
  for (const word of text.matchAll(WORD)) {
    const place = { start: word.index, end: word.index + word[0].length }
    const isLabelled = labelled.some((span) => overlaps(span, place))
    const isFound = judged.some((span) => overlaps(span, place))
    if (isLabelled) counts.words[isFound ? 'found' : 'missed']++
    else if (isFound) counts.words.wrong++
  }
  counts.labelled += labelled.length
  counts.judged += judged.length
  const free = new Set(judged)
  for (const span of labelled) {
    const twin = [...free].find((finding) => share(text, span, finding) >= SHARED)
    if (twin === undefined) continue
    free.delete(twin)
    counts.matched++
  }
}

/** The spans in order, those of one type joined where only marks and spaces stand between them. */
function joined(text: string, spans: readonly TypedSpan[]): TypedSpan[] {
  const found: TypedSpan[] = []
  for (const span of [...spans].sort((left, right) => left.start - right.start)) {
    const last = found.at(-1)
    const isNext = last?.type === span.type && !/[\p{L}\p{N}]/u.test(text.slice(last.end, span.start))
    if (last !== undefined && isNext) found[found.length - 1] = { ...last, end: Math.max(last.end, span.end) }
    else found.push(span)
  }
  return found
}

/** Letters and digits in both, of those in either. */
function share(text: string, left: TypedSpan, right: TypedSpan): number {
  if (!overlaps(left, right)) return 0
  const both = solid(text.slice(Math.max(left.start, right.start), Math.min(left.end, right.end)))
  const either = solid(text.slice(Math.min(left.start, right.start), Math.max(left.end, right.end)))
  return either === 0 ? 0 : both / either
}

function solid(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}

function overlaps(left: { start: number; end: number }, right: { start: number; end: number }): boolean {
  return left.start < right.end && right.start < left.end
}

/** The scores of some counts. */
export function fieldScoresOf({ words, labelled, judged, matched }: FieldCounts): FieldScores {
  return {
    wordF2: f2(words.found, words.found + words.wrong, words.found + words.missed),
    wholeSpanF2: f2(matched, judged, labelled),
  }
}

/** F2 from the numbers of hits, of findings and of labelled things. */
function f2(hits: number, findings: number, labelled: number): number | null {
  const weighted = BETA_SQUARE * labelled + findings
  return weighted === 0 ? null : ((1 + BETA_SQUARE) * hits) / weighted
}
