/** Identifiers of the other Americas. */
import { isDate, isLuhn, isRepeated, weightedSum } from '../checksums.ts'
import type { Recogniser } from '../types.ts'
import { defineId, type IdRow, numberAt } from './national.ts'

const CURP_ALPHABET = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'
const RFC_ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ'

const isCurp = (id: string): boolean => {
  let sum = 0
  for (let i = 0; i < 17; i += 1) sum += CURP_ALPHABET.indexOf(id.charAt(i)) * (18 - i)
  const year = numberAt(id, 4, 2)
  return (
    (10 - (sum % 10)) % 10 === Number(id.charAt(17)) &&
    isDate((/[0-9]/u.test(id.charAt(16)) ? 1900 : 2000) + year, numberAt(id, 6, 2), numberAt(id, 8, 2))
  )
}

const isRfc = (id: string): boolean => {
  const padded = id.padStart(13, ' ')
  let sum = 0
  for (let i = 0; i < 12; i += 1) sum += RFC_ALPHABET.indexOf(padded.charAt(i)) * (13 - i)
  const rest = sum % 11
  const expected = rest === 0 ? '0' : rest === 1 ? 'A' : String(11 - rest)
  return padded.charAt(12) === expected
}

/** A Brazilian modulo-11 digit: 0 for remainders below 2. */
const brazilDigit = (sum: number): number => (sum % 11 < 2 ? 0 : 11 - (sum % 11))

const isCpf = (id: string): boolean =>
  !isRepeated(id) &&
  brazilDigit(weightedSum(id, [10, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(id.charAt(9)) &&
  brazilDigit(weightedSum(id, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(id.charAt(10))

/** CNPJ: letters count as their ASCII code minus 48 (from July 2026). */
const isCnpj = (id: string): boolean =>
  !isRepeated(id) &&
  brazilDigit(weightedSum(id, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(id.charAt(12)) &&
  brazilDigit(weightedSum(id, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(id.charAt(13))

const isCuit = (id: string): boolean => {
  const rest = 11 - (weightedSum(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)
  return (rest === 11 ? 0 : rest === 10 ? 9 : rest) === Number(id.charAt(10))
}

const isRut = (id: string): boolean => {
  const body = id.slice(0, -1).padStart(8, '0')
  const rest = 11 - (weightedSum(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)
  return (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)) === id.at(-1)
}

const ROWS: readonly IdRow[] = [
  {
    country: 'CA',
    code: 'SIN',
    pattern: /[1-79][0-9]{2}[- ]?[0-9]{3}[- ]?[0-9]{3}/u,
    digits: 9,
    check: (id) => isLuhn(id) && !isRepeated(id),
    checksum: 'Luhn',
    context: ['sin', 'social insurance', 'nas', 'assurance sociale', 'canadian', 'canada'],
    source: 'Employment and Social Development Canada, SIN code of practice',
    good: ['130 692 544', '123-456-782'],
    bad: ['130 692 545', '830 692 544'],
  },
  {
    country: 'CA',
    code: 'OHIP',
    entity: 'MEDICAL_RECORD',
    pattern: /[1-9][0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}(?:[- ]?[A-Z]{2})?/u,
    digits: 10,
    check: (id) => isLuhn(id.slice(0, 10)),
    checksum: 'Luhn',
    context: ['ohip', 'health card', 'health number', 'ontario health', 'carte santé'],
    alone: 0,
    source: 'Ontario Ministry of Health, health card number',
    good: ['1234-567-897', '1234 567 897 AB'],
    bad: ['1234-567-891', '0234-567-897'],
  },
  {
    country: 'CA',
    code: 'PASSPORT',
    entity: 'PASSPORT',
    pattern: /[A-Z]{2}[0-9]{6}|[A-Z][0-9]{6}[A-Z]{2}/iu,
    digits: 6,
    context: ['passport', 'passeport', 'travel document'],
    source: 'Immigration, Refugees and Citizenship Canada',
    good: ['GA302922', 'P123456AA'],
    bad: ['GA30292', 'GAB302922'],
  },
  {
    country: 'MX',
    code: 'CURP',
    pattern: /[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9]/iu,
    digits: 7,
    check: isCurp,
    checksum: 'RENAPO weighted modulo 10',
    context: ['curp', 'clave única', 'población'],
    plain: 0.95,
    source: 'RENAPO, Instructivo normativo para la asignación de la CURP',
    good: ['BOXW310820HNERXN09'],
    bad: ['BOXW310820HNERXN08', 'BOXW311320HNERXN09'],
  },
  {
    country: 'MX',
    code: 'RFC',
    pattern: /[A-ZÑ&]{3,4}[- ]?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[- ]?[A-Z0-9]{2}[0-9A]/iu,
    digits: 6,
    check: (id) => isRfc(id),
    checksum: 'SAT modulo 11',
    context: ['rfc', 'contribuyentes', 'fiscal', 'sat'],
    plain: 0.7,
    source: 'SAT, Registro Federal de Contribuyentes',
    good: ['GODE561231GR8', 'GODE 561231 GR8'],
    bad: ['GODE561231GR9', 'GODE561331GR8'],
  },
  {
    country: 'BR',
    code: 'CPF',
    pattern: /[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}[-. ]?[0-9]{2}/u,
    digits: 11,
    check: isCpf,
    checksum: 'CPF modulo 11, twice',
    context: ['cpf', 'cadastro de pessoas', 'contribuinte'],
    plain: 0.75,
    source: 'Receita Federal, CPF',
    good: ['390.533.447-05', '39053344705'],
    bad: ['390.533.447-06', '111.111.111-11'],
  },
  {
    country: 'BR',
    code: 'CNPJ',
    pattern: /[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}\/?[0-9]{4}-?[0-9]{2}/u,
    digits: 14,
    check: isCnpj,
    checksum: 'CNPJ modulo 11, twice',
    context: ['cnpj', 'cadastro nacional', 'empresa'],
    plain: 0.75,
    source: 'Receita Federal, CNPJ',
    good: ['16.727.230/0001-97', '16727230000197'],
    bad: ['16.727.230/0001-98', '1672723000019'],
  },
  {
    country: 'AR',
    code: 'CUIT',
    pattern: /(?:2[03-7]|3[034])[- ]?[0-9]{8}[- ]?[0-9]/u,
    digits: 11,
    check: isCuit,
    checksum: 'CUIT modulo 11',
    context: ['cuit', 'cuil', 'afip', 'identificación tributaria'],
    source: 'AFIP, CUIT',
    good: ['20-05536168-2', '20055361682'],
    bad: ['20-05536168-3', '29-05536168-2'],
  },
  {
    country: 'CL',
    code: 'RUT',
    pattern: /[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9K]/iu,
    digits: 7,
    check: isRut,
    checksum: 'RUT modulo 11',
    context: ['rut', 'run', 'rol único', 'cédula'],
    source: 'Servicio de Registro Civil e Identificación',
    good: ['12.531.909-2', '12531909-2'],
    bad: ['12.531.909-3', '12531909-K'],
  },
]

/** All of this file. */
export const IDS_AMERICAS: readonly Recogniser[] = ROWS.map(defineId)
