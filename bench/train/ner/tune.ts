/**
 * What each choice of biases gives on the dev sets: `npx tsx bench/train/ner/tune.ts --data DIR [--model FILE]
 * [--sets A,B] [--biases P/O/L/A/T/N/D,…] [--curve FILE.svg]`. Prints privacy recall / character precision / leak
 * rate of the pattern and NER layers together; `--curve` draws recall over precision instead.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createDetectors, type Detectors, RECOGNISERS } from '../../../detectors/index.ts'
import { readModel } from '../../../detectors/ner/model-file.ts'
import { findNames } from '../../../detectors/ner/recogniser.ts'
import { Tagger } from '../../../detectors/ner/tagger.ts'
import { type Counts, countDocument, noCounts, scoresOf } from '../../detect/score.ts'
import { type LabelledSet, readSets } from '../../detect/sets.ts'
import { type CurvePoint, drawCurves } from './curve.ts'
import { RECALL_BIASES } from './recall-biases.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: 'detectors/data/ner-model.bin' },
    sets: { type: 'string', default: '' },
    biases: { type: 'string' },
    curve: { type: 'string' },
  },
})

const CURVE_STEPS = [-0.6, -0.2, 0.2, 0.6, 1, 1.4, 1.8, 2.4]

/** The pattern layer and a tagger whose biases can be changed between texts. */
function tunable(modelPath: string): { readonly tagger: Tagger; readonly detectors: Detectors } {
  const tagger = new Tagger(readModel(readFileSync(modelPath)), 'balanced')
  const recogniser = {
    id: 'ner',
    layer: 'ner' as const,
    entities: [],
    examples: [],
    analyse: (text: { readonly canonical: string }) => findNames(tagger, text.canonical),
  }
  const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] }, [
    ...RECOGNISERS,
    recogniser,
  ])
  return { tagger, detectors }
}

function countSet(detectors: Detectors, set: LabelledSet, counts: Counts): void {
  for (const document of set.documents) {
    const found = detectors.detect(document.text).findings
    countDocument(
      counts,
      document,
      found.map(({ span, entity }) => ({ start: span.start, end: span.end, type: entity })),
    )
  }
}

function percent(value: number | null): string {
  return value === null ? '-' : (100 * value).toFixed(1)
}

function printTable(sets: readonly LabelledSet[], choices: readonly (readonly number[])[]): void {
  const { tagger, detectors } = tunable(options.model)
  console.log(''.padEnd(20) + choices.map((choice) => choice.join('/').padStart(32)).join(''))
  for (const set of sets) {
    const cells = choices.map((choice) => {
      tagger.setBiases(choice)
      const counts = noCounts()
      countSet(detectors, set, counts)
      const { privacyRecall, characterPrecision, leakRate } = scoresOf(counts)
      return `${percent(privacyRecall)} / ${percent(characterPrecision)} / ${percent(leakRate)}`.padStart(32)
    })
    console.log(set.name.padEnd(20) + cells.join(''))
  }
}

/** Recall over precision, averaged over the sets of a group, while the biases of `high` are scaled. */
function curvePoints(sets: readonly LabelledSet[]): CurvePoint[] {
  const { tagger, detectors } = tunable(options.model)
  return CURVE_STEPS.map((step) => {
    tagger.setBiases(RECALL_BIASES.high.map((bias) => bias * step))
    const scores = sets.map((set) => {
      const counts = noCounts()
      countSet(detectors, set, counts)
      return scoresOf(counts)
    })
    const mean = (read: (one: (typeof scores)[number]) => number | null): number =>
      scores.reduce((sum, one) => sum + (read(one) ?? 0), 0) / Math.max(1, scores.length)
    return {
      step,
      recall: mean((one) => one.privacyRecall),
      precision: mean((one) => one.characterPrecision),
    }
  })
}

/** Sets that label names of people, organisations and places: the others say nothing about the tagger. */
function isAboutNames(set: LabelledSet): boolean {
  return set.name !== 'gitleaks' && set.name !== 'presidio-unittests'
}

if (options.data === undefined) {
  console.error('usage: tsx bench/train/ner/tune.ts --data DIR')
  process.exitCode = 2
} else {
  const wanted = options.sets.split(',').filter((name) => name !== '')
  const sets = readSets(options.data, wanted).filter(isAboutNames)
  if (options.curve === undefined) {
    const choices = options.biases?.split(',').map((choice) => choice.split('/').map(Number))
    printTable(sets, choices ?? Object.values(RECALL_BIASES))
  } else {
    const isEnglish = (set: LabelledSet): boolean => set.languages.includes('en')
    writeFileSync(
      options.curve,
      drawCurves([
        { name: 'English sets', points: curvePoints(sets.filter(isEnglish)) },
        { name: 'other languages', points: curvePoints(sets.filter((set) => !isEnglish(set))) },
      ]),
    )
  }
}
