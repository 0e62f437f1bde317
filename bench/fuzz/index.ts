/** Feeds what reads foreign bytes with inputs that are nearly right, and counts what breaks. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { randomOf } from './random.ts'
import { TARGETS, type Target } from './targets.ts'

/** One line for the list of benchmarks. */
export const about = 'random inputs for everything that reads foreign bytes: crashes and broken promises'

const USAGE = `npm run bench -- fuzz [--inputs 1000000] [--seed 1] [--only NAME]
  --inputs N   inputs in all, shared by the targets
  --only NAME  one target: ${TARGETS.map(({ name }) => `"${name}"`).join(', ')}`

/** What a target did. */
export interface FuzzRow {
  readonly target: string
  readonly inputs: number
  readonly crashes: number
  /** Seed of the first crash, to repeat it; null without one. */
  readonly firstCrash: number | null
  readonly seconds: number
}

/** Runs `count` inputs; the seed of each is its number after `seed`. */
export function fuzz(target: Target, count: number, seed: number): FuzzRow {
  const started = performance.now()
  let crashes = 0
  let firstCrash: number | null = null
  for (let index = 0; index < count; index += 1) {
    try {
      target.run(randomOf(seed + index))
    } catch (error) {
      crashes += 1
      if (firstCrash === null) {
        firstCrash = seed + index
        console.error(`${target.name}, seed ${firstCrash}:`, error)
      }
    }
  }
  return {
    target: target.name,
    inputs: count,
    crashes,
    firstCrash,
    seconds: (performance.now() - started) / 1000,
  }
}

/** Runs it: 0 when nothing broke, 1 otherwise, 2 on wrong usage. */
export function run(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const targets = TARGETS.filter(({ name }) => values.only === undefined || values.only === name)
  const inputs = Number(values.inputs)
  const seed = Number(values.seed)
  if (
    values.help ||
    targets.length === 0 ||
    !Number.isInteger(inputs) ||
    inputs < 1 ||
    !Number.isInteger(seed)
  ) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  console.log(
    `${'target'.padEnd(20)}${'inputs'.padStart(10)}${'crashes'.padStart(9)}${'seconds'.padStart(9)}`,
  )
  const rows = targets.map((target) => {
    const row = fuzz(target, Math.ceil(inputs / targets.length), seed)
    console.log(
      `${row.target.padEnd(20)}${String(row.inputs).padStart(10)}${String(row.crashes).padStart(9)}${row.seconds.toFixed(0).padStart(9)}`,
    )
    return row
  })
  const total = rows.reduce((sum, row) => sum + row.inputs, 0)
  const crashes = rows.reduce((sum, row) => sum + row.crashes, 0)
  console.log(`${'all'.padEnd(20)}${String(total).padStart(10)}${String(crashes).padStart(9)}`)
  mkdirSync(join(import.meta.dirname, '../results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, '../results/fuzz.json'),
    `${JSON.stringify({ seed, rows }, null, 2)}\n`,
  )
  return crashes === 0 ? 0 : 1
}
