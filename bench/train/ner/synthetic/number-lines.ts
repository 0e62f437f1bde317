/** Rows of figures and codes: tables, measurements, versions, prices, hashes and ids. They are nobody's address. */
import type { SeededRandom } from '../random.ts'

function digits(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}

function hex(random: SeededRandom, count: number): string {
  const text = Array.from({ length: count }, () => random.below(16).toString(16)).join('')
  return random.chance(0.15) ? text.toUpperCase() : text
}

function letters(random: SeededRandom, count: number, alphabet: string): string {
  return Array.from({ length: count }, () => random.pick([...alphabet])).join('')
}

function figure(random: SeededRandom): string {
  const draw = random.next()
  if (draw < 0.3) return String(random.below(10 ** (1 + random.below(6))))
  if (draw < 0.55) return (random.next() * 10 ** random.below(5)).toFixed(random.below(5))
  if (draw < 0.62) return `${random.below(100)}%`
  if (draw < 0.69) return `${random.below(1000)}.${digits(random, 3)},${digits(random, 2)}`
  if (draw < 0.76) return `-${random.below(1000)}`
  if (draw < 0.82) return `${random.below(24)}:${digits(random, 1)}5`
  if (draw < 0.88) return `${random.below(9)}.${random.below(30)}.${random.below(99)}`
  if (draw < 0.94) return `${1 + random.below(9)}e-${1 + random.below(9)}`
  return random.pick(['NaN', 'null', '-', '0', 'n/a', ''])
}

const UNITS = [
  'ms',
  's',
  'kg',
  'km',
  'MB',
  'GiB',
  'px',
  '°C',
  'V',
  'mg/dl',
  'mmHg',
  'kWh',
  '€',
  'USD',
  'EUR',
  'x',
  'rpm',
  'Hz',
]

/** Lines of figures with one separator, or quantities in a row; `word` names columns. */
export function figuresTable(random: SeededRandom, word: () => string): string {
  const columns = 2 + random.below(7)
  const rows = 1 + random.below(6)
  const separator = random.pick([',', ', ', ';', '\t', ' ', ' | ', '  '])
  const quantity = (): string =>
    random.pick([
      () => `${figure(random)} ${random.pick(UNITS)}`,
      () => `${random.pick(['$', '€', '£', '¥'])}${figure(random)}`,
      () => `v${random.below(9)}.${random.below(30)}.${random.below(99)}`,
      () => `${word()} ${figure(random)}`,
      () =>
        `${random.pick(['ISBN', 'ISSN', 'RFC', 'ISO', 'DIN', 'EN', 'No.', 'p.', 'doi:'])} ${figure(random)}`,
      () => `(${figure(random)}, ${figure(random)})`,
      () =>
        `ISBN 97${8 + random.below(2)}-${digits(random, 1)}-${digits(random, 2)}-${digits(random, 6)}-${digits(random, 1)}`,
      () => `doi:10.${digits(random, 4)}/${word()}.${random.below(9999)}`,
    ])()
  const cell = random.chance(0.6) ? (): string => figure(random) : quantity
  const heading = random.chance(0.3) ? [Array.from({ length: columns }, word).join(separator)] : []
  const lines = Array.from({ length: rows }, () => Array.from({ length: columns }, cell).join(separator))
  return [...heading, ...lines].join('\n')
}

function code(random: SeededRandom): string {
  return random.pick([
    () => hex(random, random.pick([7, 8, 12, 16, 32, 40, 64])),
    () => [8, 4, 4, 4, 12].map((count) => hex(random, count)).join('-'),
    () =>
      `${random.pick(['sha256:', 'sha1-', 'md5:', '0x', '#', 'id=', 'rev '])}${hex(random, 8 + random.below(40))}`,
    () =>
      letters(random, 8 + random.below(30), 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
    () => letters(random, 4 + random.below(8), 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-'),
    () => `${letters(random, 2, 'ABCDEFGHJKLMNPRSTUVWXYZ')}-${digits(random, 3 + random.below(6))}`,
    () =>
      `${letters(random, 20 + random.below(30), 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')}==`,
  ])()
}

/** Lines of hashes, ids and serial numbers, with or without a word beside them. */
export function codeLines(random: SeededRandom, word: () => string): string {
  const separator = random.pick([' ', ' ', ', ', '\t', ' - ', ': '])
  return Array.from({ length: 1 + random.below(6) }, () =>
    Array.from({ length: 1 + random.below(4) }, () => (random.chance(0.2) ? word() : code(random))).join(
      separator,
    ),
  ).join('\n')
}
