/**
 * Card and account numbers recognised by their check digits alone: what every detector may have missed.
 *
 * A card: 14 to 19 digits in one piece, or in the groups cards are printed in (4-4-4-4, 4-6-5, 4-6-4) parted by
 * spaces or by hyphens; of a card network's number range and length; right by Luhn (ISO/IEC 7812-1); not one digit
 * repeated. No letter, digit, underscore or sign of a longer number or identifier (`. , / # = & % + -`) before it,
 * no letter, digit or underscore behind it, and no further group of four on either side, which would be a table.
 * An IBAN: the letters of a country that has IBANs in capitals, in one piece or in groups of four, of the country's
 * length, right by ISO 7064 MOD 97-10, with nothing beside it.
 * Time stamps, order numbers and identifiers in source text fail range, length or edges, and nine of ten of the rest
 * fail Luhn; what passes all of it looks like a card number to everybody else too.
 */

const BEFORE = '(?<![\\p{L}\\p{N}_.,/#=&%+-])'
const BEHIND = '(?![\\p{L}\\p{N}_])'
const CARDS: readonly RegExp[] = [
  new RegExp(`${BEFORE}[2-6][0-9]{13,18}${BEHIND}`, 'gu'),
  new RegExp(
    `${BEFORE}(?<![0-9]{4} )[2-6][0-9]{3}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{4}${BEHIND}(?![ -][0-9]{4}${BEHIND})`,
    'gu',
  ),
  new RegExp(`${BEFORE}3[0-9]{3}([ -])[0-9]{6}\\1[0-9]{4,5}${BEHIND}`, 'gu'),
]
const IBAN_START = /(?<![\p{L}\p{N}_-])[A-Z]{2}[0-9]{2}/gu
/** Fewer digits are no card. */
const MANY_DIGITS = /(?:[0-9][ -]?){14}/
const NOT_DIGIT = /[^0-9]/g

/** What was recognised. */
export type Checksum = 'card_number' | 'iban'

/** Card and account numbers of a text, without separators, with what they are. Linear. */
export function checksumsIn(text: string): readonly (readonly [what: Checksum, number: string])[] {
  const found: (readonly [Checksum, string])[] = []
  if (MANY_DIGITS.test(text)) {
    for (const pattern of CARDS) {
      for (const [match] of text.matchAll(pattern)) {
        const digits = match.replace(NOT_DIGIT, '')
        if (isCard(digits)) found.push(['card_number', digits])
      }
    }
  }
  for (const { index } of text.matchAll(IBAN_START)) {
    const iban = ibanAt(text, index)
    if (iban !== undefined) found.push(['iban', iban])
  }
  return found
}

/** Networks by number range, with their lengths. Source: ISO/IEC 7812, public BIN ranges of the networks. */
const NETWORKS: readonly (readonly [range: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^6(?:011|4[4-9]|5)/, [16, 19]],
  [/^62/, [16, 17, 18, 19]],
]

function isCard(digits: string): boolean {
  if (digits === digits.charAt(0).repeat(digits.length) || !isLuhn(digits)) return false
  return NETWORKS.some(([range, lengths]) => range.test(digits) && lengths.includes(digits.length))
}

function isLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Length of an IBAN by country. Source: SWIFT IBAN registry. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
}

const WORD = /[\p{L}\p{N}_]/u

/** The IBAN that begins at `at`, without spaces; undefined when there is none. */
function ibanAt(text: string, at: number): string | undefined {
  const length = IBAN_LENGTHS[text.slice(at, at + 2)]
  if (length === undefined) return undefined
  const grouped = text.charAt(at + 4) === ' '
  let iban = ''
  let i = at
  while (iban.length < length && i < text.length) {
    if (grouped && iban.length > 0 && iban.length % 4 === 0 && text.charAt(i++) !== ' ') return undefined
    const character = text.charAt(i++)
    if (!/[A-Z0-9]/.test(character)) return undefined
    iban += character
  }
  return iban.length === length && !WORD.test(text.charAt(i)) && isMod97(iban) ? iban : undefined
}

// ISO 7064 MOD 97-10: check digits are computed on the rearranged string, so move the first four characters to the end.
function isMod97(iban: string): boolean {
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
