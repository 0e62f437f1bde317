/** Ids that sort by time: a prefix and a ULID (48 bits of ms, 80 random bits, Crockford base 32). */
import type { Clock } from '../ports.ts'

/** Makes ids; each is greater than the one before, whatever the clock does. */
export interface Ids {
  /** `req_` and 26 characters. */
  requestId(): string
  /** `d_` and 26 characters. */
  decisionId(): string
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_BYTES = 10
const MAX_TIME = 2 ** 48 - 1

/**
 * `clock` in ms since the epoch; `randomBytes` gives that many unpredictable bytes. Inside one millisecond, and
 * while a clock runs backwards, the random part counts up. Source: the ULID specification, "monotonicity".
 */
export function createIds(clock: Clock, randomBytes: (size: number) => Uint8Array): Ids {
  const next = createUlids(clock, randomBytes)
  return { requestId: () => `req_${next()}`, decisionId: () => `d_${next()}` }
}

function createUlids(clock: Clock, randomBytes: (size: number) => Uint8Array): () => string {
  let time = -1
  let random = new Uint8Array(RANDOM_BYTES)
  let timeText = ''
  return () => {
    const now = Math.min(Math.max(0, Math.floor(clock())), MAX_TIME)
    if (now > time || !increment(random)) {
      time = Math.max(now, time + (now > time ? 0 : 1))
      random = Uint8Array.from(randomBytes(RANDOM_BYTES))
      timeText = encodeTime(time)
    }
    return timeText + encodeRandom(random)
  }
}

/** Adds one in place, most significant byte first; false when it overflowed. */
function increment(bytes: Uint8Array): boolean {
  for (let i = bytes.length - 1; i >= 0; i -= 1) {
    const value = ((bytes[i] ?? 0) + 1) & 0xff
    bytes[i] = value
    if (value !== 0) return true
  }
  return false
}

function encodeTime(time: number): string {
  let text = ''
  for (let rest = time, i = 0; i < 10; i += 1) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeRandom(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return text
}
