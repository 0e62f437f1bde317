/** Identifiers of Spain, Portugal, Italy, Greece and Turkey. */
import { isDate, isLuhn, isRepeated, remainder, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { alphaValue, defineId, type IdRow, numberAt } from './national.ts'

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'
const isNif = (id: string): boolean => NIF_LETTERS.charAt(Number(id.slice(0, -1)) % 23) === id.at(-1)
const isNie = (id: string): boolean => isNif('XYZ'.indexOf(id.charAt(0)) + id.slice(1))

const isCif = (id: string): boolean => {
  let sum = 0
  for (let i = 1; i < 8; i += 1) {
    const digit = Number(id.charAt(i)) * (i % 2 === 1 ? 2 : 1)
    sum += Math.floor(digit / 10) + (digit % 10)
  }
  const check = (10 - (sum % 10)) % 10
  return id.at(-1) === String(check) || id.at(-1) === 'JABCDEFGHI'.charAt(check)
}

const isNuss = (id: string): boolean => {
  const number = id.slice(2, 10)
  const body = number.startsWith('0') ? id.slice(0, 2) + number.slice(1) : id.slice(0, 10)
  return remainder(body, 97) === Number(id.slice(10))
}

const isPortugueseNif = (id: string): boolean => {
  const rest = weightedSum(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return !isRepeated(id) && (rest < 2 ? 0 : 11 - rest) === Number(id.charAt(8))
}

const isCartaoCidadao = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < 12; i += 1) {
    const value = alphaValue(id, i) * (i % 2 === 0 ? 2 : 1)
    sum += i % 2 === 0 && value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/** Values of characters at odd places (1st, 3rd …). Source: DM 23.12.1976, table of odd characters. */
const CF_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
const isCodiceFiscale = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < 15; i += 1) {
    const value = alphaValue(id, i)
    const index = value > 9 ? value - 10 : value
    sum += i % 2 === 0 ? (CF_ODD[index] ?? 0) : index
  }
  return String.fromCharCode(65 + (sum % 26)) === id.at(-1)
}

const isAfm = (id: string): boolean =>
  !isRepeated(id) && (weightedSum(id, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === Number(id.charAt(8))

const isAmka = (id: string): boolean =>
  isLuhn(id) && isDate(1900 + numberAt(id, 4, 2), numberAt(id, 2, 2), numberAt(id, 0, 2))

const isTckn = (id: string): boolean => {
  const odd = weightedSum(id, [1, 0, 1, 0, 1, 0, 1, 0, 1])
  const even = weightedSum(id, [0, 1, 0, 1, 0, 1, 0, 1])
  const tenth = (((odd * 7 - even) % 10) + 10) % 10
  return tenth === Number(id.charAt(9)) && (odd + even + tenth) % 10 === Number(id.charAt(10))
}

const IBERIA: readonly IdRow[] = [
  {
    country: 'ES',
    code: 'NIF',
    pattern: /[0-9]{7,8}[- ]?[A-HJ-NP-TV-Z]/iu,
    digits: 7,
    check: isNif,
    checksum: 'NIF modulo 23',
    context: ['dni', 'nif', 'documento nacional', 'identidad', 'identificación fiscal'],
    plain: 0.7,
    source: 'Real Decreto 1553/2005; Agencia Tributaria',
    good: ['54362315-K', '12345678z'],
    bad: ['54362315-J', '5436231-K1'],
  },
  {
    country: 'ES',
    code: 'NIE',
    pattern: /[XYZ][- ]?[0-9]{7}[- ]?[A-Z]/iu,
    digits: 7,
    check: isNie,
    checksum: 'NIF modulo 23',
    context: ['nie', 'extranjero', 'identidad de extranjero'],
    plain: 0.8,
    source: 'Real Decreto 557/2011; Agencia Tributaria',
    good: ['X2482300W', 'Z-8078221-M'],
    bad: ['X2482300A', 'W2482300W'],
  },
  {
    country: 'ES',
    code: 'CIF',
    pattern: /[A-HJNP-SUVW][- ]?[0-9]{7}[- ]?[0-9A-J]/iu,
    digits: 7,
    check: isCif,
    checksum: 'CIF modulo 10',
    context: ['cif', 'nif', 'empresa', 'identificación fiscal', 'vat'],
    alone: 0,
    source: 'Orden EHA/451/2008',
    good: ['J99216582', 'A58818501'],
    bad: ['J99216583', 'I99216582'],
  },
  {
    country: 'ES',
    code: 'NUSS',
    pattern: /[0-9]{2}[ /-]?[0-9]{8}[ /-]?[0-9]{2}/u,
    digits: 12,
    check: isNuss,
    checksum: 'modulo 97',
    context: ['seguridad social', 'nuss', 'naf', 'afiliación', 'nass', 'aseguramiento'],
    source: 'Tesorería General de la Seguridad Social',
    good: ['28 12345678 40', '281234567840'],
    bad: ['28 12345678 41', '2812345678'],
  },
  {
    country: 'ES',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z]{3}[0-9]{6}[A-Z]?/iu,
    digits: 6,
    context: ['pasaporte', 'passport'],
    alone: 0.55,
    source: 'Real Decreto 896/2003',
    good: ['AAA123456', 'abc123456'],
    bad: ['AA123456', 'AAA12345'],
  },
  {
    country: 'PT',
    code: 'NIF',
    pattern: /[1235689][0-9]{2} ?[0-9]{3} ?[0-9]{3}/u,
    digits: 9,
    check: isPortugueseNif,
    checksum: 'modulo 11',
    context: ['nif', 'contribuinte', 'número fiscal', 'identificação fiscal'],
    source: 'Autoridade Tributária e Aduaneira',
    good: ['501 964 843', '501964843'],
    bad: ['501 964 844', '401964843'],
  },
  {
    country: 'PT',
    code: 'CARTAO_CIDADAO',
    pattern: /[0-9]{8} ?[0-9] ?[A-Z0-9]{2}[0-9]/iu,
    digits: 9,
    check: isCartaoCidadao,
    checksum: 'Luhn with letters',
    context: [
      'cartão de cidadão',
      'cartao de cidadao',
      'bilhete de identidade',
      'cc',
      'documento de identificação',
    ],
    source: 'Instituto dos Registos e do Notariado',
    good: ['00000000 0 ZZ4', '000000000ZZ4'],
    bad: ['00000000 0 ZZ3', '00000000 Z ZZ4'],
  },
]

const ITALY: readonly IdRow[] = [
  {
    country: 'IT',
    code: 'CODICE_FISCALE',
    pattern: /[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]/iu,
    digits: 1,
    check: isCodiceFiscale,
    checksum: 'codice fiscale modulo 26',
    context: ['codice fiscale', 'c.f.', 'fiscal code', 'tax code'],
    plain: 0.95,
    source: 'Agenzia delle Entrate, DM 23.12.1976',
    good: ['RCCMNL83S18D969H', 'rssmra85t10a562s'],
    bad: ['RCCMNL83S18D969I', 'RCCMNL83F18D969H'],
  },
  {
    country: 'IT',
    code: 'PARTITA_IVA',
    pattern: /[0-9]{8}[_ ]?[0-9]{3}/u,
    digits: 11,
    check: (id) => isLuhn(id) && !isRepeated(id),
    checksum: 'Luhn',
    context: ['partita iva', 'p.iva', 'p. iva', 'piva', 'vat'],
    source: 'Agenzia delle Entrate, DPR 633/1972',
    good: ['00743110157', '01333550323'],
    bad: ['00743110158', '00000000000'],
  },
  {
    country: 'IT',
    code: 'CARTA_IDENTITA',
    pattern: /(?:[A-Z]{2} ?[0-9]{5}[A-Z]{2}|[A-Z]{2} ?[0-9]{7}|[0-9]{7} ?[A-Z]{2})/iu,
    digits: 5,
    context: ["carta d'identità", 'carta di identità', 'carta identità', 'identity card', 'documento'],
    alone: 0.55,
    source: "Ministero dell'Interno, carta d'identità",
    good: ['CA12345AB', 'AA 1234567'],
    bad: ['CA1234AB', 'AAA1234567'],
  },
  {
    country: 'IT',
    code: 'DRIVING_LICENCE',
    entity: 'DRIVER_LICENSE',
    pattern: /(?:[A-Z]{2}[0-9]{7}[A-Z]|U1[A-HJ-NPR-Z0-9]{7}[A-Z])/iu,
    digits: 1,
    context: ['patente', 'licenza di guida', 'driving licence', 'driver', 'license', 'licence'],
    alone: 0.6,
    source: 'Motorizzazione Civile',
    good: ['AA0123456B', 'U1K711J11M'],
    bad: ['AA012345B', 'U2K711J11M'],
  },
  {
    country: 'IT',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z]{2}[0-9]{7}/iu,
    digits: 7,
    context: ['passaporto', 'passport'],
    alone: 0.55,
    source: 'Polizia di Stato, passaporto elettronico',
    good: ['AA1234567', 'yb7654321'],
    bad: ['AA123456', 'A12345678'],
  },
]

const EAST: readonly IdRow[] = [
  {
    country: 'GR',
    code: 'AFM',
    pattern: /[0-9]{9}/u,
    digits: 9,
    check: isAfm,
    checksum: 'modulo 11',
    context: ['αφμ', 'α.φ.μ', 'afm', 'φορολογικού', 'tin'],
    source: 'Ανεξάρτητη Αρχή Δημοσίων Εσόδων',
    good: ['094259216'],
    bad: ['094259217', '000000000'],
  },
  {
    country: 'GR',
    code: 'AMKA',
    pattern: /[0-3][0-9][01][0-9][0-9]{7}/u,
    digits: 11,
    check: isAmka,
    checksum: 'Luhn',
    context: ['αμκα', 'α.μ.κ.α', 'amka', 'κοινωνικής ασφάλισης'],
    source: 'ΗΔΙΚΑ, Νόμος 3655/2008',
    good: ['01013099997'],
    bad: ['01013099998', '01133099997'],
  },
  {
    country: 'GR',
    code: 'ID_CARD',
    pattern: /[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧA-Z]{1,2}[- ]?[0-9]{6}/iu,
    digits: 6,
    context: ['ταυτότητα', 'αδτ', 'α.δ.τ', 'identity card', 'δελτίο ταυτότητας'],
    source: 'Ελληνική Αστυνομία',
    good: ['ΑΒ-123456', 'AK 654321'],
    bad: ['ABC-123456', 'ΑΒ-12345'],
  },
  {
    country: 'TR',
    code: 'TCKN',
    pattern: /[1-9][0-9]{10}/u,
    digits: 11,
    check: isTckn,
    checksum: 'TCKN modulo 10, twice',
    context: ['tc kimlik', 't.c.', 'kimlik', 'tckn', 'kimlik numarası', 'turkish id', 'vatandaşlık', 'kişi'],
    plain: 0.6,
    source: 'Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü',
    good: ['17291716060', '10000000146'],
    bad: ['17291716061', '07291716060'],
  },
]

/** All of this file. */
export const IDS_SOUTH: readonly Recogniser[] = [...IBERIA, ...ITALY, ...EAST].map(defineId)
