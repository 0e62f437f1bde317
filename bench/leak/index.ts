/**
 * What leaves and what comes back. Requests: invented identities at every place of every endpoint, through a running
 * proxy to a cloud that keeps every byte. Streams: scripts with placeholders in every lane, cut at every byte.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../../proxy/config/load.ts'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type CloudRequest, type CloudStep, startFakeCloud } from '../../proxy/demo/fake-cloud.ts'
import { startCloakroom } from '../../proxy/main.ts'
import { createVault, restoreText, type Vault } from '../../restore/index.ts'
import { findPlanted } from '../../test/support/planted.ts'
import { responsesSteps } from '../../test/support/responses-script.ts'
import { completionSteps, embeddingSteps } from '../../test/support/text-script.ts'
import { play } from './play.ts'
import { type StreamScript, streamScripts, TOLERATED, type Words } from './scripts.ts'
import { leakShapes, type Shape } from './shapes.ts'

/** One line for the list of benchmarks. */
export const about = 'what leaves of planted identities, and whether streams cut anywhere come back exact'

const USAGE = `npm run bench -- leak [--only requests|streams] [--step N] [--verbose]
  --step N   cut streams at every Nth byte (default: 1, every byte)`

/** Everything to the cloud; without sanitising only to show that what would leave is seen. */
const policy = (sanitise: boolean): string => `
version: 1
policy: bench
revision: "1"
destinations:
  cloud:
    kind: cloud
    provider: cloud
    model: bench-model
    sanitise: ${sanitise}
    endpoints: [chat, responses, completions, embeddings]
guards: []
routes: []
default: { to: [cloud] }
`

/** Runs it: 0 when nothing leaked and every stream was exact, 1 otherwise, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      step: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const step = Number(values.step)
  const known = values.only === undefined || values.only === 'requests' || values.only === 'streams'
  if (values.help || !known || !Number.isInteger(step) || step < 1) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const requests = values.only === 'streams' ? null : await measureBoth(values.verbose)
  const streams = values.only === 'requests' ? null : await measureStreams(step, values.verbose)
  mkdirSync(join(import.meta.dirname, '../results'), { recursive: true })
  const file = join(import.meta.dirname, '../results/leak.json')
  writeFileSync(file, `${JSON.stringify({ requests, streams }, null, 2)}\n`)
  const leaked = requests?.sanitised.total.leaked ?? 0
  const wrong = (streams?.plays ?? 0) - (streams?.exact ?? 0) + (streams?.wrongValues ?? 0)
  return leaked + wrong === 0 ? 0 : 1
}

interface RequestRow {
  readonly endpoint: string
  shapes: number
  leaked: number
  legitimate: number
  served: number
}

interface RequestResults {
  readonly rows: readonly RequestRow[]
  readonly total: RequestRow
  /** Names of shapes that leaked, and of legitimate ones that were not served. */
  readonly leaks: readonly string[]
  readonly refused: readonly string[]
}

function answer(request: CloudRequest): readonly CloudStep[] {
  if (request.path.endsWith('/responses')) return responsesSteps(request, [{ text: 'ok' }])
  if (request.path.endsWith('/chat/completions')) return chatSteps(request, [{ content: 'ok' }])
  return request.path.endsWith('/embeddings') ? embeddingSteps(request) : completionSteps(request, ['ok'])
}

/** The search for values must be able to fail: without sanitising nearly every shape leaks. */
async function measureBoth(
  verbose: boolean,
): Promise<{ readonly sanitised: RequestResults; readonly leakedWithoutSanitising: number }> {
  const sanitised = reportRequests(await measureRequests(true, verbose))
  const control = await measureRequests(false, false)
  const leaked = control.filter((result) => result.leaked).length
  console.log(`control: without sanitising ${leaked} of ${control.length} shapes leak`)
  return { sanitised, leakedWithoutSanitising: leaked }
}

interface ShapeResult {
  readonly shape: Shape
  readonly status: number
  readonly leaked: boolean
}

async function measureRequests(sanitise: boolean, verbose: boolean): Promise<readonly ShapeResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-bench-'))
  const cloud = await startFakeCloud(answer)
  const file = join(folder, 'cloakroom.yaml')
  const rules = join(folder, 'rules.yaml')
  writeFileSync(rules, policy(sanitise))
  const config = {
    listen: '127.0.0.1:0',
    data_dir: join(folder, 'data'),
    rules,
    cloud: [{ name: 'cloud', base_url: cloud.url, api_key_env: 'BENCH_KEY' }],
  }
  writeFileSync(file, JSON.stringify(config))
  const proxy = await startCloakroom(loadConfig(file, { BENCH_KEY: 'bench' }, folder), {
    // The control runs into the last check on purpose, again and again.
    logSink: () => undefined,
  })
  try {
    const results: ShapeResult[] = []
    for (const shape of leakShapes()) {
      const before = cloud.requests.length
      const response = await fetch(`${proxy.url}${shape.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...shape.headers },
        body: JSON.stringify(shape.body),
      })
      await response.text()
      const leaked = cloud.requests.slice(before).some(({ raw }) => leaks(raw, shape))
      if (verbose) console.error(`${leaked ? 'LEAK ' : ''}${response.status} ${shape.name}`)
      results.push({ shape, status: response.status, leaked })
    }
    return results
  } finally {
    await proxy.close()
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether a planted value is in the bytes: in any encoding, or as the shape wrote it. */
function leaks(raw: Buffer, { traces }: Shape): boolean {
  if (findPlanted(raw).length > 0) return true
  const text = raw.toString('utf8')
  return traces?.every((trace) => text.includes(JSON.stringify(trace).slice(1, -1))) === true
}

function reportRequests(results: readonly ShapeResult[]): RequestResults {
  const rows = new Map<string, RequestRow>()
  const empty = (endpoint: string): RequestRow => ({
    endpoint,
    shapes: 0,
    leaked: 0,
    legitimate: 0,
    served: 0,
  })
  const total = empty('all')
  const leaks: string[] = []
  const refused: string[] = []
  for (const { shape, status, leaked } of results) {
    const endpoint = shape.name.replace(/:.*/, '')
    const row = rows.get(endpoint) ?? empty(endpoint)
    rows.set(endpoint, row)
    for (const one of [row, total]) {
      one.shapes += 1
      if (leaked) one.leaked += 1
      if (shape.legitimate) one.legitimate += 1
      if (shape.legitimate && status === 200) one.served += 1
    }
    if (leaked) leaks.push(shape.name)
    if (shape.legitimate && status !== 200) refused.push(`${status} ${shape.name}`)
  }
  console.log('requests         shapes   leaked   legitimate   served')
  for (const { endpoint, shapes, leaked, legitimate, served } of [...rows.values(), total]) {
    const share = `${served} (${((100 * served) / Math.max(1, legitimate)).toFixed(1)} %)`
    console.log(
      `${endpoint.padEnd(15)}${String(shapes).padStart(8)}${String(leaked).padStart(9)}${String(legitimate).padStart(13)}   ${share}`,
    )
  }
  for (const name of leaks) console.log(`leaked: ${name}`)
  for (const name of refused) console.log(`not served: ${name}`)
  return { rows: [...rows.values()], total, leaks, refused }
}

interface StreamResults {
  readonly scripts: number
  readonly plays: number
  readonly exact: number
  /** Plays in which a value stood where its placeholder did not. */
  readonly wrongValues: number
  readonly tolerated: { readonly tried: number; readonly restored: number; readonly wrong: number }
  readonly inexact: readonly string[]
}

const VALUES = {
  person: 'Zoë "Zed" O\'Brien\n',
  mail: 'zoe@example.com',
  card: '4111 1111 1111 1111',
}

async function measureStreams(step: number, verbose: boolean): Promise<StreamResults> {
  const vault = createVault({ key: new Uint8Array(32), scope: 'bench' })
  const person = vault.issue('PERSON', VALUES.person)
  const mail = vault.issue('EMAIL', VALUES.mail)
  const card = vault.issue('CREDIT_CARD', VALUES.card)
  const same = { stray: 'PERSON_ZZZZZ', half: person.slice(0, -2) }
  const out: Words = { person, mail, card, ...same }
  const scripts = streamScripts(out, { ...VALUES, ...same })
  const counted = { plays: 0, exact: 0, wrongValues: 0 }
  const inexact: string[] = []
  for (const script of scripts) {
    const before = counted.exact
    const planned = counted.plays
    for (const chunks of cuts(script.bytes, step)) await playOnce(script, chunks, vault, counted)
    const failed = counted.plays - planned - (counted.exact - before)
    if (failed > 0) inexact.push(`${script.name}: ${failed}`)
    if (verbose) console.error(`${script.name}: ${counted.plays - planned} plays, ${failed} not exact`)
  }
  const tolerated = measureTolerated(vault)
  console.log('\nstreams    scripts     plays     exact   wrong values')
  console.log(
    `           ${String(scripts.length).padStart(7)}${String(counted.plays).padStart(10)}${String(counted.exact).padStart(10)}${String(counted.wrongValues).padStart(15)}`,
  )
  console.log(
    `changes that models make: ${tolerated.restored} of ${tolerated.tried} restored, ${tolerated.wrong} wrong values`,
  )
  for (const line of inexact) console.log(`not exact: ${line}`)
  return { scripts: scripts.length, ...counted, tolerated, inexact }
}

/** In two pieces at every byte, and in pieces of every small size. */
function* cuts(bytes: Buffer, step: number): Generator<readonly Uint8Array[]> {
  for (let at = 0; at <= bytes.length; at += step) yield [bytes.subarray(0, at), bytes.subarray(at)]
  for (let size = 1; size <= 16; size += 1) {
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
    yield chunks
  }
}

async function playOnce(
  script: StreamScript,
  chunks: readonly Uint8Array[],
  vault: Vault,
  counted: { plays: number; exact: number; wrongValues: number },
): Promise<void> {
  counted.plays += 1
  const texts = await play(script, chunks, vault).catch(() => ({}) as Record<string, string>)
  const lanes = Object.entries(script.expected)
  const isExact =
    lanes.every(([lane, text]) => (texts[lane] ?? '') === text) && Object.keys(texts).length <= lanes.length
  if (isExact) counted.exact += 1
  else if (lanes.some(([lane, text]) => occurrences(texts[lane] ?? '') > occurrences(text)))
    counted.wrongValues += 1
}

/** How often values of the request stand in a text. */
function occurrences(text: string): number {
  return Object.values(VALUES).reduce((sum, value) => sum + text.split(value.trim()).length - 1, 0)
}

function measureTolerated(vault: Vault): StreamResults['tolerated'] {
  const result = { tried: 0, restored: 0, wrong: 0 }
  for (const { placeholder, value } of vault.entries()) {
    for (const [, change] of TOLERATED) {
      for (const [before, behind] of [
        ['', ''],
        ['Dear ', ', hello'],
        ['(', ').'],
        ['\n- ', '\n'],
      ]) {
        result.tried += 1
        const text = restoreText(`${before}${change(placeholder)}${behind}`, vault, { allowedHosts: 'any' })
        if (text.includes(value)) result.restored += 1
        const others = Object.values(VALUES).filter((other) => other !== value)
        if (others.some((other) => text.includes(other))) result.wrong += 1
      }
    }
  }
  return result
}
