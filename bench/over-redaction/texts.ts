/** Texts in which next to nothing is personal: this project's sources, and logs, tables and configurations made here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SeededRandom } from '../train/ner/random.ts'

/** Texts of one kind. */
export interface PlainTexts {
  readonly name: string
  readonly texts: readonly string[]
}

const ROOT = join(import.meta.dirname, '../..')

function sources(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('recognisers') && !file.includes('data'))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8').slice(0, 30_000))
}

const hex = (random: SeededRandom, length: number): string =>
  Array.from({ length }, () => random.below(16).toString(16)).join('')
const two = (value: number): string => String(value).padStart(2, '0')

const LINES: Readonly<Record<string, (random: SeededRandom, i: number) => string>> = {
  'server log': (random, i) =>
    `2024-03-${two(1 + (i % 28))}T${two(i % 24)}:${two(i % 60)}:${two((i * 7) % 60)}.${100 + random.below(899)}Z INFO [worker-${i % 9}] processed ${random.below(9000)} records in ${random.below(700)}ms, heap ${random.below(512)}MB, id ${hex(random, 8)}`,
  'hashes and ids': (random) =>
    `${hex(random, 40)} ${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)} sha256:${hex(random, 64)}`,
  'table of numbers': (random, i) =>
    [
      i,
      random.below(10_007),
      (random.below(1_000_003) / 100).toFixed(2),
      random.below(97),
      (random.next() * 2).toFixed(6),
    ].join(','),
  'stack trace': (random, i) =>
    `    at Object.run${i} (/app/src/module${random.below(40)}.ts:${1 + random.below(900)}:${1 + random.below(80)})`,
  maths: (random) =>
    `f(${random.below(9)}) = ${random.below(99)}x^2 + ${random.below(999)}x - ${(random.next() * 1e4).toFixed(3)}; ${random.below(1e6)} / ${1 + random.below(1e3)} = ${random.below(1e5)}`,
  'prices and versions': (random) =>
    `$${random.below(9999)}.99, €${random.below(999)},50, v${random.below(9)}.${random.below(30)}.${random.below(99)}, ISBN 978-3-16-148410-0, doi:10.1000/xyz${random.below(999)}`,
  sql: (random) =>
    `INSERT INTO orders (id, total, status) VALUES (${random.below(1e6)}, ${random.below(1e4)}.${two(random.below(99))}, 'open');`,
}

function generated(): PlainTexts[] {
  const random = new SeededRandom(5)
  return Object.entries(LINES).map(([name, line]) => ({
    name,
    texts: [Array.from({ length: 600 }, (_, i) => line(random, i)).join('\n')],
  }))
}

/** Every so-manieth prompt of the files of `data/routing`, and the beginnings of `data/detection/unlabelled`. */
function given(data: string): PlainTexts[] {
  const routing = join(data, 'routing')
  const plain = join(data, 'detection/unlabelled')
  const prompts = !existsSync(routing)
    ? []
    : readdirSync(routing)
        .filter((file) => file.endsWith('.jsonl') && !/jailbreak|advbench/u.test(file))
        .map((file) => {
          const lines = readFileSync(join(routing, file), 'utf8').split('\n').filter(Boolean)
          const step = Math.max(1, Math.floor(lines.length / 600))
          return {
            name: file.replace('.jsonl', ''),
            texts: lines.filter((_, i) => i % step === 0).map((line) => String(JSON.parse(line).prompt)),
          }
        })
  const prose = !existsSync(plain)
    ? []
    : readdirSync(plain).map((file) => ({
        name: `sentences ${file.replace('.txt', '')}`,
        texts: [readFileSync(join(plain, file), 'utf8').slice(0, 100_000)],
      }))
  return [...prompts, ...prose]
}

/** All of them; `data` is a folder with `routing/` and `detection/unlabelled/`, or null. */
export function plainTexts(data: string | null): readonly PlainTexts[] {
  return [
    {
      name: 'TypeScript',
      texts: ['proxy', 'restore', 'routing-rules', 'detectors'].flatMap((folder) => sources(folder, '.ts')),
    },
    { name: 'YAML', texts: ['routing-rules', 'docker'].flatMap((folder) => sources(folder, '.yaml')) },
    ...generated(),
    ...(data === null ? [] : given(data)),
  ]
}
