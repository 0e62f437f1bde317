/**
 * The grammar of placeholders: `TYPE_CODE`. The code is Crockford base 32 in upper case and always holds a
 * letter and a digit, so that it is never a word (`HEALTH_CHECK`) nor a number (`AGE_12345`). Its last
 * character is a check over the others.
 */
import { ENTITIES, ENTITY_NAME } from '../detectors/entities.ts'

/** Crockford's base 32: no I, L, O, U. Source: https://www.crockford.com/base32.html */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Length of a code, check character included, unless it had to be lengthened. */
export const MIN_CODE_LENGTH = 5
/** Longest code that is ever issued. At most 30, or the check would lose its strength. */
export const MAX_CODE_LENGTH = 16

/** A placeholder taken apart. */
export interface PlaceholderParts {
  readonly type: string
  readonly code: string
}

const DIGIT_VALUE = new Int8Array(128).fill(-1)
for (let value = 0; value < 32; value++) DIGIT_VALUE[CODE_ALPHABET.charCodeAt(value)] = value

const CATALOGUE = new Set(ENTITIES.map((row) => row.type as string))

/** Whether a type is one of the catalogue; types of `detectors.deny` are not. */
export function isCatalogueType(type: string): boolean {
  return CATALOGUE.has(type)
}

/** Every type of the catalogue, in its order. */
export function catalogueTypes(): Iterable<string> {
  return CATALOGUE
}

/** Whether a UTF-16 unit is an upper-case character of the code alphabet. */
export function isCodeUnit(unit: number): boolean {
  return unit < 128 && (DIGIT_VALUE[unit] ?? -1) >= 0
}

/**
 * The check character of `digits`. Each position is weighed with another power of a primitive element of
 * GF(32) (x^5 + x^2 + 1), as in a Reed-Solomon code of distance 2: every single wrong character and every swap
 * of two characters, adjacent or not, is caught in codes of up to 31 characters.
 */
export function checkCharacter(digits: string): string {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    sum ^= DIGIT_VALUE[digits.charCodeAt(i)] ?? 0
    sum <<= 1
    if (sum >= 32) sum ^= 0b100101
  }
  return CODE_ALPHABET.charAt(sum)
}

/** Whether the last character of an upper-case code checks the others. */
export function isChecked(code: string): boolean {
  return checkCharacter(code.slice(0, -1)) === code.slice(-1)
}

/** Whether a code has a letter and a digit. */
export function isMixed(code: string): boolean {
  let letters = 0
  for (let i = 0; i < code.length; i++) if (code.charCodeAt(i) > 57) letters++
  return letters > 0 && letters < code.length
}

/**
 * The code of `length` characters that a MAC of 32 bytes gives: the first run of its 51 base-32 characters
 * that, with its check character, has a letter and a digit. Undefined when there is none (about once in 10^28).
 */
export function codeFromMac(mac: Uint8Array, length: number): string | undefined {
  // Ten bytes are nearly always enough.
  return codeFrom(base32(mac.subarray(0, 10)), length) ?? codeFrom(base32(mac), length)
}

function codeFrom(stream: string, length: number): string | undefined {
  for (let from = 0; from + length - 1 <= stream.length; from++) {
    const digits = stream.slice(from, from + length - 1)
    const code = digits + checkCharacter(digits)
    if (isMixed(code)) return code
  }
  return undefined
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += CODE_ALPHABET.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return text
}

/**
 * Takes a placeholder in its exact spelling apart; undefined for anything else, also for a wrong check
 * character. Says nothing about whether it was ever issued.
 */
export function parsePlaceholder(text: string): PlaceholderParts | undefined {
  const at = text.lastIndexOf('_')
  const type = text.slice(0, Math.max(at, 0))
  const code = text.slice(at + 1)
  if (!ENTITY_NAME.test(type) || code.length < MIN_CODE_LENGTH || code.length > MAX_CODE_LENGTH)
    return undefined
  for (let i = 0; i < code.length; i++) if (!isCodeUnit(code.charCodeAt(i))) return undefined
  return isMixed(code) && isChecked(code) ? { type, code } : undefined
}
