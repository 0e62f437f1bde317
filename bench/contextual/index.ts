/** Measures what a local model adds as the third detector: recall, precision, and time, by model and labelled set. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  CONTEXTUAL_PROMPT_ID,
  createDetectors,
  detectContextual,
  type Finding,
} from '../../detectors/index.ts'
import { createHttpModel, type HttpModel } from '../../proxy/local/index.ts'
import { countDocument, type GoldDocument, noCounts, scoresOf, type TypedSpan } from '../detect/score.ts'
import { readSets } from '../detect/sets.ts'

/** One line for the list of benchmarks. */
export const about = 'what a local model finds that patterns and names do not, by model'

const USAGE = `npm run bench -- contextual --base-url URL --data DIR [options]
  --base-url URL      any OpenAI-compatible server, such as http://127.0.0.1:8000/v1
  --models A,B        names to ask it for (default: all that it lists)
  --data DIR          holds dev/ and measure-only/ as for the benchmark detect (or CLOAKROOM_DATA)
  --sets A,B          sets whose names begin so (default: all)
  --documents N       the first N of each set (default: 50)
  --timeout-ms N      for one document (default: 60000)
  --api-key-env NAME  the variable with the server's key, if it wants one
  --out FILE          where the JSON goes (default: bench/results/contextual.json)`

/** One model on one set. */
export interface ContextualRow {
  readonly model: string
  readonly set: string
  readonly documents: number
  /** Documents that the model did not read: a failed window, or out of time. */
  readonly failed: number
  readonly recallWithout: number | null
  readonly recallWith: number | null
  readonly precisionWithout: number | null
  readonly precisionWith: number | null
  readonly msPerKb: number
}

/** Runs the benchmark; 0 when it ran, 1 when the server has no model, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'base-url': { type: 'string' },
      models: { type: 'string', default: '' },
      data: { type: 'string', default: process.env.CLOAKROOM_DATA ?? '' },
      sets: { type: 'string', default: '' },
      documents: { type: 'string', default: '50' },
      'timeout-ms': { type: 'string', default: '60000' },
      'api-key-env': { type: 'string' },
      out: { type: 'string', default: join(import.meta.dirname, '../results/contextual.json') },
      help: { type: 'boolean', default: false },
    },
  })
  const baseUrl = values['base-url']
  if (values.help || baseUrl === undefined || values.data === '') {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const list = (text: string) => text.split(',').filter((name) => name !== '')
  const keyName = values['api-key-env']
  const server = { baseUrl, apiKey: keyName === undefined ? null : (process.env[keyName] ?? null) }
  const names = values.models === '' ? await listModels(server) : list(values.models)
  if (names.length === 0) {
    console.error('the server lists no model: name one with --models')
    return 1
  }
  const rows: ContextualRow[] = []
  console.log(`prompt ${CONTEXTUAL_PROMPT_ID}\n${HEADING}`)
  for (const name of names) {
    const model = createHttpModel({ ...server, model: name, timeoutMs: Number(values['timeout-ms']) })
    for (const set of readSets(values.data, list(values.sets))) {
      const documents = set.documents.slice(0, Number(values.documents))
      const row = await measureModel(model, set.name, documents, Number(values['timeout-ms']))
      rows.push(row)
      console.log(render(row))
    }
    await model.close()
  }
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(values.out, `${JSON.stringify({ prompt: CONTEXTUAL_PROMPT_ID, rows }, null, 2)}\n`)
  return 0
}

/** The ids a server lists under `/models`; none where it cannot be asked. */
async function listModels(server: { readonly baseUrl: string; readonly apiKey: string | null }) {
  const model = createHttpModel({ ...server, model: 'any' })
  try {
    return await model.models(AbortSignal.timeout(10_000))
  } catch {
    // Said by the caller: a server that lists none is asked for one by name.
    return []
  } finally {
    await model.close()
  }
}

/** Measures one model on some documents, one after the other. */
export async function measureModel(
  model: Pick<HttpModel, 'name' | 'ask'>,
  set: string,
  documents: readonly GoldDocument[],
  timeoutMs: number,
): Promise<ContextualRow> {
  const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] })
  const without = noCounts()
  const together = noCounts()
  let failed = 0
  let milliseconds = 0
  let bytes = 0
  for (const document of documents) {
    const { findings } = detectors.detect(document.text)
    const begun = performance.now()
    const more = await detectContextual([document.text], {
      ask: (request, signal) => model.ask(request, signal),
      signal: AbortSignal.timeout(timeoutMs),
    })
    milliseconds += performance.now() - begun
    bytes += Buffer.byteLength(document.text)
    if (more.status !== 'ok') failed += 1
    countDocument(without, document, findings.map(asSpan))
    countDocument(together, document, [...findings, ...added(findings, more.findings[0] ?? [])].map(asSpan))
  }
  const [before, after] = [scoresOf(without), scoresOf(together)]
  return {
    model: model.name,
    set,
    documents: documents.length,
    failed,
    recallWithout: before.privacyRecall,
    recallWith: after.privacyRecall,
    precisionWithout: before.characterPrecision,
    precisionWith: after.characterPrecision,
    msPerKb: milliseconds / Math.max(1, bytes / 1024),
  }
}

/** The third layer only adds: what overlaps a finding of the others is theirs. */
function added(known: readonly Finding[], more: readonly Finding[]): readonly Finding[] {
  return more.filter(({ span }) =>
    known.every((other) => other.span.end <= span.start || other.span.start >= span.end),
  )
}

function asSpan({ span, entity }: Finding): TypedSpan {
  return { start: span.start, end: span.end, type: entity }
}

const HEADING = `${'model'.padEnd(28)}${'set'.padEnd(22)} texts failed  recall   gain    prec  change   ms/KB`

function render(row: ContextualRow): string {
  const percent = (value: number | null): string =>
    (value === null ? '-' : (100 * value).toFixed(1)).padStart(8)
  const change = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : to - from
  return [
    row.model.padEnd(28),
    row.set.padEnd(22),
    String(row.documents).padStart(6),
    String(row.failed).padStart(7),
    percent(row.recallWith),
    percent(change(row.recallWithout, row.recallWith)),
    percent(row.precisionWith),
    percent(change(row.precisionWithout, row.precisionWith)),
    row.msPerKb.toFixed(0).padStart(8),
  ].join('')
}
