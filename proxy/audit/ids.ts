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
/** Asking for unpredictable bytes costs the same for a few and for some hundred. */
const POOL_BYTES = 64 * RANDOM_BYTES
/** Every two characters, by the ten bits they stand for. */
const PAIRS = Array.from(
  { length: 1024 },
  (_, bits) => ALPHABET.charAt(bits >>> 5) + ALPHABET.charAt(bits & 31),
)

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
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  const freshBytes = (): Uint8Array => {
    if (used + RANDOM_BYTES > pool.length) {
      pool = Uint8Array.from(randomBytes(POOL_BYTES))
      used = 0
    }
    used += RANDOM_BYTES
    return pool.slice(used - RANDOM_BYTES, used)
  }
  let random: Uint8Array = new Uint8Array(RANDOM_BYTES)
  let timeText = ''
  return () => {
    const now = Math.min(Math.max(0, Math.floor(clock())), MAX_TIME)
    if (now > time || !increment(random)) {
      time = Math.max(now, time + (now > time ? 0 : 1))
      random = freshBytes()
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
  for (let rest = time, i = 0; i < 5; i += 1) {
    text = pair(rest % 1024) + text
    rest = Math.floor(rest / 1024)
  }
  return text
}

/** Five bytes are eight characters. */
function encodeRandom(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 5) {
    const at = (offset: number): number => bytes[i + offset] ?? 0
    const high = (at(0) << 12) | (at(1) << 4) | (at(2) >>> 4)
    const low = ((at(2) & 15) << 16) | (at(3) << 8) | at(4)
    text += pair(high >>> 10) + pair(high & 1023) + pair(low >>> 10) + pair(low & 1023)
  }
  return text
}

function pair(bits: number): string {
  return PAIRS[bits] ?? ''
}
