/** Identifiers of Australia, New Zealand, South Africa and Nigeria. */
import { isDate, isLuhn, isRepeated, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow, numberAt } from './national.ts'

const isTfn = (id: string): boolean =>
  !isRepeated(id) &&
  weightedSum(id, id.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0

const isAbn = (id: string): boolean =>
  weightedSum(String(Number(id.charAt(0)) - 1) + id.slice(1), [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) %
    89 ===
  0

const isAcn = (id: string): boolean =>
  (10 - (weightedSum(id, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(id.charAt(8)) && id !== '000000000'

const isMedicare = (id: string): boolean =>
  weightedSum(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(id.charAt(8))

const isIrd = (id: string): boolean => {
  const padded = id.padStart(9, '0')
  const number = Number(padded)
  if (number < 10_000_000 || number > 150_000_000) return false
  const digit = (weights: readonly number[]): number => (11 - (weightedSum(padded, weights) % 11)) % 11
  const first = digit([3, 2, 7, 6, 5, 4, 3, 2])
  const check = first === 10 ? digit([7, 4, 3, 2, 5, 2, 7, 6]) : first
  return check === Number(padded.charAt(8))
}

const NHI = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const isNhi = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < 6; i += 1)
    sum += (i < 3 ? NHI.indexOf(id.charAt(i)) + 1 : Number(id.charAt(i))) * (7 - i)
  const check = sum % 11
  return check !== 0 && (check === 1 ? 0 : 11 - check) === Number(id.charAt(6))
}

const isSouthAfrican = (id: string): boolean =>
  [1900, 2000].some((century) =>
    isDate(century + numberAt(id, 0, 2), numberAt(id, 2, 2), numberAt(id, 4, 2)),
  ) &&
  /^[0-2]/u.test(id.charAt(10)) &&
  isLuhn(id)

const ROWS: readonly IdRow[] = [
  {
    country: 'AU',
    code: 'TFN',
    pattern: /[0-9]{3} ?[0-9]{3} ?[0-9]{2,3}/u,
    digits: 8,
    check: isTfn,
    checksum: 'modulo 11',
    context: ['tfn', 'tax file'],
    source: 'Australian Taxation Office',
    good: ['123 456 782', '876 543 210'],
    bad: ['123 456 783', '000 000 000'],
  },
  {
    country: 'AU',
    code: 'ABN',
    pattern: /[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}/u,
    digits: 11,
    check: isAbn,
    checksum: 'modulo 89',
    context: ['abn', 'australian business'],
    source: 'Australian Business Register',
    good: ['51 824 753 556', '83 914 571 673'],
    bad: ['51 824 753 557'],
  },
  {
    country: 'AU',
    code: 'ACN',
    pattern: /[0-9]{3} ?[0-9]{3} ?[0-9]{3}/u,
    digits: 9,
    check: isAcn,
    checksum: 'modulo 10',
    context: ['acn', 'australian company'],
    source: 'ASIC, Corporations Regulations 2001',
    good: ['004 085 616', '005499981'],
    bad: ['004 085 617'],
  },
  {
    country: 'AU',
    code: 'MEDICARE',
    entity: 'MEDICAL_RECORD',
    pattern: /[2-6][0-9]{3} ?[0-9]{5} ?[0-9](?:[ /-]?[0-9])?/u,
    digits: 10,
    check: isMedicare,
    checksum: 'modulo 10',
    context: ['medicare', 'irn', 'health card'],
    source: 'Services Australia',
    good: ['2123 45670 1', '2123456701'],
    bad: ['2123 45680 1', '7123 45670 1'],
  },
  {
    country: 'NZ',
    code: 'IRD',
    pattern: /[0-9]{2,3}[- ]?[0-9]{3}[- ]?[0-9]{3}/u,
    digits: 8,
    check: isIrd,
    checksum: 'modulo 11',
    context: ['ird', 'inland revenue'],
    alone: 0,
    source: 'Inland Revenue New Zealand',
    good: ['49-091-850', '136410132'],
    bad: ['49-091-851', '136410133'],
  },
  {
    country: 'NZ',
    code: 'NHI',
    entity: 'MEDICAL_RECORD',
    pattern: /[A-HJ-NP-Z]{3}[0-9]{4}/iu,
    digits: 4,
    check: isNhi,
    checksum: 'modulo 11',
    context: ['nhi', 'national health index', 'patient'],
    alone: 0,
    source: 'Health New Zealand, HISO 10046',
    good: ['ZAC5361'],
    bad: ['ZAC5362', 'ZAI5361'],
  },
  {
    country: 'AU',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z]{1,2}[0-9]{7}/iu,
    digits: 7,
    context: ['passport', 'travel document'],
    source: 'Australian Passport Office',
    good: ['N1234567', 'PA1234567'],
    bad: ['N123456', 'PAA1234567'],
  },
  {
    country: 'ZA',
    code: 'ID',
    pattern: /[0-9]{6} ?[0-9]{4} ?[0-9]{3}/u,
    digits: 13,
    check: isSouthAfrican,
    checksum: 'Luhn',
    context: ['south african', 'id number', 'identity number', 'rsa id', 'sa id', 'refugee'],
    plain: 0.6,
    source: 'Department of Home Affairs, Identification Act 68 of 1997',
    good: ['7503305044089', '8001015009087'],
    bad: ['7503305044088', '7513305044089'],
  },
  {
    country: 'NG',
    code: 'NIN',
    pattern: /[1-9][0-9]{10}/u,
    digits: 11,
    check: (id) => !isRepeated(id),
    context: ['nin', 'national identification number', 'bvn', 'bank verification', 'nimc', 'nigerian'],
    source: 'National Identity Management Commission',
    good: ['12345678901'],
    bad: ['1234567890', '11111111111'],
  },
  {
    country: 'ZA',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[ADMT][0-9]{8}/iu,
    digits: 8,
    context: ['passport', 'travel document'],
    source: 'Department of Home Affairs',
    good: ['A12345678'],
    bad: ['B1234567', 'A1234567'],
  },
]

/** All of this file. */
export const IDS_OCEANIA_AFRICA: readonly Recogniser[] = ROWS.map(defineId)
