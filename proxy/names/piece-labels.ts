/** From scores of pieces to entities of the text, whole words at a time. */
import type { Finding } from '../../detectors/index.ts'
import type { ModelLabel } from './onnx-folder.ts'
import type { TextPiece } from './tokenizer/index.ts'

/** What the model thinks of one piece. */
export interface PieceVerdict {
  /** The likeliest entity; null when there is none but "outside". */
  readonly entity: string | null
  /** Probability that the piece belongs to any entity. */
  readonly score: number
  readonly begins: boolean
}

/** The verdict on a piece from the model's raw scores, one per label. */
export function verdictOf(scores: ArrayLike<number>, labels: readonly ModelLabel[]): PieceVerdict {
  let highest = Number.NEGATIVE_INFINITY
  for (let n = 0; n < labels.length; n++) highest = Math.max(highest, scores[n] ?? 0)
  const byEntity = new Map<string, { sum: number; begins: number }>()
  let total = 0
  let inside = 0
  for (const [n, { entity, begins }] of labels.entries()) {
    const share = Math.exp((scores[n] ?? 0) - highest)
    total += share
    if (entity === null) continue
    inside += share
    const known = byEntity.get(entity) ?? { sum: 0, begins: 0 }
    byEntity.set(entity, { sum: known.sum + share, begins: known.begins + (begins ? share : 0) })
  }
  const [best] = [...byEntity].sort((a, b) => b[1].sum - a[1].sum)
  if (best === undefined) return { entity: null, score: 0, begins: false }
  return { entity: best[0], score: inside / total, begins: best[1].begins * 2 > best[1].sum }
}

interface Word {
  readonly start: number
  end: number
  verdict: PieceVerdict
  begins: boolean
}

const WORD_UNIT = /[\p{L}\p{M}\p{N}]/u
/** What may stand between two words of one entity. */
const GAP = /^[ \u00a0.'’-]{0,2}$/u

/**
 * The entities of a text whose pieces have verdicts, in order. A word is an entity's as soon as one of its pieces
 * is: half a name is a name. `minScore`: how sure the model must be that a piece is not outside, 0..1.
 */
export function entitiesOf(
  text: string,
  pieces: readonly TextPiece[],
  verdicts: readonly PieceVerdict[],
  minScore: number,
): Finding[] {
  const findings: Finding[] = []
  let last: { entity: string; start: number; end: number; score: number } | null = null
  const flush = (): void => {
    if (last === null) return
    const { entity, start, end, score } = last
    findings.push({ entity, span: { start, end }, score, recogniser: 'onnx' })
    last = null
  }
  for (const word of wordsOf(text, pieces, verdicts)) {
    const { entity, score } = word.verdict
    if (entity === null || score < minScore) {
      if (WORD_UNIT.test(text.slice(word.start, word.end))) flush()
      continue
    }
    const open: typeof last = last
    if (open !== null && joins(open, word, entity, text)) {
      open.end = word.end
      open.score = Math.max(open.score, score)
    } else {
      flush()
      last = { entity, start: word.start, end: word.end, score }
    }
  }
  flush()
  return findings
}

function joins(open: { entity: string; end: number }, word: Word, entity: string, text: string): boolean {
  return open.entity === entity && !word.begins && GAP.test(text.slice(open.end, word.start))
}

/** Pieces that touch inside a word are one; the surest of their verdicts is the word's. */
function wordsOf(text: string, pieces: readonly TextPiece[], verdicts: readonly PieceVerdict[]): Word[] {
  const words: Word[] = []
  for (const [n, piece] of pieces.entries()) {
    const verdict = verdicts[n]
    const { start, end } = trimmed(text, piece)
    if (verdict === undefined || end <= start) continue
    const before = words.at(-1)
    const continues =
      before !== undefined &&
      start <= before.end &&
      (start < before.end || (isWordUnit(text, start - 1) && isWordUnit(text, start)))
    if (!continues) words.push({ start, end, verdict, begins: verdict.begins })
    else {
      before.end = Math.max(before.end, end)
      if (verdict.score > before.verdict.score) before.verdict = verdict
    }
  }
  return words
}

function isWordUnit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return (unit >= 0xd800 && unit <= 0xdfff) || WORD_UNIT.test(text.charAt(at))
}

/** Some vocabularies put the space in front of a word into its first piece. */
function trimmed(text: string, { start, end }: TextPiece): { start: number; end: number } {
  const slice = text.slice(start, end)
  return { start: start + slice.length - slice.trimStart().length, end: start + slice.trimEnd().length }
}
