/** How much of identifiers that hide is found: generated cases, counted by class. */
import { parseArgs } from 'node:util'
import { createDetectors } from '../../detectors/index.ts'
import { type EvasionCase, generateCases, isLeak } from './generate.ts'

/** One line for the list of benchmarks. */
export const about =
  'identifiers that hide: encodings, look-alikes, spelled out, broken apart, in 8 languages'

const USAGE = `npm run bench -- evasion [--seed N] [--rounds N] [--no-ner] [--verbose] [--only CLASS]
  --rounds N  cases of each class, language and kind (default 3)
  --verbose   prints the cases that leak`

interface Count {
  checked: number
  checkedLeaks: number
  other: number
  otherLeaks: number
}

/** Runs it: 0 when no checksum-backed identifier leaked, 1 otherwise, 2 on wrong usage. */
export function run(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      'no-ner': { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [seed, rounds] = [Number(values.seed), Number(values.rounds)]
  if (values.help || !Number.isInteger(seed) || !Number.isInteger(rounds) || rounds < 1) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const detectors = createDetectors({ ner: !values['no-ner'], languages: [], allow: [], deny: [] })
  const cases = generateCases(seed, rounds).filter((one) => one.class.includes(values.only))
  const leaked = cases.filter((one) =>
    isLeak(
      one,
      detectors.detect(one.text).findings.map(({ span }) => span),
    ),
  )
  print(cases, new Set(leaked))
  if (values.verbose)
    for (const one of leaked)
      console.log(`${one.class} ${one.language} ${one.kind}: ${JSON.stringify(one.text)}`)
  return leaked.some((one) => one.isChecked) ? 1 : 0
}

function print(cases: readonly EvasionCase[], leaked: ReadonlySet<EvasionCase>): void {
  const byClass = new Map<string, Count>()
  const total: Count = { checked: 0, checkedLeaks: 0, other: 0, otherLeaks: 0 }
  for (const one of cases) {
    const count = byClass.get(one.class) ?? { checked: 0, checkedLeaks: 0, other: 0, otherLeaks: 0 }
    byClass.set(one.class, count)
    for (const row of [count, total]) {
      row[one.isChecked ? 'checked' : 'other'] += 1
      if (leaked.has(one)) row[one.isChecked ? 'checkedLeaks' : 'otherLeaks'] += 1
    }
  }
  console.log(`${'class'.padEnd(36)}checksum-backed: cases  leaks   others: cases  leaks`)
  const line = (name: string, count: Count): string =>
    name.padEnd(36) +
    String(count.checked).padStart(22) +
    String(count.checkedLeaks).padStart(7) +
    String(count.other).padStart(16) +
    String(count.otherLeaks).padStart(7)
  for (const [name, count] of byClass) console.log(line(name, count))
  console.log(line('all', total))
}
