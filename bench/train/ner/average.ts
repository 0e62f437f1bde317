/**
 * The mean of models that were taught differently, which errs less than any of them:
 * `npx tsx bench/train/ner/average.ts MODEL MODEL… [--out FILE]`. They must share their word lists and recall biases;
 * the manifests beside them say how each was made, and the new one says it of all.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readModel } from '../../../detectors/ner/model-file.ts'
import { isKin, meanOf } from './model-mean.ts'
import { encodeModel } from './model-writer.ts'

const { values: options, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'detectors/data/ner-model.bin' } },
})

function average(): number {
  const models = paths.map((path) => readModel(readFileSync(path)))
  const [first] = models
  if (first === undefined || !models.every((model) => isKin(first, model))) {
    console.error('usage: tsx bench/train/ner/average.ts MODEL MODEL… (of the same word lists and biases)')
    return 2
  }
  const { weightBits, biases } = first
  const file = encodeModel({ weightBits, trained: meanOf(models), lexicon: first.lexicon.tables, biases })
  const manifests: Record<string, unknown>[] = paths.map((path) =>
    JSON.parse(readFileSync(path.replace(/\.bin$/u, '.json'), 'utf8')),
  )
  const manifest = {
    ...manifests[0],
    sha256: createHash('sha256').update(file).digest('hex'),
    bytes: file.length,
    built: [...manifests.map(({ built }) => built), 'tsx bench/train/ner/average.ts'],
    trainingTokens: manifests.map(({ trainingTokens }) => trainingTokens),
  }
  writeFileSync(options.out, file)
  writeFileSync(options.out.replace(/\.bin$/u, '.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  console.error(`${options.out}: ${file.length} bytes`)
  return 0
}

process.exitCode = average()
