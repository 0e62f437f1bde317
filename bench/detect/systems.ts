/** What is measured: our layers, alone and together, and the alternatives a user could pick. */
import { readFileSync } from 'node:fs'
import { createDetectors, RECOGNISERS, type Recogniser } from '../../detectors/index.ts'
import { createNerRecogniser, type RecallLevel } from '../../detectors/ner/index.ts'
import { readModel } from '../../detectors/ner/model-file.ts'
import { createPeople } from '../../detectors/recognisers/people.ts'
import { type FindSpans, openRedaction, redactPii } from './rivals.ts'

/** Finds spans in a text; offsets in UTF-16 units. */
export interface System {
  readonly name: string
  readonly find: FindSpans
}

/** The parts a system may be made of. */
export const LAYER_NAMES = ['pattern', 'ner', 'compromise'] as const

/** Other libraries; each is a system of its own. */
const RIVALS: Readonly<Record<string, () => FindSpans>> = {
  openredaction: openRedaction,
  'redact-pii': redactPii,
}

/** A name of a part. */
export type LayerName = (typeof LAYER_NAMES)[number]

/** How the tagger is set up. */
export interface SystemOptions {
  readonly recall: RecallLevel
  /** Instead of the shipped model file. */
  readonly modelPath: string | null
}

/** A system from its name: parts joined by `+`, such as `pattern+ner`. Throws `RangeError` for unknown parts. */
export function createSystem(name: string, options: SystemOptions): System {
  const rival = RIVALS[name]
  if (rival !== undefined) return { name, find: rival() }
  const recognisers = name.split('+').flatMap((part) => recognisersOf(part, options))
  const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] }, recognisers)
  return {
    name,
    find: (text) => {
      const { findings, status } = detectors.detect(text)
      if (status.ner === 'down' || status.pattern === 'down')
        throw new Error(`a recogniser of ${name} failed`)
      return findings.map(({ span, entity }) => ({ start: span.start, end: span.end, type: entity }))
    },
  }
}

function recognisersOf(part: string, { recall, modelPath }: SystemOptions): readonly Recogniser[] {
  if (part === 'pattern') return RECOGNISERS
  if (part === 'compromise') return [createPeople()]
  if (part !== 'ner')
    throw new RangeError(`a layer is one of ${[...LAYER_NAMES, ...Object.keys(RIVALS)].join(', ')}`)
  if (modelPath === null) return [createNerRecogniser({ recall })]
  return [createNerRecogniser({ recall, model: readModel(readFileSync(modelPath)) })]
}
