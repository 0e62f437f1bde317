/** Invented identifiers to hide, by language: whatever has a check digit has the right one. */
import type { SeededRandom } from '../train/ner/random.ts'

/** What kinds of identifier are hidden. */
export const KINDS = ['card', 'iban', 'national', 'email', 'phone', 'ip', 'name'] as const

/** A kind of identifier. */
export type Kind = (typeof KINDS)[number]

/** Kinds whose values prove themselves by a check digit: none of them may leak. */
export const CHECKED: ReadonlySet<Kind> = new Set<Kind>(['card', 'iban', 'national'])

/** The languages of the suite. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt'] as const

/** A language of the suite. */
export type Language = (typeof LANGUAGES)[number]

/** Random decimal digits. */
export function randomDigits(random: SeededRandom, count: number): string {
  let digits = ''
  for (let i = 0; i < count; i += 1) digits += String(random.below(10))
  return digits
}

/** The Luhn digit that closes a number. */
function luhnDigit(body: string): string {
  let sum = 0
  for (const [i, digit] of [...body].reverse().entries()) {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return String((10 - (sum % 10)) % 10)
}

function card(random: SeededRandom): string {
  const prefix = random.pick(['4', '51', '52', '53', '54', '55', '6011', '37'])
  const length = prefix === '37' ? 15 : 16
  const body = prefix + randomDigits(random, length - 1 - prefix.length)
  return body + luhnDigit(body)
}

/** The check digits of an IBAN by long division of its letters' numbers, not by folding. */
function ibanOf(country: string, account: string): string {
  const numeric = [...`${account}${country}00`].map((unit) => Number.parseInt(unit, 36)).join('')
  const check = 98n - (BigInt(numeric) % 97n)
  return country + String(check).padStart(2, '0') + account
}

const upper = (random: SeededRandom, count: number): string =>
  Array.from({ length: count }, () => random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'])).join('')

const IBANS: Readonly<Record<Language, (random: SeededRandom) => string>> = {
  en: (random) => ibanOf('GB', upper(random, 4) + randomDigits(random, 14)),
  de: (random) => ibanOf('DE', randomDigits(random, 18)),
  fr: (random) => ibanOf('FR', randomDigits(random, 23)),
  es: (random) => ibanOf('ES', randomDigits(random, 20)),
  it: (random) => ibanOf('IT', upper(random, 1) + randomDigits(random, 22)),
  nl: (random) => ibanOf('NL', upper(random, 4) + randomDigits(random, 10)),
  pl: (random) => ibanOf('PL', randomDigits(random, 24)),
  pt: (random) => ibanOf('PT', randomDigits(random, 21)),
}

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0)

/** NHS number: modulo 11 over nine digits; a rest of ten is never issued. */
function nhs(random: SeededRandom): string {
  for (;;) {
    const body = `4${randomDigits(random, 8)}`
    const check = 11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
    if (check !== 10) return body + String(check % 11)
  }
}

/** German tax id: exactly one digit twice among the first ten, closed by ISO 7064 MOD 11,10. */
function steuerId(random: SeededRandom): string {
  const order = [...'0123456789'].map((digit) => [random.next(), digit] as const).sort((a, b) => a[0] - b[0])
  const digits = order.map(([, digit]) => digit)
  digits[9] = digits[3] ?? '1'
  if (digits[0] === '0') [digits[0], digits[1]] = [digits[1] ?? '1', '0']
  let product = 10
  for (const digit of digits) {
    const sum = (Number(digit) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return digits.join('') + String((11 - product) % 10)
}

const padded = (value: number, length: number): string => String(value).padStart(length, '0')
const monthDay = (random: SeededRandom): string =>
  padded(1 + random.below(12), 2) + padded(1 + random.below(28), 2)

function nir(random: SeededRandom): string {
  const month = padded(1 + random.below(12), 2)
  const body = `${1 + random.below(2)}${randomDigits(random, 2)}${month}${padded(1 + random.below(95), 2)}${padded(1 + random.below(500), 3)}${padded(1 + random.below(900), 3)}`
  return body + padded(97 - Number(BigInt(body) % 97n), 2)
}

function dni(random: SeededRandom): string {
  const digits = randomDigits(random, 8)
  return digits + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(digits) % 23)
}

/** Codice fiscale: invented consonants, birth date, a town code and the check letter of the decree's tables. */
function codiceFiscale(random: SeededRandom): string {
  const letters = Array.from({ length: 6 }, () => random.pick([...'BCDFGLMNPRSTV'])).join('')
  const body = `${letters}${randomDigits(random, 2)}${random.pick([...'ABCDEHLMPRST'])}${padded(1 + random.below(28), 2)}H501`
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
  const sum = [...body].reduce((total, unit, i) => {
    const value = /[0-9]/u.test(unit) ? Number(unit) : unit.charCodeAt(0) - 65
    return total + (i % 2 === 0 ? (odd[value] ?? 0) : value)
  }, 0)
  return body + String.fromCharCode(65 + (sum % 26))
}

function bsn(random: SeededRandom): string {
  for (;;) {
    const body = `1${randomDigits(random, 7)}`
    const check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
    if (check !== 10) return body + String(check)
  }
}

function pesel(random: SeededRandom): string {
  const body = padded(50 + random.below(49), 2) + monthDay(random) + randomDigits(random, 4)
  return body + String((10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10)
}

function portugueseNif(random: SeededRandom): string {
  const body = `2${randomDigits(random, 7)}`
  const check = 11 - (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return body + String(check > 9 ? 0 : check)
}

const NATIONAL: Readonly<Record<Language, (random: SeededRandom) => string>> = {
  en: nhs,
  de: steuerId,
  fr: nir,
  es: dni,
  it: codiceFiscale,
  nl: bsn,
  pl: pesel,
  pt: portugueseNif,
}

const GIVEN: Readonly<Record<Language, readonly string[]>> = {
  en: ['Jane', 'Oliver', 'Harriet', 'Thomas'],
  de: ['Annika', 'Jürgen', 'Sabine', 'Matthias'],
  fr: ['Camille', 'Benoît', 'Margaux', 'Thierry'],
  es: ['Lucía', 'Joaquín', 'Carmen', 'Rodrigo'],
  it: ['Giulia', 'Lorenzo', 'Chiara', 'Matteo'],
  nl: ['Sanne', 'Joost', 'Femke', 'Willem'],
  pl: ['Agnieszka', 'Tomasz', 'Katarzyna', 'Marek'],
  pt: ['Beatriz', 'João', 'Inês', 'Gonçalo'],
}
const FAMILY: Readonly<Record<Language, readonly string[]>> = {
  en: ['Whitcombe', 'Hargreaves', 'Ashford', 'Thornton'],
  de: ['Brandstetter', 'Hoffmann', 'Schreiber', 'Vogelsang'],
  fr: ['Delacroix', 'Fournier', 'Marchand', 'Lefebvre'],
  es: ['Villanueva', 'Herrero', 'Castellanos', 'Navarro'],
  it: ['Bianchini', 'Ferrara', 'Montanari', 'Rinaldi'],
  nl: ['Hoekstra', 'Verhoeven', 'Dijkstra', 'Vermeulen'],
  pl: ['Kowalczyk', 'Wiśniewski', 'Zielińska', 'Nowicki'],
  pt: ['Carvalho', 'Figueiredo', 'Teixeira', 'Moreira'],
}

const plain = (text: string): string =>
  text.replace(/ł/gu, 'l').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const ENDINGS: Readonly<Record<Language, string>> = {
  en: 'example.com',
  de: 'beispiel.example.de',
  fr: 'exemple.fr',
  es: 'ejemplo.es',
  it: 'esempio.it',
  nl: 'voorbeeld.nl',
  pl: 'przyklad.pl',
  pt: 'exemplo.pt',
}

const PHONES: Readonly<Record<Language, (random: SeededRandom) => string>> = {
  en: (random) => `+1415555${padded(random.below(200), 4)}`,
  de: (random) => `+4930${randomDigits(random, 7)}`,
  fr: (random) => `+3361${randomDigits(random, 7)}`,
  es: (random) => `+3461${randomDigits(random, 7)}`,
  it: (random) => `+39320${randomDigits(random, 7)}`,
  nl: (random) => `+3161${randomDigits(random, 7)}`,
  pl: (random) => `+4860${randomDigits(random, 7)}`,
  pt: (random) => `+35191${randomDigits(random, 7)}`,
}

/** A value of a kind as it stands in a form: compact, without any hiding. */
export function inventedValue(kind: Kind, language: Language, random: SeededRandom): string {
  const given = random.pick(GIVEN[language])
  const family = random.pick(FAMILY[language])
  switch (kind) {
    case 'card':
      return card(random)
    case 'iban':
      return IBANS[language](random)
    case 'national':
      return NATIONAL[language](random)
    case 'email':
      return `${plain(given)}.${plain(family)}@${ENDINGS[language]}`
    case 'phone':
      return PHONES[language](random)
    case 'ip':
      return [198, 51, random.below(256), 1 + random.below(254)].join('.')
    case 'name':
      return `${given} ${family}`
  }
}
