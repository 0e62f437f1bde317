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
} as const

/** Where a class of `MARKER_CLASSES` stands in `Scan.markers`. */
export const MARKER = Object.fromEntries(MARKER_NAMES.map((name, i) => [name, i])) as Readonly<
  Record<MarkerClass, number>
>

/** What one pass saw. Reused between calls: read it before the next `scan`. */
export interface Scan {
  /** Hashes of the words in order; the first `words` are set. */
  readonly hashes: Uint32Array
  words: number
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

/** FNV-1a over UTF-16 units; ASCII letters in lower case. Source: Fowler, Noll, Vo. */
export function hashWord(word: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    hash = Math.imul(hash ^ (unit >= 65 && unit <= 90 ? unit | 32 : unit), FNV_PRIME)
  }
  return hash >>> 0
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
  readonly marker: number
  readonly task: number
}

/** Marker class and task of a word by its hash: an open table of 4,096 slots, a quarter full. */
const SLOTS = 4096
const markKeys = new Uint32Array(SLOTS)
const markValues: (Mark | undefined)[] = new Array(SLOTS)

function slotOf(hash: number): number {
  let slot = hash & (SLOTS - 1)
  while (markValues[slot] !== undefined && markKeys[slot] !== hash) slot = (slot + 1) & (SLOTS - 1)
  return slot
}

function mark(words: string, change: Partial<Mark>): void {
  for (const word of words.split(' ')) {
    const hash = hashWord(word)
    const slot = slotOf(hash)
    markKeys[slot] = hash
    markValues[slot] = { ...(markValues[slot] ?? { marker: -1, task: -1 }), ...change }
  }
}
MARKER_NAMES.forEach((name, marker) => {
  mark(MARKER_CLASSES[name], { marker })
})
TASKS.forEach((name, task) => {
  mark(TASK_WORDS[name], { task })
})

/** A scan to write into. One per thread is enough. */
export function newScan(): Scan {
  return {
    hashes: new Uint32Array(MAX_WORDS),
    words: 0,
    counts: new Float64Array(Object.keys(COUNT).length),
    markers: new Float64Array(MARKER_NAMES.length),
    tasks: new Float64Array(TASKS.length),
  }
}

/** Fills `scan` from a text: one step per UTF-16 unit. Words beyond 2,048 are not kept. */
export function scanText(text: string, scan: Scan): void {
  scan.words = 0
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
      hash = Math.imul(hash ^ unit, FNV_PRIME)
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
  scan.hashes[scan.words++] = hash
  const found = markValues[slotOf(hash)]
  if (found !== undefined && found.marker >= 0) add(scan.markers, found.marker)
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
    case 0x60:
      if (text.startsWith('```', i)) add(counts, COUNT.fences)
      break
  }
}

/** Instructions stand at the start or at the end of a prompt. */
function countTasks(scan: Scan): void {
  const { words, hashes, tasks } = scan
  for (let i = 0; i < words; i++) {
    if (i === TASK_WINDOW && words > 2 * TASK_WINDOW) i = words - TASK_WINDOW
    const found = markValues[slotOf(hashes[i] ?? 0)]
    if (found !== undefined && found.task >= 0) add(tasks, found.task)
  }
}
