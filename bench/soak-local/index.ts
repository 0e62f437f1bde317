/** Soaks the local engine: thousands of mixed requests while its process is killed again and again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeTinyGguf } from '../../test/support/tiny-gguf.ts'
import { soak } from './soak.ts'

/** One line for the list of benchmarks. */
export const about = 'whether requests to the local engine hang or get lost when its process is killed'

const USAGE = `npm run bench -- soak-local [options]
  --requests N     default 2000
  --kill-every N   kills the engine's process each time so many requests have begun (default 100)
  --parallel N     requests at once (default 8)
  --minutes N      gives up after so long: something hangs (default 30)
  --out FILE       where the JSON goes (default: bench/results/soak-local.json)`

/** Runs the benchmark; 0 when every request ended in an answer or an error of the engine, 1 otherwise, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '2000' },
      'kill-every': { type: 'string', default: '100' },
      parallel: { type: 'string', default: '8' },
      minutes: { type: 'string', default: '30' },
      out: { type: 'string', default: join(import.meta.dirname, '../results/soak-local.json') },
      help: { type: 'boolean', default: false },
    },
  })
  const requests = Number(values.requests)
  const killEvery = Number(values['kill-every'])
  if (values.help || !(requests > 0) || !(killEvery > 0)) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const dir = mkdtempSync(join(tmpdir(), 'cloakroom-soak-'))
  const modelPath = join(dir, 'model.gguf')
  await writeTinyGguf(modelPath, { kind: 'random', seed: 7, contextLength: 512 })
  const begun = performance.now()
  let last = 0
  const deadline = setTimeout(() => {
    console.error(`something hangs: ${last} of ${requests} requests ended`)
    process.exit(1)
  }, Number(values.minutes) * 60_000)
  const report = await soak({
    modelPath,
    requests,
    killEvery,
    parallel: Number(values.parallel),
    onEnd: (ended) => {
      last = ended
      if (ended % 200 === 0) console.error(`${ended} of ${requests}`)
    },
  })
  clearTimeout(deadline)
  rmSync(dir, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - begun) / 1000)
  for (const [name, count] of Object.entries(report.endings).sort()) console.log(`${name.padEnd(28)}${count}`)
  console.log(
    `${report.ended} ended, ${report.kills} kills, ${report.strange} strange errors, ${seconds} s, memory ${report.memoryMiB.join(' → ')} MiB`,
  )
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(values.out, `${JSON.stringify({ ...report, seconds }, null, 2)}\n`)
  return report.ended === requests && report.strange === 0 ? 0 : 1
}
