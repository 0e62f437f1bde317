/**
 * Numbers in prose: a seed between two ordinary words can be no run of pieces. Answers that by the scan's words, which
 * costs a fraction of reading the run; what is not told that simply is left to be read.
 */
import type { TextScan } from '../scan.ts'
import type { Seed } from './reader.ts'

/** Letters that no group of an identifier has in small: neither its own ones nor such as look like digits. */
const ORDINARY = (() => {
  const table = new Uint8Array(128)
  for (const letter of 'acdefhjkmnprtuvwxy') table[letter.charCodeAt(0)] = 1
  return table
})()

/** Farther than any gap between two pieces. */
const FAR = 80

/** Whether a unit may belong to what is passed over between two pieces: tags, escapes, quoted names. */
const isMarkup = (unit: number): boolean =>
  unit === 0x3c || unit === 0x3e || unit === 0x5b || unit === 0x5d || unit === 0x2f || unit === 0x26 ||
  unit === 0x5c || unit === 0x22 || unit === 0x27 || unit === 0x7b || unit >= 0x80 // biome-ignore format: one list

function hasMarkup(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (isMarkup(text.charCodeAt(at))) return true
  return false
}

/** Whether a word is of ordinary letters: no digit, at most one capital, one letter at least that says so. */
function isOrdinary(text: string, start: number, end: number): boolean {
  let capitals = 0
  let ordinary = 0
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x80 || (unit >= 0x30 && unit <= 0x39)) return false
    if (unit <= 0x5a) capitals += 1
    else ordinary += ORDINARY[unit] ?? 0
  }
  return end - start > 1 && ordinary > 0 && capitals <= 1
}

/** Whether what follows a word makes it the name of a field. */
function isFieldLike(text: string, end: number): boolean {
  const at = text.charCodeAt(end) === 0x20 ? end + 1 : end
  const unit = text.charCodeAt(at)
  return unit === 0x3d || unit === 0x3a || unit === 0x5f || unit === 0x2d || isMarkup(unit)
}

/** Answers where a seed ends that stands alone and has fewer than `least` digits; -1 for any other. */
export function lonely(
  text: string,
  { words }: TextScan,
  numerals: ReadonlyMap<number, Seed>,
): (seed: Seed, least: number) => number {
  const { starts, ends, count } = words
  let i = 0
  const plain = (word: number): boolean =>
    !numerals.has(starts[word] ?? 0) && isOrdinary(text, starts[word] ?? 0, ends[word] ?? 0)
  return ({ start, end: readingEnd, reading }, least) => {
    while (i < count && (starts[i] ?? 0) < start) i += 1
    if (i >= count || starts[i] !== start || (reading !== null && reading.kind !== 'digits')) return -1
    const end = reading === null ? (ends[i] ?? 0) : readingEnd
    if (reading === null ? end - start >= least : reading.digits.length >= least) return -1
    let next = i + 1
    while (next < count && (starts[next] ?? 0) < end) next += 1
    const before = i === 0 ? -FAR : (ends[i - 1] ?? 0)
    const after = next >= count ? text.length + FAR : (starts[next] ?? 0)
    if (hasMarkup(text, Math.max(0, before, start - FAR), start)) return -1
    if (hasMarkup(text, end, Math.min(text.length, after, end + FAR))) return -1
    if (start - before < FAR && !plain(i - 1)) return -1
    if (after - end < FAR && (!plain(next) || isFieldLike(text, ends[next] ?? 0))) return -1
    return isFieldLike(text, end) ? -1 : end
  }
}
