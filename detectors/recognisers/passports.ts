/** Numbers of passports by country, beside those that stand with their country's other identifiers. */
import type { Recogniser } from '../types.ts'
import { type DocumentRow, defineDocuments } from './documents.ts'
import { alphaValue } from './national.ts'

/** Polish passports: the third character checks the rest by the weights of ICAO 9303. */
const isPolish = (id: string): boolean => {
  const body = id.slice(0, 2) + id.slice(3)
  let sum = 0
  for (let i = 0; i < body.length; i += 1) sum += alphaValue(body, i) * ([7, 3, 1, 7, 3, 1, 7, 3][i] ?? 0)
  return sum % 10 === Number(id.charAt(2))
}

const row = (
  country: string,
  pattern: RegExp,
  digits: number,
  words: string,
  good: string,
  bad: string,
  source: string,
): DocumentRow => ({ country, pattern, digits, words, good, bad, source })

const ROWS: readonly DocumentRow[] = [
  row('FR', /[0-9]{2}[A-Z]{2}[0-9]{5}/u, 7, 'passeport', '12AB34567', '12A34567|12AB3456', 'Agence nationale des titres sécurisés'),
  row('NL', /[A-Z]{2}(?=[A-Z]*[0-9])[0-9A-NP-Z]{6}[0-9]/u, 2, 'paspoort', 'NW3F0R0P5|SPECI2014', 'NW3F0R0P|NWABCDEFG', 'Rijksdienst voor Identiteitsgegevens'),
  row('BE', /[A-Z]{2}[0-9]{6}/u, 6, 'paspoort|passeport|reisepass', 'EJ123456', 'E123456|EJ12345', 'FOD Buitenlandse Zaken'),
  row('LU', /J[0-9A-Z]{7}/u, 2, 'passeport|reisepass', 'JCU9J4T2', 'JCU9J4T|KCU9J4T2', 'Bureau des passeports, visas et légalisations'),
  row('AT', /[A-Z][0-9]{7}/u, 7, 'reisepass|passnummer', 'P1234567', 'P123456|PP1234567', 'Bundesministerium für Inneres, Passgesetz-Durchführungsverordnung'),
  row('CH', /[A-Z][0-9][0-9A-Z]{6}/u, 2, 'reisepass|passnummer|passeport|passaporto', 'X1234567|S0A00A00', 'X123456|12345678', 'fedpol, Ausweisverordnung'),
  row('IE', /[A-Z]{1,2}[0-9]{7}/u, 7, 'passport card|phas', 'PA1234567|L1234567', 'PA123456|PAA1234567', 'Department of Foreign Affairs'),
  row('PT', /[A-Z]{1,2}[0-9]{6}/u, 6, 'passaporte', 'CA123456|L123456', 'CA12345|CAB123456', 'Instituto dos Registos e do Notariado'),
  row('GR', /[A-ZΑ-Ω]{2}[0-9]{7}/u, 7, 'διαβατήριο|διαβατηρίου', 'AE1234567', 'A1234567|AE123456', 'Ελληνική Αστυνομία'),
  row('DK', /[0-9]{9}/u, 9, 'pasnummer|passet', '205123456', '20512345|2051234567', 'Rigspolitiet, pasbekendtgørelsen'),
  row('SE', /(?:[A-Z]{2}[0-9]{6}|[0-9]{8})/u, 6, 'passnummer|passet', '12345678|AA123456', '1234567|123456789', 'Polismyndigheten, passförordningen'),
  row('NO', /(?:[A-Z]{3}[0-9]{6}|[0-9]{8})/u, 6, 'passnummer|passet', 'CAA123456|25123456', '2512345|CA123456789', 'Politidirektoratet, passforskriften'),
  row('FI', /[A-Z]{2}[0-9]{7}/u, 7, 'passin numero|passinumero', 'FP1234567', 'F1234567|FP123456', 'Poliisi, passilaki'),
  row('EE', /K[A-Z]?[0-9]{7}/u, 7, 'passi number|reisidokument', 'KE1234567|K1234567', 'KE123456|LE1234567', 'Politsei- ja Piirivalveamet'),
  row('LV', /LV[0-9]{7}/u, 7, 'pase|pases numurs', 'LV1234567', 'LV123456|LA1234567', 'Pilsonības un migrācijas lietu pārvalde'),
  row('LT', /[0-9]{8}/u, 8, 'pasas|paso numeris', '21234567', '2123456|212345678', 'Migracijos departamentas'),
  { ...row('PL', /[A-Z]{2}[0-9]{7}/u, 7, 'paszport|paszportu', 'ZS0000177|AA1123456', 'ZS1000177|A5000010', 'Ministerstwo Spraw Wewnętrznych i Administracji'), check: isPolish, checksum: '7-3-1' },
  row('CZ', /[0-9]{8}/u, 8, 'cestovní pas|číslo pasu', '39123456', '3912345|391234567', 'Ministerstvo vnitra ČR'),
  row('SK', /[A-Z]{1,2}[0-9]{7}/u, 7, 'cestovný pas|číslo pasu', 'BD1234567|P1234567', 'BD123456|BDX1234567', 'Ministerstvo vnútra SR'),
  row('HU', /[A-Z]{2}[0-9]{6,7}/u, 6, 'útlevél|útlevélszám', 'BH123456|AB1234567', 'B123456|BH12345', '101/1998. (V. 22.) Korm. rendelet'),
  row('RO', /[0-9]{8,9}/u, 8, 'pașaport|pasaport', '051234567|12345678', '1234567|1234567890', 'Direcția Generală de Pașapoarte'),
  row('BG', /[0-9]{9}/u, 9, 'паспорт|паспорта', '381234567', '38123456|3812345678', 'МВР, Закон за българските лични документи'),
  row('HR', /[0-9]{9}/u, 9, 'putovnica|putovnice', '007123456', '00712345|0071234567', 'Ministarstvo unutarnjih poslova'),
  row('SI', /P[A-Z][0-9]{7}/u, 7, 'potni list|potnega lista', 'PB1234567', 'AB1234567|PB123456', 'Zakon o potnih listinah'),
  row('TR', /[A-Z][0-9]{8}/u, 8, 'pasaport', 'U12345678', 'U1234567|UU12345678', 'Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü'),
  row('IL', /[0-9]{8,9}/u, 8, 'דרכון|מספר דרכון', '12345678|123456782', '1234567|1234567890', 'רשות האוכלוסין וההגירה'),
  row('NG', /[A-Z][0-9]{8}/u, 8, 'nigerian passport', 'A01234567', 'A0123456|AB01234567', 'Nigeria Immigration Service'),
  row('SG', /[EK][0-9]{7}[A-Z]/u, 7, 'singapore passport', 'E1234567N|K0000000E', 'E123456N|A1234567N', 'Immigration & Checkpoints Authority'),
  row('MY', /[AHK][0-9]{8}/u, 8, 'pasport', 'A12345678', 'A1234567|B12345678', 'Jabatan Imigresen Malaysia'),
  row('PH', /[A-Z][0-9]{7}[A-Z]|[A-Z]{1,2}[0-9]{6,7}/u, 6, 'pasaporte|dfa', 'P1234567A|EB1234567', 'P12345A|1234567', 'Department of Foreign Affairs'),
  row('TH', /[A-Z]{1,2}[0-9]{6,7}/u, 6, 'หนังสือเดินทาง|พาสปอร์ต', 'AA1234567|A123456', 'AAA1234567|A12345', 'Department of Consular Affairs'),
  row('TW', /[0-9]{9}/u, 9, '護照|護照號碼', '312345678', '31234567|3123456789', '外交部領事事務局'),
  row('HK', /[HK][A-Z]?[0-9]{8}/u, 8, '護照|特區護照', 'K12345678|HJ12345678', 'K1234567|X12345678', 'Immigration Department, Hong Kong'),
  row('NZ', /[A-Z]{2}[0-9]{6}/u, 6, 'uruwhenua', 'LA123456', 'L123456|LA12345', 'Te Tari Taiwhenua Department of Internal Affairs'),
  row('MX', /[A-Z]?[0-9]{8}/u, 8, 'pasaporte', 'G12345678|12345678', 'G1234567|GA12345678', 'Secretaría de Relaciones Exteriores'),
  row('BR', /[A-Z]{2}[0-9]{6}/u, 6, 'passaporte', 'FD123456', 'F123456|FD12345', 'Polícia Federal'),
] // biome-ignore format: a country a line

/** All of this file. */
export const PASSPORTS: readonly Recogniser[] = defineDocuments(
  { entity: 'PASSPORT', code: 'PASSPORT', words: ['passport', 'travel document'] },
  ROWS,
)
