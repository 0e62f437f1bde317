/**
 * The mean of models that were taught differently, which errs less than any of them:
 * `npx tsx bench/train/ner/average.ts MODEL MODEL… [--out FILE]`. They must share their word lists; the recall biases are those of `recall-biases.ts`;
 * the manifests beside them say how each was made, and the new one says it of all.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readModel } from '../../../detectors/ner/model-file.ts'
import { isKin, meanOf } from './model-mean.ts'
import { encodeModel } from './model-writer.ts'
import { biasRows, RECALL_BIASES } from './recall-biases.ts'

const { values: options, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'detectors/data/ner-model.bin' } },
})

function average(): number {
  const models = paths.map((path) => readModel(readFileSync(path)))
  const [first] = models
  if (first === undefined || !models.every((model) => isKin(first, model))) {
    console.error('usage: tsx bench/train/ner/average.ts MODEL MODEL… (of the same word lists)')
    return 2
  }
  const { weightBits, lexicon } = first
  const file = encodeModel({
    weightBits,
    trained: meanOf(models),
    lexicon: lexicon.tables,
    biases: biasRows(),
  })
  const manifests: Record<string, unknown>[] = paths.map((path) =>
    JSON.parse(readFileSync(path.replace(/\.bin$/u, '.json'), 'utf8')),
  )
  const manifest = {
    ...manifests[0],
    sha256: createHash('sha256').update(file).digest('hex'),
    bytes: file.length,
    built: [...manifests.map(({ built }) => built), 'tsx bench/train/ner/average.ts'],
    recallBiases: RECALL_BIASES,
    trainingTokens: manifests.map(({ trainingTokens }) => trainingTokens),
  }
  writeFileSync(options.out, file)
  writeFileSync(options.out.replace(/\.bin$/u, '.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  console.error(`${options.out}: ${file.length} bytes`)
  return 0
}

process.exitCode = average()
