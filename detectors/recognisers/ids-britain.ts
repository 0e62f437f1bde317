/** Identifiers of the United Kingdom and Ireland. */
import { isRepeated, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { alphaValue, defineId, type IdRow } from './national.ts'

/** HMRC, NIM39110: prefixes that are never given. */
const NINO =
  /(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-D]/iu

const isNhs = (id: string): boolean => {
  const rest = 11 - (weightedSum(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return !isRepeated(id) && (rest === 11 ? 0 : rest) === Number(id.charAt(9))
}

const isUtr = (id: string): boolean =>
  '21987654321'.charAt(weightedSum(id.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) === id.charAt(0)

const isPps = (id: string): boolean => {
  // Only the letters of the 2013 range count; T, W and X of the older ones do not.
  const second = /[ABH]$/u.test(id.slice(8)) ? alphaValue(id, 8) - 9 : 0
  const sum = weightedSum(id, [8, 7, 6, 5, 4, 3, 2]) + second * 9
  return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23) === id.charAt(7)
}

const DRIVER =
  /[A-Z9]{5}[0-9](?:[05][1-9]|[16][0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9](?:[A-Z][A-Z9]|99)[0-9A-Z][A-Z]{2}/iu

const ROWS: readonly IdRow[] = [
  {
    country: 'GB',
    code: 'NINO',
    pattern: NINO,
    digits: 6,
    context: ['national insurance', 'nino', 'ni number', 'ni no', 'hmrc', 'insurance number'],
    plain: 0.7,
    source: 'HMRC, National Insurance Manual NIM39110',
    good: ['AA 12 34 56 B', 'hh010203d'],
    bad: ['GB 12 34 56 A', 'AA 12 34 56 E'],
  },
  {
    country: 'GB',
    code: 'NHS',
    entity: 'MEDICAL_RECORD',
    pattern: /[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}/u,
    digits: 10,
    check: isNhs,
    checksum: 'NHS modulo 11',
    context: ['nhs', 'national health', 'health service', 'patient', 'chi number'],
    source: 'NHS Data Dictionary, NHS NUMBER',
    good: ['943-476-5870', '401 023 2137'],
    bad: ['943-476-5871', '111 111 1111'],
  },
  {
    country: 'GB',
    code: 'UTR',
    pattern: /[0-9]{5} ?[0-9]{5}K?/iu,
    digits: 10,
    check: isUtr,
    checksum: 'UTR modulo 11',
    context: ['utr', 'unique taxpayer', 'self assessment', 'hmrc'],
    alone: 0,
    source: 'HMRC, UTR validation',
    good: ['1955839661', '19558 39661'],
    bad: ['2955839661', '195583966'],
  },
  {
    country: 'GB',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /(?:[A-Z]{2}[0-9]{7}|[0-9]{9})/iu,
    digits: 7,
    context: ['passport', 'travel document', 'passports'],
    source: 'HM Passport Office, basic passport checks',
    good: ['AB1234567', '925665416'],
    bad: ['AB123456', 'ABC1234567'],
  },
  {
    country: 'GB',
    code: 'DRIVING_LICENCE',
    entity: 'DRIVER_LICENSE',
    pattern: DRIVER,
    digits: 6,
    context: ['driving licence', 'driver', 'dvla', 'licence', 'license'],
    plain: 0.85,
    source: 'DVLA, driver number format',
    good: ['MORGA607054SM9IJ', 'morga657054sm9ij'],
    bad: ['MORGA613054SM9IJ', 'MORGA600004SM9IJ'],
  },
  {
    country: 'IE',
    code: 'PPS',
    pattern: /[0-9]{7}[A-W][ABHWTX]?/iu,
    digits: 7,
    check: isPps,
    checksum: 'PPS modulo 23',
    context: ['pps', 'ppsn', 'public service number', 'personal public service', 'irish'],
    plain: 0.6,
    source: 'Department of Social Protection, PPS number',
    good: ['6433435F', '6433435IH'],
    bad: ['6433435E', '6433435VB'],
  },
]

/** All of this file. */
export const IDS_BRITAIN: readonly Recogniser[] = ROWS.map(defineId)
