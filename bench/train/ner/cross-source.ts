/**
 * How well a model does on sources that it was not trained on: `npx tsx bench/train/ner/cross-source.ts --data DIR
 * [--folds N] [--epochs N] [--generate N] [--work DIR]`. The training sources are dealt into folds; for each fold a
 * model is trained without its sources and measured on them, beside the shipped model, which knows them: on the
 * source's `dev` file where there is one, else on the beginning of its training file. Each fold also leaves out a part of
 * the documents that were written for training.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NER_TYPES } from '../../../detectors/ner/labels.ts'
import { readModel } from '../../../detectors/ner/model-file.ts'
import { findNames } from '../../../detectors/ner/recogniser.ts'
import { Tagger } from '../../../detectors/ner/tagger.ts'
import { countDocument, type GoldDocument, noCounts, type Scores, scoresOf } from '../../detect/score.ts'
import { readCorpus, sourceOf } from './corpus.ts'
import { isInPart, readWritten } from './written.ts'

const SHIPPED = join(import.meta.dirname, '../../../detectors/data/ner-model.bin')
const WRITTEN = join(import.meta.dirname, 'written')
const MAX_UNITS = 250_000

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    folds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '2' },
    generate: { type: 'string', default: '1500' },
    work: { type: 'string' },
  },
})

/** Sources by fold: parts of one set in several languages stay together. */
function dealt(folder: string, folds: number): string[][] {
  const families = new Map<string, string[]>()
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.jsonl')) continue
    const source = sourceOf(file)
    const family = source.split('.')[0] ?? source
    families.set(family, [...(families.get(family) ?? []), source])
  }
  const groups = Array.from({ length: folds }, (): string[] => [])
  for (const [n, sources] of [...families.values()].entries()) groups[n % folds]?.push(...sources)
  return groups
}

/** What a source is measured on, names only as far as it labels them. */
function documentsOf(data: string, source: string): GoldDocument[] {
  const dev = join(data, 'dev')
  const hasDev = existsSync(join(dev, `${source}.dev.jsonl`))
  const documents = readCorpus(hasDev ? dev : join(data, 'train'), (name) => name === source)
  let units = 0
  return documents.flatMap(({ text, spans, scope }) => {
    units += text.length
    const gold = spans.flatMap(({ start, end, type }) => (type === 'free' ? [] : [{ start, end, type }]))
    return units > MAX_UNITS ? [] : [{ text, spans: gold, scope }]
  })
}

function measured(modelPath: string, documents: readonly GoldDocument[]): Scores {
  const tagger = new Tagger(readModel(readFileSync(modelPath)), 'high')
  const counts = noCounts()
  for (const document of documents) {
    const found = findNames(tagger, document.text).map(({ span, entity }) => ({ ...span, type: entity }))
    countDocument(
      counts,
      document,
      found.filter(({ type }) => NER_TYPES.some((known) => known === type)),
    )
  }
  return scoresOf(counts)
}

function cell({ privacyRecall, characterPrecision, leakRate }: Scores): string {
  return [privacyRecall, characterPrecision, leakRate]
    .map((value) => (value === null ? '-' : (100 * value).toFixed(1)))
    .join(' / ')
}

/** The written documents that fold `n` left out, by the language and kind they are of. */
function heldWritten(n: number, folds: number): ReadonlyMap<string, GoldDocument[]> {
  const held = new Map<string, GoldDocument[]>()
  for (const [place, { source, text, spans, scope }] of readWritten(WRITTEN, 1).entries()) {
    if (!isInPart(place, n, folds)) continue
    // What was left open is neither right nor wrong; such documents are few.
    if (spans.some(({ type }) => type === 'free')) continue
    const gold = spans.flatMap(({ start, end, type }) => (type === 'free' ? [] : [{ start, end, type }]))
    const name = source.replace('generated.', '')
    held.set(name, [...(held.get(name) ?? []), { text, spans: gold, scope }])
  }
  return held
}

function train(data: string, without: readonly string[], out: string, work: string, hold: string): void {
  const args = ['tsx', join(import.meta.dirname, 'index.ts'), '--data', data, '--out', out]
  args.push('--epochs', options.epochs, '--generate', options.generate, '--without', without.join(','))
  // The clusters of words are made from raw text, the same for every fold: once is enough.
  args.push('--cache', work, '--hold', hold)
  execFileSync('npx', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function printRow(source: string, model: string, documents: readonly GoldDocument[]): void {
  console.log(`| ${source} | ${cell(measured(model, documents))} | ${cell(measured(SHIPPED, documents))} |`)
}

function run(data: string): void {
  const work = options.work ?? mkdtempSync(join(tmpdir(), 'cloakroom-folds-'))
  console.log('| source | unseen | seen |\n| --- | --- | --- |')
  for (const [n, sources] of dealt(join(data, 'train'), Number(options.folds)).entries()) {
    const model = join(work, `fold-${n}.bin`)
    const folds = Number(options.folds)
    if (!existsSync(model)) train(data, sources, model, work, `${n}/${folds}`)
    for (const source of sources) {
      const documents = documentsOf(data, source)
      printRow(source, model, documents)
    }
    for (const [source, documents] of heldWritten(n, folds))
      printRow(`${source} (part ${n + 1})`, model, documents)
  }
}

if (options.data === undefined) {
  console.error('usage: tsx bench/train/ner/cross-source.ts --data DIR')
  process.exitCode = 2
} else run(options.data)
