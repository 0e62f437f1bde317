/** Values in base64 or base64url, at any of its three alignments, inside longer runs too. */
import { Buffer } from 'node:buffer'

/** Characters that a value at one alignment decides alone. */
export interface Needle<Item> {
  readonly text: string
  readonly sought: Item
}

/** Of longer needles so much is enough. */
const MAX_NEEDLE = 64
/** Values of fewer bytes have too few characters of their own. */
const MIN_BYTES = 5

/** The needles of all values of five bytes or more. */
export function needlesOf<Item extends { readonly value: string }>(
  items: readonly Item[],
): readonly Needle<Item>[] {
  const needles: Needle<Item>[] = []
  for (const item of items) addNeedles(item, needles)
  return needles
}

/**
 * Behind 0, 1 or 2 bytes of something else, the first 0, 2 or 3 characters depend on that, and so does the last
 * one unless the bytes fill it.
 */
function addNeedles<Item extends { readonly value: string }>(sought: Item, needles: Needle<Item>[]): void {
  const bytes = Buffer.byteLength(sought.value, 'utf8')
  if (bytes < MIN_BYTES) return
  for (const [before, skipped] of ALIGNMENTS) {
    const whole = Buffer.from(before + sought.value, 'utf8').toString('base64')
    const end = Math.min(Math.floor(((before.length + bytes) * 8) / 6), skipped + MAX_NEEDLE)
    const text = whole.slice(skipped, end)
    needles.push({ text, sought })
    if (SPECIAL.test(text)) needles.push({ text: text.replaceAll('+', '-').replaceAll('/', '_'), sought })
  }
}

const SPECIAL = /[+/]/
const ALIGNMENTS: readonly (readonly [before: string, skipped: number])[] = [
  ['', 0],
  ['.', 2],
  ['..', 3],
]

const RUN = /[A-Za-z0-9+/_=-]/

/** The whole run of base64 characters around a range. */
export function runAround(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } {
  let from = start
  while (from > 0 && RUN.test(text.charAt(from - 1))) from--
  let to = end
  while (to < text.length && RUN.test(text.charAt(to))) to++
  return { start: from, end: to }
}
