/**
 * Trains the name recogniser: `npx tsx bench/train/ner/index.ts --data DIR [--out FILE] [--epochs N] [--bits N]
 * [--rate X] [--drop X] [--least N] [--without SOURCE,…] [--only SOURCE,…]`. DIR holds `train/` and `lists/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Lexicon } from '../../../detectors/ner/lexicon.ts'
import { RECALL_LEVELS } from '../../../detectors/ner/model-file.ts'
import { readCorpus } from './corpus.ts'
import { trainCrf } from './crf.ts'
import { TrainingSet } from './examples.ts'
import { buildLexicon } from './lists.ts'
import { manifestOf } from './manifest.ts'
import { encodeModel } from './model-writer.ts'
import { SeededRandom } from './random.ts'
import { RECALL_BIASES } from './recall-biases.ts'
import { recased } from './recase.ts'
import { generateDocuments } from './synthetic/generate.ts'
import { readUnlabelled } from './unlabelled.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'detectors/data/ner-model.bin' },
    epochs: { type: 'string', default: '6' },
    bits: { type: 'string', default: '22' },
    rate: { type: 'string', default: '0.2' },
    drop: { type: 'string', default: '0.1' },
    least: { type: 'string', default: '2' },
    generate: { type: 'string', default: '2500' },
    unlabelled: { type: 'string', default: '0.3' },
    seed: { type: 'string', default: '20261121' },
    without: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
})

function train(folder: string): void {
  const random = new SeededRandom(Number(options.seed))
  const lexicon = buildLexicon(join(folder, 'lists'))
  console.error(`lexicon: ${lexicon.entries.size} entries`)
  const set = new TrainingSet(
    new Lexicon(Int32Array.from(lexicon.entries.keys()), Int32Array.from(lexicon.entries.values())),
  )
  const named = (list: string, source: string): boolean =>
    list.split(',').some((name) => name !== '' && source.startsWith(name))
  const documents = readCorpus(
    join(folder, 'train'),
    (source) => !named(options.without, source) && (options.only === '' || named(options.only, source)),
  )
  documents.push(...generateDocuments(join(folder, 'lists'), Number(options.generate), random))
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
  const weightBits = Number(options.bits)
  const trained = trainCrf(
    set,
    {
      weightBits,
      epochs: Number(options.epochs),
      rate: Number(options.rate),
      wordDropout: Number(options.drop),
      onEpoch: (epoch, likelihood, seconds) => {
        console.error(
          `epoch ${epoch}: log-likelihood ${likelihood.toFixed(5)} per token, ${seconds.toFixed(0)} s`,
        )
      },
    },
    random,
  )
  const biases = Float32Array.from(RECALL_LEVELS.flatMap((level) => RECALL_BIASES[level]))
  const file = encodeModel({ weightBits, trained, entries: lexicon.entries, biases })
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(options.out, file)
  const manifest = manifestOf({
    file,
    command: `tsx bench/train/ner/index.ts --epochs ${options.epochs} --bits ${options.bits} --rate ${options.rate} --drop ${options.drop} --least ${options.least}`,
    seed: Number(options.seed),
    sources: [...new Set(documents.map((document) => document.source))].filter(
      (source) => !source.startsWith('generated'),
    ),
    usesUnlabelled: true,
    tokens: set.tokenCount,
    biases: RECALL_BIASES,
  })
  writeFileSync(options.out.replace(/\.bin$/u, '.json'), manifest)
  console.error(`${options.out}: ${file.length} bytes`)
}

if (options.data === undefined) {
  console.error('usage: tsx bench/train/ner/index.ts --data DIR')
  process.exitCode = 2
} else train(options.data)
