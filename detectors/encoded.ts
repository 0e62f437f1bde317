/**
 * What a text says once its encodings are undone, in place and with a map back: escapes (percent, HTML, `\u`, octal,
 * quoted-printable), and tokens that are one encoded string (base64, base32, hex, binary, character codes). A finding
 * in what was decoded masks the whole encoded stretch.
 */

import { base85 } from './base85.ts'
import { addLineNumbers, addMorse } from './marked-lines.ts'
import { mixedTokens } from './mixed-tokens.ts'
import { Rewriter, type RewrittenText } from './rewrite.ts'
import type { TextScan } from './scan.ts'

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
  /(?<percent>(?:%[0-9A-Fa-f]{2}){1,256})|&#(?<decimal>[0-9]{1,7});?|&#[xX](?<hex>[0-9A-Fa-f]{1,6});?|&(?<named>[A-Za-z]{2,8});|[\\%]u(?<unicode>[0-9A-Fa-f]{4})|\\u\{(?<braced>[0-9A-Fa-f]{1,6})\}|\\U(?<long>[0-9A-Fa-f]{8})|(?<bytes>(?:\\x[0-9A-Fa-f]{2}){1,256})|\\(?<octal>[0-3][0-7]{2})|(?<quoted>(?:=[0-9A-F]{2}){1,256})|(?<soft>=[ \t]{0,4}\r?\n)|\\(?<short>[nrt"'\\/._@+-])/gu
/** What makes a second reading worth its time; line breaks written as `\n` alone do not. */
const WORTHWHILE =
  /%[0-9A-Fa-fu][0-9A-Fa-f]|&(?:#[0-9xX]|[A-Za-z]{2,8};)|\\(?:[uU][0-9A-Fa-f{]|x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[._@+-][\p{L}\p{N}])|=[0-9A-F]{2}[^0-9A-F]|=[ \t]{0,4}\r?\n/u
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const character = (codePoint: number): string =>
  codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd'

/** What an escape stands for, with the source units of each byte when it is a run of bytes. Null: it is none here. */
function undo(
  match: RegExpExecArray,
  isQuotedPrintable: boolean,
): { text: string; unitsPerByte: number } | null {
  const { percent, decimal, named, quoted, soft, bytes, octal, short, ...hexadecimal } = match.groups ?? {}
  const of = (text: string): { text: string; unitsPerByte: number } => ({ text, unitsPerByte: 0 })
  const utf8 = (pairs: string, unitsPerByte: number) => ({
    text: Buffer.from(pairs.replace(/[%=]|\\x/gu, ''), 'hex').toString('utf8'),
    unitsPerByte,
  })
  if (percent !== undefined) return utf8(percent, 3)
  if (bytes !== undefined) return utf8(bytes, 4)
  if (decimal !== undefined) return of(character(Number(decimal)))
  const hex = hexadecimal.hex ?? hexadecimal.unicode ?? hexadecimal.braced ?? hexadecimal.long
  if (hex !== undefined) return of(character(Number.parseInt(hex, 16)))
  if (octal !== undefined) return of(character(Number.parseInt(octal, 8)))
  if (named !== undefined) return named in NAMED ? of(NAMED[named] ?? '') : null
  if (quoted !== undefined) return isQuotedPrintable ? utf8(quoted, 3) : null
  if (soft !== undefined) return isQuotedPrintable ? of('') : null
  return short === undefined ? null : of(SHORT[short] ?? short)
}

/** Whether `=` followed by hexadecimal digits is an encoding here and not an assignment. */
function isQuotedPrintable(text: string): boolean {
  return (
    /=[ \t]{0,4}\r?\n/u.test(text) ||
    (text.match(/=(?:[A-F][0-9A-F]|[0-9][A-F]|[2-7][0-9])(?![0-9A-F])/gu)?.length ?? 0) >= 2
  )
}

/** Longest piece of a token on a line of its own. */
const MAX_LINE = 4096
/** Longest token that is decoded, in characters. */
const MAX_TOKEN = 65_536
// Control characters and the replacement character do not occur in text somebody wrote.
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/u

/** Bytes as text when they are text; null otherwise. */
function readable(bytes: Buffer): string | null {
  const text = bytes.toString('utf8')
  return UNREADABLE.test(text) || !/[\p{L}\p{N}]/u.test(text) ? null : text
}

const HEX = /^(?:0x)?(?:[0-9A-Fa-f]{2}){6,}$/u
const BASE32 = /^(?:[A-Z2-7]{8}){1,}(?:[A-Z2-7]{2}|[A-Z2-7]{4,5}|[A-Z2-7]{7})?={0,6}$/u
const BASE32_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function base32(token: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const unit of token) {
    const five = BASE32_ALPHABET.indexOf(unit)
    if (five < 0) break
    value = ((value << 5) | five) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}

/** Random bytes are almost never valid text, and words of prose almost never decode to any: both are dropped here. */
function decodeToken(token: string): string | null {
  if (HEX.test(token)) {
    const text = readable(Buffer.from(token.replace(/^0x/u, ''), 'hex'))
    if (text !== null) return text
  }
  if (token.length >= 16 && BASE32.test(token)) {
    const text = readable(base32(token))
    if (text !== null) return text
  }
  const bare = token.replace(/=+$/u, '')
  if (bare.length < 10 || bare.length % 4 === 1) return null
  return readable(Buffer.from(bare, 'base64'))
}

/** Pieces of one token on lines of their own, as mail and certificates wrap them; the marks of quoted mail between. */
const WRAPPED =
  /[A-Za-z0-9+/_-]{2,4096}(?:[ \t]{0,4}\\?\r?\n[ \t]{0,8}(?:[>|*#][ \t>|]{0,8})?\r?\n?[A-Za-z0-9+/_-]{1,4096}){1,800}(?:[ \t]{0,4}[\r\n]{0,4}[> \t]{0,4}={1,2})?/uy
const TOKEN = /[A-Za-z0-9+/_-]{10,}={0,6}/uy
const BASE64_UNIT = /[A-Za-z0-9+/_-]/u
/**
 * Words of prose, with capitals at their beginnings alone. Of text with digits no encoding looks so (a byte from 0x30 to
 * 0x39 begins with M, N or O in base64, and is a digit in hexadecimal); of ten letters, one in thousands.
 */
const PROSE = /^[A-Z]?[a-z]*(?:[-_/][A-Z]?[a-z]+)*$/u
/** The last word of a line and the first of the next. */
const WRAPPED_PROSE = /^[A-Z]?[a-z]*[ \t]{0,4}\r?\n[ \t]{0,8}[A-Z]?[a-z]*$/u
const isWrappedProse = (lines: string): boolean => WRAPPED_PROSE.test(lines)
/** Units of base64 and base64url. */
const BASE64_UNITS = (() => {
  const table = new Uint8Array(0x80)
  for (let unit = 0; unit < 0x80; unit += 1) table[unit] = BASE64_UNIT.test(String.fromCharCode(unit)) ? 1 : 0
  return table
})()
const isBase64Unit = (unit: number): boolean => unit < 0x80 && BASE64_UNITS[unit] === 1

/** Bytes written one by one: `34 31`, `0x34, 0x31`, `34:31`. */
const SPACED_HEX =
  /(?<![\p{L}\p{N}])(?:0x)?[0-9A-Fa-f]{2}(?:(?:[ :,-]|, )(?:0x)?[0-9A-Fa-f]{2}){5,2000}(?![\p{L}\p{N}])/gu
const BINARY = /(?<![\p{L}\p{N}])[01]{8}(?:[ ,]{0,2}[01]{8}){4,2000}(?![\p{L}\p{N}])/gu
const CODES =
  /(?<![\p{L}\p{N}.])(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])(?:(?:,? |,)(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])){5,2000}(?![\p{L}\p{N}])/gu
/** Escapes of style sheets: a space ends each. */
const CSS = /(?:\\[0-9A-Fa-f]{2,6} ){4,1000}/gu
const HAN_DIGITS = '〇一二三四五六七八九'
const HAN = /[〇零一二三四五六七八九]{6,64}/gu

/** Digits written in Han characters one by one: the tens and hundreds of ordinary numbers are other characters. */
function addHan(text: string, found: Decoded[]): void {
  for (const { 0: run, index } of text.matchAll(HAN))
    [...run].forEach((unit, i) => {
      const digit = unit === '零' ? 0 : HAN_DIGITS.indexOf(unit)
      found.push({ start: index + i, size: 1, text: String(digit), unitsPerByte: 0 })
    })
}

function addCss(text: string, found: Decoded[]): void {
  for (const { 0: run, index } of text.matchAll(CSS)) {
    const codes = (run.match(/[0-9A-Fa-f]+/gu) ?? []).map((code) => Number.parseInt(code, 16))
    const decoded = codes.every((code) => code >= 0x20 && code < 0x3000) ? String.fromCodePoint(...codes) : ''
    if (/[\p{L}\p{N}]{3}/u.test(decoded))
      found.push({ start: index, size: run.trimEnd().length, text: decoded, unitsPerByte: 0 })
  }
}

/** A stretch and what it says. */
export interface Decoded {
  readonly start: number
  readonly size: number
  readonly text: string
  readonly unitsPerByte: number
}

/** Words with marks around them, and paths of words: no encoding looks so. */
const PLAIN_TOKEN = /^[^\p{L}\p{N}]*[A-Z]?[a-z]+(?:[-_/.:,;'=()"]{1,3}[A-Z]?[a-z]+)*[^\p{L}\p{N}]*$/u
/** Inside it a mark, or letters of both cases and digits. */
const MIXED_TOKEN = /[A-Za-z0-9][!-/:-@[-`{-~]+[A-Za-z0-9]|^(?=.*[0-9])(?=.*[a-z]).*[A-Z]/u
/** Marks that a sentence puts around a token, tried with and without. */
const AROUND = /^(?:<~|["'(])|(?:~>|["')])?[.,;:!?]?$/gu

/** What somebody would hide: digits enough for a number, or an address. */
const isWorthHiding = (text: string | null): text is string =>
  text !== null && (digitCount(text) >= 4 || /[\p{L}\p{N}]@[\p{L}\p{N}]/u.test(text))

/** Tokens in base-85. */
function addBase85(text: string, found: Decoded[]): void {
  for (const [index, end] of mixedTokens(text)) {
    const token = text.slice(index, end)
    if (PLAIN_TOKEN.test(token) || !MIXED_TOKEN.test(token)) continue
    const inner = token.replace(AROUND, '')
    for (const candidate of new Set([token, token.replace(/[.,;:!?]$/u, ''), inner])) {
      const plain = base85(candidate).map(readable).find(isWorthHiding)
      if (plain === undefined) continue
      const at = Math.max(0, token.indexOf(candidate))
      found.push({ start: index + at, size: candidate.length, text: plain, unitsPerByte: 0 })
      break
    }
  }
}

const digitCount = (text: string | null): number => text?.replace(/[^0-9]/gu, '').length ?? -1
const decodeCodes = (codes: string): string | null =>
  readable(Buffer.from((codes.match(/[0-9]+/gu) ?? []).map(Number)))

/** Pairs of digits are hexadecimal or decimal codes: the reading with more digits is meant. */
function decodePairs(pairs: string): string | null {
  const hex = readable(Buffer.from(pairs.replace(/0x|[^0-9A-Fa-f]/gu, ''), 'hex'))
  const decimal = /[A-Fa-fx]/u.test(pairs) ? null : decodeCodes(pairs)
  return digitCount(decimal) > digitCount(hex) ? decimal : hex
}

/** Calls `visit` with every such token: looked for where lines end, as most texts have few of these. */
function eachWrapped(text: string, visit: (index: number, lines: string) => void): void {
  let done = 0
  for (let line = text.indexOf('\n'); line >= 0; line = text.indexOf('\n', Math.max(line + 1, done))) {
    let end = line
    if (text.charAt(end - 1) === '\r') end -= 1
    if (text.charAt(end - 1) === '\\') end -= 1
    for (let spaces = 0; spaces < 4 && /[ \t]/u.test(text.charAt(end - 1)); spaces += 1) end -= 1
    let from = end
    while (from > done && end - from < MAX_LINE && isBase64Unit(text.charCodeAt(from - 1))) from -= 1
    if (end - from < 2) continue
    WRAPPED.lastIndex = from
    const lines = WRAPPED.exec(text)?.[0]
    if (lines === undefined) continue
    visit(from, lines)
    done = from + lines.length
  }
}

/** Shortest token that is decoded. */
const LEAST_TOKEN = 10

/** Whether a word with nothing of an encoding behind it is too short for a token. */
const isShortWord = (text: string, start: number, end: number): boolean =>
  end - start < LEAST_TOKEN && !isBase64Unit(text.charCodeAt(end)) && text.charCodeAt(end) !== 0x3d

function addTokens(text: string, scan: TextScan, found: Decoded[]): void {
  const add = (start: number, size: number, decoded: string | null): void => {
    if (decoded !== null) found.push({ start, size, text: decoded, unitsPerByte: 0 })
  }
  eachWrapped(text, (index, lines) => {
    if (lines.length > MAX_TOKEN || isWrappedProse(lines)) return
    // A hyphen at the end of a line is more often one that breaks it than a character of base64url.
    const unbroken = decodeToken(lines.replace(/-(?=\s)|[^A-Za-z0-9+/_=-]/gu, ''))
    add(index, lines.length, unbroken ?? decodeToken(lines.replace(/[^A-Za-z0-9+/_=-]/gu, '')))
  })
  const { starts, ends, count } = scan.words
  let done = 0
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0
    if (start < done || (ends[i] ?? 0) - start < 6) continue
    // A long word may be a part of a token that also has `+`, `/`, `-` and `_`, which end words.
    let from = start
    while (from > done && isBase64Unit(text.charCodeAt(from - 1))) from -= 1
    if (from === start && isShortWord(text, start, ends[i] ?? 0)) continue
    TOKEN.lastIndex = from
    const token = TOKEN.exec(text)?.[0]
    done = from + (token?.length ?? 1)
    if (token === undefined || token.length > MAX_TOKEN || PROSE.test(token)) continue
    add(from, token.length, decodeToken(token))
  }
  if (scan.numbers.most < 10) return
  for (const { 0: pairs, index } of text.matchAll(SPACED_HEX)) add(index, pairs.length, decodePairs(pairs))
  for (const { 0: bits, index } of text.matchAll(BINARY)) {
    const bytes = bits.match(/[01]{8}/gu) ?? []
    add(index, bits.length, readable(Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))))
  }
  for (const { 0: codes, index } of text.matchAll(CODES)) add(index, codes.length, decodeCodes(codes))
}

function addEscapes(text: string, found: Decoded[]): void {
  if (!(text.includes('%') || text.includes('&') || text.includes('\\') || text.includes('='))) return
  if (!WORTHWHILE.test(text)) return
  const quoted = text.includes('=') && isQuotedPrintable(text)
  for (const match of text.matchAll(ESCAPE)) {
    const plain = undo(match, quoted)
    if (plain !== null) found.push({ start: match.index, size: match[0].length, ...plain })
  }
}

/** Writes a run of bytes character by character, so that a finding in it masks no more than its own escapes. */
function replaceBytes(rewriter: Rewriter, { start, size, text, unitsPerByte }: Decoded): void {
  if (Buffer.byteLength(text) * unitsPerByte !== size || text.includes('\ufffd')) {
    rewriter.replace(start, size, text)
    return
  }
  let at = start
  for (const one of text) {
    const units = Buffer.byteLength(one) * unitsPerByte
    rewriter.replace(at, units, one)
    at += units
  }
}

/** A canonical text with its encodings undone, or null when there are none. Linear; throws nothing. */
export function revealEncoded(text: string, scan: TextScan): RewrittenText | null {
  const found: Decoded[] = []
  addEscapes(text, found)
  if (text.includes('\\')) addCss(text, found)
  addHan(text, found)
  addTokens(text, scan, found)
  addBase85(text, found)
  addMorse(text, found)
  addLineNumbers(text, found)
  if (found.length === 0) return null
  // Of stretches that overlap, the longest says the most: the lines of a wrapped token before each line.
  found.sort((a, b) => a.start - b.start || b.size - a.size)
  const rewriter = new Rewriter(text)
  for (const one of found) {
    if (one.start < rewriter.done) continue
    if (one.unitsPerByte > 0) replaceBytes(rewriter, one)
    else rewriter.replace(one.start, one.size, one.text)
  }
  return rewriter.finish()
}
