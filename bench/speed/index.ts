/** What the pattern layer costs, beside running all of its patterns over the text one by one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { analyseText, createDetectors, RECOGNISERS } from '../../detectors/index.ts'
import { IDENTIFIER_KINDS } from '../identifiers/kinds.ts'
import { SeededRandom } from '../train/ner/random.ts'

/** One line for the list of benchmarks. */
export const about = 'megabytes a second of the pattern layer, and of all patterns one by one'

const USAGE = `npm run bench -- speed [--runs N] [--seed N]
  --runs N  each text is measured so often, and its best time counts (default 15)`

const ROOT = join(import.meta.dirname, '..', '..')
/** Characters of one text: a prompt, not a book. */
const LENGTH = 2000
/** Texts of each kind. */
const MOST_TEXTS = 12

/** Lines in texts of about the same length. */
function inTexts(lines: readonly string[]): readonly string[] {
  const texts: string[] = []
  let text = ''
  for (const line of lines) {
    text += `${line}\n`
    if (text.length < LENGTH) continue
    texts.push(text)
    text = ''
  }
  return texts.slice(0, MOST_TEXTS)
}

const linesOf = (path: string): readonly string[] => readFileSync(join(ROOT, path), 'utf8').split('\n')

/** Sentences with an identifier each: a form that somebody filled in, the densest text there is. */
function forms(seed: number): readonly string[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: 700 }, () => {
    const kind = random.pick(IDENTIFIER_KINDS)
    return `Please note the ${random.pick(kind.labels)} ${kind.make(random)} of the person who called this morning.`
  })
}

/** What is measured, by name. */
function samples(seed: number): readonly (readonly [name: string, texts: readonly string[]])[] {
  const prose = linesOf('LICENSE').filter((line) => !/[0-9]/u.test(line))
  const pages = ['README.md', '.github/ARCHITECTURE.md', '.github/SECURITY.md']
  const documents = pages.flatMap(linesOf).filter((line) => !/^[|<!`#-]/u.test(line))
  const code = ['detectors/analyse.ts', 'restore/sanitise.ts', 'proxy/pipeline.ts'].flatMap(linesOf)
  return [
    ['plain prose', inTexts(prose)],
    ['prose with numbers and names of files', inTexts(documents)],
    ['code', inTexts(code)],
    ['one identifier a sentence', inTexts(forms(seed))],
  ]
}

const PATTERNS = RECOGNISERS.flatMap(({ wholePattern }) => (wholePattern === undefined ? [] : [wholePattern]))

/** Runs every pattern over a whole text: no checksums, no context, no decoding, no joining of pieces. */
function oneByOne(patterns: readonly RegExp[]): (text: string) => number {
  return (text) => {
    const { canonical } = analyseText(text)
    let matches = 0
    for (const pattern of patterns) {
      pattern.lastIndex = 0
      while (pattern.exec(canonical) !== null) matches += 1
    }
    return matches
  }
}

/** Both sides are run for so long before they are measured, as they are in a process that has served a while. */
const WARM_UP_MS = 2000

function warmUp(texts: readonly string[], work: (text: string) => unknown): void {
  const end = process.hrtime.bigint() + BigInt(WARM_UP_MS) * 1_000_000n
  while (process.hrtime.bigint() < end) for (const text of texts) work(text)
}

/** Megabytes a second: the best time of each text counts, so that what else the machine does does not. */
function speed(texts: readonly string[], runs: number, work: (text: string) => unknown): number {
  warmUp(texts, work)
  const best = texts.map(() => Number.POSITIVE_INFINITY)
  for (let run = 0; run < runs; run += 1)
    for (const [i, text] of texts.entries()) {
      const start = process.hrtime.bigint()
      work(text)
      best[i] = Math.min(best[i] ?? 0, Number(process.hrtime.bigint() - start))
    }
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return (bytes * 1000) / best.reduce((sum, ns) => sum + ns, 0)
}

/** Runs it: 0, or 2 on wrong usage. */
export function run(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '15' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const runs = Number(values.runs)
  if (values.help || !Number.isInteger(runs) || runs < 1) {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
  const whole = oneByOne(PATTERNS.map((make) => make()))
  console.log(`${PATTERNS.length} patterns, MB/s on one core`)
  console.log(
    `${'texts'.padEnd(40)}${'pattern layer'.padStart(14)}${'one by one'.padStart(12)}${'times'.padStart(8)}`,
  )
  for (const [name, texts] of samples(Number(values.seed))) {
    const ours = speed(texts, runs, (text) => detectors.detect(text))
    const theirs = speed(texts, runs, whole)
    console.log(
      name.padEnd(40) +
        ours.toFixed(2).padStart(14) +
        theirs.toFixed(2).padStart(12) +
        (ours / theirs).toFixed(1).padStart(8),
    )
  }
  return 0
}
