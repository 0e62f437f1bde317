/**
 * The canonical view of a text: what patterns run on. Compatibility forms are folded (NFKC), characters that
 * cannot be seen are removed, digits of every script become ASCII, look-alike letters of another script become
 * Latin inside a word that mixes scripts. Every canonical unit knows the range of the original it came from.
 */
import { Buffer } from 'node:buffer'
import { scanText, type TextScan } from './scan.ts'
import type { AnalysedText, Span } from './types.ts'

/** Printable ASCII, tab and line breaks are their own canonical form: no map, no copy. */
const NEEDS_FOLDING = /[^\t\n\r\x20-\x7e]/
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}]$/u
const MARK = /^\p{M}$/u
const MARKS = /\p{M}/u
const DIGIT = /^\p{Nd}$/u
const SPACE = /^\p{Zs}$/u

/** Stream-safe text (UAX #15, section 13): no more than this many units are normalised together. */
const MAX_SEGMENT = 32

const PUNCTUATION: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201b': "'",
  '\u2032': "'",
  '\u02bc': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2033': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2043': '-',
  '\u2212': '-',
  '\u30fb': '\u30fb',
  '\u2024': '.',
  '\u3002': '.',
  '\u2044': '/',
  '\u2215': '/',
  '\u2236': ':',
  '\ua789': ':',
  '\u2028': '\n',
  '\u2029': '\n',
  '\u0085': '\n',
  '\u2800': ' ',
}

/**
 * Letters of Cyrillic, Greek and Armenian drawn like Latin ones. Source: Unicode UTS #39 (confusables.txt),
 * the single-letter pairs of these three scripts with ASCII.
 */
const CONFUSABLE = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    һ: 'h',
    ԁ: 'd',
    ԛ: 'q',
    ԝ: 'w',
    ӏ: 'l',
    к: 'k',
    т: 't',
    в: 'b',
    м: 'm',
    н: 'h',
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    У: 'Y',
    Х: 'X',
    І: 'I',
    Ј: 'J',
    Ѕ: 'S',
    Ԍ: 'G',
    ο: 'o',
    ν: 'v',
    ι: 'i',
    ρ: 'p',
    α: 'a',
    κ: 'k',
    υ: 'u',
    τ: 't',
    χ: 'x',
    ε: 'e',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
    օ: 'o',
    ս: 'u',
    հ: 'h',
  }).map(([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)]),
)

/** A growing canonical text with the original range of every unit. */
class Builder {
  readonly units: Uint16Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  length = 0

  constructor(capacity: number) {
    this.units = new Uint16Array(capacity)
    this.starts = new Int32Array(capacity)
    this.ends = new Int32Array(capacity)
  }

  push(unit: number, start: number, end: number): void {
    const at = this.length++
    this.units[at] = unit
    this.starts[at] = start
    this.ends[at] = end
  }
}

/** Pieces of one code point or combining sequence, folded; cached because texts repeat their characters. */
type FoldCache = Map<string, string>

/** The value of a decimal digit of any script: all such blocks are runs of ten that begin with zero. */
function digitValue(codePoint: number): number {
  let below = 0
  while (below < 60 && DIGIT.test(String.fromCodePoint(codePoint - below - 1))) below += 1
  return below % 10
}

/** Circled, parenthesised and full-stop numbers that NFKC leaves alone or gives brackets. */
function enclosedNumber(codePoint: number): string | undefined {
  const runs: readonly (readonly [first: number, last: number, value: number])[] = [
    [0x2474, 0x247c, 1], // parenthesised
    [0x2488, 0x2490, 1], // with full stop
    [0x24f5, 0x24fd, 1], // double circled
    [0x2776, 0x277e, 1], // dingbat negative circled
    [0x2780, 0x2788, 1], // dingbat circled sans-serif
    [0x278a, 0x2792, 1], // dingbat negative circled sans-serif
    [0x1f101, 0x1f10a, 0], // with comma
  ]
  for (const [first, last, value] of runs) {
    if (codePoint >= first && codePoint <= last) return String(codePoint - first + value)
  }
  return codePoint === 0x24ff || codePoint === 0x1f10b || codePoint === 0x1f10c ? '0' : undefined
}

function foldCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint < 0x20) return codePoint === 9 || codePoint === 10 || codePoint === 13 ? character : ''
  if (codePoint < 0x7f) return character
  if (codePoint === 0x7f || codePoint === 0x20e3 || INVISIBLE.test(character)) return ''
  const punctuation = PUNCTUATION[character]
  if (punctuation !== undefined) return punctuation
  if (DIGIT.test(character)) return String(digitValue(codePoint))
  if (SPACE.test(character)) return ' '
  return enclosedNumber(codePoint) ?? character
}

/** Marks that compose with a digit or an unaccented Latin letter are gone by now: what is left is decoration. */
const STRAY_MARKS = /([ 0-9A-Za-z])\p{M}+/gu
/** Strokes, rings and boxes through or around a character: no orthography writes them as marks of their own. */
const OVERLAYS = /\u0332|\u0333|[\u0334-\u0338]|\u033f|\u0347|[\u0488-\u0489]|[\u20d0-\u20f0]/gu

function withoutStrayMarks(normalised: string): string {
  return MARKS.test(normalised) ? normalised.replace(OVERLAYS, '').replace(STRAY_MARKS, '$1') : normalised
}

/** Folds one segment: each character by itself, NFKC over the whole, then each character of the result again. */
function foldSegment(segment: string, cache: FoldCache): string {
  const known = cache.get(segment)
  if (known !== undefined) return known
  let first = ''
  for (const character of segment) first += foldCharacter(character)
  let folded = ''
  for (const character of withoutStrayMarks(first.normalize('NFKC'))) folded += foldCharacter(character)
  cache.set(segment, folded)
  return folded
}

const isHangulJamo = (unit: number): boolean => unit >= 0x1100 && unit <= 0x11ff

/** Where the combining sequence that starts at `start` ends; the first code point always belongs to it. */
function segmentEnd(text: string, start: number): number {
  const first = text.codePointAt(start) ?? 0
  let end = start + (first > 0xffff ? 2 : 1)
  const jamo = isHangulJamo(first)
  while (end < text.length && end - start < MAX_SEGMENT) {
    const next = text.codePointAt(end) ?? 0
    if (next < 0x300) break
    if (!(jamo && isHangulJamo(next)) && !MARK.test(String.fromCodePoint(next))) break
    end += next > 0xffff ? 2 : 1
  }
  return end
}

/** Common letters that fold to themselves, so that ordinary prose of most languages is copied unit by unit. */
function isInert(unit: number): boolean {
  if (unit < 0x7f) return unit >= 0x20
  if (unit < 0x180)
    return (
      unit >= 0xc0 &&
      unit !== 0x132 &&
      unit !== 0x133 &&
      unit !== 0x13f &&
      unit !== 0x140 &&
      unit !== 0x149 &&
      unit !== 0x17f
    )
  if (unit < 0x500)
    return (
      (unit >= 0x388 && unit <= 0x3ce) || (unit >= 0x400 && unit <= 0x481) || (unit >= 0x490 && unit < 0x500)
    )
  return (
    (unit >= 0x3041 && unit <= 0x3096) ||
    (unit >= 0x30a1 && unit <= 0x30fa) ||
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xd7a3)
  )
}

/** Whether a unit can never join the character before it. */
function startsSegment(unit: number): boolean {
  return (
    unit < 0x300 || isInert(unit) || (unit >= 0x2000 && unit < 0x20d0) || (unit >= 0x3000 && unit < 0x302a)
  )
}

function fold(original: string): Builder {
  // The folded pieces are counted first so that the arrays fit exactly.
  const cache: FoldCache = new Map()
  const pieces: { start: number; end: number; folded: string }[] = []
  let plain = 0
  let capacity = 0
  for (let at = 0; at < original.length; ) {
    const unit = original.charCodeAt(at)
    const next = at + 1 < original.length ? original.charCodeAt(at + 1) : 0
    if (isInert(unit) && startsSegment(next)) {
      at += 1
      plain += 1
      continue
    }
    const end = segmentEnd(original, at)
    const folded = foldSegment(original.slice(at, end), cache)
    pieces.push({ start: at, end, folded })
    capacity += folded.length
    at = end
  }
  const built = new Builder(plain + capacity)
  let at = 0
  for (const piece of pieces) {
    for (; at < piece.start; at += 1) built.push(original.charCodeAt(at), at, at + 1)
    for (let i = 0; i < piece.folded.length; i += 1)
      built.push(piece.folded.charCodeAt(i), piece.start, piece.end)
    at = piece.end
  }
  for (; at < original.length; at += 1) built.push(original.charCodeAt(at), at, at + 1)
  return built
}

const isLatin = (unit: number): boolean =>
  (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || (unit >= 0xc0 && unit <= 0x24f)
const isLookAlikeScript = (unit: number): boolean => unit >= 0x370 && unit <= 0x58f
const isWordUnit = (unit: number): boolean =>
  isLatin(unit) || isLookAlikeScript(unit) || (unit >= 0x30 && unit <= 0x39)

/** Whether a word is digits with nothing but look-alike letters among them, as in a forged account number. */
function isLookAlikeNumber(units: Uint16Array, start: number, end: number): boolean {
  let digits = 0
  for (let i = start; i < end; i += 1) {
    const unit = units[i] ?? 0
    if (unit >= 0x30 && unit <= 0x39) digits += 1
    else if (!CONFUSABLE.has(unit)) return false
  }
  return digits >= 4
}

/** Replaces look-alikes in place in every word that has letters of Latin and of a look-alike script. */
function unmixScripts(built: Builder): void {
  const { units, length } = built
  let first = 0
  while (first < length && !isLookAlikeScript(units[first] ?? 0)) first += 1
  if (first === length) return
  for (let start = 0; start < built.length; ) {
    if (!isWordUnit(units[start] ?? 0)) {
      start += 1
      continue
    }
    let latin = false
    let other = false
    let end = start
    for (; end < built.length && isWordUnit(units[end] ?? 0); end += 1) {
      latin ||= isLatin(units[end] ?? 0)
      other ||= isLookAlikeScript(units[end] ?? 0)
    }
    if (other && (latin || isLookAlikeNumber(units, start, end))) {
      for (let i = start; i < end; i += 1) units[i] = CONFUSABLE.get(units[i] ?? 0) ?? units[i] ?? 0
    }
    start = end
  }
}

function toText({ units, length }: Builder): string {
  // Typed arrays are in the machine's order of bytes, which is that of UTF-16LE wherever Node runs.
  return Buffer.from(units.buffer, units.byteOffset, length * 2).toString('utf16le')
}

/** An analysed text that also keeps its scan, made on first use. */
class CanonicalText implements AnalysedText {
  readonly original: string
  readonly canonical: string
  readonly #map: Builder | null
  #scan: TextScan | undefined

  constructor(original: string, canonical: string, map: Builder | null) {
    this.original = original
    this.canonical = canonical
    this.#map = map
  }

  get scan(): TextScan {
    this.#scan ??= scanText(this.canonical)
    return this.#scan
  }

  toOriginal(span: Span): Span {
    const map = this.#map
    if (map === null) return span
    const start = span.start < map.length ? (map.starts[span.start] ?? 0) : this.original.length
    if (span.end <= span.start) return { start, end: start }
    return { start, end: Math.max(start, map.ends[span.end - 1] ?? this.original.length) }
  }
}

/**
 * The canonical view of a text with an exact map back. Printable ASCII is returned as it is, without a map.
 * `toOriginal` covers every original unit a canonical span came from: combining marks, whole ligatures,
 * surrogate pairs, and what was removed between two of its characters. Linear; throws nothing.
 * Source: Unicode UAX #15 (NFKC), UTS #39 (confusables).
 */
export function analyseText(original: string): AnalysedText {
  if (!NEEDS_FOLDING.test(original)) return new CanonicalText(original, original, null)
  const built = fold(original)
  unmixScripts(built)
  const canonical = toText(built)
  return new CanonicalText(original, canonical, built)
}

/** The scan of a text's canonical view: computed once per analysed text. */
export function scanOf(text: AnalysedText): TextScan {
  return text instanceof CanonicalText ? text.scan : scanText(text.canonical)
}
