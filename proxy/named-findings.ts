/**
 * The pattern layer here and the NER layer elsewhere, behind the detectors' synchronous interface. Each text is looked
 * at twice: the first time only to learn which texts the NER layer would see, decoded views too; then the engine is
 * asked about all of them at once; the second time its answers stand in for the built-in tagger. So views, overlaps
 * and the operator's lists work as they do with the tagger.
 */
import {
  type AnalysedText,
  createDetectors,
  type Detection,
  type DetectorOptions,
  ENTITIES,
  type Finding,
  type LayerStatus,
  RECOGNISERS,
  type Recogniser,
} from '../detectors/index.ts'
import type { NameEngine } from './ports.ts'

/** Detectors whose NER layer must be asked beforehand. */
export interface NamedDetectors {
  /** Asks the engine about some texts. What comes back knows these; for any other its NER layer is `down`. */
  prepare(texts: readonly string[], signal: AbortSignal): Promise<Detect>
}

/** The layers over one text; `layers` defaults to both. */
export type Detect = (text: string, layers?: readonly ('pattern' | 'ner')[]) => Detection

/** What the stand-in for the tagger does at the moment. */
type Mode =
  | { readonly kind: 'collect'; readonly texts: Set<string> }
  | { readonly kind: 'answer'; readonly known: ReadonlyMap<string, readonly Finding[]> }
  | { readonly kind: 'fail' }

const LETTER = /\p{L}/u
const FAIL: Mode = { kind: 'fail' }

/** The detectors over an engine; `options.ner` is taken as on. */
export function createNamedDetectors(options: DetectorOptions, engine: NameEngine): NamedDetectors {
  let mode: Mode = FAIL
  const standIn: Recogniser = {
    id: engine.engine,
    layer: 'ner',
    entities: ENTITIES.map(({ type }) => type),
    examples: [],
    analyse: (text) => answer(mode, text),
  }
  const detectors = createDetectors({ ...options, ner: true }, [...RECOGNISERS, standIn])
  const detect = (text: string, next: Mode, layers?: Parameters<Detect>[1]): Detection => {
    mode = next
    try {
      return detectors.detect(text, layers)
    } finally {
      mode = FAIL
    }
  }
  return {
    async prepare(texts, signal) {
      const asked = new Set<string>()
      for (const text of texts) detect(text, { kind: 'collect', texts: asked })
      const views = [...asked]
      const found = views.length === 0 ? EMPTY : await engine.find(views, signal)
      if (found.status !== 'ok') {
        return (text, layers) => withStatus(detect(text, FAIL, layers), found.status)
      }
      const known = new Map(views.map((view, n) => [view, found.findings[n] ?? []]))
      return (text, layers) => detect(text, { kind: 'answer', known }, layers)
    },
  }
}

const EMPTY = { status: 'ok', findings: [] } as const

function answer(mode: Mode, { canonical }: AnalysedText): readonly Finding[] {
  if (!LETTER.test(canonical)) return []
  switch (mode.kind) {
    case 'collect':
      mode.texts.add(canonical)
      return []
    case 'answer': {
      const findings = mode.known.get(canonical)
      if (findings === undefined) throw new RangeError('a text that was not asked about')
      return findings
    }
    case 'fail':
      throw new RangeError('no answer of the engine')
  }
}

/** A text without letters needs no names: its layer is fine whatever the engine met. */
function withStatus(detection: Detection, status: LayerStatus): Detection {
  if (detection.status.ner !== 'down') return detection
  return { ...detection, status: { ...detection.status, ner: status } }
}
