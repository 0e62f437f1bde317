/** Measures detection on labelled sets: privacy recall, character precision, leak rate and F1, by set. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RECALL_LEVELS } from '../../detectors/ner/index.ts'
import { countFields, type FieldCounts, fieldScoresOf, noFieldCounts } from './field-scores.ts'
import { type Counts, countDocument, noCounts, scoresOf, type TypedSpan } from './score.ts'
import { type LabelledSet, readSets } from './sets.ts'
import { measureSpeed } from './speed.ts'
import { createSystem, type System } from './systems.ts'

/** One line for the list of benchmarks. */
export const about = 'what is found in labelled texts, by set and layer'

const SHIPPED_MODEL = join(import.meta.dirname, '../../detectors/data/ner-model.bin')

const USAGE = `npm run bench -- detect --data DIR [options]
  --data DIR          holds dev/ and measure-only/ with one JSON object a line: {text, spans, scope?, lang?}
  --sets A,B          sets whose names begin so (default: all)
  --layers X,Y        systems of parts joined by +, of: pattern, ner, compromise
                      (default: pattern,ner,pattern+ner,compromise,pattern+compromise);
                      or openredaction, redact-pii, which are installed with
                      npm install --ignore-scripts --prefix bench/detect/rivals
  --recall LEVEL      ${RECALL_LEVELS.join(', ')} (default: high)
  --model FILE        instead of the shipped model
  --speed             only the tagger's speed: load time, tokens a second, memory
  --types             also recall by entity type
  --out FILE          where the JSON goes (default: bench/results/detect.json)`

interface Row {
  readonly set: string
  readonly languages: readonly string[]
  readonly system: string
  readonly counts: Counts
  readonly fields: FieldCounts
  readonly milliseconds: number
}

/** Runs the benchmark; 0 when it ran, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      sets: { type: 'string', default: '' },
      layers: { type: 'string', default: 'pattern,ner,pattern+ner,compromise,pattern+compromise' },
      recall: { type: 'string', default: 'high' },
      model: { type: 'string' },
      types: { type: 'boolean', default: false },
      speed: { type: 'boolean', default: false },
      out: { type: 'string', default: join(import.meta.dirname, '../results/detect.json') },
      help: { type: 'boolean', default: false },
    },
  })
  const recall = RECALL_LEVELS.find((level) => level === values.recall)
  if (values.help || values.data === undefined || recall === undefined) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const options = { recall, modelPath: values.model ?? null }
  const systems = values.layers.split(',').map((name) => createSystem(name, options))
  const sets = readSets(
    values.data,
    values.sets.split(',').filter((name) => name !== ''),
  )
  if (values.speed) {
    const speed = measureSpeed(options.modelPath ?? SHIPPED_MODEL, sets)
    console.log(
      `load ${speed.loadMs.toFixed(0)} ms, ${speed.tokensPerSecond.toFixed(0)} tokens/s, ${speed.memoryMiB.toFixed(0)} MiB`,
    )
    return 0
  }
  if (sets.length === 0) {
    console.error('no sets there: DIR holds the folders dev/ and measure-only/')
    return 2
  }
  console.log(heading())
  const rows: Row[] = []
  for (const set of sets) for (const system of systems) rows.push(await measure(set, system, values.types))
  writeResults(values.out, rows)
  return 0
}

async function measure(set: LabelledSet, system: System, withTypes: boolean): Promise<Row> {
  const counts = noCounts()
  const fields = noFieldCounts()
  const begun = performance.now()
  const found: (readonly TypedSpan[])[] = []
  for (const document of set.documents) found.push(await system.find(document.text))
  const milliseconds = performance.now() - begun
  for (const [n, document] of set.documents.entries()) {
    countDocument(counts, document, found[n] ?? [])
    countFields(fields, document, found[n] ?? [])
  }
  const row = { set: set.name, languages: set.languages, system: system.name, counts, fields, milliseconds }
  console.log(line(row))
  if (withTypes) {
    for (const [type, { spans, leaking, characters, covered }] of [...counts.byType].sort()) {
      console.log(
        `    ${type.padEnd(20)} ${String(spans).padStart(6)} spans, recall ${percent(covered / characters)}, leak ${percent(leaking / spans)}`,
      )
    }
  }
  return row
}

function heading(): string {
  return `${'set'.padEnd(22)}${'lang'.padEnd(6)}${'layers'.padEnd(20)}  recall    prec    leak  charF1  charF2  spanF1  spanF2  wordF2 wholeF2`
}

function line(row: Row): string {
  const scores = scoresOf(row.counts)
  const fields = fieldScoresOf(row.fields)
  const cells = [
    scores.privacyRecall,
    scores.characterPrecision,
    scores.leakRate,
    scores.f1,
    scores.f2,
    scores.spanF1,
    scores.spanF2,
    fields.wordF2,
    fields.wholeSpanF2,
  ]
  const name = row.set.padEnd(22) + row.languages.join(' ').slice(0, 5).padEnd(6) + row.system.padEnd(20)
  return name + cells.map((cell) => percent(cell).padStart(8)).join('')
}

function percent(value: number | null): string {
  return value === null ? '-' : (100 * value).toFixed(1).padStart(5)
}

function writeResults(path: string, rows: readonly Row[]): void {
  mkdirSync(join(path, '..'), { recursive: true })
  const results = rows.map(({ set, languages, system, counts, fields, milliseconds }) => ({
    set,
    languages,
    system,
    ...scoresOf(counts),
    ...fieldScoresOf(fields),
    spans: counts.spans,
    milliseconds: Math.round(milliseconds),
    types: Object.fromEntries(counts.byType),
  }))
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
}
