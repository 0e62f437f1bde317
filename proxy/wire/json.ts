/**
 * A strict JSON reader (RFC 8259, with the advice of I-JSON, RFC 7493, made law): what two parsers could read
 * differently is refused, because the detectors must see exactly what the next reader will see.
 *
 * `JSON.parse` does the reading. One linear scan before it bounds the depth and counts the members, and one walk
 * after it counts the keys that are there: fewer keys than members means that a name stood twice, however it
 * was escaped.
 */
import { isUtf8 } from 'node:buffer'
import { WireError } from './errors.ts'

/** `depth`: how many arrays and objects may be open at once. */
export interface JsonLimits {
  readonly depth: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
/** How far the end of a string is looked for by hand. */
const NEAR = 64
/** The bounds of 64-bit integers stand in many schemas; rounded, they say the same, and nothing else can be in them. */
const BOUNDS = new Set(['9223372036854775807', '9223372036854775808', '18446744073709551615'])
/** Integer literals this short are exact in a double. */
const EXACT_DIGITS = 15

/**
 * Reads one JSON value from UTF-8 bytes. Refused with `WireError` code `invalid_json`: bytes that are not
 * UTF-8, a byte order mark, text that is not JSON, a name given twice in one object or named `__proto__`, more
 * depth than `limits`, half of a surrogate pair, a number beyond the double range, an integer that a double
 * would round.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw new WireError('invalid_json')
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const value = read(buffer, buffer.toString(), limits)
  if (value === undefined) throw new WireError('invalid_json')
  return value
}

/** The same for a text, such as the arguments of a tool call; `undefined` instead of an error. */
export function parseJsonText(text: string, limits: JsonLimits): unknown {
  return read(Buffer.from(text), text, limits)
}

function read(bytes: Buffer, text: string, limits: JsonLimits): unknown {
  const members = countMembers(bytes, limits.depth)
  if (members < 0) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return countKeys(value, text.includes('\\u')) === members ? value : undefined
}

/**
 * Counts the colons outside strings: one per member of an object. Gives -1 for too much depth or a number that
 * does not survive. The bytes need not be valid JSON: `JSON.parse` has the last word on that.
 */
function countMembers(bytes: Buffer, maxDepth: number): number {
  let members = 0
  let depth = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte === QUOTE) {
      at = endOfString(bytes, at)
      if (at < 0) return -1
    } else if (byte === COLON) members += 1
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      if (depth > maxDepth) return -1
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
    else if (byte >= 0x30 && byte <= 0x39) {
      at = endOfNumber(bytes, at)
      if (at < 0) return -1
    }
  }
  return members
}

/** Index of the quote that closes the string opened at `open`, or -1. Linear over a whole text. */
function endOfString(bytes: Buffer, open: number): number {
  let at = open + 1
  while (at < bytes.length) {
    // Most strings are short, and a call of indexOf costs as much as some dozens of steps here.
    const near = Math.min(bytes.length, at + NEAR)
    while (at < near) {
      const byte = bytes[at]
      if (byte === QUOTE) return at
      at += byte === BACKSLASH ? 2 : 1
    }
    const quote = bytes.indexOf(QUOTE, at)
    if (quote < 0) return -1
    let slashes = 0
    while (quote - 1 - slashes >= at && bytes[quote - 1 - slashes] === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return quote
    at = quote + 1
  }
  return -1
}

/** Index of the last byte of the number at `start`, or -1 when it is an integer that a double rounds. */
function endOfNumber(bytes: Buffer, start: number): number {
  let end = start
  let whole = true
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end] as number
    if (byte >= 0x30 && byte <= 0x39) continue
    // . e E + -
    if (byte !== 0x2e && byte !== 0x65 && byte !== 0x45 && byte !== 0x2b && byte !== 0x2d) break
    whole = false
  }
  if (whole && end - start > EXACT_DIGITS) {
    const literal = bytes.toString('latin1', start, end)
    if (String(Number(literal)) !== literal && !BOUNDS.has(literal)) return -1
  }
  return end - 1
}

/**
 * Keys of all objects in a parsed value, or -1 when it has something that must not be there. With `checkText`,
 * strings are searched for lone surrogates, which only an escape can have made.
 */
function countKeys(value: unknown, checkText: boolean): number {
  if (typeof value === 'string') return checkText && !isWellFormed(value) ? -1 : 0
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : -1
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      const inside = countKeys(item, checkText)
      if (inside < 0) return -1
      count += inside
    }
    return count
  }
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    if (key === '__proto__' || (checkText && !isWellFormed(key))) return -1
    const inside = countKeys(record[key], checkText)
    if (inside < 0) return -1
    count += inside + 1
  }
  return count
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** Whether a text has no half of a surrogate pair. */
function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}
