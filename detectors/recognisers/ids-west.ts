/** Identifiers of Germany, Austria, Switzerland, France and the Low Countries. */
import {
  digitsOf,
  isDate,
  isLuhn,
  isMod11And10,
  isRepeated,
  isVerhoeff,
  remainder,
  weightedSum,
} from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { alphaValue, defineId, type IdRow, numberAt } from './national.ts'

/** Sum of the digits of each product. */
const crossSum = (digits: string, weights: readonly number[]): number => {
  let sum = 0
  for (let i = 0; i < weights.length; i += 1) {
    const product = Number(digits.charAt(i)) * (weights[i] ?? 0)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum
}

/** One digit occurs twice or three times among the first ten, no digit more often. */
const isSteuerId = (id: string): boolean => {
  if (id.startsWith('0') || !isMod11And10(id)) return false
  const counts = [...new Set(id.slice(0, 10))].map((digit) => id.slice(0, 10).split(digit).length - 1)
  return Math.max(...counts) <= 3
}

const letterNumber = (letter: string): string => String(letter.charCodeAt(0) - 64).padStart(2, '0')

const isRvnr = (id: string): boolean => {
  const digits = id.slice(0, 8) + letterNumber(id.charAt(8)) + id.slice(9)
  const day = numberAt(id, 2, 2)
  const isDay = (day >= 1 && day <= 31) || (day >= 51 && day <= 81)
  return (
    isDay &&
    numberAt(id, 4, 2) <= 12 &&
    crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(id.at(-1))
  )
}

const isKvnr = (id: string): boolean =>
  crossSum(letterNumber(id.charAt(0)) + id.slice(1), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 ===
  Number(id.at(-1))

/** ICAO 9303 check digit: weights 7, 3, 1. */
const isIcao = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < id.length - 1; i += 1) sum += alphaValue(id, i) * ([7, 3, 1][i % 3] ?? 0)
  return sum % 10 === Number(id.at(-1))
}

const isSvnr = (id: string): boolean =>
  weightedSum(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(id.charAt(3)) && !id.startsWith('0')

const isEan13 = (id: string): boolean => weightedSum(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0

const isNir = (id: string): boolean => {
  const body = id.slice(0, 13).replace('2A', '19').replace('2B', '18')
  return /^[0-9]{13}$/u.test(body) && 97 - remainder(body, 97) === Number(id.slice(13))
}

const isBsn = (id: string): boolean =>
  !isRepeated(id) && weightedSum(id.padStart(9, '0'), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0

const isBelgian = (id: string): boolean => {
  const key = Number(id.slice(9))
  const body = id.slice(0, 9)
  return 97 - remainder(body, 97) === key || 97 - remainder(`2${body}`, 97) === key
}

const isLuxembourg = (id: string): boolean =>
  isDate(numberAt(id, 0, 4), numberAt(id, 4, 2), numberAt(id, 6, 2)) &&
  isLuhn(id.slice(0, 12)) &&
  isVerhoeff(id.slice(0, 11) + id.slice(12))

const GERMANY: readonly IdRow[] = [
  {
    country: 'DE',
    code: 'STEUERID',
    pattern: /[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}/u,
    digits: 11,
    check: isSteuerId,
    checksum: 'ISO 7064 MOD 11,10',
    context: [
      'steuer-id',
      'steuerid',
      'steueridentifikation',
      'idnr',
      'steuer',
      'identifikationsnummer',
      'tax id',
      'tin',
    ],
    source: 'Bundeszentralamt für Steuern, § 139b AO',
    good: ['36 574 261 809', '12345678903'],
    bad: ['36 574 261 808', '00 574 261 809'],
  },
  {
    country: 'DE',
    code: 'SOZIALVERSICHERUNG',
    pattern: /[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}/iu,
    digits: 8,
    check: isRvnr,
    checksum: 'VKVV modulo 10',
    context: ['rvnr', 'sozialversicherung', 'rentenversicherung', 'versicherungsnummer', 'sv-nummer', 'svnr'],
    plain: 0.75,
    source: 'Deutsche Rentenversicherung, § 147 SGB VI, VKVV',
    good: ['15070649C103', '65 070803 A 019'],
    bad: ['15070649C104', '15991349C103'],
  },
  {
    country: 'DE',
    code: 'KRANKENVERSICHERUNG',
    entity: 'MEDICAL_RECORD',
    pattern: /[A-Z][0-9]{9}/iu,
    digits: 9,
    check: isKvnr,
    checksum: 'GKV modulo 10',
    context: ['kvnr', 'krankenversicher', 'krankenkasse', 'versichertennummer', 'gesundheitskarte', 'egk'],
    source: 'GKV-Spitzenverband, § 290 SGB V',
    good: ['A123456780', 'm123456785'],
    bad: ['A123456781', 'AB12345678'],
  },
  {
    country: 'DE',
    code: 'LANR',
    pattern: /[0-9]{9}/u,
    digits: 9,
    check: (id) =>
      (10 - (weightedSum(id, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(id.charAt(6)) && !isRepeated(id),
    checksum: 'KBV modulo 10',
    context: ['lanr', 'arztnummer', 'arzt-nr', 'arztnr', 'lebenslange arztnummer'],
    source: 'Kassenärztliche Bundesvereinigung, Arztnummern-Richtlinie',
    good: ['123456601', '987654401'],
    bad: ['123456701', '12345660'],
  },
  {
    country: 'DE',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{7}[0-9](?:[0-9]|D)?/iu,
    digits: 2,
    check: (id) => isIcao(id.replace(/D$/u, '')),
    checksum: 'ICAO 9303, 7-3-1',
    context: ['reisepass', 'pass', 'passnummer', 'passport', 'ausweis'],
    alone: 0.6,
    source: 'Bundesdruckerei, PassV; ICAO Doc 9303',
    good: ['C01234565', 'CZ6311T03'],
    bad: ['C01234566', 'A01234565'],
  },
  {
    country: 'DE',
    code: 'PERSONALAUSWEIS',
    pattern: /[LMNPRTVWXY][0-9CFGHJKLMNPRTVWXYZ]{7}[0-9](?:[0-9]|D)?/iu,
    digits: 2,
    check: (id) => isIcao(id.replace(/D$/u, '')),
    checksum: 'ICAO 9303, 7-3-1',
    context: [
      'personalausweis',
      'ausweis',
      'ausweisnummer',
      'ausweis-nr',
      'perso',
      'identity card',
      'id card',
    ],
    alone: 0.6,
    source: 'Bundesdruckerei, PAuswV; ICAO Doc 9303',
    good: ['L01X00T44', 'T220001293'],
    bad: ['L01X00T45', 'T220001294'],
  },
]

const NEIGHBOURS: readonly IdRow[] = [
  {
    country: 'AT',
    code: 'SVNR',
    pattern: /[1-9][0-9]{3}[ -]?[0-3][0-9][01][0-9][0-9]{2}/u,
    digits: 10,
    check: isSvnr,
    checksum: 'SVNR modulo 11',
    context: ['sozialversicherung', 'svnr', 'sv-nummer', 'vsnr', 'versicherungsnummer', 'e-card'],
    source: 'Dachverband der Sozialversicherungsträger, § 31 ASVG',
    good: ['1237 010180', '1237010180'],
    bad: ['1238 010180', '0237 010180'],
  },
  {
    country: 'CH',
    code: 'AHV',
    pattern: /756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}/u,
    digits: 13,
    check: isEan13,
    checksum: 'EAN-13',
    context: ['ahv', 'avs', 'sozialversicherung', 'ahvn13', 'oasi', 'navs'],
    plain: 0.85,
    source: 'Zentrale Ausgleichsstelle, AHVN13',
    good: ['756.9217.0769.85', '7569217076985'],
    bad: ['756.9217.0769.84', '757.9217.0769.85'],
  },
  {
    country: 'FR',
    code: 'NIR',
    pattern: /[1-478] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}/iu,
    digits: 5,
    check: isNir,
    checksum: 'modulo 97',
    context: ['sécurité sociale', 'nir', 'insee', 'numéro de sécu', 'sécu', 'vitale', 'social security'],
    plain: 0.9,
    source: 'INSEE, Répertoire national d’identification des personnes physiques',
    good: ['2 95 10 99 126 111 93', '295109912611193'],
    bad: ['2 95 10 99 126 111 94', '595109912611193'],
  },
  {
    country: 'FR',
    code: 'SPI',
    pattern: /[0-3][0-9] ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}/u,
    digits: 13,
    check: (id) => remainder(id.slice(0, 10), 511) === Number(id.slice(10)),
    checksum: 'modulo 511',
    context: ['numéro fiscal', 'fiscal', 'spi', 'impôt', 'impots', 'contribuable'],
    source: 'Direction générale des Finances publiques',
    good: ['30 23 217 600 053', '3023217600053'],
    bad: ['30 23 217 600 054', '40 23 217 600 053'],
  },
  {
    country: 'FR',
    code: 'CNI',
    pattern: /(?:[0-9]{12}|[0-9A-Z]{2}[0-9]{2}[0-9A-Z]{5})/iu,
    digits: 2,
    check: (id) => digitsOf(id).length >= 4,
    context: ["carte d'identité", 'cni', "carte nationale d'identité", "pièce d'identité"],
    source: "Agence nationale des titres sécurisés, carte nationale d'identité",
    good: ['880692310285', 'X412BPFW4'],
    bad: ['88069231028', 'ABCDEFGHI'],
  },
  {
    country: 'FR',
    code: 'SIRET',
    pattern: /[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{5})?/u,
    digits: 9,
    check: (id) => isLuhn(id) && !isRepeated(id),
    checksum: 'Luhn',
    context: ['siret', 'siren', 'rcs'],
    alone: 0,
    source: 'INSEE, répertoire SIRENE',
    good: ['732 829 320', '73282932000074'],
    bad: ['732 829 321', '73282932000075'],
  },
  {
    country: 'NL',
    code: 'BSN',
    pattern: /[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{2,3}/u,
    digits: 8,
    check: isBsn,
    checksum: 'elfproef',
    context: ['bsn', 'burgerservicenummer', 'sofinummer', 'burgerservice', 'sofi'],
    source: 'Rijksdienst voor Identiteitsgegevens, Logisch ontwerp BSN',
    good: ['1112.22.333', '111222333'],
    bad: ['1112.22.334', '111222334'],
  },
  {
    country: 'BE',
    code: 'NRN',
    pattern: /[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[- ]?[0-9]{3}[. ]?[0-9]{2}/u,
    digits: 11,
    check: isBelgian,
    checksum: 'modulo 97',
    context: [
      'rijksregister',
      'rijksregisternummer',
      'registre national',
      'insz',
      'niss',
      'nationaal nummer',
      'nationalregister',
    ],
    plain: 0.6,
    source: 'Koninklijk besluit van 3 april 1984, Rijksregister',
    good: ['85.07.30-033.28', '85073003328'],
    bad: ['85.07.30-033.29', '8507300332'],
  },
  {
    country: 'LU',
    code: 'MATRICULE',
    pattern: /(?:1[89]|20)[0-9]{2} ?[0-9]{4} ?[0-9]{5}/u,
    digits: 13,
    check: isLuxembourg,
    checksum: 'Luhn and Verhoeff',
    context: ['matricule', 'sécurité sociale', 'identification', 'cns'],
    plain: 0.8,
    source: 'CTIE, loi du 19 juin 2013',
    good: ['1893120105732'],
    bad: ['1893120105733', '1893130105732'],
  },
]

/** All of this file. */
export const IDS_WEST: readonly Recogniser[] = [...GERMANY, ...NEIGHBOURS].map(defineId)
