/** The tagger as a recogniser of the `ner` layer. */
import { existsSync, readFileSync } from 'node:fs'
import type { AnalysedText, Example, Finding, Recogniser } from '../types.ts'
import { introducedNames } from './introductions.ts'
import { NER_TYPES } from './labels.ts'
import { ModelFileError, type NerModel, type RecallLevel, readModel } from './model-file.ts'
import { spansOf } from './spans.ts'
import { Tagger } from './tagger.ts'

/** How the recogniser is set up. */
export interface NerOptions {
  /** `balanced` misses more and masks less, `max` the other way round. */
  readonly recall: RecallLevel
  /** Instead of the shipped model: for training and measuring. */
  readonly model?: NerModel
}

/** Beside the sources, and where a build in `dist/` finds it in the package. */
const MODEL_PLACES = ['../data/ner-model.bin', '../../../detectors/data/ner-model.bin']

/** What is introduced as a name is hardly anything else. */
const INTRODUCED_SCORE = 0.85

/** The shipped model, read on first use and kept. */
let shipped: NerModel | null = null

/** The shipped model. Throws `ModelFileError` when the file is missing or damaged. */
export function loadNerModel(): NerModel {
  if (shipped !== null) return shipped
  const place = MODEL_PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url))
  if (place === undefined) throw new ModelFileError('the model file ner-model.bin is missing')
  shipped = readModel(readFileSync(place))
  return shipped
}

const EXAMPLES: readonly Example[] = [
  { text: 'Please ask Maria Kowalska about the invoice.', finds: ['Maria Kowalska'] },
  { text: 'Bitte rufen Sie Annika Schneider in Hamburg an.', finds: ['Annika Schneider', 'Hamburg'] },
  { text: 'The build fails when the cache is empty.', finds: [] },
]

/**
 * Names of people, organisations and places, parts of addresses, jobs, groups and dates, in any of the
 * languages the model was trained on. Linear in the text's length. The model is loaded at the first text;
 * `analyse` throws `ModelFileError` when it cannot be.
 */
export function createNerRecogniser(options: NerOptions): Recogniser {
  let tagger: Tagger | null = null
  return {
    id: 'ner',
    layer: 'ner',
    entities: NER_TYPES,
    examples: EXAMPLES,
    analyse: (text: AnalysedText): readonly Finding[] => {
      tagger ??= new Tagger(options.model ?? loadNerModel(), options.recall)
      const introduced = introducedNames(text.canonical).map(
        (span): Finding => ({ entity: 'PERSON', span, score: INTRODUCED_SCORE, recogniser: 'ner' }),
      )
      return [...findNames(tagger, text.canonical), ...introduced]
    },
  }
}

/** What a tagger finds in a canonical text. */
export function findNames(tagger: Tagger, canonical: string): Finding[] {
  tagger.tag(canonical)
  return spansOf(tagger, canonical).map(({ type, start, end, score }) => ({
    entity: type,
    span: { start, end },
    score,
    recogniser: 'ner',
  }))
}
