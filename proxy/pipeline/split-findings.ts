/** Finds what is cut in two between texts that are read as one. */
import type { Finding, LayerStatus } from '../../detectors/index.ts'
import type { BlockDetectors } from '../findings-cache.ts'
import type { TextRun, WireSlot } from '../wire/index.ts'

/** How far around a cut is looked, in UTF-16 units to each side. */
const REACH = 160
/** A window begins behind a space, when there is one this near. */
const NEAR_SPACE = 40

/** What was found, by slot, and what became of the layers. */
export interface SplitFindings {
  readonly findings: ReadonlyMap<WireSlot, readonly Finding[]>
  readonly statuses: readonly Readonly<Record<'pattern' | 'ner', LayerStatus>>[]
}

interface Window {
  readonly start: number
  end: number
}

/** What texts are joined with: a name is cut inside a word or between two. */
export const SEPARATORS = ['', ' '] as const

/**
 * Detects around every cut of the runs, with the texts joined by `separator`. A finding across a cut becomes one for
 * each text it touches. Linear: windows that overlap are one, and each is remembered like other texts.
 */
export function findSplit(
  runs: readonly TextRun[],
  separator: (typeof SEPARATORS)[number],
  detectors: BlockDetectors,
): SplitFindings {
  const findings = new Map<WireSlot, Finding[]>()
  const statuses: SplitFindings['statuses'][number][] = []
  for (const run of runs) {
    const joined = join(run, separator)
    for (const window of windowsOf(joined)) {
      const detection = detectors.detect(joined.text.slice(window.start, window.end))
      statuses.push(detection.status)
      for (const finding of detection.findings) spread(finding, window.start, joined, findings)
    }
  }
  return { findings, statuses }
}

interface Joined {
  readonly run: TextRun
  readonly text: string
  /** Where each text begins in the joined one. */
  readonly starts: readonly number[]
  /** Ends of texts behind which it is worth looking. */
  readonly cuts: readonly number[]
}

function join(run: TextRun, separator: string): Joined {
  const starts: number[] = []
  const cuts: number[] = []
  let at = 0
  for (const [index, { text }] of run.entries()) {
    if (index > 0) {
      // Where there is a space already, one more shows nothing new.
      const isTight = !/\s/.test((run[index - 1]?.text.at(-1) ?? ' ') + (text[0] ?? ' '))
      if (separator === '' || isTight) cuts.push(at)
      at += separator.length
    }
    starts.push(at)
    at += text.length
  }
  return { run, text: run.map(({ text }) => text).join(separator), starts, cuts }
}

function windowsOf({ text, cuts }: Joined): readonly Window[] {
  const windows: Window[] = []
  for (const cut of cuts) {
    const start = behindSpace(text, Math.max(0, cut - REACH))
    const end = Math.min(text.length, cut + REACH)
    const last = windows.at(-1)
    if (last !== undefined && start <= last.end) last.end = end
    else windows.push({ start, end })
  }
  return windows
}

function behindSpace(text: string, from: number): number {
  if (from === 0) return 0
  const space = text.slice(from, from + NEAR_SPACE).search(/\s/)
  return space < 0 ? from : from + space + 1
}

/** Adds the pieces of a finding that lies across a cut to the texts they stand in. */
function spread(finding: Finding, offset: number, joined: Joined, findings: Map<WireSlot, Finding[]>): void {
  const start = finding.span.start + offset
  const end = finding.span.end + offset
  let index = lastAtOrBefore(joined.starts, start)
  const first = joined.run[index]
  if (first === undefined || end <= (joined.starts[index] ?? 0) + first.text.length) return
  for (; index < joined.run.length; index += 1) {
    const slot = joined.run[index]
    const from = joined.starts[index] ?? 0
    if (slot === undefined || from >= end) return
    const piece = slot.text.slice(Math.max(0, start - from), Math.min(slot.text.length, end - from))
    const value = piece.trim()
    if (value === '') continue
    const begin = Math.max(0, start - from) + piece.indexOf(value)
    const known = findings.get(slot) ?? []
    known.push({ ...finding, span: { start: begin, end: begin + value.length } })
    findings.set(slot, known)
  }
}

/** Index of the last number that is not above `value`, by halving. */
function lastAtOrBefore(numbers: readonly number[], value: number): number {
  let low = 0
  let high = numbers.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= value) low = middle
    else high = middle
  }
  return low
}
