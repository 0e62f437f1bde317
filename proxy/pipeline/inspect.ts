/** What the detectors say about all texts of one request, counted the way rules count. */
import type { Finding, LayerStatus } from '../../detectors/index.ts'
import type { BlockDetection, BlockDetectors } from '../findings-cache.ts'
import type { TextRun, WireSlot } from '../wire/index.ts'
import type { WireSlotFindings } from './cloud-answer.ts'
import { findLabelled } from './labelled-findings.ts'
import { findSplit, SEPARATORS } from './split-findings.ts'
import { Turns } from './turns.ts'

/** Findings per slot and their totals. */
export interface Inspection {
  readonly slots: readonly WireSlotFindings[]
  /** Distinct values per entity type; the same value twice counts once. */
  readonly counts: Readonly<Record<string, number>>
  /** Distinct values of all types. */
  readonly total: number
  /** Lowest score of any finding; null without findings. */
  readonly minScore: number | null
  readonly status: Readonly<Record<'pattern' | 'ner', LayerStatus>>
  /** Keyed hashes of the slots' texts, in order. */
  readonly hmacs: readonly string[]
}

const WORST: readonly LayerStatus[] = ['off', 'ok', 'timeout', 'down']

/**
 * Runs the pattern and NER layers over every slot, and over the cuts inside `runs`: texts that are read as one. A
 * layer that failed for one text has failed for the request.
 */
export function inspect(
  slots: readonly WireSlot[],
  detectors: BlockDetectors,
  runs: readonly TextRun[] = [],
): Inspection {
  const found: WireSlotFindings[] = []
  const hmacs: string[] = []
  const status: Record<'pattern' | 'ner', LayerStatus> = { pattern: 'off', ner: 'off' }
  for (const slot of slots) {
    const detection = detectors.detect(slot.text)
    status.pattern = worse(status.pattern, detection.status.pattern)
    status.ner = worse(status.ner, detection.status.ner)
    hmacs.push(detection.hmac)
    found.push({ slot, findings: withWholeText(slot, detection.findings) })
  }
  // A request without any text has nothing that a layer could have missed.
  if (slots.length === 0) status.pattern = 'ok'
  let inspection: Inspection = { ...count(found), status, hmacs }
  const more = [
    findLabelled(slots, detectors),
    ...(runs.length === 0 ? [] : SEPARATORS.map((separator) => findSplit(runs, separator, detectors))),
  ]
  for (const { findings, statuses } of more) {
    for (const one of statuses) {
      status.pattern = worse(status.pattern, one.pattern)
      status.ner = worse(status.ner, one.ner)
    }
    if (findings.size === 0) continue
    inspection = addFindings(
      inspection,
      slots.map((slot) => findings.get(slot) ?? []),
    )
  }
  return inspection
}

/**
 * `inspect`, after the texts were looked at wherever names are found. Where there is much to look at, other requests get
 * their turns between the texts, and long texts are looked at aside. Rejects only when `signal` aborts.
 */
export async function inspectPrepared(
  slots: readonly WireSlot[],
  detectors: BlockDetectors,
  runs: readonly TextRun[],
  signal: AbortSignal,
): Promise<Inspection> {
  if (detectors.prepare !== undefined) {
    return inspect(slots, await detectors.prepare([...textsToInspect(slots, runs)], signal), runs)
  }
  if (!isMuch(slots)) return inspect(slots, detectors, runs)
  const known = new Map<string, BlockDetection>()
  const turns = new Turns(signal)
  for (const text of textsToInspect(slots, runs)) {
    if (text.length > LONG_TEXT && detectors.detectAside !== undefined) {
      known.set(text, await detectors.detectAside(text, signal))
      turns.renew()
    } else {
      known.set(text, detectors.detect(text))
      if (turns.isOver) await turns.next()
    }
  }
  return inspect(slots, { detect: (text) => known.get(text) ?? detectors.detect(text) }, runs)
}

const MUCH_TEXT = 16 * 1024
/** In units. It takes a thread no less time, but nobody else's. */
const LONG_TEXT = 16 * 1024
const MANY_TEXTS = 64

function isMuch(slots: readonly WireSlot[]): boolean {
  return slots.length > MANY_TEXTS || slots.reduce((sum, { text }) => sum + text.length, 0) > MUCH_TEXT
}

/** Asking for nothing shows which texts, and which windows over cuts between them, would be looked at. */
function textsToInspect(slots: readonly WireSlot[], runs: readonly TextRun[]): ReadonlySet<string> {
  const texts = new Set<string>()
  inspect(slots, { detect: (text) => noted(texts, text) }, runs)
  return texts
}

function noted(texts: Set<string>, text: string): BlockDetection {
  texts.add(text)
  return { findings: [], status: { pattern: 'ok', ner: 'ok' }, hmac: '' }
}

/** Some fields are personal by what they are, such as the name of a speaker. */
function withWholeText(slot: WireSlot, findings: readonly Finding[]): readonly Finding[] {
  if (slot.always === undefined || slot.text.trim() === '') return findings
  return [{ entity: slot.always, span: { start: 0, end: slot.text.length }, score: 1, recogniser: 'field' }]
}

function worse(a: LayerStatus, b: LayerStatus): LayerStatus {
  return WORST.indexOf(a) >= WORST.indexOf(b) ? a : b
}

/**
 * The same inspection with more findings in some slots. Where one overlaps what is known, only the rest of it
 * is added: a later pass can add, never take away or relabel.
 */
export function addFindings(inspection: Inspection, more: readonly (readonly Finding[])[]): Inspection {
  const slots = inspection.slots.map(({ slot, findings }, index) => {
    const added = (more[index] ?? []).flatMap((finding) => uncovered(finding, findings, slot.text))
    if (added.length === 0) return { slot, findings }
    return { slot, findings: [...findings, ...added].sort((a, b) => a.span.start - b.span.start) }
  })
  return { ...count(slots), status: inspection.status, hmacs: inspection.hmacs }
}

// Halves of surrogate pairs count as word characters, so that no pair is cut.
const WORD = /[\p{L}\p{N}\p{M}\p{Cs}]/u

/** The pieces of a finding outside the known ones (sorted, disjoint), without white space and punctuation around. */
export function uncovered(finding: Finding, known: readonly Finding[], text: string): Finding[] {
  const pieces: Finding[] = []
  const keep = (from: number, to: number): void => {
    let start = from
    let end = to
    while (start < end && !WORD.test(text.charAt(start))) start++
    while (end > start && !WORD.test(text.charAt(end - 1))) end--
    if (end - start >= 2) pieces.push({ ...finding, span: { start, end } })
  }
  let from = finding.span.start
  for (const { span } of known) {
    if (span.end <= from) continue
    if (span.start >= finding.span.end) break
    if (span.start > from) keep(from, span.start)
    from = span.end
  }
  if (from === finding.span.start) return [finding]
  if (from < finding.span.end) keep(from, finding.span.end)
  return pieces
}

function count(slots: readonly WireSlotFindings[]): Omit<Inspection, 'status' | 'hmacs'> {
  const values = new Map<string, Set<string>>()
  let minScore: number | null = null
  for (const { slot, findings } of slots) {
    for (const { entity, span, score } of findings) {
      const known = values.get(entity) ?? new Set()
      known.add(slot.text.slice(span.start, span.end))
      values.set(entity, known)
      minScore = minScore === null ? score : Math.min(minScore, score)
    }
  }
  const counts: Record<string, number> = {}
  let total = 0
  for (const [entity, known] of values) {
    counts[entity] = known.size
    total += known.size
  }
  return { slots, counts, total, minScore }
}
