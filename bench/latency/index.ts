/** Requests per second and CPU time per request, beside a plain Node proxy that does nothing but JSON, in one run. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chatBody } from './bodies.ts'
import { load } from './load.ts'

export const about = 'requests per second and CPU per request beside a plain Node JSON proxy'

const POLICY = {
  version: 1,
  policy: 'bench',
  revision: '1',
  destinations: { cloud: { kind: 'cloud', provider: 'cloud', model: 'bench-model' } },
  guards: [],
  routes: [],
  default: { to: ['cloud'] },
}

interface Target {
  readonly name: string
  readonly url: string
  readonly child: ChildProcess
  body(): string
}

interface Sample {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
}

/** Runs it. Prints a table and writes bench/results/latency.json. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '32' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log('npm run bench -- latency [--seconds 3] [--rounds 5] [--connections 32]')
    return 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-bench-'))
  const children: ChildProcess[] = []
  try {
    const targets = await startTargets(folder, children)
    const samples = await measureAll(
      targets,
      Number(values.rounds),
      Number(values.seconds) * 1000,
      Number(values.connections),
    )
    report(targets, samples)
    return 0
  } finally {
    for (const child of children) child.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
}

const ROOT = join(import.meta.dirname, '../..')

/** Everything runs built, as `npm start` runs it: the loader for sources makes each function dearer. */
async function buildChild(): Promise<string> {
  execFileSync(process.execPath, [join(ROOT, 'esbuild.config.mjs')], { stdio: 'inherit' })
  const outfile = join(ROOT, 'bench/results/latency-child.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  return outfile
}

/** The options that `npm start` gives Node. */
function startOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string }
  }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

async function startTargets(folder: string, children: ChildProcess[]): Promise<Target[]> {
  const file = await buildChild()
  const start = async (role: string, argument: string): Promise<{ url: string; child: ChildProcess }> => {
    const child = fork(file, [role, argument], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: role === 'cloakroom' ? startOptions() : [],
    })
    children.push(child)
    return { url: await nextMessage(child, 'url'), child }
  }
  const upstream = await start('upstream', '')
  const plain = await start('plain', upstream.url)
  const configure = (name: string, ner: 'on' | 'off'): string => {
    const file = join(folder, `${name}.yaml`)
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(POLICY))
    const config = {
      listen: '127.0.0.1:0',
      data_dir: join(folder, name),
      rules: join(folder, 'rules.yaml'),
      cloud: [{ name: 'cloud', base_url: `${upstream.url}/v1` }],
      detectors: { ner },
    }
    writeFileSync(file, JSON.stringify(config))
    return file
  }
  const patterns = await start('cloakroom', configure('patterns', 'off'))
  const names = await start('cloakroom', configure('names', 'on'))
  let number = 0
  const same = chatBody(0, false)
  return [
    { name: 'plain Node JSON proxy', ...plain, body: () => chatBody(number++, true) },
    { name: 'cloakroom, pass-through (text seen before)', ...patterns, body: () => same },
    { name: 'cloakroom, patterns (each text new)', ...patterns, body: () => chatBody(number++, true) },
    { name: 'cloakroom, patterns and names (each text new)', ...names, body: () => chatBody(number++, true) },
  ]
}

function nextMessage<T>(child: ChildProcess, field: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with ${code}`))
    child.once('exit', onExit)
    child.on('message', function read(message: Record<string, T>) {
      if (message[field] === undefined) return
      child.off('message', read).off('exit', onExit)
      resolve(message[field])
    })
  })
}

async function cpuMicros(child: ChildProcess): Promise<number> {
  const answer = nextMessage<NodeJS.CpuUsage>(child, 'cpu')
  child.send('cpu')
  const { user, system } = await answer
  return user + system
}

async function measureAll(
  targets: readonly Target[],
  rounds: number,
  milliseconds: number,
  connections: number,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const target of targets) {
      const sample = await measure(
        target,
        round < 0 ? Math.min(milliseconds, 2000) : milliseconds,
        connections,
      )
      // The first round only warms up.
      if (round >= 0) samples.get(target.name)?.push(sample)
      console.error(
        `${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${target.name}: ${Math.round(sample.perSecond)} requests/s`,
      )
    }
  }
  return samples
}

async function measure(target: Target, milliseconds: number, connections: number): Promise<Sample> {
  const before = await cpuMicros(target.child)
  const { latencies, seconds } = await load(target.url, { connections, milliseconds }, target.body)
  const cpu = (await cpuMicros(target.child)) - before
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0
  return {
    perSecond: latencies.length / seconds,
    cpuMicros: cpu / latencies.length,
    p50: at(0.5),
    p99: at(0.99),
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function report(targets: readonly Target[], samples: ReadonlyMap<string, readonly Sample[]>): void {
  const rows = targets.map(({ name }) => {
    const own = samples.get(name) ?? []
    const of = (pick: (sample: Sample) => number): number => median(own.map(pick))
    return {
      name,
      perSecond: of((s) => s.perSecond),
      cpuMicros: of((s) => s.cpuMicros),
      p50: of((s) => s.p50),
      p99: of((s) => s.p99),
    }
  })
  const base = rows[0]
  if (base === undefined) return
  console.log(`${'medians'.padEnd(48)}requests/s   ratio   CPU µs/request   p50 ms   p99 ms`)
  for (const row of rows) {
    const ratio = (row.perSecond / base.perSecond).toFixed(2)
    console.log(
      `${row.name.padEnd(48)}${Math.round(row.perSecond).toString().padStart(10)}${ratio.padStart(8)}${row.cpuMicros.toFixed(0).padStart(17)}${row.p50.toFixed(1).padStart(9)}${row.p99.toFixed(1).padStart(9)}`,
    )
  }
  mkdirSync(join(import.meta.dirname, '../results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, '../results/latency.json'),
    `${JSON.stringify({ rows }, null, 2)}\n`,
  )
}
