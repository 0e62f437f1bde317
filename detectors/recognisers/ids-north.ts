/** Identifiers of the Nordic and Baltic countries. */
import { isDate, isLuhn, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow, numberAt } from './national.ts'

/** Whether day, month and two-digit year are a date in the 1900s or 2000s. */
const isDmy = (id: string, from = 0): boolean => {
  const [day, month, year] = [numberAt(id, from, 2), numberAt(id, from + 2, 2), numberAt(id, from + 4, 2)]
  return isDate(1900 + year, month, day) || isDate(2000 + year, month, day)
}

/** Coordination numbers (`samordningsnummer`) add 60 to the day. */
const isSwedish = (id: string): boolean => {
  const ten = id.slice(-10)
  const day = numberAt(ten, 4, 2)
  const year = numberAt(ten, 0, 2)
  const isDay = [1900, 2000].some((century) =>
    isDate(century + year, numberAt(ten, 2, 2), day > 60 ? day - 60 : day),
  )
  return isDay && isLuhn(ten)
}

/** D-numbers add 4 to the first digit, synthetic ones 40 or 80 to the month. */
const isNorwegian = (id: string): boolean => {
  const first = Number(id.charAt(0))
  const month = numberAt(id, 2, 2) % 40
  const day = numberAt(id, 0, 2) - (first >= 4 ? 40 : 0)
  const year = numberAt(id, 4, 2)
  const isDay = isDate(1900 + year, month, day) || isDate(2000 + year, month, day)
  return (
    isDay &&
    weightedSum(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weightedSum(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  )
}

const isFinnish = (id: string): boolean => {
  // The century sign may be + or -, which the compact form has lost.
  const body = id.slice(0, 6) + id.slice(-4, -1)
  return isDmy(id) && '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(body) % 31) === id.at(-1)
}

/** Estonian and Lithuanian personal codes share their check digit. */
const isBaltic = (id: string): boolean => {
  const century = 1800 + Math.floor((Number(id.charAt(0)) - 1) / 2) * 100
  if (!isDate(century + numberAt(id, 1, 2), numberAt(id, 3, 2), numberAt(id, 5, 2))) return false
  let rest = weightedSum(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  if (rest === 10) rest = weightedSum(id, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
  return (rest === 10 ? 0 : rest) === Number(id.charAt(10))
}

const isLatvian = (id: string): boolean => {
  if (/^3[2-9]/u.test(id)) return true
  const check = (((1101 - weightedSum(id, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11) + 11) % 11
  return isDmy(id) && check === Number(id.charAt(10))
}

const ROWS: readonly IdRow[] = [
  {
    country: 'DK',
    code: 'CPR',
    pattern: /[0-3][0-9][01][0-9][0-9]{2}[- ][0-9]{4}/u,
    digits: 10,
    check: (id) => isDmy(id),
    context: ['cpr', 'cpr-nummer', 'personnummer', 'cpr-nr', 'cprnr'],
    plain: 0.6,
    source: 'CPR-kontoret, CPR-loven',
    good: ['211062-5629', '010190 1234'],
    bad: ['321062-5629', '211362-5629'],
  },
  {
    country: 'DK',
    code: 'CPR_BARE',
    pattern: /[0-3][0-9][01][0-9][0-9]{6}/u,
    digits: 10,
    check: (id) => isDmy(id),
    context: ['cpr', 'cpr-nummer', 'cpr-nr', 'cprnr'],
    source: 'CPR-kontoret, CPR-loven',
    good: ['2110625629'],
    bad: ['3210625629'],
  },
  {
    country: 'SE',
    code: 'PERSONNUMMER',
    pattern: /(?:18|19|20)?[0-9]{2}[01][0-9][0-9]{2}[-+][0-9]{4}/u,
    digits: 10,
    check: isSwedish,
    checksum: 'Luhn',
    context: ['personnummer', 'pnr', 'personnr', 'samordningsnummer', 'swedish id', 'swedish personal'],
    plain: 0.8,
    source: 'Skatteverket, SKV 704',
    good: ['871220-2384', '19910924-2397'],
    bad: ['871220-2385', '871320-2384'],
  },
  {
    country: 'SE',
    code: 'PERSONNUMMER_BARE',
    pattern: /(?:18|19|20)?[0-9]{2}[01][0-9]{7}/u,
    digits: 10,
    check: isSwedish,
    checksum: 'Luhn',
    context: [
      'personnummer',
      'pnr',
      'personnr',
      'samordningsnummer',
      'swedish id',
      'swedish personal',
      'swedish',
    ],
    source: 'Skatteverket, SKV 704',
    good: ['198712202384', '9201232387'],
    bad: ['198712202385', '9213232387'],
  },
  {
    country: 'SE',
    code: 'ORGANISATIONSNUMMER',
    pattern: /(?:16)?[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}/u,
    digits: 10,
    check: (id) => isLuhn(id.slice(-10)),
    checksum: 'Luhn',
    context: [
      'organisationsnummer',
      'org.nr',
      'orgnr',
      'org nr',
      'företag',
      'company identity',
      'company registration',
    ],
    source: 'Bolagsverket',
    good: ['556703-7485', '2120000142'],
    bad: ['556703-7486', '551703-7485'],
  },
  {
    country: 'NO',
    code: 'FODSELSNUMMER',
    pattern: /[0-9]{6}[ -]?[0-9]{5}/u,
    digits: 11,
    check: isNorwegian,
    checksum: 'modulo 11, twice',
    context: ['fødselsnummer', 'fnr', 'personnummer', 'd-nummer', 'fodselsnummer', 'norwegian'],
    plain: 0.75,
    source: 'Skatteetaten, folkeregisterforskriften',
    good: ['151086 95088', '15108695088'],
    bad: ['151086 95089', '151386 95088'],
  },
  {
    country: 'FI',
    code: 'HETU',
    pattern: /[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]/iu,
    digits: 6,
    check: isFinnish,
    checksum: 'modulo 31',
    context: ['hetu', 'henkilötunnus', 'personbeteckning', 'sotu'],
    plain: 0.9,
    source: 'Digi- ja väestötietovirasto, henkilötunnus',
    good: ['131052-308T', '020594X903P'],
    bad: ['131052-308U', '131352-308T'],
  },
  {
    country: 'EE',
    code: 'ISIKUKOOD',
    pattern: /[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}/u,
    digits: 11,
    check: isBaltic,
    checksum: 'two-stage modulo 11',
    context: ['isikukood', 'isikukoodi', 'estonian id', 'personal code'],
    source: 'EVS 585:2007',
    good: ['36805280109'],
    bad: ['36805280108', '36813280109'],
  },
  {
    country: 'LT',
    code: 'ASMENS_KODAS',
    pattern: /[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}/u,
    digits: 11,
    check: isBaltic,
    checksum: 'two-stage modulo 11',
    context: ['asmens kodas', 'asmens kodą', 'a.k.', 'lithuanian', 'personal code'],
    alone: 0,
    source: 'Gyventojų registro tarnyba',
    good: ['33309240064'],
    bad: ['33309240065', '33313240064'],
  },
  {
    country: 'LV',
    code: 'PERSONAS_KODS',
    pattern: /[0-3][0-9][0-9]{4}-?[0-9]{5}/u,
    digits: 11,
    check: isLatvian,
    checksum: 'modulo 11',
    context: ['personas kods', 'personas kodu', 'p.k.', 'latvian'],
    source: 'Pilsonības un migrācijas lietu pārvalde',
    good: ['161175-19997', '320001-12345'],
    bad: ['161175-19998', '161375-19997'],
  },
]

/** All of this file. */
export const IDS_NORTH: readonly Recogniser[] = ROWS.map(defineId)
