/** Surface features: numbers that can be read off any text without knowing its words' meaning. */
import { MARKER_NAMES } from './markers.ts'
import { COUNT, type Scan } from './scan.ts'

/** One number of a scan. `share`: of how much of something else it is; `log`: how many, damped. */
interface Feature {
  readonly name: string
  measure(scan: Scan): number
}

function at(scan: Scan, name: keyof typeof COUNT): number {
  return scan.counts[COUNT[name]] ?? 0
}

function log(name: keyof typeof COUNT): Feature {
  const index = COUNT[name]
  return { name: `log ${name}`, measure: (scan) => Math.log1p(scan.counts[index] ?? 0) }
}

function share(name: keyof typeof COUNT, of: keyof typeof COUNT): Feature {
  const index = COUNT[name]
  const whole = COUNT[of]
  return {
    name: `${name} per ${of}`,
    measure: (scan) => (scan.counts[index] ?? 0) / ((scan.counts[whole] ?? 0) + 1),
  }
}

function perWord(name: keyof typeof COUNT): Feature {
  const index = COUNT[name]
  return { name: `${name} per word`, measure: (scan) => (scan.counts[index] ?? 0) / (scan.words + 1) }
}

/** All features, in the order of the weights file. Adding one means training again. */
export const FEATURES: readonly Feature[] = [
  log('chars'),
  { name: 'log words', measure: (scan) => Math.log1p(scan.words) },
  log('lines'),
  log('sentences'),
  log('numbers'),
  log('mathSigns'),
  log('codeSigns'),
  log('questions'),
  log('listLines'),
  log('fences'),
  log('commas'),
  log('quotes'),
  log('exclamations'),
  log('overrides'),
  log('freedoms'),
  log('controls'),
  share('digits', 'chars'),
  share('upper', 'letters'),
  share('nonAscii', 'letters'),
  share('mathSigns', 'chars'),
  share('codeSigns', 'chars'),
  perWord('letters'),
  perWord('longWords'),
  perWord('capitalised'),
  perWord('commas'),
  perWord('numbers'),
  { name: 'words per sentence', measure: (scan) => scan.words / (at(scan, 'sentences') + 1) },
  { name: 'words per line', measure: (scan) => scan.words / at(scan, 'lines') },
  ...MARKER_NAMES.map(
    (name, i): Feature => ({ name: `log ${name}`, measure: (scan) => Math.log1p(scan.markers[i] ?? 0) }),
  ),
  ...MARKER_NAMES.map(
    (name, i): Feature => ({
      name: `${name} per word`,
      measure: (scan) => (scan.markers[i] ?? 0) / Math.sqrt(scan.words + 1),
    }),
  ),
]

/** Writes the features of a scan into `into`, in the order of `FEATURES`. */
export function measure(scan: Scan, into: Float64Array): void {
  for (let i = 0; i < FEATURES.length; i++) into[i] = FEATURES[i]?.measure(scan) ?? 0
}
