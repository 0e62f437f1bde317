/** Identifiers that have no shape of their own: a label says what they are, the value follows it. */
import { example } from '../define.ts'
import type { KnownEntityType } from '../entities.ts'
import { type TextScan, WordTable } from '../scan.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

interface Label {
  readonly entity: KnownEntityType
  readonly subtype: string
  /** Fewest digits a value has. */
  readonly digits: number
  /** The whole form of a value, where it is fixed; sticky. */
  readonly form?: RegExp
}

const LABELS: readonly (readonly [label: Label, phrases: string])[] = [
  [
    { entity: 'MEDICAL_RECORD', subtype: 'PATIENT_NUMBER', digits: 3 },
    'mrn|mrns|medical record|medical records|medical record number|medical record numbers|medical record no|patient id|patient identifier|patient number|patient no|patient nr|chart number|chart no|hospital number|health record|health insurance number|health insurance no|health card|health plan id|member id|subscriber id|beneficiary number|nhc|cipa|n.h.c|historia clínica|número de historia|no de historia|tarjeta sanitaria|episodio|dossier patient|numéro de patient|numéro de dossier|ipp|patientennummer|patienten-nr|patienten-id|patientennr|fallnummer|fall-nr|aufnahmenummer|versichertennummer|cartella clinica|codice paziente|tessera sanitaria|prontuário|número do processo|número de utente|cartão sus|patiëntnummer|patientnummer|potilasnumero|nr pacjenta|numer pacjenta|номер пациента|полис омс|病历号|カルテ番号|환자번호',
  ],
  [
    { entity: 'NATIONAL_ID', subtype: 'NATIONAL_NUMBER', digits: 3 },
    "national id|national identification|national identity|national identity number|identity number|identity card|identity card number|id card|id card number|identification number|id number|id no|citizen id|resident id|tax number|tax no|tax id|tax identification|tax identification number|tin|taxpayer id|vat number|vat no|vat id|vat reg no|steuernummer|steuer-nr|st.-nr|ust-idnr|ust-id|steuer-id|sozialversicherungsnummer|sv-nummer|ausweisnummer|ausweis|personalausweis|personalausweis-nr|personalausweisnr|ausweisnr|perso|cni|carte nationale d'identité|nir|numéro insee|numéro de sécu|n° de sécurité sociale|n° sécu|n° de sécu|ausweis-nr|personalausweisnummer|carte d'identité|numéro d'identité|numéro fiscal|numéro de sécurité sociale|sécurité sociale|nass|naf|nuss|número de la seguridad social|dni|nif|nie|documento de identidad|número de identificación|cédula|cedula|cédula de identidad|carta d'identità|codice fiscale|partita iva|rg|bilhete de identidade|cartão de cidadão|número de contribuinte|número de identificação|burgerservicenummer|bsn|identiteitskaart|numer dowodu|nr dowodu|dowód osobisty|personnummer|personnumero|číslo občanského průkazu|občanský průkaz|buletin|carte de identitate|személyi igazolvány|kimlik no|kimlik numarası|номер удостоверения|social insurance number|social insurance no|social security|social security no|social security number|ssn|itin|pps number|nino|ni number|aadhaar|身份证号|身份证号码|身份證號碼|個人番号|주민등록번호",
  ],
  [
    { entity: 'NATIONAL_ID', subtype: 'STAFF_NUMBER', digits: 2 },
    'employee id|employee number|employee no|employee id card|staff id|staff number|staff no|personnel number|personnel no|student id|student number|student no|badge number|badge no|badge id|service number|bar number|licence number|license number|medical license|medical license no|professional license|registration number|personalnummer|personal-nr|mitarbeiternummer|matrikelnummer|matrikel-nr|matricule|numéro étudiant|numéro de matricule|nocol|no col|num colegiado|número de colegiado|colegiado|matrícula profesional|legajo|matricola|numero di matricola|personeelsnummer|studentnummer|numer albumu',
  ],
  [
    { entity: 'PASSPORT', subtype: 'PASSPORT', digits: 4 },
    'passport|passport no|passport number|passport nr|passport id|travel document|reisepass|reisepassnummer|passnummer|pass-nr|passeport|numéro de passeport|pasaporte|passaporto|passaporte|paspoort|paspoortnummer|paszport|nr paszportu|pas|passnr|pasnummer|passi|cestovní pas|číslo pasu|pašaport|útlevél|útlevélszám|pașaport|pasaport|pasaport no|паспорт|загранпаспорт|διαβατήριο|护照号|护照号码|旅券番号|パスポート番号|여권번호',
  ],
  [
    { entity: 'DRIVER_LICENSE', subtype: 'DRIVER_LICENSE', digits: 3 },
    "driver license|drivers license|driver's license|driver licence|driver's licence|drivers licence|driving license|driving licence|driver license number|driver's license number|driving licence number|operator license|dl|dl no|dl number|dln|license id|driver id|führerschein|führerscheinnummer|führerschein-nr|fahrerlaubnis|permis de conduire|numéro de permis|licencia de conducir|licencia de conduciri|permiso de conducir|carnet de conducir|patente|patente di guida|numero di patente|carta de condução|cnh|carteira de motorista|rijbewijs|rijbewijsnummer|prawo jazdy|nr prawa jazdy|körkort|körkortsnummer|kørekort|førerkort|ajokortti|řidičský průkaz|jogosítvány|permis de conducere|sürücü belgesi|ehliyet|водительское удостоверение|права|驾驶证号|運転免許証番号|운전면허번호",
  ],
  [
    { entity: 'VEHICLE_ID', subtype: 'PLATE', digits: 1 },
    "license plate|licence plate|license plates|licence plates|license plate number|number plate|registration plate|plate|plate number|plate no|plates|tag number|car registration|vehicle registration|vehicle reg|reg no|registration mark|kennzeichen|nummernschild|amtliches kennzeichen|kfz-kennzeichen|plaque d'immatriculation|immatriculation|immatriculée|immatriculé|matrícula|matricula|placa|placas|chapa|targa|targata|targato|kenteken|kentekenplaat|registreringsnummer|regnr|nummerplade|rekisterinumero|numer rejestracyjny|nr rejestracyjny|tablica rejestracyjna|spz|státní poznávací značka|rendszám|număr de înmatriculare|plaka|plaka no|plaka numarası|госномер|гос номер|номерной знак|车牌号|车牌|ナンバープレート|차량번호|vin|vin number|chassis|chassis number|chassis no|fahrgestellnummer|fin|numéro de châssis|bastidor|telaio|chassisnummer",
  ],
  [
    { entity: 'BANK_ACCOUNT', subtype: 'ACCOUNT', digits: 4 },
    'account number|account numbers|account no|account nr|acct|acct no|acct number|bank account|bank account number|checking account|savings account|sort code|bsb|routing number|transit number|clabe|ifsc|kontonummer|konto-nr|kontonr|konto|bankkonto|blz|bankleitzahl|numéro de compte|compte bancaire|code guichet|número de cuenta|cuenta bancaria|cuenta corriente|número da conta|conta corrente|agência|conto corrente|numero di conto|rekeningnummer|rekening|bankrekening|bankkontonummer|kontonumero|tilinumero|numer konta|nr konta|rachunek|číslo účtu|bankszámla|bankszámlaszám|cont bancar|hesap no|hesap numarası|номер счета|номер счёта|расчетный счет|银行账号|账号|口座番号|계좌번호',
  ],
  [
    {
      entity: 'CREDIT_CARD',
      subtype: 'CARD_CODE',
      digits: 3,
      form: /[0-9]{3,4}(?![\p{L}\p{N}]|[.:/-][0-9])/uy,
    },
    'cvv|cvv2|cvc|cvc2|cvv code|cvc code|card verification|card verification code|card verification value|card security code|prüfnummer|kartenprüfnummer|prüfziffer|cryptogramme|cryptogramme visuel|codice cvv|código cvv|kod cvv',
  ],
  [
    {
      entity: 'PASSWORD',
      subtype: 'ONE_TIME_CODE',
      digits: 3,
      // Courts and registers call the long codes at the foot of their papers by the same words.
      form: /(?!(?:19|20)[0-9]{2}(?![0-9]))(?:[A-Z]{1,2}-)?(?:[0-9]{3,8}(?:[ -][0-9]{3,4})?|[0-9]{2}(?: [0-9]{2}){2,3})(?![\p{L}\p{N}]|[.:/-][0-9])/uy,
    },
    "verification code|one-time code|one time code|one-time password|one time password|one-time pin|otp|otp code|2fa code|mfa code|security code|authentication code|login code|sms code|access code|mtan|tan code|bestätigungscode|sicherheitscode|einmalcode|freischaltcode|code de vérification|code de sécurité|code secret|code à usage unique|code d'accès|código de verificación|código de seguridad|código de acceso|clave de un solo uso|codice di verifica|codice di sicurezza|codice di accesso|código de verificação|código de segurança|código de acesso|verificatiecode|beveiligingscode|toegangscode|kod weryfikacyjny|kod bezpieczeństwa|kod dostępu|verifieringskod|säkerhetskod|engångskod|bekræftelseskode|sikkerhedskode|engangskode|bekreftelseskode|vahvistuskoodi|turvakoodi|ověřovací kód|код подтверждения|код безопасности|код доступа|验证码|安全码|確認コード|認証コード|セキュリティコード|인증번호|보안코드",
  ],
  [
    { entity: 'COOKIE_OR_DEVICE_ID', subtype: 'DEVICE', digits: 2 },
    'imei|imsi|iccid|meid|udid|idfa|idfv|gaid|aaid|device id|device identifier|device uuid|device serial|advertising id|android id|hardware id|installation id|session id|sessionid|session cookie|phpsessid|jsessionid|asp.net_sessionid|connect.sid|visitor id|tracking id|browser fingerprint|fingerprint id|ga client id|geräte-id|gerätenummer|seriennummer|serial number|serial no',
  ],
  [
    { entity: 'MISC', subtype: 'CUSTOMER_NUMBER', digits: 3 },
    'customer id|customer number|customer no|client number|client id|client no|membership number|membership no|member number|member no|loyalty number|frequent flyer|policy number|policy no|policy id|insurance policy|claim number|claim no|claim id|case number|case no|file number|docket|contract number|contract no|certificate number|booking reference|reservation number|confirmation number|loan number|kundennummer|kunden-nr|kundennr|mitgliedsnummer|mitglieds-nr|vertragsnummer|vertrags-nr|policennummer|versicherungsnummer|versicherungsscheinnummer|schadennummer|aktenzeichen|numéro client|numéro de client|numéro de contrat|numéro de police|numéro adhérent|número de cliente|número de socio|número de póliza|número de contrato|número do cliente|apólice|numero cliente|numero di polizza|numero contratto|klantnummer|klantnr|polisnummer|lidnummer|numer klienta|nr klienta|numer polisy|kundenummer|asiakasnumero|číslo zákazníka|ügyfélszám|müşteri no|номер клиента|номер договора|客户编号|会員番号|고객번호',
  ],
]

const TABLE = new WordTable<Label>(
  LABELS.flatMap(([label, phrases]) => phrases.split('|').map((phrase) => [phrase, label] as const)),
)

/** Words and marks between a label and its value. */
const LINK =
  /(?:[ \t]{0,3}(?:(?:(?:hat|has|porte|tiene|ha|heeft|ma|tem) (?:(?:die|the|le|el|il|het|o) )?(?:nummer|number|numéro|número|numero|numer)|numbers?|numero|número|numéro|nummer|numer|number|nos?|nr|num|id|ids|code|card|cards|is|was|are|ist|lautet|war|est|es|é|è|jest|är|er|on|of|reads|as|with|und|and|the|n[o°]|belegt)(?![\p{L}\p{N}])\.?|[:=#*\uff1a№-]{1,3}|["'`(]|は|是|为|는|은)){0,6}[ \t]{0,3}(?:\r?\n[ \t]{0,4})?["'(]?/iuy

const TOKEN = String.raw`[\p{L}\p{N}]{1,24}(?:[-./_][\p{L}\p{N}]{1,24}){0,6}`
const MORE = String.raw`(?:[ ](?:[0-9]{1,14}[A-Z]{0,2}|[A-Z]{1,3}[0-9]{0,10}|[0-9][0-9A-Z]{0,12})(?![\p{L}\p{N}'])){0,7}`
const VALUE = new RegExp(`${TOKEN}${MORE}`, 'uy')
const NEXT = /[ \t]{0,2}(?:,|and|or|und|oder|et|y|e|ou|&|\/)[*\s]{1,3}/uy
const TRAILING_WORD = / [A-Z]{1,3}$/u

/** The value at an offset: it has enough digits and does not begin with an ordinary word. */
function valueAt(text: string, at: number, { digits, form }: Label): Span | null {
  if (form !== undefined) {
    form.lastIndex = at
    const length = form.exec(text)?.[0].length
    return length === undefined ? null : { start: at, end: at + length }
  }
  VALUE.lastIndex = at
  let value = VALUE.exec(text)?.[0]
  if (value === undefined) return null
  // Capitals after the last digits are more often the next word than a part of the number.
  if (/[0-9]{3}/u.test(value) && /[\p{L}\p{N}]{5}/u.test(value)) value = value.replace(TRAILING_WORD, '')
  const first = /^\p{L}+/u.exec(value)?.[0] ?? ''
  if (first.length > 3 && !/^\p{L}+[-/_]?[0-9]/u.test(value) && first !== first.toUpperCase()) return null
  if ((value.match(/[0-9]/gu)?.length ?? 0) < digits || value.replace(/[^\p{L}\p{N}]/gu, '').length < 4)
    return null
  if (/^(?:19|20)[0-9]{2}$/u.test(value) || /^[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}){1,2}$/u.test(value))
    return null
  return { start: at, end: at + value.length }
}

const ABBREVIATED = /(?:nr|no|num)$/iu
const FIRST_IDEOGRAPH = 0x2e80

/** Values after a label: the first, and more of them joined by commas or `and`. */
function valuesAfter(text: string, end: number, label: Label): readonly Span[] {
  const spans: Span[] = []
  // `Ausweis-Nr. L01X00T47`: the point is the abbreviation's.
  const isCut = text.charAt(end) === '.' && ABBREVIATED.test(text.slice(end - 3, end))
  LINK.lastIndex = isCut ? end + 1 : end
  let at = LINK.lastIndex + (LINK.exec(text)?.[0].length ?? 0)
  // In scripts without spaces a value may touch its label.
  if (at === end && !(text.charCodeAt(end - 1) >= FIRST_IDEOGRAPH)) return spans
  for (let count = 0; count < 8; count += 1) {
    const span = valueAt(text, at, label)
    if (span === null) break
    spans.push(span)
    NEXT.lastIndex = span.end
    const next = NEXT.exec(text)
    if (next === null) break
    at = span.end + next[0].length
    // A further value must look like the first: a lone number after `and` may be anything.
    if (!/^[A-Z]{0,4}-?[0-9]{4}/u.test(text.slice(at, at + 9))) break
  }
  return spans
}

/** Labels of a text; whether one leads to a place. */
export interface LabelEnds {
  findBefore(text: string, at: number): { readonly entity: KnownEntityType; readonly subtype: string } | null
}

/** Where the labels of a text end: for values that do not look like any, such as numbers in words. */
export function labelEnds(text: string, scan: TextScan): LabelEnds {
  const ends: (readonly [end: number, label: Label])[] = []
  TABLE.each(text, scan.words, (_start, end, label) => ends.push([end, label]))
  let from = 0
  return {
    findBefore: (whole, at) => {
      while (from < ends.length && (ends[from]?.[0] ?? 0) < at - MAX_LINK) from += 1
      for (let i = from; i < ends.length && (ends[i]?.[0] ?? 0) < at; i += 1) {
        const [end, label] = ends[i] ?? [0, null]
        LINK.lastIndex = end
        if (label !== null && end + (LINK.exec(whole)?.[0].length ?? 0) >= at) return label
      }
      return null
    },
  }
}

/** Farthest a value may stand from its label. */
const MAX_LINK = 60

/** Numbers of patients, accounts, documents, vehicles, devices and customers behind their labels, in 25 languages. */
export const labelledId: Recogniser = {
  id: 'labelled_id',
  layer: 'pattern',
  entities: [...new Set(LABELS.map(([{ entity }]) => entity))],
  about: { source: 'labels in 25 languages' },
  examples: [
    example('card ending 1881, exp 09/27, CVV 123', '123'),
    example('Kartenprüfnummer: 4821', '4821'),
    example('your verification code is 482913', '482913'),
    example('code de sécurité : 8842, 验证码482913', '8842', '482913'),
    example('Your access code: G-482913. Security code 482 913.', 'G-482913', '482 913'),
    example('verification code review in 2024'),
    example('código de acesso 2018ACO899XB4, security code of 2010'),
    example('MRN: 00482913, patient ID is AB-4432.', '00482913', 'AB-4432'),
    example('medical record numbers MRN-780498 and H1905301.', 'MRN-780498', 'H1905301'),
    example('NHC: 2569870. NASS: 47 39047534 02.', '2569870', '47 39047534 02'),
    example('License plate 375 YJW is registered', '375 YJW'),
    example("Driver's license number D123-4567-8901 expires", 'D123-4567-8901'),
    example('Kontonummer 1234567890, BLZ 10020030', '1234567890', '10020030'),
    example('Ausweis-Nr. L01X00T47; NIR 1 85 05 78 006 084 99', 'L01X00T47', '1 85 05 78 006 084 99'),
    example('the passport office opens in 2024'),
    example('plate of the day'),
    example('account number is required'),
  ],
  analyse: (analysed) => {
    const scan = scanOf(analysed)
    if (scan.numbers.most === 0) return []
    const text = analysed.canonical
    const findings: Finding[] = []
    let done = 0
    TABLE.each(text, scan.words, (start, end, label) => {
      if (start < done) return
      for (const span of valuesAfter(text, end, label)) {
        findings.push({
          entity: label.entity,
          subtype: label.subtype,
          span,
          score: 0.75,
          recogniser: 'labelled_id',
        })
        done = span.end
      }
    })
    return findings
  },
}
