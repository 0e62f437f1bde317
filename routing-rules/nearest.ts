/** "Did you mean": the valid name closest to a mistyped one. */

/** Longest name compared; anything longer has no near neighbour among rule words. */
const MAX_LENGTH = 64

/**
 * The name among `names` that `given` most likely was meant to be, or null when none is near: at most a third
 * of the letters differ (insertions, deletions, replacements, swapped neighbours; case aside). Ties: first.
 */
export function nearest(given: string, names: Iterable<string>): string | null {
  if (given.length > MAX_LENGTH) return null
  const wanted = given.toLowerCase()
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    if (name.length > MAX_LENGTH) continue
    const allowed = Math.max(1, Math.floor(Math.max(name.length, wanted.length) / 3))
    const found = distance(wanted, name.toLowerCase())
    if (found <= allowed && found < bestDistance) {
      best = name
      bestDistance = found
    }
  }
  return best
}

/** `: did you mean "x"?`, or the valid names themselves when they are few, or nothing. */
export function suggestion(given: string, names: Iterable<string>): string {
  const all = [...names]
  const near = nearest(given, all)
  if (near !== null) return `; did you mean "${near}"?`
  return all.length > 0 && all.length <= 12 ? `; expected one of: ${all.join(', ')}` : ''
}

/** Optimal string alignment distance. Source: Damerau 1964, restricted to one edit per substring. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
