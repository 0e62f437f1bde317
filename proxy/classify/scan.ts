/** One pass over a text: its words as hashes, and counts of everything that can be seen without reading. */
import { MARKER_CLASSES, MARKER_NAMES, type MarkerClass, TASK_WORDS, TASKS } from './markers.ts'

/** Words kept of one text; a sample of 4 Ki units cannot hold more. */
export const MAX_WORDS = 2048

/** Words at the start and at the end of a text that may name its task. */
const TASK_WINDOW = 40

/** What is counted besides words, and where in `Scan.counts`. */
export const COUNT = {
  chars: 0,
  lines: 1,
  letters: 2,
  upper: 3,
  digits: 4,
  numbers: 5,
  spaces: 6,
  nonAscii: 7,
  mathSigns: 8,
  codeSigns: 9,
  questions: 10,
  exclamations: 11,
  commas: 12,
  quotes: 13,
  sentences: 14,
  listLines: 15,
  fences: 16,
  longWords: 17,
  capitalised: 18,
  overrides: 19,
  freedoms: 20,
  controls: 21,
} as const

/** Where a class of `MARKER_CLASSES` stands in `Scan.markers`. */
export const MARKER = Object.fromEntries(MARKER_NAMES.map((name, i) => [name, i])) as Readonly<
  Record<MarkerClass, number>
>

/** What one pass saw. Reused between calls: read it before the next `scan`. */
export interface Scan {
  /** Hashes of the words in order; the first `words` are set. */
  readonly hashes: Uint32Array
  /** Row of each word in the table of marked words, or -1. */
  readonly rows: Int16Array
  words: number
  /** Number of words up to the last one of the classes `override` and `without`. */
  lastOverride: number
  lastWithout: number
  /** By `COUNT`. */
  readonly counts: Float64Array
  /** Words per class of `MARKER_NAMES`. */
  readonly markers: Float64Array
  /** Words per task of `TASKS`, near the start and the end only. */
  readonly tasks: Float64Array
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** What every number is hashed as. */
const NUMBER_HASH = 0x23

/** FNV-1a over UTF-16 units in lower case. Source: Fowler, Noll, Vo. */
export function hashWord(word: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    const folded = unit >= 65 && unit <= 90 ? unit | 32 : unit < 128 ? unit : foldBeyondAscii(unit)
    hash = Math.imul(hash ^ folded, FNV_PRIME)
  }
  return hash >>> 0
}

/** Lower case for Latin-1, basic Greek and basic Cyrillic, where it lies 32 units above. */
function foldBeyondAscii(unit: number): number {
  const isUpper =
    (unit >= 0xc0 && unit <= 0xde) || (unit >= 0x391 && unit <= 0x3a9) || (unit >= 0x410 && unit <= 0x42f)
  return isUpper ? unit + 32 : unit
}

/** The hash of two neighbouring words. */
export function hashPair(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ second) >>> 0
}

const LETTER = 1
const DIGIT = 2
const SPACE = 3
const MATH = 4
const CODE = 5

/** Kind of every ASCII unit; anything beyond is taken as a letter. */
const KIND = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) {
  const char = String.fromCharCode(unit)
  if (/[A-Za-z']/.test(char)) KIND[unit] = LETTER
  else if (/[0-9]/.test(char)) KIND[unit] = DIGIT
  else if (/\s/.test(char)) KIND[unit] = SPACE
  else if (/[+*/=<>^%$\\|~]/.test(char)) KIND[unit] = MATH
  else if (/[{}[\]();_#&@`]/.test(char)) KIND[unit] = CODE
}

/** Mathematical operators, arrows, Greek letters in formulas, sub- and superscripts. */
function isMathBeyondAscii(unit: number): boolean {
  return (
    (unit >= 0x2190 && unit <= 0x22ff) || (unit >= 0x2070 && unit <= 0x209f) || unit === 0xb2 || unit === 0xd7
  )
}

interface Mark {
  readonly markers: readonly number[]
  readonly task: number
}

/** Marker classes and tasks of words: an open table of 4,096 slots, a quarter full, into `marks`. */
const SLOTS = 4096
const markKeys = new Uint32Array(SLOTS)
const markRows = new Int16Array(SLOTS).fill(-1)
const marks: Mark[] = []

function slotOf(hash: number): number {
  let slot = hash & (SLOTS - 1)
  while ((markRows[slot] ?? -1) >= 0 && markKeys[slot] !== hash) slot = (slot + 1) & (SLOTS - 1)
  return slot
}

function mark(words: string, markers: readonly number[], task: number): void {
  for (const word of words.split(' ')) {
    const hash = hashWord(word)
    const slot = slotOf(hash)
    const row = markRows[slot] ?? -1
    const known = marks[row]
    markKeys[slot] = hash
    markRows[slot] = known === undefined ? marks.length : row
    marks[markRows[slot] ?? 0] = {
      markers: [...(known?.markers ?? []), ...markers],
      task: known !== undefined && known.task >= 0 ? known.task : task,
    }
  }
}
MARKER_NAMES.forEach((name, marker) => {
  mark(MARKER_CLASSES[name], [marker], -1)
})
TASKS.forEach((name, task) => {
  mark(TASK_WORDS[name], [], task)
})

/** Before any word that could be near. */
const FAR_AWAY = -1000

/** A scan to write into. One per thread is enough. */
export function newScan(): Scan {
  return {
    hashes: new Uint32Array(MAX_WORDS),
    rows: new Int16Array(MAX_WORDS),
    words: 0,
    lastOverride: FAR_AWAY,
    lastWithout: FAR_AWAY,
    counts: new Float64Array(Object.keys(COUNT).length),
    markers: new Float64Array(MARKER_NAMES.length),
    tasks: new Float64Array(TASKS.length),
  }
}

/** Fills `scan` from a text: one step per UTF-16 unit. Words beyond 2,048 are not kept. */
export function scanText(text: string, scan: Scan): void {
  scan.words = 0
  scan.lastOverride = FAR_AWAY
  scan.lastWithout = FAR_AWAY
  scan.counts.fill(0)
  scan.markers.fill(0)
  scan.tasks.fill(0)
  const { counts } = scan
  counts[COUNT.chars] = text.length
  counts[COUNT.lines] = 1
  for (let i = 0; i < text.length; ) {
    const unit = text.charCodeAt(i)
    const kind = unit < 128 ? KIND[unit] : isMathBeyondAscii(unit) ? MATH : LETTER
    if (kind === LETTER) i = readWord(text, i, scan)
    else if (kind === DIGIT) i = readNumber(text, i, scan)
    else {
      if (kind === SPACE) add(counts, COUNT.spaces)
      if (kind === MATH) add(counts, COUNT.mathSigns)
      if (kind === CODE) add(counts, COUNT.codeSigns)
      readSign(text, i, unit, counts)
      i++
    }
  }
  countTasks(scan)
}

function add(counts: Float64Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1
}

function readWord(text: string, start: number, scan: Scan): number {
  const { counts } = scan
  let hash = FNV_OFFSET
  let i = start
  let beyond = 0
  let upper = 0
  for (; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 128) {
      if (KIND[unit] !== LETTER) break
      const isUpper = unit >= 65 && unit <= 90
      if (isUpper) upper++
      hash = Math.imul(hash ^ (isUpper ? unit | 32 : unit), FNV_PRIME)
    } else {
      if (isMathBeyondAscii(unit)) break
      beyond++
      hash = Math.imul(hash ^ foldBeyondAscii(unit), FNV_PRIME)
    }
  }
  counts[COUNT.letters] = (counts[COUNT.letters] ?? 0) + i - start
  counts[COUNT.upper] = (counts[COUNT.upper] ?? 0) + upper
  counts[COUNT.nonAscii] = (counts[COUNT.nonAscii] ?? 0) + beyond
  if (i - start >= 9) add(counts, COUNT.longWords)
  const first = text.charCodeAt(start)
  if (first >= 65 && first <= 90) add(counts, COUNT.capitalised)
  keep(hash >>> 0, scan)
  return i
}

function readNumber(text: string, start: number, scan: Scan): number {
  let i = start + 1
  while (i < text.length && KIND[text.charCodeAt(i)] === DIGIT) i++
  scan.counts[COUNT.digits] = (scan.counts[COUNT.digits] ?? 0) + i - start
  add(scan.counts, COUNT.numbers)
  keep(NUMBER_HASH, scan)
  return i
}

function keep(hash: number, scan: Scan): void {
  if (scan.words >= MAX_WORDS) return
  const row = markRows[slotOf(hash)] ?? -1
  scan.rows[scan.words] = row
  scan.hashes[scan.words++] = hash
  if (row < 0) return
  for (const marker of marks[row]?.markers ?? []) {
    add(scan.markers, marker)
    countNeighbours(marker, scan)
  }
}

/** Words within which "ignore … instructions" and "without … limits" belong together. */
const OVERRIDE_REACH = 8
const FREEDOM_REACH = 4

function countNeighbours(marker: number, scan: Scan): void {
  const { words, counts } = scan
  if (marker === MARKER.override) scan.lastOverride = words
  else if (marker === MARKER.without) scan.lastWithout = words
  else if (marker === MARKER.rules && words - scan.lastOverride <= OVERRIDE_REACH)
    add(counts, COUNT.overrides)
  else if (marker === MARKER.limits && words - scan.lastWithout <= FREEDOM_REACH) add(counts, COUNT.freedoms)
}

function readSign(text: string, i: number, unit: number, counts: Float64Array): void {
  switch (unit) {
    case 0x0a: {
      add(counts, COUNT.lines)
      const next = text.charCodeAt(i + 1)
      const after = text.charCodeAt(i + 2)
      const isItem =
        next === 0x2d || next === 0x2a || (KIND[next] === DIGIT && (after === 0x2e || after === 0x29))
      if (isItem) add(counts, COUNT.listLines)
      break
    }
    case 0x3f:
      add(counts, COUNT.questions)
      add(counts, COUNT.sentences)
      break
    case 0x21:
      add(counts, COUNT.exclamations)
      add(counts, COUNT.sentences)
      break
    case 0x2e:
      add(counts, COUNT.sentences)
      break
    case 0x2c:
      add(counts, COUNT.commas)
      break
    case 0x22:
      add(counts, COUNT.quotes)
      break
    // Marks by which chat formats part the turns of a conversation; no person writes them.
    case 0x3c:
      if (text.charCodeAt(i + 1) === 0x7c) add(counts, COUNT.controls)
      break
    case 0x5b:
      if (text.startsWith('INST]', i + 1)) add(counts, COUNT.controls)
      break
    case 0x60:
      if (text.startsWith('```', i)) add(counts, COUNT.fences)
      break
  }
}

/** Instructions stand at the start or at the end of a prompt. */
function countTasks(scan: Scan): void {
  const { words, rows, tasks } = scan
  for (let i = 0; i < words; i++) {
    if (i === TASK_WINDOW && words > 2 * TASK_WINDOW) i = words - TASK_WINDOW
    const row = rows[i] ?? -1
    const task = row < 0 ? -1 : (marks[row]?.task ?? -1)
    if (task >= 0) add(tasks, task)
  }
}
