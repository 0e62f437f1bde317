/** Identifiers of the United States. */
import { digitsOf, isLuhn, isRepeated, weightedSum } from '../checksums.ts'
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow } from './national.ts'

/** Numbers printed in advertisements and forms; never anybody's. Source: SSA, "Misused SSNs". */
const MISUSED = new Set(['078051120', '219099999', '123456789', '457555462'])

/** Whether nine digits can be a social security number. Source: SSA POMS RM 10201.035 (areas, groups, serials). */
export function isSsn(digits: string): boolean {
  if (MISUSED.has(digits) || isRepeated(digits)) return false
  const area = digits.slice(0, 3)
  return (
    area !== '000' &&
    area !== '666' &&
    area < '900' &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000'
  )
}

const ssn = definePattern({
  id: 'us_ssn',
  entity: 'US_SSN',
  pattern: /[0-9]{3}[- .]?[0-9]{2}[- .]?[0-9]{4}/u,
  digits: 9,
  validate: (value) => isSsn(digitsOf(value)),
  context: ['ssn', 'ssns', 'ss#', 'ss number', 'social', 'social security', 'soc sec', 'ssid', 'taxpayer'],
  scores: { context: 0.95 },
  about: { country: 'US', source: 'SSA POMS RM 10201' },
  examples: [
    example('SSN 536-90-4399', '536-90-4399'),
    example('social security number: 536904399', '536904399'),
    example('SSN: 536 90 4399', '536 90 4399'),
    example('SSN 000-12-3456 or 666-12-3456'),
    example('SSN 078-05-1120'),
    example('ticket 536904399'),
  ],
})

/** The grouping alone says it: no other common number is written 3-2-4 with hyphens. */
const ssnGrouped = definePattern({
  id: 'us_ssn_grouped',
  entity: 'US_SSN',
  pattern: /[0-9]{3}(?:-[0-9]{2}-|\.[0-9]{2}\.| [0-9]{2} )[0-9]{4}/u,
  digits: 9,
  validate: (value) => isSsn(digitsOf(value)),
  scores: { plain: 0.75 },
  about: { country: 'US', source: 'SSA POMS RM 10201' },
  examples: [
    example('her number is 536-90-4399.', '536-90-4399'),
    example('536 90 4399', '536 90 4399'),
    example('536.90.4399', '536.90.4399'),
    example('900-12-3456'),
    example('536-90-43991'),
    example('1536-90-4399'),
  ],
})

const isItin = (id: string): boolean => {
  const group = Number(id.slice(3, 5))
  return (
    (group >= 50 && group <= 65) ||
    (group >= 70 && group <= 88) ||
    (group >= 90 && group <= 92) ||
    group >= 94
  )
}

const MBI_LETTER = '[AC-HJKMNP-RT-Y]'
const MBI_EITHER = '[0-9AC-HJKMNP-RT-Y]'

const ROWS: readonly IdRow[] = [
  {
    country: 'US',
    code: 'ITIN',
    pattern: /9[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{4}/u,
    digits: 9,
    check: isItin,
    context: ['itin', 'individual taxpayer', 'taxpayer', 'tax id', 'tin'],
    alone: 0.6,
    source: 'IRS, Pub. 4757: ITIN ranges',
    good: ['912-70-1234', '911901234'],
    bad: ['912-93-1234', '812-70-1234'],
  },
  {
    country: 'US',
    code: 'EIN',
    pattern: /(?:0[1-6]|1[0-6]|2[0-7]|[35][0-9]|[4679][0-8]|8[0-8]|99)-?[0-9]{7}/u,
    digits: 9,
    context: ['ein', 'fein', 'employer identification', 'federal tax', 'tax id', 'irs number'],
    source: 'IRS, EIN prefixes by campus',
    good: ['91-1144442', '123456789'],
    bad: ['07-1144442', '91-114444'],
  },
  {
    country: 'US',
    code: 'ABA_ROUTING',
    entity: 'BANK_ACCOUNT',
    pattern: /[0-9]{4}-?[0-9]{4}-?[0-9]/u,
    digits: 9,
    check: (id) =>
      /^(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/u.test(id) &&
      !isRepeated(id) &&
      weightedSum(id, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    checksum: 'ABA 3-7-1',
    context: ['routing', 'aba', 'rtn', 'bank', 'transit', 'wire', 'ach', 'direct deposit'],
    source: 'American Bankers Association, routing number policy',
    good: ['111000025', '1210-0035-8'],
    bad: ['111000026', '511000025'],
  },
  {
    country: 'US',
    code: 'NPI',
    pattern: /[12][0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}/u,
    digits: 10,
    check: (id) => isLuhn(`80840${id}`),
    checksum: 'Luhn with prefix 80840',
    context: ['npi', 'national provider', 'provider', 'prescriber', 'physician'],
    source: 'CMS, 45 CFR 162.406',
    good: ['1234567893', '1245-319-599'],
    bad: ['1234567894', '3234567893'],
  },
  {
    country: 'US',
    code: 'MBI',
    entity: 'MEDICAL_RECORD',
    pattern: new RegExp(
      `[1-9]${MBI_LETTER}${MBI_EITHER}[0-9]-?${MBI_LETTER}${MBI_EITHER}[0-9]-?${MBI_LETTER}{2}[0-9]{2}`,
      'iu',
    ),
    digits: 2,
    context: ['mbi', 'medicare', 'beneficiary', 'patient'],
    plain: 0.7,
    source: 'CMS, Understanding the Medicare Beneficiary Identifier format',
    good: ['1EG4-TE5-MK73', '4ef6gh8jk12'],
    bad: ['1BG4-TE5-MK73', '0EG4-TE5-MK73'],
  },
  {
    country: 'US',
    code: 'DEA',
    pattern: /[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}/iu,
    digits: 7,
    check: (id) => weightedSum(id.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === Number(id.slice(8)),
    checksum: 'DEA',
    context: ['dea', 'prescriber', 'prescription', 'controlled substance'],
    source: 'DEA Diversion Control Division, registration numbers',
    good: ['AB1234563', 'BM1234563'],
    bad: ['AB1234564', 'IB1234563'],
  },
  {
    country: 'US',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z][0-9]{8}/iu,
    digits: 8,
    alone: 0.55,
    context: ['passport', 'travel document', 'passport no', 'passport number'],
    source: 'US Department of State, next generation passport',
    good: ['A12345678', 'c98765432'],
    bad: ['A1234567', 'AB12345678'],
  },
  {
    country: 'US',
    code: 'PASSPORT_BOOK',
    entity: 'PASSPORT',
    pattern: /[0-9]{9}/u,
    digits: 9,
    context: ['passport', 'travel document', 'passport no', 'passport number'],
    source: 'US Department of State, passports before 2021',
    good: ['912803456'],
    bad: ['91280345', '9128034567'],
  },
]

/** All of this file. */
export const IDS_US: readonly Recogniser[] = [ssn, ssnGrouped, ...ROWS.map(defineId)]
