/** Many streamed requests through one process: whether its memory stays, and how fast it lets go of a cloud. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chatSteps, head, httpChunk } from '../../proxy/demo/chat-script.ts'
import {
  type CloudRequest,
  type CloudStep,
  type FakeCloud,
  startFakeCloud,
} from '../../proxy/demo/fake-cloud.ts'

/** One line for the list of benchmarks. */
export const about = 'memory over many streamed requests, and how soon a client that leaves frees the cloud'

const USAGE = 'npm run bench -- soak [--requests 10000] [--connections 8] [--aborts 50]'
const STEPS = 10
/** Different prompts; they come again, so that what is remembered of each text does not count as growth. */
const PROMPTS = 200

const POLICY = {
  version: 1,
  policy: 'bench',
  revision: '1',
  destinations: { cloud: { kind: 'cloud', provider: 'cloud', model: 'bench-model' } },
  guards: [],
  routes: [],
  default: { to: ['cloud'] },
}

interface Memory {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
}

/** Runs it. Prints tables and writes bench/results/soak.json; 0 when memory stayed and every abort was prompt. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '8' },
      aborts: { type: 'string', default: '50' },
      help: { type: 'boolean', default: false },
    },
  })
  const [requests, connections, aborts] = [values.requests, values.connections, values.aborts].map(Number)
  if (values.help || !requests || !connections || aborts === undefined || Number.isNaN(aborts)) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-bench-'))
  const cloud = await startFakeCloud(answer)
  const child = startProxy(folder, cloud.url)
  try {
    const url = await nextMessage<string>(child, 'url')
    const memory = await soak(child, url, requests, connections)
    const growth = growthOf(memory)
    const times = await abortTimes(cloud, url, aborts)
    const median = times[Math.floor(times.length / 2)] ?? 0
    console.log(`\nRSS of the last third over that of the second: ${(growth * 100).toFixed(1)} %`)
    console.log(
      `a client leaves, the cloud's connection closes: median ${median.toFixed(0)} ms, worst ${(times.at(-1) ?? 0).toFixed(0)} ms of ${times.length}`,
    )
    mkdirSync(join(import.meta.dirname, '../results'), { recursive: true })
    writeFileSync(
      join(import.meta.dirname, '../results/soak.json'),
      `${JSON.stringify({ memory, growth, abortMs: times }, null, 2)}\n`,
    )
    return growth < 0.1 && median <= 250 ? 0 : 1
  } finally {
    child.disconnect()
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Repeats the placeholders it finds, or goes on for ever where it is asked to. */
function answer(request: CloudRequest): readonly CloudStep[] | AsyncIterable<CloudStep> {
  const text = request.raw.toString('utf8')
  if (text.includes('endless')) return endless()
  const placeholders = text.match(/[A-Z_]{3,20}_[0-9A-Z]{5}/g) ?? []
  return chatSteps(
    request,
    [{ content: `Dear ${placeholders.join(', ')}: thank you for writing. `.repeat(4) }],
    { pieceLength: 12 },
  )
}

async function* endless(): AsyncGenerator<CloudStep> {
  yield { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) }
  const choices = [{ index: 0, delta: { content: 'and so on ' }, finish_reason: null }]
  const event = `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
  for (;;) {
    yield { send: httpChunk(Buffer.from(event)) }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function startProxy(folder: string, cloudUrl: string): ChildProcess {
  const rules = join(folder, 'rules.yaml')
  const file = join(folder, 'cloakroom.yaml')
  writeFileSync(rules, JSON.stringify(POLICY))
  const cloud = [{ name: 'cloud', base_url: cloudUrl }]
  writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', data_dir: join(folder, 'data'), rules, cloud }))
  return fork(join(import.meta.dirname, 'child.ts'), [file], {
    execArgv: [...process.execArgv, '--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

function nextMessage<T>(child: ChildProcess, field: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`the proxy of the benchmark ended with ${code}`))
    child.once('exit', ended)
    child.on('message', function read(message: Record<string, T>) {
      if (message[field] === undefined) return
      child.off('message', read)
      child.off('exit', ended)
      resolve(message[field])
    })
  })
}

function bodyOf(number: number): string {
  const who = number % PROMPTS
  const content = `Please write to customer${who}@example.com, card 4111 1111 1111 1111, about order ${who}. Call +1 212 555 0${100 + (who % 100)}.`
  return JSON.stringify({ model: 'cloakroom-auto', stream: true, messages: [{ role: 'user', content }] })
}

const HEADERS = { 'content-type': 'application/json' }

async function soak(
  child: ChildProcess,
  url: string,
  requests: number,
  connections: number,
): Promise<readonly Memory[]> {
  const memory: Memory[] = []
  let sent = 0
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1).padStart(9)
  console.log(
    `${'requests'.padStart(9)}${'RSS MiB'.padStart(10)}${'heap MiB'.padStart(10)}${'external'.padStart(10)}`,
  )
  for (let step = 1; step <= STEPS; step += 1) {
    const until = Math.round((requests * step) / STEPS)
    const worker = async (): Promise<void> => {
      while (sent < until) {
        const response = await fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: HEADERS,
          body: bodyOf(sent++),
        })
        const text = await response.text()
        if (!text.includes('[DONE]')) throw new Error(`a request ended with ${response.status}`)
      }
    }
    await Promise.all(Array.from({ length: connections }, worker))
    child.send('memory')
    const now = await nextMessage<Memory>(child, 'memory')
    memory.push(now)
    console.log(`${String(sent).padStart(9)} ${mib(now.rss)} ${mib(now.heapUsed)} ${mib(now.external)}`)
  }
  return memory
}

/** The first third warms up: code is compiled, and what is remembered is filled. */
function growthOf(memory: readonly Memory[]): number {
  const mean = (part: readonly Memory[]): number =>
    part.reduce((sum, { rss }) => sum + rss, 0) / Math.max(1, part.length)
  const third = Math.floor(memory.length / 3)
  const before = mean(memory.slice(third, -third))
  return mean(memory.slice(-third)) / before - 1
}

/** How long after the client leaves the connection to the cloud is closed, in ms, ascending. */
async function abortTimes(cloud: FakeCloud, url: string, count: number): Promise<readonly number[]> {
  const times: number[] = []
  // Idle connections of the requests before must not be taken for one that was let go.
  while (cloud.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  const messages = [{ role: 'user', content: 'an endless answer, please' }]
  const body = JSON.stringify({ model: 'cloakroom-auto', stream: true, messages })
  for (let index = 0; index < count; index += 1) {
    const controller = new AbortController()
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: HEADERS,
      body,
      signal: controller.signal,
    })
    const reader = response.body?.getReader()
    await reader?.read()
    const closed = cloud.nextClose()
    const left = performance.now()
    controller.abort()
    await closed
    times.push(performance.now() - left)
  }
  return times.sort((a, b) => a - b)
}
