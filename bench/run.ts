/** `npm run bench -- NAME [options]`: runs the benchmark in `bench/NAME/index.ts`; `--help` lists them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What every benchmark exports. */
interface Benchmark {
  /** One line for the list. */
  readonly about: string
  /** Resolves to the exit code. */
  run(args: readonly string[]): Promise<number> | number
}

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'index.ts')))
  .map((entry) => entry.name)
  .sort()

async function load(name: string): Promise<Benchmark> {
  return import(pathToFileURL(join(import.meta.dirname, name, 'index.ts')).href) as Promise<Benchmark>
}

async function list(): Promise<void> {
  console.log('usage: npm run bench -- NAME [options]; NAME --help shows its options\n')
  for (const name of names) console.log(`  ${name.padEnd(12)}${(await load(name)).about}`)
}

const [wanted, ...rest] = process.argv.slice(2)
if (wanted === undefined || wanted === '--help') await list()
else if (names.includes(wanted)) process.exitCode = await (await load(wanted)).run(rest)
else {
  console.error(`no benchmark of this name; there are: ${names.join(', ')}`)
  process.exitCode = 2
}
