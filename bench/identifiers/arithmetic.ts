/** Check digits computed forwards, the way an issuer does; the detectors only test them. */

/** Sum of digits times weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(digits[i] ?? 0), 0)
}

/** The digit that closes a number by Luhn's rule (ISO/IEC 7812-1). */
export function luhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, i) => {
    const twice = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + Math.floor(twice / 10) + (twice % 10)
  }, 0)
  return String((10 - (sum % 10)) % 10)
}

/** ISO 7064 MOD 11,10 check digit. */
export function hybridDigit(body: string): string {
  const product = [...body].reduce((state, digit) => {
    const sum = (Number(digit) + state) % 10
    return ((sum === 0 ? 10 : sum) * 2) % 11
  }, 10)
  return String((11 - product) % 10)
}

/** A permutation applied so many times. */
const permuted = (times: number, digit: number): number => {
  const once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
  let value = digit
  for (let i = 0; i < times % 8; i += 1) value = once[value] ?? 0
  return value
}

/** Product in the dihedral group of the pentagon: 0 to 4 are turns, 5 to 9 reflections. */
const dihedral = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5
  return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5
}

/** Verhoeff's check digit, from the group itself and not from a table. */
export function verhoeffDigit(body: string): string {
  for (let check = 0; check < 10; check += 1) {
    const state = [...`${body}${check}`]
      .reverse()
      .reduce((sum, digit, i) => dihedral(sum, permuted(i, Number(digit))), 0)
    if (state === 0) return String(check)
  }
  return '0'
}

/** ICAO 9303: weights 7, 3, 1; letters are 10 to 35. */
export function icaoDigit(body: string): string {
  const sum = [...body].reduce(
    (total, unit, i) => total + Number.parseInt(unit, 36) * ([7, 3, 1][i % 3] ?? 0),
    0,
  )
  return String(sum % 10)
}
