/**
 * Child views: what a text says once its encodings are undone. Escapes inside a text (percent, HTML, `\u`,
 * quoted-printable) are undone in place with a map back; tokens that are one encoded string (base64, hex) become texts
 * of their own, and a finding in one of them masks the whole token.
 */
import type { TextScan } from './scan.ts'
import type { Span } from './types.ts'

/** A text with its escapes undone; `toOuter` gives the range of the outer text a range of it came from. */
export interface UnescapedText {
  readonly text: string
  toOuter(span: Span): Span
}

/** A token of a text that decodes to readable text. */
export interface EncodedToken {
  readonly span: Span
  readonly decoded: string
}

/** Named character references that stand for what identifiers are made of. Source: HTML Living Standard, 13.5. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  commat: '@',
  period: '.',
  colon: ':',
  semi: ';',
  sol: '/',
  hyphen: '-',
  dash: '-',
  lowbar: '_',
  UnderBar: '_',
  plus: '+',
  num: '#',
  equals: '=',
  comma: ',',
  excl: '!',
  quest: '?',
  lpar: '(',
  rpar: ')',
  Tab: '\t',
  NewLine: '\n',
  shy: '',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
  aacute: 'á',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
}

const ESCAPE =
  /(?<percent>(?:%[0-9A-Fa-f]{2}){1,256})|&#(?<decimal>[0-9]{1,7});?|&#[xX](?<hex>[0-9A-Fa-f]{1,6});?|&(?<named>[A-Za-z]{2,8});|\\u(?<unicode>[0-9A-Fa-f]{4})|\\u\{(?<braced>[0-9A-Fa-f]{1,6})\}|\\x(?<byte>[0-9A-Fa-f]{2})|(?<quoted>(?:=[0-9A-F]{2}){1,256})|(?<soft>=\r?\n)|\\(?<short>[nrt"'\\/])/gu
/** What makes a second reading worth its time; line breaks written as `\n` alone do not. */
const WORTHWHILE =
  /%[0-9A-Fa-f]{2}|&(?:#[0-9xX]|[A-Za-z]{2,8};)|\\(?:u[0-9A-Fa-f{]|x[0-9A-Fa-f]{2})|=[0-9A-F]{2}[^0-9A-F]|=\r?\n/u
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const utf8 = (hexPairs: string): string => Buffer.from(hexPairs.replace(/[%=]/gu, ''), 'hex').toString('utf8')
const character = (codePoint: number): string =>
  codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd'

function undo(match: RegExpExecArray, isQuotedPrintable: boolean): string | null {
  const group = match.groups ?? {}
  if (group.percent !== undefined) return utf8(group.percent)
  if (group.decimal !== undefined) return character(Number(group.decimal))
  const hex = group.hex ?? group.unicode ?? group.braced ?? group.byte
  if (hex !== undefined) return character(Number.parseInt(hex, 16))
  if (group.named !== undefined) return NAMED[group.named] ?? null
  if (group.quoted !== undefined) return isQuotedPrintable ? utf8(group.quoted) : null
  if (group.soft !== undefined) return isQuotedPrintable ? '' : null
  return group.short === undefined ? null : (SHORT[group.short] ?? group.short)
}

/** Whether `=` followed by hexadecimal digits is an encoding here and not an assignment. */
function isQuotedPrintable(text: string): boolean {
  return (
    /=\r?\n/u.test(text) ||
    (text.match(/=(?:[A-F][0-9A-F]|[0-9][A-F]|[2-7][0-9])(?![0-9A-F])/gu)?.length ?? 0) >= 2
  )
}

/**
 * A text with its escapes undone, or null when there are none. Linear. An escape becomes one or more units that all map
 * to the whole escape.
 */
export function unescapeText(text: string): UnescapedText | null {
  if (!(text.includes('%') || text.includes('&') || text.includes('\\') || text.includes('='))) return null
  if (!WORTHWHILE.test(text)) return null
  const quoted = text.includes('=') && isQuotedPrintable(text)
  const parts: string[] = []
  // One entry per piece: where it starts inside, where outside, and how long it is outside when it was an escape.
  const inner: number[] = []
  const outer: number[] = []
  const escaped: number[] = []
  let length = 0
  const push = (part: string, at: number, size: number): void => {
    if (part === '') return
    parts.push(part)
    inner.push(length)
    outer.push(at)
    escaped.push(size)
    length += part.length
  }
  let done = 0
  for (const match of text.matchAll(ESCAPE)) {
    const plain = undo(match, quoted)
    if (plain === null) continue
    push(text.slice(done, match.index), done, 0)
    push(plain, match.index, match[0].length)
    done = match.index + match[0].length
  }
  if (done === 0) return null
  push(text.slice(done), done, 0)
  const edge = (at: number, isEnd: boolean): number => {
    const piece = lastAtMost(inner, isEnd ? at - 1 : at)
    const start = outer[piece] ?? 0
    const size = escaped[piece] ?? 0
    if (size > 0) return isEnd ? start + size : start
    return start + at - (inner[piece] ?? 0)
  }
  return {
    text: parts.join(''),
    toOuter: ({ start, end }) => ({ start: edge(start, false), end: edge(end, true) }),
  }
}

/** Index of the last value that is not greater than `at`. */
function lastAtMost(values: readonly number[], at: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((values[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return low
}

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/gu
const HEX = /^(?:0x)?(?:[0-9A-Fa-f]{2}){8,}$/u
/** Longest token that is decoded, in characters. */
const MAX_TOKEN = 65_536
// Control characters and the replacement character do not occur in text somebody wrote.
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/u

/** Bytes as text when they are text; null otherwise. */
function readable(bytes: Buffer): string | null {
  const text = bytes.toString('utf8')
  return UNREADABLE.test(text) || !/[\p{L}\p{N}]/u.test(text) ? null : text
}

/** Random bytes are almost never valid text, and words of prose almost never decode to any: both are dropped here. */
function decodeToken(token: string): string | null {
  if (HEX.test(token)) {
    const text = readable(Buffer.from(token.replace(/^0x/u, ''), 'hex'))
    if (text !== null) return text
  }
  const bare = token.replace(/=+$/u, '')
  if (bare.length % 4 === 1) return null
  return readable(Buffer.from(bare, 'base64'))
}

/** The tokens of a scanned text that decode to readable text, in order. Linear. */
export function encodedTokens(text: string, scan: TextScan): readonly EncodedToken[] {
  const tokens: EncodedToken[] = []
  for (let i = 0; i < scan.blobs.length; i += 2) {
    const from = scan.blobs[i] ?? 0
    const blob = text.slice(from, scan.blobs[i + 1])
    for (const match of blob.matchAll(BASE64)) {
      if (match[0].length > MAX_TOKEN) continue
      const decoded = decodeToken(match[0])
      if (decoded === null) continue
      const start = from + match.index
      tokens.push({ span: { start, end: start + match[0].length }, decoded })
    }
  }
  return tokens
}
