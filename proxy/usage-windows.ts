/** Windows in which use is counted: fixed spans of UTC time, the same for every proxy. */

/** One window; ms since the epoch, half-open. */
export interface UsageWindow {
  readonly start: number
  readonly end: number
}

const DAY_MS = 86_400_000
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY = 4 * DAY_MS

/** The window of so many ms that holds `now`, counted from the epoch: minutes, hours and days are UTC's own. */
export function spanAt(now: number, windowMs: number, origin = 0): UsageWindow {
  const start = Math.floor((now - origin) / windowMs) * windowMs + origin
  return { start, end: start + windowMs }
}

/** The day, the week from Monday on, or the month that holds `now`, in UTC. */
export function calendarWindowAt(now: number, unit: 'day' | 'week' | 'month'): UsageWindow {
  switch (unit) {
    case 'day':
      return spanAt(now, DAY_MS)
    case 'week':
      return spanAt(now, 7 * DAY_MS, FIRST_MONDAY)
    case 'month': {
      const date = new Date(now)
      const at = (months: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)
      return { start: at(0), end: at(1) }
    }
    default:
      return unit satisfies never
  }
}
