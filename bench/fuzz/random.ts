/** Chance that can be repeated, and what is done to inputs with it. */
import { Buffer } from 'node:buffer'

/** A source of numbers; the same seed gives the same numbers. */
export interface Random {
  /** A whole number from 0 to `bound`, exclusive. */
  below(bound: number): number
  pick<T>(from: readonly T[]): T
}

/** Source: Marsaglia, "Xorshift RNGs", 2003 (13, 17, 5). */
export function randomOf(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 0 || 1
  const below = (bound: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] }
}

/** A text with a few things done to it: pieces cut out, doubled, swapped in from `bits`, or characters changed. */
export function mutated(text: string, bits: readonly string[], random: Random): string {
  let out = text
  for (let round = random.below(5); round >= 0; round -= 1) {
    const from = random.below(out.length + 1)
    const to = Math.min(out.length, from + random.below(12))
    const piece = out.slice(from, to)
    const put = random.pick(['', piece + piece, random.pick(bits), String.fromCharCode(random.below(0x3000))])
    out = out.slice(0, from) + put + out.slice(to)
  }
  return out
}

/** Bytes of a text; one time in eight some of them are changed, so that they may not be UTF-8. */
export function bytesOf(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 0 && random.below(8) === 0) bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

/** Cuts something that can be sliced into pieces of random length. */
export function cut<T extends { readonly length: number }>(
  whole: T,
  slice: (from: number, to: number) => T,
  random: Random,
): readonly T[] {
  const pieces: T[] = []
  for (let from = 0; from < whole.length; ) {
    const to = Math.min(whole.length, from + 1 + random.below(random.pick([2, 8, 64])))
    pieces.push(slice(from, to))
    from = to
  }
  return pieces
}
