/** How much of texts without personal data the pattern layer takes away. */
import { parseArgs } from 'node:util'
import { createDetectors } from '../../detectors/index.ts'
import { plainTexts } from './texts.ts'

/** One line for the list of benchmarks. */
export const about = 'what is taken from code, logs, numbers and prompts in which nothing is personal'

const USAGE = `npm run bench -- over-redaction [--data DIR] [--ner] [--verbose]
  --data DIR  a folder with routing/ and detection/unlabelled/ (default: CLOAKROOM_DATA)`

/** Highest share of the characters of code, logs and numbers that may be taken. */
const MOST = 0.01

/** Runs it: 0 when at most 1 % of the characters are masked in all, 1 otherwise, 2 on wrong usage. */
export function run(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      ner: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const detectors = createDetectors({ ner: values.ner, languages: [], allow: [], deny: [] })
  let characters = 0
  let masked = 0
  console.log(`${'texts'.padEnd(28)}characters    masked   findings by type`)
  for (const { name, texts } of plainTexts(values.data ?? process.env.CLOAKROOM_DATA ?? null)) {
    const types = new Map<string, number>()
    let length = 0
    let taken = 0
    for (const text of texts) {
      length += text.length
      for (const { entity, span, recogniser } of detectors.detect(text).findings) {
        taken += span.end - span.start
        types.set(entity, (types.get(entity) ?? 0) + 1)
        if (values.verbose)
          console.log(`  ${recogniser}: ${JSON.stringify(text.slice(span.start - 20, span.end + 8))}`)
      }
    }
    characters += length
    masked += taken
    const counts = [...types].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type} ${count}`)
    console.log(
      name.padEnd(28) +
        String(length).padStart(10) +
        percent(taken / length).padStart(10) +
        `   ${counts.slice(0, 5).join(', ')}`,
    )
  }
  console.log('all'.padEnd(28) + String(characters).padStart(10) + percent(masked / characters).padStart(10))
  return masked <= characters * MOST ? 0 : 1
}

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`
