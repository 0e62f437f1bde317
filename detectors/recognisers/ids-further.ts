/** Further numbers of countries that stand in other files: health, insurance, electors, payers, companies. */
import { isLuhn, isRepeated, weightedSum } from '../checksums.ts'
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow, numberAt } from './national.ts'

const down = (from: number): readonly number[] => Array.from({ length: from }, (_, i) => from - i)

const isPis = (id: string): boolean => {
  const check = 11 - (weightedSum(id, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return !isRepeated(id) && Number(id.at(-1)) === (check > 9 ? 0 : check)
}

/** Voters: eight digits, a state from 01 to 28, a digit over each. Source: TSE, Resolução 23.659/2021. */
const isTitulo = (id: string): boolean => {
  const state = numberAt(id, 8, 2)
  const first = (weightedSum(id.slice(0, 8), [2, 3, 4, 5, 6, 7, 8, 9]) % 11) % 10
  const second = (weightedSum(id.slice(8, 11), [7, 8, 9]) % 11) % 10
  return state >= 1 && state <= 28 && Number(id.charAt(10)) === first && Number(id.charAt(11)) === second
}

/** British Columbia: the digits after the leading nine, modulo 11. */
const isPhn = (id: string): boolean =>
  11 - (weightedSum(id.slice(1), [2, 4, 8, 5, 10, 9, 7, 3]) % 11) === Number(id.at(-1))

/** Day and month of birth; fifty is added to the month of women. */
const isRamq = (id: string): boolean => {
  const month = numberAt(id, 6, 2) % 50
  const day = numberAt(id, 8, 2)
  return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

const UEN_OTHER = 'ABCDEFGHJKLMNPQRSTUVWX0123456789'

/** Businesses, local companies, foreign ones (no check known), and other bodies have a letter each of their own. */
const isUen = (id: string): boolean => {
  const last = id.at(-1)
  if (/^[0-9]{8}[A-Z]$/u.test(id))
    return 'XMKECAWLJDB'.charAt(weightedSum(id, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === last
  if (/^[0-9]{9}[A-Z]$/u.test(id))
    return 'ZKCMDNERGWH'.charAt(weightedSum(id, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === last
  const weights = [4, 3, 5, 3, 10, 2, 2, 5, 7]
  const sum = weights.reduce((total, weight, i) => total + weight * UEN_OTHER.indexOf(id.charAt(i)), -5)
  return UEN_OTHER.charAt(((sum % 11) + 11) % 11) === last
}

const CURRENT: readonly IdRow[] = [
  {
    country: 'US',
    code: 'CLIA',
    pattern: /[0-9]{2}[DE][0-9]{7}/iu,
    digits: 9,
    context: ['clia', 'laboratory', 'lab certificate'],
    source: 'CMS, Clinical Laboratory Improvement Amendments',
    good: ['05D2187634'],
    bad: ['05F2187634', '05D218763'],
  },
  {
    country: 'US',
    code: 'BANK_ACCOUNT',
    entity: 'BANK_ACCOUNT',
    pattern: /[0-9]{8,17}/u,
    digits: 8,
    context: [
      'bank account',
      'checking account',
      'savings account',
      'account number',
      'account no',
      'debit account',
    ],
    source: 'Nacha Operating Rules: up to 17 digits',
    good: ['945456787654', '12345678'],
    bad: ['1234567', '123456789012345678'],
  },
  {
    country: 'CA',
    code: 'BN',
    pattern: /[0-9]{9}(?: ?R[CMPRTZ] ?[0-9]{4})?/iu,
    digits: 9,
    check: (id) => isLuhn(id.slice(0, 9)),
    checksum: 'Luhn',
    context: ['business number', "numéro d'entreprise", 'gst', 'hst', 'tps', 'bn'],
    alone: 0,
    source: 'Canada Revenue Agency, business number',
    good: ['123456782RC0001', '123456782'],
    bad: ['123456783RC0001'],
  },
  {
    country: 'CA',
    code: 'BC_PHN',
    entity: 'MEDICAL_RECORD',
    pattern: /9[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}/u,
    digits: 10,
    check: isPhn,
    checksum: 'modulo 11',
    context: ['phn', 'personal health number', 'care card', 'bc services card', 'msp'],
    source: 'British Columbia Ministry of Health, PHN',
    good: ['9698 658 215', '9698658215'],
    bad: ['9698 658 216'],
  },
  {
    country: 'CA',
    code: 'RAMQ',
    entity: 'MEDICAL_RECORD',
    pattern: /[A-Z]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}/iu,
    digits: 8,
    check: isRamq,
    context: [
      'ramq',
      'nam',
      'assurance maladie',
      "carte d'assurance maladie",
      'carte soleil',
      'health insurance',
    ],
    source: "Régie de l'assurance maladie du Québec",
    good: ['TREM 8452 1234', 'trem84021234'],
    bad: ['TREM 8472 1234', 'TRE 8452 1234'],
  },
  {
    country: 'MX',
    code: 'NSS',
    pattern: /[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{4}[- ]?[0-9]/u,
    digits: 11,
    check: isLuhn,
    checksum: 'Luhn',
    context: ['nss', 'imss', 'seguro social', 'número de seguridad social', 'afiliación'],
    source: 'Instituto Mexicano del Seguro Social',
    good: ['12345678903', '12-34-56-7890-3'],
    bad: ['12345678904'],
  },
  {
    country: 'MX',
    code: 'CLAVE_ELECTOR',
    pattern: /[A-Z]{6}[0-9]{6}(?:0[1-9]|[12][0-9]|3[0-3]|8[78])[HM][0-9]{3}/iu,
    digits: 8,
    context: ['clave de elector', 'ine', 'ife', 'credencial para votar', 'elector'],
    plain: 0.7,
    source: 'Instituto Nacional Electoral',
    good: ['GMVLMR80070501M100'],
    bad: ['GMVLMR80070599M100', 'GMVLM80070501M100'],
  },
  {
    country: 'BR',
    code: 'PIS',
    pattern: /[0-9]{3}\.?[0-9]{5}\.?[0-9]{2}-?[0-9]/u,
    digits: 11,
    check: isPis,
    checksum: 'modulo 11',
    context: ['pis', 'pasep', 'nis', 'nit', 'pis/pasep'],
    source: 'Caixa Econômica Federal, Dataprev',
    good: ['120.56748.47-0', '12056748470'],
    bad: ['120.56748.47-1'],
  },
  {
    country: 'BR',
    code: 'TITULO_ELEITOR',
    pattern: /[0-9]{4} ?[0-9]{4} ?[0-9]{4}/u,
    digits: 12,
    check: isTitulo,
    checksum: 'modulo 11, twice',
    context: ['título de eleitor', 'titulo de eleitor', 'título eleitoral', 'inscrição eleitoral'],
    alone: 0,
    source: 'Tribunal Superior Eleitoral, Resolução 23.659/2021',
    good: ['0043 5687 0906', '004356870906'],
    bad: ['0043 5687 0907', '0043 5687 2906'],
  },
  {
    country: 'BR',
    code: 'CNS',
    entity: 'MEDICAL_RECORD',
    pattern: /[127-9][0-9]{2} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4}/u,
    digits: 15,
    check: (id) => weightedSum(id, down(15)) % 11 === 0 && !isRepeated(id),
    checksum: 'modulo 11',
    context: ['cns', 'cartão sus', 'cartão nacional de saúde', 'cartão do sus', 'sus'],
    source: 'Ministério da Saúde, DATASUS, Portaria 940/2011',
    good: ['898 0001 6001 3218', '100000000060018'],
    bad: ['898 0001 6001 3219'],
  },
  {
    country: 'ZA',
    code: 'TAX_REFERENCE',
    pattern: /[01239][0-9]{9}/u,
    digits: 10,
    check: isLuhn,
    checksum: 'Luhn',
    context: ['tax reference', 'income tax', 'sars', 'tax number', 'itr'],
    alone: 0,
    source: 'South African Revenue Service, BRS: modulus 10',
    good: ['0001339050'],
    bad: ['0001339051', '5001339050'],
  },
  {
    country: 'ZA',
    code: 'VAT',
    pattern: /4[0-9]{9}/u,
    digits: 10,
    context: ['vat', 'vat number', 'value added tax', 'sars', 'tax invoice'],
    source: 'South African Revenue Service, VAT vendor search',
    good: ['4123456789'],
    bad: ['5123456789', '412345678'],
  },
  {
    country: 'ZA',
    code: 'TRAFFIC_REGISTER',
    pattern: /[0-9]{13}/u,
    digits: 13,
    context: ['traffic register', 'trn', 'enatis', 'natis'],
    source: 'National Road Traffic Regulations, form ANR',
    good: ['1234567890123'],
    bad: ['123456789012', '12345678901234'],
  },
  {
    country: 'ZA',
    code: 'COMPANY',
    pattern: /(?:CK)?(?:18|19|20)[0-9]{2}\/[0-9]{6}\/[0-9]{2}/iu,
    digits: 12,
    context: [
      'registration number',
      'reg no',
      'company registration',
      'cipc',
      'cipro',
      '(pty)',
      'enterprise number',
    ],
    plain: 0.6,
    source: 'Companies and Intellectual Property Commission',
    good: ['2012/123456/07', 'CK1998/012345/23'],
    bad: ['2112/123456/07', '2012/12345/07'],
  },
  {
    country: 'NG',
    code: 'TIN',
    pattern: /[0-9]{8}-[0-9]{4}/u,
    digits: 12,
    context: ['tin', 'tax identification', 'firs', 'jtb'],
    source: 'Federal Inland Revenue Service, Joint Tax Board',
    good: ['12345678-0001'],
    bad: ['1234567-0001', '12345678-001'],
  },
  {
    country: 'PH',
    code: 'TIN',
    pattern: /[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}(?:[- ]?[0-9]{3,5})?/u,
    digits: 9,
    context: ['tin', 'tin number', 'bir', 'taxpayer identification'],
    source: 'Bureau of Internal Revenue',
    good: ['123-456-789-000', '123-456-789'],
    bad: ['123-456-78', '12-345-678'],
  },
  {
    country: 'PH',
    code: 'PHILHEALTH',
    entity: 'MEDICAL_RECORD',
    pattern: /[0-9]{2}[- ]?[0-9]{9}[- ]?[0-9]/u,
    digits: 12,
    context: ['philhealth', 'phic', 'health insurance'],
    source: 'Philippine Health Insurance Corporation',
    good: ['12-345678901-2', '123456789012'],
    bad: ['12-34567890-2', '1-345678901-2'],
  },
  {
    country: 'SG',
    code: 'UEN',
    pattern: /[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]/iu,
    digits: 6,
    check: isUen,
    checksum: 'modulo 11',
    context: ['uen', 'unique entity number', 'acra', 'business registration', 'gst reg'],
    source: 'Accounting and Corporate Regulatory Authority',
    good: ['00192200M', '197401143C', 'S16FC0121D', 'T01FC6132D'],
    bad: ['00192200X', '197401143Z', 'T01FC6132E'],
  },
]

/** Addresses of India's payments: a name, a bank's or app's handle, no domain. */
const upi = definePattern({
  id: 'in_upi',
  entity: 'BANK_ACCOUNT',
  pattern:
    /(?<![\p{L}\p{N}._-])[A-Za-z0-9][A-Za-z0-9._-]{1,63}@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|upi|paytm|pty(?:es|bl|m)|pt(?:axis|hdfc|sbi)|apl|rapl|yapl|abfspay|freecharge|jupiteraxis|fam|ikwik|axisb(?:ank)?|icici|sbi|hdfcbank(?:jd)?|kotak|barodampay|indus|federal|yesbank|idfcbank|naviaxis|slice|superyes|waicici|wahdfcbank|waaxis|wasbi)(?![\p{L}\p{N}@-]|\.[\p{L}\p{N}])/iu,
  starts: (scan, text) => scan.ats.map((at) => startOfName(text, at)),
  boundary: 'none',
  scores: { plain: 0.85 },
  structured: true,
  about: { country: 'IN', subtype: 'IN_UPI', source: 'National Payments Corporation of India, UPI handles' },
  examples: [
    example('pay asha.rao@okhdfcbank now', 'asha.rao@okhdfcbank'),
    example('UPI: 9876543210@ybl', '9876543210@ybl'),
    example('(asha-99@paytm)', 'asha-99@paytm'),
    example('asha@upi.example.com'),
    example('asha@okayish'),
    example('@paytm is an app'),
  ],
})

/** Where the name in front of an `@` begins. */
function startOfName(text: string, at: number): number {
  let from = at
  while (from > 0 && at - from < 64 && /[A-Za-z0-9._-]/u.test(text.charAt(from - 1))) from -= 1
  return from
}

/** All of this file. */
export const IDS_FURTHER: readonly Recogniser[] = [...CURRENT.map(defineId), upi]
