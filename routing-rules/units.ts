/** Durations and rates as they are written in a policy. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const DURATION = /^(\d{1,6})(s|m|h|d)$/
const DURATION_MS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** `90s`, `15m`, `2h`, `1d` in milliseconds; null for anything else, and for nothing at all (`0m`). */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text)
  const unit = DURATION_MS[match?.[2] ?? '']
  const ms = Number(match?.[1]) * (unit ?? Number.NaN)
  return ms > 0 ? ms : null
}

/** So many in each window. */
export interface Rate {
  readonly count: number
  readonly windowMs: number
}

const RATE = /^(\d{1,9})(k|M)?\/(s|sec|second|min|minute|hour|day)$/
const WINDOW_MS: Readonly<Record<string, number>> = {
  s: SECOND,
  sec: SECOND,
  second: SECOND,
  min: MINUTE,
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
}

/** `60/min`, `200k/hour`, `1M/day`; null for anything else. Zero is a rate: nothing at all. */
export function parseRate(text: string): Rate | null {
  const match = RATE.exec(text)
  const windowMs = WINDOW_MS[match?.[3] ?? '']
  if (match === null || windowMs === undefined) return null
  const factor = match[2] === 'M' ? 1_000_000 : match[2] === 'k' ? 1000 : 1
  return { count: Number(match[1]) * factor, windowMs }
}
