/** Numbers that count or measure something: a check digit that fits one of these fits by chance. */

/** Seconds and milliseconds since 1970, from 2021 to 2030: what programs write down is mostly about now. */
const isMoment = (value: number): boolean =>
  (value >= 1.609e9 && value < 1.9e9) || (value >= 1.609e12 && value < 1.9e12)

/** Powers of two and their neighbours below: sizes and masks. */
function isPowerOfTwo(value: number): boolean {
  const bits = Math.log2(value)
  return Number.isInteger(bits) || Number.isInteger(Math.log2(value + 1))
}

const HOUR_S = 3600
const ROUND = /^[1-9][0-9]*000$/u
const VERY_ROUND = /^[1-9][0-9]*00000$/u
const DIGITS = /^[0-9]{4,15}$/u

/** Whether digits without anything between them are a round number, a size, a duration or a moment. */
export function isCount(value: string): boolean {
  if (!DIGITS.test(value) || value.startsWith('0')) return false
  const number = Number(value)
  return ROUND.test(value) || isPowerOfTwo(number) || number % HOUR_S === 0 || isMoment(number)
}

/** Whether there is hardly anything else a number can be: a round one, or a size. */
export function isSurelyCount(value: string): boolean {
  return (
    DIGITS.test(value) && !value.startsWith('0') && (VERY_ROUND.test(value) || isPowerOfTwo(Number(value)))
  )
}

/** Whether what stands at an offset is the fraction of a decimal number: `0.1234`. */
export function isFraction(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) !== 0x2e) return false
  const before = text.charCodeAt(at - 2)
  return before >= 0x30 && before <= 0x39
}

/** How far around a number others tell what it is. */
const NEIGHBOURHOOD = 80
const WHOLE_PART = /(?<![\p{L}\p{N}_])[0-9]{1,15}[.,]$/u
const EXPONENT = /^[0-9]{1,24}e[+-]?[0-9]/iu
const LONG_FRACTION = /(?<![0-9.])[0-9]{1,15}\.(?<fraction>[0-9]{6,24})(?![0-9.])/gu

/**
 * Whether a run of digits behind a digit and a point or comma is rather the fraction of a number than an identifier with
 * the number of its line or cell in front: the whole part is zero, an exponent follows, or other long fractions stand
 * near that `isIdentifier` does not accept. Identifiers keep company with identifiers, and measurements with measurements.
 */
export function isLikelyFraction(
  text: string,
  at: number,
  isIdentifier: (digits: string) => boolean,
): boolean {
  const whole = WHOLE_PART.exec(text.slice(Math.max(0, at - 18), at))?.[0]
  if (whole === undefined) return false
  if (/^0+[.,]$/u.test(whole) || EXPONENT.test(text.slice(at, at + 28))) return true
  const from = at - whole.length
  const around = `${text.slice(Math.max(0, from - NEIGHBOURHOOD), from)} ${text.slice(at, at + NEIGHBOURHOOD)}`
  for (const { groups } of around.matchAll(LONG_FRACTION))
    if (!isIdentifier(groups?.fraction ?? '')) return true
  return false
}
