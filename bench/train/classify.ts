/**
 * Trains the prompt classifier: `npx tsx bench/train/classify.ts --data DIR [--out FILE] [--measure | --by-source]`.
 * The same data give the same file, byte for byte. `--measure` prints figures on held-out data first; the shipped
 * weights are trained on all of it. `--by-source` only measures: each source by weights that saw none of it;
 * `--texts DIR` what the shipped weights take the texts of the benchmark detect for. The proxy needs none of this.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CLASSIFIER_ID } from '../../proxy/classify/index.ts'
import { loadCorpus, missingFiles, SOURCES } from './classify/corpus.ts'
import { evaluate, evaluateBySource, type Figure } from './classify/evaluate.ts'
import { prepare, trainPromptModel } from './classify/heads.ts'
import { domainsOfTexts } from './classify/texts.ts'

const DEFAULT_OUT = join(import.meta.dirname, '../../proxy/classify/prompt-v1.json')

function printFigures(figures: readonly Figure[]): void {
  for (const { name, n, values } of figures) {
    const parts = Object.entries(values).map(([key, value]) => `${key} ${value.toFixed(3)}`)
    console.log(`${name} (${n}): ${parts.join(', ')}`)
  }
}

function explainMissing(folder: string | undefined): void {
  console.error(
    'usage: npx tsx bench/train/classify.ts --data DIR [--out FILE] [--measure | --by-source]\n       … --texts DIR',
  )
  if (folder !== undefined && !existsSync(folder)) console.error(`there is no folder ${folder}`)
  console.error('\nthe folder must hold, as JSONL with the fields that bench/train/classify/corpus.ts reads:')
  const missing = folder === undefined ? Object.keys(SOURCES) : missingFiles(folder)
  for (const [file, source] of Object.entries(SOURCES)) {
    console.error(`  ${missing.includes(file) ? 'missing' : 'there  '}  ${file.padEnd(34)} ${source}`)
  }
}

function main(): number {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      out: { type: 'string', default: DEFAULT_OUT },
      measure: { type: 'boolean', default: false },
      'by-source': { type: 'boolean', default: false },
      texts: { type: 'string' },
    },
  })
  if (values.texts !== undefined) {
    printFigures(domainsOfTexts(values.texts))
    return 0
  }
  if (values.data === undefined || missingFiles(values.data).length > 0) {
    explainMissing(values.data)
    return 2
  }
  const examples = loadCorpus(values.data).map(prepare)
  if (values['by-source']) {
    printFigures(evaluateBySource(examples))
    return 0
  }
  if (values.measure) printFigures(evaluate(examples))
  const text = `${JSON.stringify(trainPromptModel(examples, CLASSIFIER_ID))}\n`
  writeFileSync(values.out, text)
  console.log(`${values.out}: ${text.length} bytes from ${examples.length} prompts`)
  return 0
}

process.exitCode = main()
