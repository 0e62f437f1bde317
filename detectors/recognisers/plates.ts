/** Number plates by country. A shape alone says little: a word for a vehicle or its plate has to be near. */
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'
import { type DocumentRow, defineDocuments } from './documents.ts'

/** Singapore: two letters in front of the number and four digits of it, weighted, modulo 19. Source: LTA. */
function isSingaporean(id: string): boolean {
  const [, letters = '', digits = '', last = ''] = /^S([A-Z]{1,2})([0-9]{1,4})([A-Z])$/u.exec(id) ?? []
  const prefix = letters.length === 1 ? `S${letters}` : letters
  const values = [...prefix].map((letter) => letter.charCodeAt(0) - 64)
  const all = [...values, ...[...digits.padStart(4, '0')].map(Number)]
  const sum = all.reduce((total, value, i) => total + value * ([9, 4, 5, 4, 3, 2][i] ?? 0), 0)
  return 'AZYXUTSRPMLKJHGEDCB'.charAt(sum % 19) === last
}

/** Makes and models written like a plate: `BMW 320`, `AMG 63`. */
const isNoModel = (id: string): boolean =>
  !/^(?:BMW|KIA|AUDI|AMG|GTI|GTR|GTS|JCB|MAN|DAF|VW|MG|GLA|GLC|GLE|GLS|CLA|CLS|SLK|CBR|KTM|RAV|CRV|HRV|ISO|RFC|USB|EUR|USD|GBP|PIN|TEL|FAX|ABS|CO2|KM|KMH|PS|KW)[0-9]/u.test(
    id,
  )

const CYRILLIC = 'АВЕКМНОРСТУХ'
const ALIKE = `[${CYRILLIC}ABEKMHOPCTYX]`

const row = (
  country: string,
  pattern: RegExp,
  digits: number,
  words: string,
  good: string,
  bad: string,
  source: string,
): DocumentRow => ({ country, pattern, digits, words, good, bad, source, check: isNoModel })

const ROWS: readonly DocumentRow[] = [
  row('US', /[A-Z]{3}[- ]?[0-9]{3,4}|[0-9][A-Z]{3}[0-9]{3}|[0-9]{3}[- ]?[A-Z]{3}|[A-Z]{2}[- ]?[0-9]{5}|[0-9]{3}[- ][0-9]{3}|[A-Z]{3}[- ]?[0-9]{2}[A-Z]|[A-Z][0-9]{2}[- ]?[A-Z]{3}/u, 2, 'license plate|plate number|tag number|dmv', '7ABC123|ABC-1234|123 ABC|AB 12345', 'A-1234|ABCD1234', 'motor vehicle departments of the states; AAMVA License Plate Standard'),
  row('CA', /[A-Z]{4}[- ]?[0-9]{3}|[A-Z]{3}[- ]?[0-9]{3,4}|[A-Z][0-9]{2}[- ]?[A-Z]{3}|[A-Z]{2}[0-9] ?[0-9]{2}[A-Z]/u, 2, "license plate|licence plate|plaque d'immatriculation|plaque", 'ABCD 123|A12 BCD|AB1 23C', 'ABCDE 123|A1 BCD', 'ministries of transport of the provinces'),
  row('MX', /[A-Z]{3}-[0-9]{2}-[0-9]{2}|[A-Z]{3}-[0-9]{3}-[A-Z]|[A-Z]{2}-[0-9]{2}-[0-9]{3}/u, 3, 'placa|placas|matrícula|vehículo', 'ABC-12-34|ABC-123-A', 'AB-12-34|ABC-1-234', 'NOM-001-SCT-2-2016'),
  row('BR', /[A-Z]{3}[0-9][A-J][0-9]{2}|[A-Z]{3}[- ]?[0-9]{4}/u, 3, 'placa|veículo|carro|automóvel|moto', 'ABC1D23|BRA-2019', 'ABC1Z23|AB-2019', 'Resolução Contran nº 780/2019'),
  row('AR', /[A-Z]{2} ?[0-9]{3} ?[A-Z]{2}|[A-Z]{3} ?[0-9]{3}/u, 3, 'patente|dominio|vehículo|automotor', 'AB 123 CD|ABC 123', 'A 123 CD|ABCD 123', 'Dirección Nacional de los Registros de la Propiedad del Automotor'),
  row('CL', /[BCDFGHJKLPRSTVWXYZ]{4}[- ·.]?[0-9]{2}|[A-Z]{2}[- ·.]?[0-9]{4}/u, 2, 'patente|placa patente|vehículo|automóvil', 'BBCL-12|AB 1234', 'BACL-12|ABC 1234', 'Servicio de Registro Civil e Identificación, DS 53'),
  { ...row('DE', /[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?[1-9][0-9]{0,3}[EH]?/u, 1, 'kennzeichen|nummernschild|fahrzeug|pkw|lkw|auto|halter', 'B-MW 1234|HH AB 12E|MÜ-X 7', 'BERL-MW 123|B-MWX 1', 'Fahrzeug-Zulassungsverordnung'), check: () => true },
  row('AT', /[A-ZÖ]{1,2}[- ][1-9][0-9]{0,5}[- ]?[A-Z]{1,3}/u, 1, 'kennzeichen|nummerntafel|fahrzeug|pkw|lkw|auto', 'W-12345 A|GU 123 AB', 'WIE-12345 A|W-0123 A', 'Kraftfahrgesetz-Durchführungsverordnung'),
  row('CH', /(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH)[- ·]?[1-9][0-9]{2,5}/u, 3, "kontrollschild|kennzeichen|fahrzeug|auto|numéro d'immatriculation|plaque|targa", 'ZH 123456|GE-4321', 'ZZ 123456|ZH 012345', 'Verkehrszulassungsverordnung'),
  row('FR', /[A-HJ-NP-TV-Z]{2}[- ][0-9]{3}[- ][A-HJ-NP-TV-Z]{2}|[1-9][0-9]{0,3} [A-Z]{2,3} (?:[0-9]{2}|2[AB])/u, 3, 'immatricul|plaque|voiture|véhicule', 'AB-123-CD|1234 AB 75', 'AO-123-CD|AB-12-CD', "Système d'immatriculation des véhicules, arrêté du 9 février 2009"),
  row('ES', /[0-9]{4}[- ]?[BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{1,2}-[0-9]{4}-[A-Z]{1,2}/u, 4, 'matrícula|coche|vehículo|moto|turismo', '1234 BCD|M-1234-AB', '1234 ABE|123 BCD', 'Reglamento General de Vehículos, RD 2822/1998'),
  row('PT', /[A-Z]{2}-[0-9]{2}-[A-Z]{2}|[0-9]{2}-[A-Z]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[A-Z]{2}|[A-Z]{2}-[0-9]{2}-[0-9]{2}/u, 2, 'matrícula|viatura|carro|veículo', 'AB-12-CD|12-AB-34', 'ABC-12-CD|1-AB-34', 'Instituto da Mobilidade e dos Transportes, DL 54/2005'),
  row('IT', /[A-HJ-NPR-TV-Z]{2} ?[0-9]{3} ?[A-HJ-NPR-TV-Z]{2}/u, 3, 'targa|targata|targato|veicolo|auto|macchina', 'AB 123 CD|FG456HJ', 'AI 123 CD|AB 12 CD', 'Motorizzazione Civile, art. 100 CdS'),
  row('NL', /[A-Z]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[A-Z]{2}|[0-9]{2}-[A-Z]{2}-[0-9]{2}|[A-Z]{2}-[0-9]{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-[0-9]{2}|[0-9]{2}-[A-Z]{2}-[A-Z]{2}|[0-9]{2}-[A-Z]{3}-[0-9]|[0-9]-[A-Z]{3}-[0-9]{2}|[A-Z]{2}-[0-9]{3}-[A-Z]|[A-Z]-[0-9]{3}-[A-Z]{2}|[A-Z]{3}-[0-9]{2}-[A-Z]/u, 2, 'kenteken|kentekenplaat|voertuig|auto|nummerplaat', '12-ABC-3|G-123-BB|AB-12-34', '123-AB-4|ABC-1-D', 'Dienst Wegverkeer (RDW), Regeling kentekens'),
  row('BE', /[1-9]-[A-Z]{3}-[0-9]{3}|[A-Z]{3}-[0-9]{3}/u, 3, "nummerplaat|kenteken|voertuig|wagen|plaque d'immatriculation|plaque|voiture|véhicule", '1-ABC-123|ABC-123', '0-ABC-123|1-AB-123', 'FOD Mobiliteit en Vervoer, DIV'),
  row('LU', /[A-Z]{2} ?[0-9]{4}/u, 4, "plaque d'immatriculation|plaque|voiture|véhicule|kennzeichen", 'AB 1234', 'ABC 1234|AB 123', 'Société nationale de circulation automobile'),
  row('DK', /[A-Z]{2} ?[0-9]{2} ?[0-9]{3}/u, 5, 'nummerplade|registreringsnummer|bilen|køretøj|indregistrering', 'AB 12 345|CD67890', 'A 12 345|AB 12 34', 'Motorstyrelsen'),
  row('SE', /[A-HJ-PR-UW-Z]{3} ?[0-9]{2}[0-9A-HJ-PR-UW-Z]/u, 2, 'registreringsnummer|regnr|bilen|fordon|nummerplåt', 'ABC 123|DEF 45G', 'ABI 123|AB 123', 'Transportstyrelsen, vägtrafikregistret'),
  row('NO', /[A-Z]{2} ?[0-9]{5}/u, 5, 'registreringsnummer|kjennemerke|regnr|bilen|kjøretøy|skilt', 'AB 12345|EL98765', 'A 12345|AB 1234', 'Statens vegvesen, kjennemerker'),
  row('FI', /[A-ZÅÄÖ]{2,3}-[1-9][0-9]{0,2}/u, 1, 'rekisterinumero|rekisterikilpi|rekisteritunnus|auton', 'ABC-123|ÅÄ-12', 'A-123|ABCD-123', 'Traficom, ajoneuvorekisteri'),
  row('EE', /[0-9]{2,3} ?[A-Z]{3}/u, 2, 'numbrimärk|registreerimisnumber|sõiduk', '123 ABC|45 DEF', '1234 ABC|123 AB', 'Transpordiamet'),
  row('LV', /[A-Z]{2}-[1-9][0-9]{0,3}/u, 1, 'numura zīme|valsts numurs|automašīn', 'AB-1234|CD-5', 'ABC-1234|AB-0123', 'Ceļu satiksmes drošības direkcija'),
  row('LT', /[A-Z]{3} ?[0-9]{3}/u, 3, 'valstybinis numeris|valstybinius numerius|automobil', 'ABC 123|DEF456', 'AB 123|ABC 12', 'VĮ Regitra'),
  row('PL', /[BCDEFGHJKLNOPRSTUWXYZ][A-Z]{1,2} ?(?=[A-Z]{0,3}[0-9])[0-9A-Z]{4,5}/u, 1, 'rejestracyjn|tablica|tablice|samochód|samochodu|pojazd', 'WA 12345|KRA 4AB12', 'VA 12345|WA ABCDE', 'Ministerstwo Infrastruktury, rozporządzenie w sprawie rejestracji pojazdów'),
  row('CZ', /[0-9][ABCEHJKLMPSTUZ][0-9A-Z] ?[0-9]{4}/u, 4, 'spz|registrační značka|poznávací značka|vozidl', '1A2 3456|2BX 1234', '1A 3456|1D2 3456', 'Ministerstvo dopravy, vyhláška č. 343/2014 Sb.'),
  row('SK', /[A-Z]{2}[- ]?[0-9]{3}[- ]?[A-Z]{2}/u, 3, 'evidenčné číslo|ečv|špz|vozidl', 'BA-123AB|KE 456 CD', 'B-123AB|BA-12AB', 'Ministerstvo vnútra SR, zákon č. 8/2009 Z. z.'),
  row('HU', /[A-Z]{3}-[0-9]{3}|[A-Z]{2} ?[A-Z]{2}-[0-9]{3}/u, 3, 'rendszám|gépkocsi|autó', 'ABC-123|AA BC-123', 'AB-123|ABC-12', '326/2011. (XII. 28.) Korm. rendelet'),
  row('RO', /(?:B ?[0-9]{2,3}|[A-Z]{2} ?[0-9]{2}) ?[A-Z]{3}/u, 2, 'înmatriculare|inmatriculare|autoturism|mașina', 'B 123 ABC|CJ 12 XYZ', 'B 1 ABC|CJ 123 XYZ', 'Direcția Generală Permise de Conducere și Înmatriculări'),
  row('BG', new RegExp(`${ALIKE}{1,2} ?[0-9]{4} ?${ALIKE}{2}`, 'u'), 4, 'регистрационен номер|автомобил|кола', 'СА 1234 ВХ|B 1234 AB', 'САА 1234 ВХ|СА 123 ВХ', 'МВР, Наредба № I-45'),
  row('HR', /[A-ZČŠŽĐ]{2} ?[0-9]{3,4}[- ]?[A-Z]{1,2}/u, 3, 'registarska oznaka|registarske oznake|registracij|vozil|automobil', 'ZG 1234-AB|ST 123-C', 'Z 1234-AB|ZG 12-AB', 'Pravilnik o registraciji i označavanju vozila'),
  row('SI', /(?:CE|GO|KK|KP|KR|LJ|MB|MS|NM|PO|SG)[ -](?=[A-Z]{0,4}-?[A-Z]{0,2}[0-9])[A-Z0-9]{2}[- ]?[A-Z0-9]{2,3}/u, 1, 'registrska oznaka|registrske oznake|registrsk|vozil|avtomobil', 'LJ AB-123|MB 12-3AB', 'XX AB-123|LJ ABCDE', 'Pravilnik o registraciji motornih vozil'),
  row('GR', /[ABEZHIKMNOPTYXΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]{3}[- ]?[1-9][0-9]{3}/u, 4, 'πινακίδα|αριθμός κυκλοφορίας|όχημα|αυτοκίνητο', 'ΥΖΕ-1234|IKA 5678', 'ΥΖ-1234|ΥΖΕ-0123', 'Υπουργείο Υποδομών και Μεταφορών'),
  { ...row('RU', new RegExp(`${ALIKE} ?[0-9]{3} ?${ALIKE}{2} ?[1-9]?[0-9]{2}`, 'iu'), 5, 'госномер|гос номер|номерной знак|автомобил|машин', 'А123ВС77|К 456 МН 199', 'А12ВС77|Г123ВС77', 'ГОСТ Р 50577-2018') },
  row('UA', /[АВЕІКМНОРСТХABEIKMHOPCTX]{2} ?[0-9]{4} ?[АВЕІКМНОРСТХABEIKMHOPCTX]{2}/u, 4, 'номерний знак|держномер|державний номер|автомобіл', 'АА 1234 ВВ|KA5678HH', 'А 1234 ВВ|АА 123 ВВ', 'ДСТУ 4278:2019'),
  row('IL', /[0-9]{2}-[0-9]{3}-[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{3}/u, 7, 'לוחית רישוי|מספר רכב|רכב|license plate', '12-345-67|123-45-678', '1-345-67|123-456-78', 'משרד התחבורה, רשות הרישוי'),
  row('ZA', /(?:[A-Z]{2,3} ?[0-9]{2,3} ?(?:[A-Z]{2} ?)?|[0-9]{2,3} ?[A-Z]{2,3} ?)(?:GP|ZN|WP|EC|NC|FS|LP|L|MP|NW)|(?:C[A-Z]{1,2}|N[A-Z]{1,2}) ?[0-9]{3}[- ]?[0-9]{3}/u, 2, 'natis|enatis|bakkie|registration number|number plate', 'DK 28 LF GP|GET 103 WP|CA 123-456', 'DK 28 LF XX|G 1 WP', 'National Road Traffic Regulations, 2000'),
  { ...row('IN', /(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TG|TN|TR|TS|UK|UP|WB)[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}|[0-9]{2}[ -]?BH[ -]?[0-9]{4}[ -]?[A-HJ-NP-Z]{1,2}/iu, 4, 'गाड़ी|वाहन|rto|registration', 'MH 12 AB 1234|KA01MJ2022|22 BH 1234 AA', 'XX 12 AB 1234|MH 12 1234', 'Central Motor Vehicles Rules, 1989'), plain: 0.55 },
  { ...row('CN', /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?(?=[A-HJ-NP-Z]{0,2}[0-9])[A-HJ-NP-Z0-9]{5,6}/u, 1, '车牌|号牌|车辆', '京A·12345|粤BD12345', '京I·12345|国A·12345', 'GA 36-2018, 中华人民共和国机动车号牌'), plain: 0.85 },
  { ...row('JP', /\p{Script=Han}{1,4} ?[0-9]{2,3} ?\p{Script=Hiragana} ?(?:[0-9]{2}[-−][0-9]{2}|[・·.]{1,3}[0-9]{1,3})/u, 3, 'ナンバー|車両番号|登録番号', '品川 300 あ 12-34|横浜330さ12-34', '品川 300 12-34|品川 3 あ 12-34', '国土交通省, 道路運送車両法施行規則'), plain: 0.8 },
  { ...row('KR', /[0-9]{2,3} ?[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배] ?[0-9]{4}/u, 6, '차량번호|번호판|차량', '12가 3456|123호4567', '12각 3456|1가 3456', '국토교통부, 자동차 등록번호판 등의 기준에 관한 고시'), plain: 0.6 },
  row('TW', /[A-Z]{3}-[0-9]{4}|[0-9]{4}-[A-Z]{2}|[A-Z]{2}-[0-9]{4}/u, 4, '車牌|車號|號牌', 'ABC-1234|1234-AB', 'ABCD-1234|ABC-123', '交通部, 道路交通安全規則'),
  row('HK', /[A-HJ-NPR-Z]{2} ?[1-9][0-9]{0,3}/u, 1, '車牌|登記號碼|licence plate', 'AB 1234|XY 56', 'AI 1234|A 1234', 'Transport Department, Road Traffic (Registration and Licensing of Vehicles) Regulations'),
  { ...row('SG', /S[A-Z]{1,2} ?[1-9][0-9]{0,3} ?[A-Z]/u, 1, 'lta|licence plate', 'SBS 3229 P|SBS3229P', 'SBS 3229 A|TBS 3229 P', 'Land Transport Authority'), check: isSingaporean, checksum: 'modulo 19' },
  row('MY', /[A-Z]{1,3} ?[1-9][0-9]{2,3}(?: ?[A-Z])?/u, 3, 'nombor plat|no plat|nombor pendaftaran|kereta', 'WXY 1234|BA 567 C', 'WXYZ 1234|W 12', 'Jabatan Pengangkutan Jalan'),
  row('PH', /[A-Z]{3}[- ]?[0-9]{3,4}|[A-Z]{2}[- ]?[0-9]{5}/u, 3, 'plaka|lto|plate number', 'ABC 1234|NCX-567', 'AB 1234|ABC 12', 'Land Transportation Office'),
  row('TH', /[0-9]?[ก-ฮ]{2} ?[1-9][0-9]{0,3}/u, 1, 'ทะเบียน|ป้ายทะเบียน|ทะเบียนรถ', '1กก 1234|ขข 567', '1ก 12345|กข 0123', 'Department of Land Transport'),
  row('NZ', /[A-Z]{3} ?[0-9]{1,3}|[A-Z]{2} ?[0-9]{1,4}/u, 2, 'rego|number plate|waka', 'ABC123|AB 1234', 'ABCD123|ABC 1234', 'NZ Transport Agency Waka Kotahi'),
  row('AU', /[A-Z]{3}[- ]?[0-9]{2}[A-Z]|[0-9]{3}[- ]?[A-Z]{3}|[A-Z]{3}[- ]?[0-9]{3}|[0-9][A-Z]{2}[- ]?[0-9][A-Z]{2}|[A-Z]{2}[- ]?[0-9]{2}[- ]?[A-Z]{2}|S[0-9]{3}[- ]?[A-Z]{3}/u, 2, 'rego|number plate', '1AB-2CD|ABC-12D|S123-ABC', 'ABCD-12|AB-1-CD', 'Austroads; road authorities of the states'),
  row('IE', /(?:[0-9]{2}|[0-9]{2}[12])-(?:C|CE|CN|CW|D|DL|G|KE|KK|KY|L|LD|LH|LK|LM|LS|MH|MN|MO|OY|RN|SO|T|TN|TS|W|WD|WH|WW|WX)-[1-9][0-9]{0,5}/u, 3, 'reg|registration number|uimhir chláraithe', '12-D-12345|131-LH-1', '12-XX-12345|133-D-123', 'Revenue Commissioners, Vehicle Registration and Taxation Regulations'),
] // biome-ignore format: a country a line

/** Those that came with their own words and scores; `plate_eu` has what several countries share. */
const OWN: readonly Recogniser[] = [
  definePattern({
    id: 'plate_gb',
    entity: 'VEHICLE_ID',
    pattern:
      /(?:[A-HK-PRSVWY][A-HJ-PR-Y](?:0[1-9]|[1-7][0-9])[ -]?(?!.{0,2}[IQ])[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y][0-9]{1,3}[ -]?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3}[ -]?[0-9]{1,3}[A-HJ-NPR-TV-Y])/iu,
    digits: 1,
    context: [
      'car',
      'vehicle',
      'vehicles',
      'reg',
      'registration',
      'plate',
      'plates',
      'van',
      'truck',
      'lorry',
      'dvla',
      'parked',
      'driving',
      'mot',
      'motorbike',
    ],
    scores: { context: 0.8, alone: 0.6 },
    about: { country: 'GB', subtype: 'GB_PLATE', source: 'DVLA INF104' },
    examples: [
      example('My car reg is AB51 ABC', 'AB51 ABC'),
      example('vehicle BD62XYZ was seen', 'BD62XYZ'),
      example('plate K1 ABC', 'K1 ABC'),
      example('AB51 ABC is a code here'),
      example('car IB51 ABC'),
      example('car A1 of BC'),
    ],
  }),
  definePattern({
    id: 'plate_tr',
    entity: 'VEHICLE_ID',
    pattern:
      /(?:0[1-9]|[1-7][0-9]|8[01]) ?(?:[A-PR-VYZ] ?[0-9]{3,4}|[A-PR-VYZ]{2} ?[0-9]{2,4}|[A-PR-VYZ]{3} ?[0-9]{2,4})/iu,
    digits: 4,
    context: ['plaka', 'araç', 'araba', 'plate', 'vehicle', 'car', 'plakalı'],
    scores: { context: 0.8, alone: 0.55 },
    about: { country: 'TR', subtype: 'TR_PLATE', source: 'Karayolları Trafik Yönetmeliği' },
    examples: [
      example('Plaka 34 ABC 1234', '34 ABC 1234'),
      example('06 A 123', '06 A 123'),
      example('plakalı 35JK12', '35JK12'),
      example('82 ABC 123'),
      example('plaka 34 QW 123'),
      example('size 34 A 12'),
    ],
  }),
  definePattern({
    id: 'plate_ng',
    entity: 'VEHICLE_ID',
    pattern: /[A-Z]{3}-?[0-9]{3}[A-Z]{2}/iu,
    digits: 3,
    context: ['plate', 'plates', 'vehicle', 'car', 'registration'],
    scores: { context: 0.8, alone: 0.6 },
    about: { country: 'NG', subtype: 'NG_PLATE', source: 'Federal Road Safety Corps' },
    examples: [
      example('plate number is ABJ-123XY', 'ABJ-123XY'),
      example('KJA-999PZ', 'KJA-999PZ'),
      example('car APP456CV', 'APP456CV'),
      example('ABJ-123XY is the item'),
      example('plate ABJ-123X'),
      example('plate AB-123XY'),
    ],
  }),
  definePattern({
    id: 'plate_eu',
    entity: 'VEHICLE_ID',
    pattern:
      /(?:[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?[0-9]{1,4}[EH]?|[A-Z]{2}-[0-9]{3}-[A-Z]{2}|[0-9]{4} ?[BCDFGHJ-NPR-TV-Z]{3}|[A-Z]{2} ?[0-9]{3} ?[A-Z]{2}|[A-Z]{1,2}-[0-9]{2,3}-[A-Z]{1,3}|[0-9]{1,2}-[A-Z]{2,3}-[0-9]{1,2}|[A-Z]{2,3} ?[0-9]{4,5}|[A-Z]{3} ?[0-9]{2,3}[A-Z]?)/u,
    digits: 1,
    context: [
      'kennzeichen',
      'nummernschild',
      'auto',
      'fahrzeug',
      'pkw',
      'immatriculation',
      'immatriculé',
      'immatriculée',
      'plaque',
      'voiture',
      'véhicule',
      'matrícula',
      'coche',
      'vehículo',
      'targa',
      'targata',
      'veicolo',
      'kenteken',
      'voertuig',
      'plate',
      'placa',
      'veículo',
      'carro',
      'rejestracyjny',
      'samochód',
      'regnr',
      'registreringsnummer',
      'bil',
      'spz',
      'rendszám',
      'înmatriculare',
    ],
    scores: { context: 0.75 },
    about: { subtype: 'EU_PLATE', source: 'national registration authorities' },
    examples: [
      example('Kennzeichen B-MW 1234', 'B-MW 1234'),
      example('voiture immatriculée AB-123-CD', 'AB-123-CD'),
      example('matrícula 1234 BCD', '1234 BCD'),
      example('B-MW 1234 as an item'),
      example('Kennzeichen der Zeit'),
      example('auto 1234'),
    ],
  }),
]

/** All of this file. */
export const PLATES: readonly Recogniser[] = [
  ...OWN,
  ...defineDocuments(
    {
      entity: 'VEHICLE_ID',
      code: 'PLATE_NUMBER',
      words: ['number plate', 'license plate', 'licence plate', 'plate number', 'vehicle registration'],
    },
    ROWS,
  ),
]
