/** What is measured: our layers, alone and together, and the alternatives a user could pick. */
import { readFileSync } from 'node:fs'
import { createDetectors, RECOGNISERS, type Recogniser } from '../../detectors/index.ts'
import { createNerRecogniser, type RecallLevel } from '../../detectors/ner/index.ts'
import { readModel } from '../../detectors/ner/model-file.ts'
import { createPeople } from '../../detectors/recognisers/people.ts'
import type { TypedSpan } from './score.ts'

/** Finds spans in a text; offsets in UTF-16 units. */
export interface System {
  readonly name: string
  find(text: string): readonly TypedSpan[]
}

/** The parts a system may be made of. */
export const LAYER_NAMES = ['pattern', 'ner', 'compromise'] as const

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
  if (part !== 'ner') throw new RangeError(`a layer is one of ${LAYER_NAMES.join(', ')}`)
  if (modelPath === null) return [createNerRecogniser({ recall })]
  return [createNerRecogniser({ recall, model: readModel(readFileSync(modelPath)) })]
}
