/** The engine: runs the recognisers of a layer over one text and makes one clean list of what they found. */
import { compileLists, type OperatorLists } from './operator-lists.ts'
import { type RankedFinding, resolveOverlaps } from './overlap.ts'
import { RECOGNISERS } from './recognisers/index.ts'
import { createPeople } from './recognisers/people.ts'
import { analyseText } from './text.ts'
import type {
  AnalysedText,
  Detection,
  DetectorContext,
  DetectorOptions,
  Detectors,
  Finding,
  LayerStatus,
  Recogniser,
} from './types.ts'

type SyncLayer = Recogniser['layer']

const RANK_OF_LAYER: Readonly<Record<SyncLayer, number>> = { ner: 0, pattern: 1 }
const RANK_CHECKED = 2
const RANK_DENIED = 3

interface LayerResult {
  readonly found: RankedFinding[]
  readonly status: LayerStatus
}

/** A recogniser's finding with its span in the original; null when the span is not a range of the canonical text. */
function toOriginal(text: AnalysedText, finding: Finding): Finding | null {
  const { start, end } = finding.span
  if (!(start >= 0 && end > start && end <= text.canonical.length)) return null
  return { ...finding, span: text.toOriginal(finding.span) }
}

/** Runs the recognisers of one layer. One that throws makes the layer `down`; the others' findings stay. */
function runLayer(
  recognisers: readonly Recogniser[],
  text: AnalysedText,
  context: DetectorContext,
): LayerResult {
  const found: RankedFinding[] = []
  let status: LayerStatus = 'ok'
  for (const recogniser of recognisers) {
    const rank = recogniser.checked === true ? RANK_CHECKED : RANK_OF_LAYER[recogniser.layer]
    try {
      for (const finding of recogniser.analyse(text, context)) {
        const mapped = toOriginal(text, finding)
        if (mapped !== null) found.push({ finding: mapped, rank })
      }
    } catch {
      // What went wrong may quote the text, so nothing of it is kept. The rules see the layer as down.
      status = 'down'
    }
  }
  return { found, status }
}

/** Drops what the operator allows as a whole value, and what was found inside such a value. */
function withoutAllowed(
  text: string,
  found: readonly RankedFinding[],
  lists: OperatorLists,
): readonly RankedFinding[] {
  if (!lists.hasAllowed || found.length === 0) return found
  const allowed = found.filter(({ finding: { span } }) => lists.isAllowed(text.slice(span.start, span.end)))
  if (allowed.length === 0) return found
  const starts = allowed.map(({ finding }) => finding.span).sort((a, b) => a.start - b.start)
  let next = 0
  let reach = -1
  return found
    .toSorted((a, b) => a.finding.span.start - b.finding.span.start)
    .filter(({ finding: { span } }) => {
      for (let one = starts[next]; one !== undefined && one.start <= span.start; one = starts[++next]) {
        reach = Math.max(reach, one.end)
      }
      return span.end > reach
    })
}

/** The list of the pattern layer and, if asked for, the NER layer, whose libraries are loaded here. */
export function shippedRecognisers(ner: boolean): readonly Recogniser[] {
  return ner ? [...RECOGNISERS, createPeople()] : RECOGNISERS
}

/**
 * Sets the pattern and NER layers up. Throws `RangeError` when a type in `deny` is not an entity name
 * (`ENTITY_NAME`); tables are compiled here, not on import and not per text.
 * `recognisers` defaults to the shipped ones.
 */
export function createDetectors(
  options: DetectorOptions,
  recognisers: readonly Recogniser[] = shippedRecognisers(options.ner),
): Detectors {
  const lists = compileLists(options.allow, options.deny)
  const context: DetectorContext = { languages: options.languages }
  const byLayer = {
    pattern: recognisers.filter((recogniser) => recogniser.layer === 'pattern'),
    ner: recognisers.filter((recogniser) => recogniser.layer === 'ner'),
  }
  const defaults: readonly SyncLayer[] = options.ner ? ['pattern', 'ner'] : ['pattern']
  return {
    detect: (text, layers = defaults): Detection => {
      const status: Record<SyncLayer, LayerStatus> = { pattern: 'off', ner: 'off' }
      const found: RankedFinding[] = []
      const analysed = analyseText(text)
      for (const layer of defaults) {
        if (!layers.includes(layer)) continue
        const result = runLayer(byLayer[layer], analysed, context)
        status[layer] = result.status
        for (const ranked of result.found) found.push(ranked)
      }
      const kept = [...withoutAllowed(text, found, lists)]
      if (layers.includes('pattern')) {
        for (const finding of lists.findDenied(analysed)) {
          const mapped = toOriginal(analysed, finding)
          if (mapped !== null) kept.push({ finding: mapped, rank: RANK_DENIED })
        }
      }
      return { findings: resolveOverlaps(text, kept), status }
    },
  }
}
