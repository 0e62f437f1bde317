/**
 * What a text says once its escapes are read: percent-encoding, HTML escapes and backslash escapes, in one pass and
 * as often as they are nested. Every unit of a view knows where it stood.
 */
import type { Span } from '../detectors/index.ts'

/** A decoded text. */
export interface View {
  readonly text: string
  /** The range of the text as given that a range of this view was written as. */
  toOriginal(span: Span): Span
  /** The first unit of this view that was written at an offset of the text as given or behind it. */
  fromOriginal(offset: number): number
}

/** Escapes inside escapes are read this often. */
const MAX_NESTING = 4

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  tab: '\t',
  newline: '\n',
  commat: '@',
  period: '.',
  comma: ',',
  colon: ':',
  semi: ';',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  underbar: '_',
  hyphen: '-',
  dash: '-',
  ndash: '-',
  mdash: '-',
  plus: '+',
  lpar: '(',
  rpar: ')',
  num: '#',
  excl: '!',
  quest: '?',
  equals: '=',
  percnt: '%',
  shy: '',
  zwsp: '',
  zwj: '',
  zwnj: '',
  rsquo: '’',
  lsquo: '‘',
  szlig: 'ß',
  aelig: 'æ',
  oelig: 'œ',
  oslash: 'ø',
  eth: 'ð',
  thorn: 'þ',
  inodot: 'ı',
  lstrok: 'ł',
  dstrok: 'đ',
}
const MARKS: Readonly<Record<string, string>> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  ring: '\u030a',
  cedil: '\u0327',
  caron: '\u030c',
  breve: '\u0306',
  macr: '\u0304',
  ogon: '\u0328',
  dblac: '\u030b',
  dot: '\u0307',
}
const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
}

const HTML = /&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,9}));?/iy
const LETTER_OR_DIGIT = /[A-Za-z0-9]/
const BACKSLASH = /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2}))/iy
const PERCENT = /%([0-9a-f]{2})/iy

/**
 * The views of a text, outermost escapes first; empty when nothing in it is escaped. Each is shorter than the one
 * before. Linear; throws nothing: what is no escape stays as it is.
 */
export function decodedViews(text: string): readonly View[] {
  const views: DecodedView[] = []
  let source = text
  let outer: DecodedView | undefined
  while (views.length < MAX_NESTING) {
    const view = decode(source, outer)
    if (view === undefined) break
    views.push(view)
    source = view.text
    outer = view
  }
  return views
}

class DecodedView implements View {
  readonly text: string
  /** Offset of each unit in the text this was decoded from, and of its end. */
  readonly #starts: Int32Array
  readonly #outer: DecodedView | undefined

  constructor(text: string, starts: Int32Array, outer: DecodedView | undefined) {
    this.text = text
    this.#starts = starts
    this.#outer = outer
  }

  toOriginal({ start, end }: Span): Span {
    const span = { start: this.#starts[start] ?? 0, end: this.#endOf(end) }
    return this.#outer === undefined ? span : this.#outer.toOriginal(span)
  }

  fromOriginal(offset: number): number {
    const from = this.#outer === undefined ? offset : this.#outer.fromOriginal(offset)
    let low = 0
    let high = this.text.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) < from) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Units that came from one escape end together. */
  #endOf(end: number): number {
    const last = this.#starts[end - 1]
    let next = end
    while (next < this.text.length && this.#starts[next] === last) next++
    return this.#starts[next] ?? 0
  }
}

/** One level of escapes read, or undefined when there are none. */
function decode(source: string, outer: DecodedView | undefined): DecodedView | undefined {
  let pieces = ''
  let starts: Int32Array | undefined
  let from = 0
  for (let at = nextMarker(source, 0); at < source.length; at = nextMarker(source, Math.max(at + 1, from))) {
    const decoded = escapeAt(source, at)
    if (decoded === undefined) continue
    starts ??= new Int32Array(source.length + 1)
    pieces += copied(source, from, at, pieces.length, starts)
    for (let i = 0; i < decoded.text.length; i++) starts[pieces.length + i] = at
    pieces += decoded.text
    from = decoded.end
  }
  if (starts === undefined) return undefined
  pieces += copied(source, from, source.length, pieces.length, starts)
  starts[pieces.length] = source.length
  return new DecodedView(pieces, starts, outer)
}

/** Offset of the next percent sign, ampersand or backslash, or the end. */
function nextMarker(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const unit = source.charCodeAt(at)
    if (unit === 0x25 || unit === 0x26 || unit === 0x5c) return at
  }
  return source.length
}

function copied(source: string, from: number, to: number, offset: number, starts: Int32Array): string {
  for (let i = from; i < to; i++) starts[offset + i - from] = i
  return source.slice(from, to)
}

interface Escape {
  readonly text: string
  readonly end: number
}

function escapeAt(source: string, at: number): Escape | undefined {
  switch (source.charAt(at)) {
    case '%':
      return percentAt(source, at)
    case '&':
      return htmlAt(source, at)
    default:
      return backslashAt(source, at)
  }
}

/** One percent-encoded character: a UTF-8 sequence, or a single byte where it is none. */
function percentAt(source: string, at: number): Escape | undefined {
  const first = byteAt(source, at)
  if (first === undefined) return undefined
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1
  let code = length === 1 ? first : first & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const byte = byteAt(source, at + 3 * i)
    if (byte === undefined || (byte & 0xc0) !== 0x80) return { text: String.fromCharCode(first), end: at + 3 }
    code = (code << 6) | (byte & 0x3f)
  }
  return { text: characterOf(code), end: at + 3 * length }
}

function byteAt(source: string, at: number): number | undefined {
  PERCENT.lastIndex = at
  const digits = PERCENT.exec(source)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

function htmlAt(source: string, at: number): Escape | undefined {
  HTML.lastIndex = at
  const match = HTML.exec(source)
  if (match === null) return undefined
  const [whole, decimal, hex, name] = match
  const end = at + whole.length
  if (decimal !== undefined) return { text: characterOf(Number.parseInt(decimal, 10)), end }
  if (hex !== undefined) return { text: characterOf(Number.parseInt(hex, 16)), end }
  const text = name === undefined || !whole.endsWith(';') ? undefined : namedCharacter(name)
  return text === undefined ? undefined : { text, end }
}

/** `&eacute;` and its like are a letter and the name of a mark. */
function namedCharacter(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (Object.hasOwn(NAMED, lower)) return NAMED[lower]
  const mark = lower.slice(1)
  return Object.hasOwn(MARKS, mark) ? `${name.charAt(0)}${MARKS[mark]}`.normalize('NFC') : undefined
}

function backslashAt(source: string, at: number): Escape | undefined {
  const next = source.charAt(at + 1)
  if (next === '') return undefined
  BACKSLASH.lastIndex = at
  const match = next === 'u' || next === 'x' ? BACKSLASH.exec(source) : null
  if (match === null) {
    // `C:\\Users` and the like: what is no escape is left alone, so that views are not made of paths.
    const text = CONTROLS[next] ?? (LETTER_OR_DIGIT.test(next) ? undefined : next)
    return text === undefined ? undefined : { text, end: at + 2 }
  }
  const [whole, unit, point, byte] = match
  const code = Number.parseInt(unit ?? point ?? byte ?? '', 16)
  return { text: unit === undefined ? characterOf(code) : String.fromCharCode(code), end: at + whole.length }
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}
