/**
 * Trains the name recogniser: `npx tsx bench/train/ner/index.ts --data DIR [--out FILE] [--epochs N] [--bits N]
 * [--rate X] [--drop X] [--noise X] [--least N] [--without SOURCE,…] [--only SOURCE,…] [--clusters N] [--cache DIR] [--steps N] [--copies N]
 * [--hold K/N]`. DIR holds `train/`, `unlabelled/` and `lists/`; what took long to make is kept in `--cache` for the next run;
 * `--hold` leaves out one of N parts of the written documents; `--steps` says how finely weights are kept, more for a part of a mean.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Lexicon, type LexiconTables } from '../../../detectors/ner/lexicon.ts'
import { type LabelledDocument, readCorpus } from './corpus.ts'
import { trainCrf } from './crf.ts'
import { TrainingSet } from './examples.ts'
import { plainWords } from './frequent-words.ts'
import { buildLexicon } from './lists.ts'
import { manifestOf } from './manifest.ts'
import { encodeModel } from './model-writer.ts'
import { SeededRandom } from './random.ts'
import { biasRows, RECALL_BIASES } from './recall-biases.ts'
import { recased } from './recase.ts'
import { generateDocuments, namesByLanguage } from './synthetic/generate.ts'
import { readUnlabelled } from './unlabelled.ts'
import { casingByLanguage, wordClusters } from './word-clusters.ts'
import { wordForms } from './word-forms.ts'
import { isInPart, Renamer, readWritten } from './written.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'detectors/data/ner-model.bin' },
    epochs: { type: 'string', default: '4' },
    bits: { type: 'string', default: '23' },
    rate: { type: 'string', default: '0.2' },
    drop: { type: 'string', default: '0.2' },
    noise: { type: 'string', default: '0.25' },
    least: { type: 'string', default: '4' },
    generate: { type: 'string', default: '2000' },
    unlabelled: { type: 'string', default: '0.3' },
    seed: { type: 'string', default: '20261121' },
    without: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    clusters: { type: 'string', default: '500' },
    institutions: { type: 'string', default: '0.5' },
    snapshots: { type: 'string', default: '5' },
    written: { type: 'string', default: '2' },
    copies: { type: 'string', default: '2' },
    steps: { type: 'string', default: '14' },
    hold: { type: 'string', default: '' },
    cache: { type: 'string' },
  },
})

/** The forms do not depend on what else is drawn, so that models of other options share them. */
const FORMS_SEED = 7
const WRITTEN = join(import.meta.dirname, 'written')

/** The labelled documents of the wanted sources and the generated ones. */
function documentsFor(folder: string, random: SeededRandom): LabelledDocument[] {
  const named = (list: string, source: string): boolean =>
    list.split(',').some((name) => name !== '' && source.startsWith(name))
  const isWanted = (source: string): boolean =>
    !named(options.without, source) && (options.only === '' || named(options.only, source))
  const generated = { perLanguage: Number(options.generate), institutions: Number(options.institutions) }
  return [
    ...readCorpus(join(folder, 'train'), isWanted),
    ...generateDocuments(join(folder, 'lists'), generated, random),
    ...writtenDocuments(folder, random),
  ]
}

/** The written documents, each also with other names: the copies share its weight, and every second one has strange names. */
function writtenDocuments(folder: string, random: SeededRandom): LabelledDocument[] {
  const weight = Number(options.written)
  if (weight === 0) return []
  const stocks = namesByLanguage(join(folder, 'lists'))
  const renamers = new Map<string, Renamer>()
  const [part, parts] = options.hold.split('/').map(Number)
  return readWritten(WRITTEN, weight).flatMap((document, place) => {
    if (part !== undefined && parts !== undefined && isInPart(place, part, parts)) return []
    const language = /^generated\.written\.([a-z]{2})(?:-|$)/u.exec(document.source)?.[1] ?? 'en'
    const renamer = renamers.get(language) ?? new Renamer(random, stocks(language))
    renamers.set(language, renamer)
    const made = Array.from({ length: Number(options.copies) }, (_, n) => renamer.copy(document, n % 2 === 1))
    const copies = made.filter((copy) => copy !== null)
    const share = copies.length === 0 ? 1 : 2 / (copies.length + 1)
    return [document, ...copies].map((one) => ({ ...one, weight: share * one.weight }))
  })
}

function lexiconOf(folder: string, random: SeededRandom): LexiconTables {
  const written = readWritten(WRITTEN, 1)
  const casings = casingByLanguage(folder, textsOf(written.filter(({ source }) => !isGerman(source))))
  const builder = buildLexicon(join(folder, 'lists'), casings)
  const shape = { clusters: Number(options.clusters), groups: 62, rounds: 6, least: 5 }
  const { words, clusterOf, groups } = wordClusters(folder, textsOf(written), shape, options.cache ?? null)
  builder.addClusters(words, (n) => clusterOf[n] ?? 0)
  builder.markPlainWords(plainWords(casings))
  return builder.tables(Uint8Array.from(groups), wordForms(folder, WRITTEN, random))
}

function textsOf(documents: readonly LabelledDocument[]): string[] {
  return documents.map(({ text }) => text)
}

function isGerman(source: string): boolean {
  return /\.de(?:-|$)/u.test(source)
}

function trainingSet(
  folder: string,
  documents: readonly LabelledDocument[],
  lexicon: LexiconTables,
  random: SeededRandom,
): TrainingSet {
  const set = new TrainingSet(new Lexicon(lexicon), Number(options.institutions) > 0)
  for (const document of documents) {
    set.add(document)
    for (const copy of recased(document, random)) set.add(copy)
  }
  for (const file of readUnlabelled(join(folder, 'unlabelled'), Number(options.unlabelled), random)) {
    for (const sentence of file.sentences) set.addUnlabelled(sentence, file.language)
  }
  console.error(`${documents.length} documents, ${set.tokenCount} tokens, ${set.featureCount} features`)
  set.prune(Number(options.least))
  console.error(`${set.featureCount} features occur ${options.least} times or more`)
  return set
}

function train(folder: string): void {
  const random = new SeededRandom(Number(options.seed))
  const lexicon = lexiconOf(folder, new SeededRandom(FORMS_SEED))
  console.error(`lexicon: ${lexicon.keys.length} entries, ${lexicon.masks.length} kinds of them`)
  const documents = documentsFor(folder, random)
  const set = trainingSet(folder, documents, lexicon, random)
  const weightBits = Number(options.bits)
  const trained = trainCrf(
    set,
    {
      weightBits,
      epochs: Number(options.epochs),
      rate: Number(options.rate),
      wordDropout: Number(options.drop),
      featureDropout: Number(options.noise),
      snapshots: Number(options.snapshots),
      onEpoch: (epoch, likelihood, seconds) => {
        console.error(
          `epoch ${epoch}: log-likelihood ${likelihood.toFixed(5)} per token, ${seconds.toFixed(0)} s`,
        )
      },
    },
    random,
  )
  const contents = { weightBits, trained, lexicon, biases: biasRows() }
  writeModel(encodeModel(contents, Number(options.steps)), documents, set.tokenCount)
}

function writeModel(file: Uint8Array, documents: readonly LabelledDocument[], tokens: number): void {
  const sources = new Set(documents.map((document) => document.source))
  const manifest = manifestOf({
    file,
    command: commandLine(),
    seed: Number(options.seed),
    sources: [...sources].filter((source) => !source.startsWith('generated')),
    usesUnlabelled: Number(options.unlabelled) > 0,
    tokens,
    biases: RECALL_BIASES,
  })
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(options.out, file)
  writeFileSync(options.out.replace(/\.bin$/u, '.json'), manifest)
  console.error(`${options.out}: ${file.length} bytes`)
}

/** What to type to get the same file: every option that matters, without the folder. */
function commandLine(): string {
  const { data: _, out: __, cache: ___, ...rest } = options
  const given = Object.entries(rest).filter(([, value]) => value !== '')
  return `tsx bench/train/ner/index.ts ${given.map(([name, value]) => `--${name} ${value}`).join(' ')}`
}

if (options.data === undefined) {
  console.error('usage: tsx bench/train/ner/index.ts --data DIR')
  process.exitCode = 2
} else train(options.data)
