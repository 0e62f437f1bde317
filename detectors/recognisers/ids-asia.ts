/** Identifiers of Asia. */
import { isDate, isLuhn, isRepeated, isVerhoeff, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { alphaValue, defineId, type IdRow, numberAt } from './national.ts'

const isYmd = (id: string): boolean =>
  [1900, 2000].some((century) => isDate(century + numberAt(id, 0, 2), numberAt(id, 2, 2), numberAt(id, 4, 2)))

const isIsraeli = (id: string): boolean => isLuhn(id.padStart(9, '0')) && !isRepeated(id)

const GSTIN_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const isGstin = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < 14; i += 1) {
    const product = alphaValue(id, i) * (i % 2 === 0 ? 1 : 2)
    sum += Math.floor(product / 36) + (product % 36)
  }
  return (
    numberAt(id, 0, 2) >= 1 &&
    numberAt(id, 0, 2) <= 38 &&
    GSTIN_ALPHABET.charAt((36 - (sum % 36)) % 36) === id.at(-1)
  )
}

const isNric = (id: string): boolean => {
  const first = id.charAt(0)
  const sum =
    weightedSum(id.slice(1), [2, 7, 6, 5, 4, 3, 2]) +
    (first === 'T' || first === 'G' ? 4 : first === 'M' ? 3 : 0)
  const letters =
    first === 'S' || first === 'T' ? 'JZIHGFEDCBA' : first === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK'
  const index = first === 'M' ? 10 - (sum % 11) : sum % 11
  return (first === 'M' ? 'KLJNPQRTUWX' : letters).charAt(index) === id.at(-1)
}

const isThai = (id: string): boolean =>
  (11 - (weightedSum(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(id.charAt(12))

/** Numbers given since October 2020 have a random end; the date and the 7th digit always hold. */
const isRrn = (id: string): boolean => /^[0-9]{6}[1-8]/u.test(id) && isYmd(id)

const isBrn = (id: string): boolean => {
  const sum = weightedSum(id, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(id.charAt(8)) * 5) / 10)
  return (10 - (sum % 10)) % 10 === Number(id.charAt(9))
}

const isMyNumber = (id: string): boolean => {
  const rest = weightedSum(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return !isRepeated(id) && (rest <= 1 ? 0 : 11 - rest) === Number(id.charAt(11))
}

const isResident = (id: string): boolean => {
  const sum = weightedSum(id, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
  return (
    isDate(numberAt(id, 6, 4), numberAt(id, 10, 2), numberAt(id, 12, 2)) &&
    '10X98765432'.charAt(sum % 11) === id.charAt(17)
  )
}

const isHkid = (id: string): boolean => {
  const check = id.at(-1) ?? ''
  const body = id.slice(0, -1).padStart(8, ' ')
  let sum = check === 'A' ? 10 : Number(check)
  for (let i = 0; i < 8; i += 1) sum += (body.charAt(i) === ' ' ? 36 : alphaValue(body, i)) * (9 - i)
  return sum % 11 === 0
}

/** Letters of the first place stand for two digits. Source: Ministry of the Interior, 國民身分證統一編號. */
const TAIWAN = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'
const isTaiwanese = (id: string): boolean => {
  const region = TAIWAN.indexOf(id.charAt(0)) + 10
  const sum =
    Math.floor(region / 10) + (region % 10) * 9 + weightedSum(id.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])
  return sum % 10 === 0
}

const isMyKad = (id: string): boolean =>
  isYmd(id) && !/^(?:00|17|18|19|20|69|7[03]|8[01]|9[4-7])$/u.test(id.slice(6, 8))

const SOUTH: readonly IdRow[] = [
  {
    country: 'IL',
    code: 'TEUDAT_ZEHUT',
    pattern: /[0-9]{7,8}-?[0-9]/u,
    digits: 8,
    check: isIsraeli,
    checksum: 'Luhn',
    context: ['תעודת זהות', 'ת.ז', 'ת"ז', 'teudat zehut', 'israeli id', 'israel id'],
    alone: 0,
    source: 'Population and Immigration Authority',
    good: ['3933742-3', '123456782'],
    bad: ['3933742-4', '123456783'],
  },
  {
    country: 'IN',
    code: 'AADHAAR',
    pattern: /[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}/u,
    digits: 12,
    check: (id) => isVerhoeff(id),
    checksum: 'Verhoeff',
    context: ['aadhaar', 'aadhar', 'uid', 'uidai', 'आधार'],
    plain: 0.6,
    source: 'UIDAI',
    good: ['2341 2341 2346', '2341-2341-2346'],
    bad: ['2341 2341 2347', '1341 2341 2346'],
  },
  {
    country: 'IN',
    code: 'AADHAAR_BARE',
    pattern: /[2-9][0-9]{11}/u,
    digits: 12,
    check: (id) => isVerhoeff(id),
    checksum: 'Verhoeff',
    context: ['aadhaar', 'aadhar', 'uid', 'uidai', 'आधार'],
    source: 'UIDAI',
    good: ['234123412346'],
    bad: ['234123412347'],
  },
  {
    country: 'IN',
    code: 'PAN',
    pattern: /[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]/iu,
    digits: 4,
    context: ['pan', 'permanent account', 'income tax', 'pan card', 'पैन'],
    plain: 0.65,
    source: 'Income Tax Department, PAN structure',
    good: ['ACUPA7085R', 'aaapl1234c'],
    bad: ['ACUEA7085R', 'ACUPA708R'],
  },
  {
    country: 'IN',
    code: 'GSTIN',
    pattern: /[0-3][0-9][A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]/iu,
    digits: 6,
    check: isGstin,
    checksum: 'modulo 36',
    context: ['gstin', 'gst', 'tax'],
    plain: 0.85,
    source: 'Goods and Services Tax Network',
    good: ['27AAPFU0939F1ZV'],
    bad: ['27AAPFU0939F1ZW', '39AAPFU0939F1ZV'],
  },
  {
    country: 'IN',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-PR-WY][1-9][0-9] ?[0-9]{4}[1-9]/iu,
    digits: 7,
    context: ['passport', 'travel document'],
    source: 'Passport Seva, Ministry of External Affairs',
    good: ['A2096457', 'K2096457'],
    bad: ['A0096457', 'Q2096457'],
  },
  {
    country: 'IN',
    code: 'VOTER_ID',
    pattern: /[A-Z]{3}[0-9]{7}/iu,
    digits: 7,
    context: ['voter', 'epic', 'election', 'electoral'],
    source: 'Election Commission of India',
    good: ['WKH1186253', 'abc1234567'],
    bad: ['WK1186253', 'WKH118625'],
  },
  {
    country: 'SG',
    code: 'NRIC',
    pattern: /[STFGM][0-9]{7}[A-Z]/iu,
    digits: 7,
    check: isNric,
    checksum: 'modulo 11',
    context: ['nric', 'fin', 'singapore'],
    plain: 0.9,
    source: 'Immigration & Checkpoints Authority',
    good: ['S1234567D', 't0123456g'],
    bad: ['S1234567E', 'A1234567D'],
  },
  {
    country: 'TH',
    code: 'NATIONAL_ID',
    pattern: /[1-8]-?[0-9]{4}-?[0-9]{5}-?[0-9]{2}-?[0-9]/u,
    digits: 13,
    check: isThai,
    checksum: 'modulo 11',
    context: [
      'เลขประจำตัวประชาชน',
      'บัตรประชาชน',
      'เลขบัตรประชาชน',
      'thai id',
      'thai national',
      'tnin',
      'citizen id',
    ],
    source: 'Department of Provincial Administration',
    good: ['1-2345-67890-12-1', '1234567890121'],
    bad: ['1-2345-67890-12-2', '0234567890121'],
  },
  {
    country: 'MY',
    code: 'MYKAD',
    pattern: /[0-9]{6}-[0-9]{2}-[0-9]{4}/u,
    digits: 12,
    check: isMyKad,
    context: ['mykad', 'nric', 'kad pengenalan', 'ic number', 'ic no', 'no. kp'],
    plain: 0.6,
    source: 'Jabatan Pendaftaran Negara',
    good: ['770305-02-1234'],
    bad: ['771305-02-1234', '770305-00-1234'],
  },
  {
    country: 'MY',
    code: 'MYKAD_BARE',
    pattern: /[0-9]{12}/u,
    digits: 12,
    check: isMyKad,
    context: ['mykad', 'nric', 'kad pengenalan', 'ic number', 'ic no', 'no. kp'],
    source: 'Jabatan Pendaftaran Negara',
    good: ['770305021234'],
    bad: ['771305021234'],
  },
  {
    country: 'PH',
    code: 'GOVERNMENT_ID',
    pattern:
      /(?:[0-9]{4}[- ]?[0-9]{7}[- ]?[0-9]|[0-9]{2}-?[0-9]{7}-?[0-9]|[0-9]{3}-?[0-9]{3}-?[0-9]{3}(?:-?[0-9]{3,5})?|[0-9]{4}-[0-9]{4}-[0-9]{4}(?:-[0-9]{4})?)/u,
    digits: 9,
    context: ['umid', 'crn', 'sss', 'gsis', 'philsys', 'psn', 'pag-ibig', 'philhealth', 'bir', 'philippine'],
    source: 'SSS, GSIS, PSA, BIR',
    good: ['0111-2345678-9', '34-1234567-8', '123-456-789-000'],
    bad: ['111-2345678-9', '12-34'],
  },
]

const EAST: readonly IdRow[] = [
  {
    country: 'KR',
    code: 'RRN',
    pattern: /[0-9]{6}-[1-8][0-9]{6}/u,
    digits: 13,
    check: isRrn,
    context: ['주민등록번호', '주민번호', '외국인등록번호', 'rrn', 'frn', 'resident registration', 'korean'],
    plain: 0.75,
    source: '행정안전부, 주민등록법 시행규칙',
    good: ['971013-1019902', '911124-5678901'],
    bad: ['971313-1019902', '971013-9019902'],
  },
  {
    country: 'KR',
    code: 'RRN_BARE',
    pattern: /[0-9]{6}[1-8][0-9]{6}/u,
    digits: 13,
    check: isRrn,
    context: ['주민등록번호', '주민번호', '외국인등록번호', 'rrn', 'frn', 'resident registration', 'korean'],
    alone: 0.6,
    source: '행정안전부, 주민등록법 시행규칙',
    good: ['9710131019902'],
    bad: ['9713131019902', '9710139019902'],
  },
  {
    country: 'KR',
    code: 'BRN',
    pattern: /[0-9]{3}-[0-9]{2}-[0-9]{5}/u,
    digits: 10,
    check: isBrn,
    checksum: 'modulo 10',
    context: ['사업자등록번호', '사업자', 'brn', 'business registration'],
    plain: 0.7,
    source: '국세청',
    good: ['116-82-00276', '104-86-56659'],
    bad: ['116-82-00277'],
  },
  {
    country: 'KR',
    code: 'DRIVER_LICENSE',
    entity: 'DRIVER_LICENSE',
    pattern: /(?:1[1-9]|2[0-68])[- ][0-9]{2}[- ][0-9]{6}[- ][0-9]{2}/u,
    digits: 12,
    context: ['운전면허', '면허번호', 'driver', 'license'],
    plain: 0.65,
    source: '도로교통공단',
    good: ['11-22-123456-12', '28 22 123456 12'],
    bad: ['10-22-123456-12', '11-22-12345-12'],
  },
  {
    country: 'KR',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[MSROD][0-9]{3}[A-Z][0-9]{4}|[MSROD][0-9]{8}/iu,
    digits: 7,
    context: ['여권', '여권번호', 'passport'],
    alone: 0.55,
    source: '외교부, 여권법 시행령',
    good: ['M123A4567', 'M12345678'],
    bad: ['M123A456', 'A123A4567'],
  },
  {
    country: 'JP',
    code: 'MY_NUMBER',
    pattern: /[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}/u,
    digits: 12,
    check: isMyNumber,
    checksum: 'modulo 11',
    context: ['マイナンバー', '個人番号', 'my number', 'mynumber'],
    source: '総務省令第85号',
    good: ['1234 5678 9018', '123456789018'],
    bad: ['123456789019'],
  },
  {
    country: 'JP',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z]{2}[0-9]{7}/iu,
    digits: 7,
    context: ['旅券', 'パスポート', '旅券番号', 'passport'],
    source: '外務省, 旅券',
    good: ['TK1234567'],
    bad: ['T12345678', 'TK123456'],
  },
  {
    country: 'CN',
    code: 'RESIDENT_ID',
    pattern: /[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]/iu,
    digits: 17,
    check: isResident,
    checksum: 'ISO 7064 MOD 11-2',
    context: ['身份证', '身份证号', 'resident identity', 'chinese id'],
    plain: 0.95,
    source: 'GB 11643-1999',
    good: ['360426199101010071', '11010519491231002X'],
    bad: ['360426199101010072', '360426199113010071'],
  },
  {
    country: 'CN',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /(?:[EDPS][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8})/iu,
    digits: 7,
    context: ['护照', '护照号', 'passport'],
    source: '国家移民管理局',
    good: ['E12345678', 'EA1234567'],
    bad: ['X12345678', 'E1234567'],
  },
  {
    country: 'HK',
    code: 'HKID',
    pattern: /[A-Z]{1,2}[0-9]{6}(?:\([0-9A]\)|[0-9A])/iu,
    digits: 6,
    check: isHkid,
    checksum: 'modulo 11',
    context: ['hkid', '香港身份證', '身份證', 'hong kong id'],
    plain: 0.7,
    source: 'Immigration Department, Hong Kong',
    good: ['A123456(3)', 'G123456(A)'],
    bad: ['A123456(4)', 'G123456(B)'],
  },
  {
    country: 'TW',
    code: 'NATIONAL_ID',
    pattern: /[A-Z][1289A-D][0-9]{8}/iu,
    digits: 8,
    check: (id) => /^[A-Z][0-9]{9}$/u.test(id) && isTaiwanese(id),
    checksum: 'modulo 10',
    context: ['身分證', '統一編號', '身分證字號', 'taiwan', 'roc id'],
    plain: 0.75,
    source: '內政部戶政司',
    good: ['A123456789', 'f131104093'],
    bad: ['A123456788', 'A523456789'],
  },
]

/** All of this file. */
export const IDS_ASIA: readonly Recogniser[] = [...SOUTH, ...EAST].map(defineId)
