/** Requests per second and CPU time per request, beside a plain Node proxy that does nothing but JSON, in one run. */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from './load.ts'
import { measureWaits } from './long.ts'
import { nextMessage, startTargets, type Target } from './targets.ts'

export const about = 'requests per second and CPU per request beside a plain Node JSON proxy'

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
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log('npm run bench -- latency [--seconds 3] [--rounds 5] [--connections 32]')
    console.log('npm run bench -- latency --long [--rounds 5]: how long others wait while one prompt is long')
    return 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-bench-'))
  const children: ChildProcess[] = []
  try {
    const targets = await startTargets(folder, children)
    if (values.long) {
      await measureWaits(targets, Number(values.rounds))
      return 0
    }
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
