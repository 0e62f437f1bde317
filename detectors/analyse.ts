/** The engine: runs the recognisers of a layer over one text and makes one clean list of what they found. */

import { revealEncoded } from './encoded.ts'
import { revealHidden } from './hidden.ts'
import { findLoose, type LooseForms, looseForms } from './loose/index.ts'
import { createNerRecogniser, type RecallLevel } from './ner/index.ts'
import { NumberPatterns } from './numbers.ts'
import { compileLists, type OperatorLists } from './operator-lists.ts'
import { type RankedFinding, resolveOverlaps } from './overlap.ts'
import { ownRecognisers } from './own-recognisers.ts'
import { RECOGNISERS } from './recognisers/index.ts'
import { createPeople } from './recognisers/people.ts'
import { analyseText, scanOf } from './text.ts'
import type {
  AnalysedText,
  Detection,
  DetectorContext,
  DetectorOptions,
  Detectors,
  Finding,
  LayerStatus,
  Recogniser,
  Span,
} from './types.ts'

type SyncLayer = Recogniser['layer']

const RANK_OF_LAYER: Readonly<Record<SyncLayer, number>> = { ner: 0, pattern: 1 }
const RANK_CHECKED = 2
const RANK_DENIED = 3

/** How deep encodings are undone: base64 in a URL in JSON is three. */
const MAX_DEPTH = 3

/** A recogniser as the engine asks it: all of one shape, because every text asks every one of them. */
interface Asked {
  readonly recogniser: Recogniser
  readonly layer: SyncLayer
  readonly rank: number
  /** A text with fewer digits in a row of tokens is not worth the call. */
  readonly minDigits: number
}

/** The recognisers of some layers: those with a pattern at numbers together, the others one by one. */
interface Group {
  readonly others: readonly Asked[]
  readonly numbers: NumberPatterns<Asked>
}

function groupOf(asked: readonly Asked[]): Group {
  return {
    others: asked.filter(({ recogniser }) => recogniser.atNumbers === undefined),
    numbers: new NumberPatterns(
      asked.flatMap((one) =>
        one.recogniser.atNumbers === undefined ? [] : [[one, one.recogniser.atNumbers] as const],
      ),
    ),
  }
}

interface Pass {
  readonly status: Record<SyncLayer, LayerStatus>
  readonly asked: Group
  readonly context: DetectorContext
  /** Null when the pattern layer is off. */
  readonly loose: LooseForms | null
  readonly lists: OperatorLists
}

function askedOf(recognisers: readonly Recogniser[], layers: readonly SyncLayer[]): readonly Asked[] {
  return layers.flatMap((layer) =>
    recognisers
      .filter((recogniser) => recogniser.layer === layer)
      .map((recogniser) => ({
        recogniser,
        layer,
        rank: recogniser.checked === true ? RANK_CHECKED : RANK_OF_LAYER[layer],
        minDigits: recogniser.minDigits ?? 0,
      })),
  )
}

/** A finding moved to the text around its own. */
const moved = ({ finding, rank }: RankedFinding, span: Span): RankedFinding => ({
  finding: { ...finding, span },
  rank,
})

/** A recogniser's finding with its span in the original; null when the span is not a range of the canonical text. */
function toOriginal(text: AnalysedText, finding: Finding): Finding | null {
  const { start, end } = finding.span
  if (!(start >= 0 && end > start && end <= text.canonical.length)) return null
  return { ...finding, span: text.toOriginal(finding.span) }
}

/** From this score on there is no doubt what a finding is, so that nobody has to look for something else there. */
const SURE_SCORE = 0.9

/**
 * Runs the recognisers over one view; adds the canonical spans of those findings that leave no doubt to `sure`. One that
 * throws makes its layer `down`; the others' findings stay.
 */
function runRecognisers(text: AnalysedText, pass: Pass, sure: Span[]): RankedFinding[] {
  const found: RankedFinding[] = []
  const add = ({ rank }: Asked, finding: Finding): void => {
    const mapped = toOriginal(text, finding)
    if (mapped === null) return
    found.push({ finding: mapped, rank })
    if (rank === RANK_CHECKED || finding.score >= SURE_SCORE) sure.push(finding.span)
  }
  const { most } = scanOf(text).numbers
  for (const asked of pass.asked.others) {
    const { recogniser, layer, minDigits } = asked
    if (minDigits > most) continue
    try {
      for (const finding of recogniser.analyse(text, pass.context)) add(asked, finding)
    } catch {
      // What went wrong may quote the text, so nothing of it is kept. The rules see the layer as down.
      pass.status[layer] = 'down'
    }
  }
  try {
    pass.asked.numbers.find(text, add)
  } catch {
    pass.status.pattern = 'down'
  }
  return found
}

/** Adds what only shows when pieces are put together. */
function runLoose(text: AnalysedText, pass: Pass, sure: readonly Span[], found: RankedFinding[]): void {
  if (pass.loose === null) return
  try {
    for (const finding of findLoose(text, pass.loose, sure)) {
      const mapped = toOriginal(text, finding)
      if (mapped !== null) found.push({ finding: mapped, rank: RANK_OF_LAYER.pattern })
    }
  } catch {
    pass.status.pattern = 'down'
  }
}

/** What stands in a text, less what is allowed there, and in what it encodes; spans are in `text`. */
function findIn(text: string, analysed: AnalysedText, pass: Pass, depth: number): RankedFinding[] {
  const sure: Span[] = []
  const whole = runRecognisers(analysed, pass, sure)
  runLoose(analysed, pass, sure, whole)
  const found = withoutAllowed(text, whole, pass.lists)
  if (depth >= MAX_DEPTH) return found
  const hidden = revealHidden(text)
  if (hidden !== null)
    for (const ranked of findIn(hidden.text, analyseText(hidden.text), pass, depth + 1))
      found.push(moved(ranked, hidden.toOuter(ranked.finding.span)))
  const encoded = revealEncoded(analysed.canonical, scanOf(analysed))
  if (encoded !== null)
    for (const ranked of findIn(encoded.text, analyseText(encoded.text), pass, depth + 1))
      found.push(moved(ranked, analysed.toOriginal(encoded.toOuter(ranked.finding.span))))
  return found
}

/** Drops what the operator allows as a whole value, and what was found inside such a value. */
function withoutAllowed(text: string, found: RankedFinding[], lists: OperatorLists): RankedFinding[] {
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
export function shippedRecognisers(
  ner: boolean,
  recall: RecallLevel = 'high',
  voters: DetectorOptions['voters'] = [],
): readonly Recogniser[] {
  if (!ner) return RECOGNISERS
  return [
    ...RECOGNISERS,
    createNerRecogniser({ recall }),
    ...(voters.includes('compromise') ? [createPeople()] : []),
  ]
}

/** Lets a recogniser make its tables. One that cannot will say so again when it is asked, as a layer that is down. */
function warmUp(recogniser: Recogniser, context: DetectorContext): void {
  try {
    recogniser.analyse(analyseText(''), context)
  } catch {
    // Reported by every call of `detect`.
  }
}

/**
 * Sets the pattern and NER layers up. Throws `RangeError` when a type in `deny` is not an entity name
 * (`ENTITY_NAME`); tables are compiled here, not on import and not per text.
 * `shipped` are the recognisers that those of the options join. Throws `RangeError` for a pattern that RE2 cannot run.
 */
export function createDetectors(
  options: DetectorOptions,
  shipped: readonly Recogniser[] = shippedRecognisers(options.ner, options.recall, options.voters),
): Detectors {
  const recognisers = [...shipped, ...ownRecognisers(options)]
  const lists = compileLists(options.allow, options.deny)
  const context: DetectorContext = { languages: options.languages }
  const defaults: readonly SyncLayer[] = options.ner ? ['pattern', 'ner'] : ['pattern']
  const byDefault = groupOf(askedOf(recognisers, defaults))
  const loose = looseForms(recognisers.filter(({ layer }) => layer === 'pattern'))
  // Dictionaries are compiled at their first use: now, and not in front of the first request.
  for (const { recogniser } of askedOf(recognisers, ['pattern'])) warmUp(recogniser, context)
  const groups = new Map<string, Group>()
  const groupFor = (wanted: readonly SyncLayer[]): Group => {
    const key = wanted.join()
    const group = groups.get(key) ?? groupOf(askedOf(recognisers, wanted))
    groups.set(key, group)
    return group
  }
  return {
    detect: (text, layers = defaults): Detection => {
      const wanted = layers === defaults ? defaults : defaults.filter((layer) => layers.includes(layer))
      const asked = layers === defaults ? byDefault : groupFor(wanted)
      const status: Record<SyncLayer, LayerStatus> = {
        pattern: wanted.includes('pattern') ? 'ok' : 'off',
        ner: wanted.includes('ner') ? 'ok' : 'off',
      }
      const analysed = analyseText(text)
      const pass = { status, asked, context, loose: status.pattern === 'ok' ? loose : null, lists }
      const kept = findIn(text, analysed, pass, 0)
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
