/** How a line is written: mixed case, no capitals at all, only capitals, every word with a capital. */
export const LineCase = { mixed: 0, lower: 1, upper: 2, title: 3 } as const

/** The case of a line with so many words in small letters, with one capital, and in capitals. */
export function caseOf(lowers: number, capitals: number, shouts: number): number {
  const words = lowers + capitals + shouts
  if (words < 2) return LineCase.mixed
  if (capitals + shouts === 0) return LineCase.lower
  if (words < 3) return lowers === 0 && capitals === 0 ? LineCase.upper : LineCase.mixed
  if (shouts * 10 >= words * 7) return LineCase.upper
  return words >= 4 && capitals * 10 >= words * 8 ? LineCase.title : LineCase.mixed
}
