/** Identifiers of Slovenia, Slovakia, and of Bulgaria's foreigners; tax and register numbers of Germany. */
import { digitsOf, isMod11And10, isRepeated, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow, numberAt } from './national.ts'

/** Day, month and the last three digits of the year, region, serial, check digit modulo 11. */
const isEmso = (id: string): boolean => {
  const rest = weightedSum(id, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  const day = numberAt(id, 0, 2)
  const month = numberAt(id, 2, 2)
  return day >= 1 && day <= 31 && month >= 1 && month <= 12 && Number(id.at(-1)) === (11 - rest) % 11
}

const isDavcna = (id: string): boolean => {
  const digits = digitsOf(id)
  const check = 11 - (weightedSum(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)
  return check < 11 && Number(digits.at(-1)) === check % 10
}

/** Slovak VAT numbers are divisible by eleven; the third digit says what kind of payer it is. */
const isIcDph = (id: string): boolean => {
  const digits = digitsOf(id)
  return /^[1-9][0-9][23478]/u.test(digits) && Number(digits) % 11 === 0
}

const isLnch = (id: string): boolean =>
  weightedSum(id, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === Number(id.at(-1)) && !isRepeated(id)

const ROWS: readonly IdRow[] = [
  {
    country: 'SI',
    code: 'EMSO',
    pattern: /[0-3][0-9][01][0-9][09][0-9]{2} ?[0-9]{2} ?[0-9]{3} ?[0-9]/u,
    digits: 13,
    check: isEmso,
    checksum: 'modulo 11',
    context: ['emšo', 'emso', 'matična številka', 'jmbg', 'matični broj', 'slovenian'],
    source: 'Zakon o centralnem registru prebivalstva',
    good: ['0101006500006', '2002992500018'],
    bad: ['0101006500007', '4101006500006'],
  },
  {
    country: 'SI',
    code: 'DAVCNA_STEVILKA',
    pattern: /(?:SI)?[1-9][0-9]{3} ?[0-9]{4}/iu,
    digits: 8,
    check: isDavcna,
    checksum: 'modulo 11',
    context: ['davčna številka', 'davčne številke', 'davčna', 'id za ddv', 'ddv', 'tax number', 'vat'],
    alone: 0,
    source: 'Finančna uprava Republike Slovenije, Zakon o davčnem postopku',
    good: ['50223054', 'SI50223054'],
    bad: ['50223055', '05022305'],
  },
  {
    country: 'SK',
    code: 'RODNE_CISLO',
    pattern: /[0-9]{6}\/?[0-9]{4}/u,
    digits: 10,
    check: (id) =>
      Number(id) % 11 === 0 && /^[0-9]{2}(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12][0-9]|3[01])/u.test(id),
    checksum: 'modulo 11',
    context: ['rodné číslo', 'rodného čísla', 'rodnom čísle', 'r. č.', 'slovak'],
    source: 'Zákon č. 301/1995 Z. z. o rodnom čísle',
    good: ['710319/2745', '7103192745'],
    bad: ['710319/2746', '711519/2745'],
  },
  {
    country: 'SK',
    code: 'IC_DPH',
    pattern: /(?:SK ?)?[1-9][0-9]{9}/iu,
    digits: 10,
    check: isIcDph,
    checksum: 'modulo 11',
    context: ['ič dph', 'ic dph', 'dič', 'daňové identifikačné číslo', 'identifikačné číslo pre daň'],
    alone: 0,
    source: 'Finančná správa SR, zákon č. 222/2004 Z. z.',
    good: ['SK2022749619', '2022749619'],
    bad: ['SK2022749618', '2052749619'],
  },
  {
    country: 'SK',
    code: 'OBCIANSKY_PREUKAZ',
    pattern: /[A-Z]{2}[0-9]{6}/iu,
    digits: 6,
    context: ['občiansky preukaz', 'občianskeho preukazu', 'číslo op', 'č. op'],
    source: 'Ministerstvo vnútra SR, zákon č. 395/2019 Z. z.',
    good: ['HB123456', 'ab654321'],
    bad: ['H123456', 'HB12345'],
  },
  {
    country: 'BG',
    code: 'LNCH',
    pattern: /[0-9]{10}/u,
    digits: 10,
    check: isLnch,
    checksum: 'modulo 10',
    context: ['лнч', 'личен номер на чужденец', 'lnch', 'чужденец'],
    alone: 0,
    source: 'МВР, Закон за чужденците в Република България',
    good: ['7111042925'],
    bad: ['7111042922', '1111111111'],
  },
  {
    country: 'DE',
    code: 'UST_IDNR',
    pattern: /DE ?[1-9][0-9]{2} ?[0-9]{3} ?[0-9]{3}/iu,
    digits: 9,
    check: (id) => isMod11And10(digitsOf(id)),
    checksum: 'ISO 7064 MOD 11,10',
    context: ['ust-id', 'ust-idnr', 'umsatzsteuer', 'ust.-id', 'vat', 'vat id', 'mehrwertsteuer'],
    plain: 0.6,
    source: 'Bundeszentralamt für Steuern, § 27a UStG',
    good: ['DE136695976', 'DE 136 695 976'],
    bad: ['DE136695978', 'DE036695976'],
  },
  {
    country: 'DE',
    code: 'STEUERNUMMER',
    pattern: /[0-9]{2,3}\/[0-9]{3,4}\/[0-9]{4,5}|(?:0[1-9]|1[0-6]|2[1-8]|[1-9][0-9])[0-9]{2}0[0-9]{8}/u,
    digits: 10,
    context: ['steuernummer', 'steuer-nr', 'steuernr', 'st.-nr', 'st-nr', 'finanzamt', 'steuerbescheid'],
    source: 'Bundesministerium der Finanzen, ELSTER: Steuernummern der Länder',
    good: ['93/815/08152', '181/815/08155', '133/8150/8159', '2893081508152'],
    bad: ['9/815/08152', '93/815/0815'],
  },
  {
    country: 'DE',
    code: 'HANDELSREGISTER',
    pattern: /(?:HRA|HRB|GnR|PR|VR) ?-?[1-9][0-9]{0,5}(?: ?[A-Z]{1,3}(?![A-Za-z]))?/u,
    digits: 1,
    context: [
      'handelsregister',
      'amtsgericht',
      'registergericht',
      'vereinsregister',
      'registernummer',
      'hrb',
      'hra',
    ],
    source: 'Handelsregisterverordnung',
    good: ['HRB 123456', 'HRA 4711 B', 'VR 815'],
    bad: ['HRC 123456', 'HRB 1234567'],
  },
  {
    country: 'DE',
    code: 'BSNR',
    pattern: /(?:0[1-3]|17|20|35|38|46|5[12]|7[1-48]|8[38]|9[38])[0-9]{7}/u,
    digits: 9,
    context: ['bsnr', 'betriebsstättennummer', 'betriebsstätte', 'nebenbetriebsstätte', 'praxisnummer'],
    source: 'Kassenärztliche Bundesvereinigung, § 75 Abs. 7 SGB V',
    good: ['021234568', '721234567'],
    bad: ['991234567', '02123456'],
  },
]

/** All of this file. */
export const IDS_DANUBE: readonly Recogniser[] = ROWS.map(defineId)
