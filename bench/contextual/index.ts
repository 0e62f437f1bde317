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
import { createHttpModel, type HttpModel, LocalModelError } from '../../proxy/local/index.ts'
import { countDocument, type GoldDocument, noCounts, scoresOf, type TypedSpan } from '../detect/score.ts'
import { type LabelledSet, readSets } from '../detect/sets.ts'

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

/** How it is to be run. */
interface Settings {
  readonly server: { readonly baseUrl: string; readonly apiKey: string | null }
  readonly models: readonly string[]
  readonly sets: readonly LabelledSet[]
  readonly timeoutMs: number
  readonly out: string
}

/** Runs the benchmark; 0 when it ran, 1 when the server cannot be reached or has no model, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const settings = readSettings(args)
  if (typeof settings === 'number') return settings
  const names = settings.models.length > 0 ? settings.models : await listModels(settings.server)
  if (names === null) return 1
  const rows: ContextualRow[] = []
  console.log(`prompt ${CONTEXTUAL_PROMPT_ID}\n${HEADING}`)
  for (const name of names) {
    const model = createHttpModel({ ...settings.server, model: name, timeoutMs: settings.timeoutMs })
    await model.probe()
    if (model.status() !== 'ok') {
      await model.close()
      console.error('the model server cannot be reached, or is still loading: is --base-url right?')
      return 1
    }
    for (const { name: set, documents } of settings.sets) {
      const row = await measureModel(model, set, documents, settings.timeoutMs, showProgress(name, set))
      rows.push(row)
      console.log(render(row))
    }
    await model.close()
  }
  mkdirSync(dirname(settings.out), { recursive: true })
  writeFileSync(settings.out, `${JSON.stringify({ prompt: CONTEXTUAL_PROMPT_ID, rows }, null, 2)}\n`)
  return 0
}

const OPTIONS = {
  'base-url': { type: 'string' },
  models: { type: 'string', default: '' },
  data: { type: 'string', default: process.env.CLOAKROOM_DATA ?? '' },
  sets: { type: 'string', default: '' },
  documents: { type: 'string', default: '50' },
  'timeout-ms': { type: 'string', default: '60000' },
  'api-key-env': { type: 'string' },
  out: { type: 'string', default: join(import.meta.dirname, '../results/contextual.json') },
  help: { type: 'boolean', default: false },
} as const

/** What the arguments say, or the exit code: everything that is wrong with them is said before anybody is asked. */
function readSettings(args: readonly string[]): Settings | number {
  const values = parsed(args)
  if (values === null) return wrong('unknown option or a missing value')
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const baseUrl = values['base-url']
  if (baseUrl === undefined || !URL.canParse(baseUrl) || !/^https?:/u.test(baseUrl))
    return wrong('--base-url must be an http or https address, such as http://127.0.0.1:8000/v1')
  if (values.data === '') return wrong('--data is missing, and CLOAKROOM_DATA is not set')
  const [documents, timeoutMs] = [Number(values.documents), Number(values['timeout-ms'])]
  if (![documents, timeoutMs].every((n) => Number.isInteger(n) && n > 0))
    return wrong('--documents and --timeout-ms must be whole numbers above 0')
  const keyName = values['api-key-env']
  const apiKey = keyName === undefined ? null : process.env[keyName]
  if (apiKey === undefined || apiKey === '') return wrong('the variable that --api-key-env names is not set')
  const sets = readSets(values.data, listOf(values.sets))
  if (sets.length === 0)
    return wrong(
      'there is no such set: JSONL files are looked for in dev/ and measure-only/ of the data folder',
    )
  return {
    server: { baseUrl, apiKey },
    models: listOf(values.models),
    sets: sets.map((set) => ({ ...set, documents: set.documents.slice(0, documents) })),
    timeoutMs,
    out: values.out,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch {
    // Said in our own words: the message quotes what was typed.
    return null
  }
}

function wrong(what: string): number {
  console.error(`${what}\n\n${USAGE}`)
  return 2
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((name) => name !== '')
}

/** The ids that a server lists under `/models`; null, with the reason said, where there are none. */
async function listModels(server: Settings['server']): Promise<readonly string[] | null> {
  const model = createHttpModel({ ...server, model: 'any' })
  try {
    const names = await model.models(AbortSignal.timeout(10_000))
    if (names.length > 0) return names
    console.error('the server lists no model: name one with --models')
  } catch (error) {
    const why = error instanceof LocalModelError ? error.message : 'the model server cannot be asked'
    console.error(
      `${why}: is --base-url right, with its version path? A server without a list needs --models`,
    )
  } finally {
    await model.close()
  }
  return null
}

/** Says how far it is: on one line of a terminal, else every tenth text. */
function showProgress(model: string, set: string): Progress {
  const { stderr } = process
  return (done, of, failed) => {
    const line = `${model}, ${set}: ${done} of ${of} texts, ${failed} failed`
    if (stderr.isTTY) stderr.write(done < of ? `\r\u001b[2K${line}` : '\r\u001b[2K')
    else if (done % 10 === 0 && done < of) stderr.write(`${line}\n`)
  }
}

/** Called after each text. */
type Progress = (done: number, of: number, failed: number) => void

/** Measures one model on some documents, one after the other. */
export async function measureModel(
  model: Pick<HttpModel, 'name' | 'ask'>,
  set: string,
  documents: readonly GoldDocument[],
  timeoutMs: number,
  progress: Progress = () => undefined,
): Promise<ContextualRow> {
  const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] })
  const without = noCounts()
  const together = noCounts()
  let failed = 0
  let milliseconds = 0
  let bytes = 0
  for (const [i, document] of documents.entries()) {
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
    // As the proxy does: what sticks out of a finding of the other layers is masked as well.
    countDocument(together, document, [...findings, ...(more.findings[0] ?? [])].map(asSpan))
    progress(i + 1, documents.length, failed)
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
