/**
 * Finds what only its name gives away: in `{"passport_no": "X1234567"}` the value alone could be anything. Where JSON is
 * walked, names and values are texts of their own; here each value is read once more behind its name.
 */
import type { Finding, LayerStatus } from '../../detectors/index.ts'
import type { BlockDetectors } from '../findings-cache.ts'
import type { WireSlot } from '../wire/index.ts'

/** What was found, by slot, and what became of the layers. */
export interface LabelledFindings {
  readonly findings: ReadonlyMap<WireSlot, readonly Finding[]>
  readonly statuses: readonly Readonly<Record<'pattern' | 'ner', LayerStatus>>[]
}

/** Longer texts say themselves what they are. */
const MAX_VALUE = 256
const MAX_LABEL = 64
/** Where a name is put together from words: `passport_no`, `passportNo`, `PassportNO`, `passport-no`. */
const SEAM = /[_.-]+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu

/** Detects in the values of slots that have a label. Values are remembered with their labels, as other texts are. */
export function findLabelled(slots: readonly WireSlot[], detectors: BlockDetectors): LabelledFindings {
  const findings = new Map<WireSlot, readonly Finding[]>()
  const statuses: LabelledFindings['statuses'][number][] = []
  for (const slot of slots) {
    const { label, text } = slot
    if (label === undefined || label.length > MAX_LABEL || text === '' || text.length > MAX_VALUE) continue
    const found = spellings(label).flatMap((name) => {
      const lead = `${name}: `
      const detection = detectors.detect(lead + text)
      statuses.push(detection.status)
      return detection.findings.flatMap((finding) => inValue(finding, lead.length))
    })
    if (found.length > 0) findings.set(slot, withoutOverlaps(found))
  }
  return { findings, statuses }
}

/** A name as it stands, and as words. */
function spellings(label: string): readonly string[] {
  const words = label.replace(SEAM, ' ').trim()
  return words === label || words === '' ? [label] : [label, words]
}

/** The part of a finding that lies in the value. */
function inValue(finding: Finding, offset: number): readonly Finding[] {
  const start = Math.max(0, finding.span.start - offset)
  const end = finding.span.end - offset
  return end <= start ? [] : [{ ...finding, span: { start, end } }]
}

/** The surest first; what it overlaps says the same less surely. */
function withoutOverlaps(found: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = []
  for (const finding of [...found].sort((a, b) => b.score - a.score)) {
    const { start, end } = finding.span
    if (kept.every(({ span }) => span.end <= start || end <= span.start)) kept.push(finding)
  }
  return kept.sort((a, b) => a.span.start - b.span.start)
}
