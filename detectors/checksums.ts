/** Check-digit algorithms shared by several identifiers. Pure arithmetic on strings of ASCII digits. */

/** The digits of a string, everything else left out. */
export function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, '')
}

/** Whether all characters are the same. Such numbers pass several checksums and are never real. */
export function isRepeated(text: string): boolean {
  return text.length > 0 && text === text.charAt(0).repeat(text.length)
}

const digitAt = (text: string, i: number): number => text.charCodeAt(i) - 48

/**
 * Whether the last digit is the Luhn check digit of the others. Digits only; an empty string is not valid.
 * Source: ISO/IEC 7812-1, annex B.
 */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digitAt(digits, digits.length - 1 - i)
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 1 && sum % 10 === 0
}

/** The remainder of a decimal number of any length. `modulus` below 2^26. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0
  for (let i = 0; i < digits.length; i += 1) rest = (rest * 10 + digitAt(digits, i)) % modulus
  return rest
}

/**
 * The remainder by 97 of an alphanumeric string, letters counted as 10 … 35 (upper case).
 * Source: ISO 7064, MOD 97-10.
 */
export function mod97(text: string): number {
  let rest = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    const value = unit <= 57 ? unit - 48 : unit - 55
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** The sum of digits times weights; the shorter of the two decides the length. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < digits.length && i < weights.length; i += 1)
    sum += digitAt(digits, i) * (weights[i] ?? 0)
  return sum
}

/**
 * Whether the last digit closes an ISO 7064 MOD 11,10 number (German tax number, Croatian OIB).
 * Source: ISO 7064, hybrid system MOD 11,10.
 */
export function isMod11And10(digits: string): boolean {
  let product = 10
  for (let i = 0; i < digits.length - 1; i += 1) {
    const sum = (digitAt(digits, i) + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return digits.length > 1 && (product + digitAt(digits, digits.length - 1)) % 10 === 1
}

const VERHOEFF_MULTIPLY = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
]
const VERHOEFF_PERMUTE = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
]

/**
 * Whether the last digit is the Verhoeff check digit of the others (Aadhaar, Luxembourg).
 * Source: J. Verhoeff, Error Detecting Decimal Codes (1969): dihedral group D5.
 */
export function isVerhoeff(digits: string): boolean {
  let check = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digitAt(digits, digits.length - 1 - i)
    const permuted = Number(VERHOEFF_PERMUTE[i % 8]?.charAt(digit))
    check = Number(VERHOEFF_MULTIPLY[check]?.charAt(permuted))
  }
  return digits.length > 1 && check === 0
}

/**
 * Whether year, month and day are a date of the proleptic Gregorian calendar. Month and day from 1.
 * Source: ISO 8601.
 */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day <= days
}
