/**
 * How well findings cover what had to be found. Characters are counted without white space and punctuation.
 * A finding of a type that a document's source does not label gives coverage but is never wrong.
 */

/** A stretch of a text, UTF-16 units, half-open. */
export interface TypedSpan {
  readonly start: number
  readonly end: number
  readonly type: string
}

/** A labelled document of a set. */
export interface GoldDocument {
  readonly text: string
  readonly spans: readonly TypedSpan[]
  /** The only types its source labels; absent when it labels all. */
  readonly scope?: readonly string[]
}

/** Sums over documents; add up with `addCounts`. */
export interface Counts {
  characters: { found: number; missed: number; wrong: number }
  /** Labelled spans, and those with any uncovered letter or digit. */
  spans: number
  leaking: number
  /** Labelled spans and findings that overlap one of the other side of the same type. */
  matchedGold: number
  findings: number
  matchedFindings: number
  /** Labelled spans and covered ones by type. */
  readonly byType: Map<string, { spans: number; leaking: number; characters: number; covered: number }>
}

/** What a table shows. All values 0..1; `null` where there is nothing to divide by. */
export interface Scores {
  readonly privacyRecall: number | null
  readonly characterPrecision: number | null
  readonly leakRate: number | null
  /** Of characters, any type. */
  readonly f1: number | null
  readonly f2: number | null
  /** Same type, any overlap. */
  readonly spanF1: number | null
  readonly spanF2: number | null
}

const BLANK = /^[\s\p{P}]$/u

/** Counts of zero. */
export function noCounts(): Counts {
  return {
    characters: { found: 0, missed: 0, wrong: 0 },
    spans: 0,
    leaking: 0,
    matchedGold: 0,
    findings: 0,
    matchedFindings: 0,
    byType: new Map(),
  }
}

/** Adds one document's result to `counts`. */
export function countDocument(counts: Counts, gold: GoldDocument, findings: readonly TypedSpan[]): void {
  const { text } = gold
  const isScoped = (type: string): boolean => gold.scope === undefined || gold.scope.includes(type)
  const covered = painted(text.length, findings)
  const judged = painted(
    text.length,
    findings.filter((finding) => isScoped(finding.type)),
  )
  const wanted = painted(text.length, gold.spans)
  for (let at = 0; at < text.length; at++) {
    if (wanted[at] === 0 && judged[at] === 0) continue
    if (!isSolid(text, at)) continue
    if (wanted[at] === 1) counts.characters[covered[at] === 1 ? 'found' : 'missed']++
    else counts.characters.wrong++
  }
  for (const span of gold.spans) countSpan(counts, text, span, covered, findings)
  countFindings(counts, gold, findings, isScoped)
}

function painted(length: number, spans: readonly TypedSpan[]): Uint8Array {
  const canvas = new Uint8Array(length)
  for (const span of spans) canvas.fill(1, span.start, span.end)
  return canvas
}

/** Whether a character is neither white space nor punctuation; the second half of a pair never counts. */
function isSolid(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit >= 0xdc00 && unit <= 0xdfff) return false
  if (unit < 128)
    return (
      (unit > 47 && unit < 58) ||
      (unit > 64 && !BLANK.test(text[at] ?? '')) ||
      '$+<=>'.includes(text[at] ?? ' ')
    )
  return !BLANK.test(String.fromCodePoint(text.codePointAt(at) ?? 32))
}

function countSpan(
  counts: Counts,
  text: string,
  span: TypedSpan,
  covered: Uint8Array,
  findings: readonly TypedSpan[],
): void {
  let characters = 0
  let hidden = 0
  for (let at = span.start; at < span.end; at++) {
    if (!isSolid(text, at)) continue
    characters++
    if (covered[at] === 1) hidden++
  }
  const row = counts.byType.get(span.type) ?? { spans: 0, leaking: 0, characters: 0, covered: 0 }
  counts.byType.set(span.type, row)
  const leaks = hidden < characters ? 1 : 0
  counts.spans++
  counts.leaking += leaks
  row.spans++
  row.leaking += leaks
  row.characters += characters
  row.covered += hidden
  if (findings.some((finding) => finding.type === span.type && overlaps(finding, span))) counts.matchedGold++
}

function countFindings(
  counts: Counts,
  gold: GoldDocument,
  findings: readonly TypedSpan[],
  isScoped: (type: string) => boolean,
): void {
  for (const finding of findings) {
    const touched = gold.spans.filter((span) => overlaps(finding, span))
    if (!isScoped(finding.type) && touched.length === 0) continue
    counts.findings++
    if (touched.some((span) => span.type === finding.type)) counts.matchedFindings++
  }
}

function overlaps(left: TypedSpan, right: TypedSpan): boolean {
  return left.start < right.end && right.start < left.end
}

/** The table's values for some counts. */
export function scoresOf(counts: Counts): Scores {
  const { found, missed, wrong } = counts.characters
  const recall = ratio(found, found + missed)
  const precision = ratio(found, found + wrong)
  const spanRecall = ratio(counts.matchedGold, counts.spans)
  const spanPrecision = ratio(counts.matchedFindings, counts.findings)
  return {
    privacyRecall: recall,
    characterPrecision: precision,
    leakRate: ratio(counts.leaking, counts.spans),
    f1: fMeasure(precision, recall, 1),
    f2: fMeasure(precision, recall, 2),
    spanF1: fMeasure(spanPrecision, spanRecall, 1),
    spanF2: fMeasure(spanPrecision, spanRecall, 2),
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function fMeasure(precision: number | null, recall: number | null, beta: number): number | null {
  if (precision === null || recall === null || precision + recall === 0) return null
  const square = beta * beta
  return ((1 + square) * precision * recall) / (square * precision + recall)
}
