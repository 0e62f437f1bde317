/** Identifiers of Central and Eastern Europe. */
import { isDate, isMod11And10, isRepeated, remainder, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { alphaValue, defineId, type IdRow, numberAt } from './national.ts'

/** The century stands in the month: 80 for 1800, 20 for 2000, 40 for 2100. */
const isPesel = (id: string): boolean => {
  const month = numberAt(id, 2, 2)
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 1900
  return (
    isDate(century + numberAt(id, 0, 2), month % 20, numberAt(id, 4, 2)) &&
    weightedSum(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  )
}
const isPeselNumber = (id: string): boolean => weightedSum(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
const isNip = (id: string): boolean =>
  !isRepeated(id) && weightedSum(id, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(id.charAt(9))
const isRegon = (id: string): boolean =>
  (weightedSum(id, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === Number(id.charAt(8))
const isDowod = (id: string): boolean => {
  const weights = [7, 3, 1, 0, 7, 3, 1, 7, 3]
  let sum = 0
  for (let i = 0; i < 9; i += 1) sum += alphaValue(id, i) * (weights[i] ?? 0)
  return sum % 10 === Number(id.charAt(3))
}

/** Women have 50 added to the month; 20 or 70 where a day's numbers ran out. */
const isRodne = (id: string): boolean => {
  const month = numberAt(id, 2, 2) % 50
  const year = numberAt(id, 0, 2)
  const isDay = [1900, 2000].some((century) =>
    isDate(century + year, month > 20 ? month - 20 : month, numberAt(id, 4, 2)),
  )
  if (!isDay) return false
  return (
    id.length === 9 || remainder(id, 11) === 0 || (remainder(id.slice(0, 9), 11) === 10 && id.endsWith('0'))
  )
}

/** A rest of ten is written as 1, not as 0. */
const isCnp = (id: string): boolean => {
  const rest = weightedSum(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return (
    isDate(2000 + numberAt(id, 1, 2), numberAt(id, 3, 2), Math.min(numberAt(id, 5, 2), 31)) &&
    (rest === 10 ? 1 : rest) === Number(id.charAt(12))
  )
}

const isEgn = (id: string): boolean => {
  const month = numberAt(id, 2, 2)
  const [century, real] = month > 40 ? [2000, month - 40] : month > 20 ? [1800, month - 20] : [1900, month]
  return (
    isDate(century + numberAt(id, 0, 2), real, numberAt(id, 4, 2)) &&
    (weightedSum(id, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === Number(id.charAt(9))
  )
}

const isTaj = (id: string): boolean =>
  !isRepeated(id) && weightedSum(id, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === Number(id.charAt(8))
const isAdoazonosito = (id: string): boolean =>
  weightedSum(id, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === Number(id.charAt(9))

const isRnokpp = (id: string): boolean => {
  const rest = (((weightedSum(id, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10
  return !isRepeated(id) && rest === Number(id.charAt(9))
}

const isSnils = (id: string): boolean => {
  const sum = weightedSum(id, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101
  return !isRepeated(id) && (sum === 100 ? 0 : sum) === Number(id.slice(9))
}
const innDigit = (id: string, weights: readonly number[]): number => (weightedSum(id, weights) % 11) % 10
const isInn = (id: string): boolean =>
  id.length === 10
    ? innDigit(id, [2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(id.charAt(9))
    : innDigit(id, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(id.charAt(10)) &&
      innDigit(id, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(id.charAt(11))

const POLAND: readonly IdRow[] = [
  {
    country: 'PL',
    code: 'PESEL',
    pattern: /[0-9]{11}/u,
    digits: 11,
    check: isPesel,
    checksum: 'modulo 10, weights 1 3 7 9',
    context: ['pesel', 'numer pesel', 'polish'],
    plain: 0.55,
    source: 'Ustawa o ewidencji ludności, PESEL',
    good: ['44051401359', '02070803628'],
    bad: ['44051401358', '44131401359'],
  },
  {
    country: 'PL',
    code: 'PESEL_UNDATED',
    pattern: /[0-9]{11}/u,
    digits: 11,
    check: isPeselNumber,
    checksum: 'modulo 10, weights 1 3 7 9',
    context: ['pesel', 'numer pesel'],
    alone: 0.55,
    source: 'Ustawa o ewidencji ludności, PESEL',
    good: ['44051401359'],
    bad: ['44051401358'],
  },
  {
    country: 'PL',
    code: 'NIP',
    pattern: /[0-9]{3}-?[0-9]{2,3}-?[0-9]{2}-?[0-9]{2,3}/u,
    digits: 10,
    check: isNip,
    checksum: 'modulo 11',
    context: ['nip', 'numer nip', 'vat'],
    alone: 0,
    source: 'Ministerstwo Finansów, NIP',
    good: ['856-734-62-15', '8567346215'],
    bad: ['856-734-62-16', '856734621'],
  },
  {
    country: 'PL',
    code: 'REGON',
    pattern: /[0-9]{9}/u,
    digits: 9,
    check: isRegon,
    checksum: 'modulo 11',
    context: ['regon'],
    alone: 0,
    source: 'GUS, REGON',
    good: ['192598184'],
    bad: ['192598183'],
  },
  {
    country: 'PL',
    code: 'DOWOD',
    pattern: /[A-Z]{3} ?[0-9]{6}/iu,
    digits: 6,
    check: isDowod,
    checksum: '7-3-1',
    context: ['dowód', 'dowod', 'dowodu', 'seria i numer', 'identity card'],
    source: 'Ministerstwo Cyfryzacji, dowód osobisty',
    good: ['ABA 300000', 'ABA300000'],
    bad: ['ABA 400000', 'AB 300000'],
  },
]

const CENTRE: readonly IdRow[] = [
  {
    country: 'CZ',
    code: 'RODNE_CISLO',
    pattern: /[0-9]{6}\/[0-9]{3,4}/u,
    digits: 9,
    check: isRodne,
    checksum: 'modulo 11',
    context: ['rodné číslo', 'rodne cislo', 'r.č.', 'rč', 'rodného čísla'],
    plain: 0.75,
    source: 'Zákon č. 133/2000 Sb. (CZ), 301/1995 Z. z. (SK)',
    good: ['710319/2745', '991231/123'],
    bad: ['710319/2746', '711319/2745'],
  },
  {
    country: 'CZ',
    code: 'RODNE_CISLO_BARE',
    pattern: /[0-9]{10}/u,
    digits: 10,
    check: isRodne,
    checksum: 'modulo 11',
    context: ['rodné číslo', 'rodne cislo', 'r.č.', 'rč', 'rodného čísla'],
    alone: 0,
    source: 'Zákon č. 133/2000 Sb. (CZ), 301/1995 Z. z. (SK)',
    good: ['7103192745'],
    bad: ['7103192746'],
  },
  {
    country: 'RO',
    code: 'CNP',
    pattern: /[1-9][0-9]{2}[01][0-9][0-3][0-9]{7}/u,
    digits: 13,
    check: isCnp,
    checksum: 'modulo 11',
    context: ['cnp', 'cod numeric personal', 'codul numeric'],
    plain: 0.55,
    source: 'Legea 105/1996, Direcția pentru Evidența Persoanelor',
    good: ['1630615123457'],
    bad: ['1630615123458', '1631315123457'],
  },
  {
    country: 'BG',
    code: 'EGN',
    pattern: /[0-9]{10}/u,
    digits: 10,
    check: isEgn,
    checksum: 'modulo 11',
    context: ['егн', 'egn', 'единен граждански'],
    source: 'ГД ГРАО, Единен граждански номер',
    good: ['7523169263', '8032056031'],
    bad: ['7523169264', '7513169263'],
  },
  {
    country: 'HU',
    code: 'TAJ',
    entity: 'MEDICAL_RECORD',
    pattern: /[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}/u,
    digits: 9,
    check: isTaj,
    checksum: 'modulo 10, weights 3 7',
    context: ['taj', 'taj szám', 'tajszám', 'társadalombiztosítási'],
    alone: 0,
    source: 'NEAK, 1996. évi XX. törvény',
    good: ['123 456 788', '123456788'],
    bad: ['123 456 789', '000000000'],
  },
  {
    country: 'HU',
    code: 'ADOAZONOSITO',
    pattern: /8[0-9]{9}/u,
    digits: 10,
    check: isAdoazonosito,
    checksum: 'modulo 11',
    context: ['adóazonosító', 'adóazonosító jel', 'adószám'],
    alone: 0,
    source: 'NAV, 1996. évi XX. törvény',
    good: ['8000000008'],
    bad: ['8000000009', '7000000008'],
  },
  {
    country: 'HR',
    code: 'OIB',
    pattern: /[0-9]{11}/u,
    digits: 11,
    check: (id) => isMod11And10(id) && !isRepeated(id),
    checksum: 'ISO 7064 MOD 11,10',
    context: ['oib', 'osobni identifikacijski'],
    source: 'Porezna uprava, Zakon o OIB',
    good: ['33392005961'],
    bad: ['33392005962'],
  },
]

const RUSSIA_UKRAINE: readonly IdRow[] = [
  {
    country: 'UA',
    code: 'RNOKPP',
    pattern: /[0-9]{10}/u,
    digits: 10,
    check: isRnokpp,
    checksum: 'modulo 11',
    context: ['рнокпп', 'іпн', 'ідентифікаційний', 'податковий номер', 'инн', 'rnokpp'],
    alone: 0,
    source: 'Державна податкова служба України',
    good: ['1759013776'],
    bad: ['1759013777'],
  },
  {
    country: 'UA',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[А-ЯІЇЄҐA-Z]{2} ?[0-9]{6}/iu,
    digits: 6,
    context: ['паспорт', 'passport', 'закордонний'],
    source: 'ДМС України',
    good: ['АЕ 123456', 'FE123456'],
    bad: ['АЕ 12345', 'АЕВ 123456'],
  },
  {
    country: 'RU',
    code: 'SNILS',
    pattern: /[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{2}/u,
    digits: 11,
    check: isSnils,
    checksum: 'modulo 101',
    context: ['снилс', 'snils', 'пенсионного', 'страховой номер'],
    plain: 0.6,
    source: 'СФР, постановление Правления ПФР 2016',
    good: ['112-233-445 95', '11223344595'],
    bad: ['112-233-445 96', '000-000-000 00'],
  },
  {
    country: 'RU',
    code: 'INN',
    pattern: /[0-9]{10}(?:[0-9]{2})?/u,
    digits: 10,
    check: isInn,
    checksum: 'modulo 11',
    context: ['инн', 'inn', 'налогоплательщика'],
    alone: 0,
    source: 'ФНС России, приказ ММВ-7-6/435',
    good: ['123456789047', '7707083893'],
    bad: ['123456789048', '7707083894'],
  },
  {
    country: 'RU',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[0-9]{2} ?[0-9]{2} ?(?:№ ?)?[0-9]{6}/u,
    digits: 10,
    context: ['паспорт', 'серия', 'passport', 'паспорта', 'паспортные'],
    source: 'МВД России, постановление № 828',
    good: ['45 03 123456', '4503 123456'],
    bad: ['45 03 12345', '450 3123456'],
  },
]

/** All of this file. */
export const IDS_EAST: readonly Recogniser[] = [...POLAND, ...CENTRE, ...RUSSIA_UKRAINE].map(defineId)
