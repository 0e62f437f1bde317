/** Telephone and fax numbers, international and national. Number plans come from libphonenumber's metadata. */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { beginsCell, GOES_ON, WORD } from '../boundary.ts'
import { digitsOf, isRepeated } from '../checksums.ts'
import { contextWords } from '../context.ts'
import { example, isAlone } from '../define.ts'
import { scanOf } from '../text.ts'
import type { DetectorContext, Finding, Recogniser, Span } from '../types.ts'

const CONTEXT = contextWords([
  'phone',
  'telephone',
  'tel',
  'tél',
  'mobile',
  'mob',
  'cell',
  'cellphone',
  'call',
  'dial',
  'fax',
  'whatsapp',
  'sms',
  'text me',
  'contact number',
  'hotline',
  'helpline',
  'landline',
  'viber',
  'signal',
  'ring me',
  'reach me',
  'reach him',
  'reach her',
  'telefon',
  'handy',
  'mobil',
  'rufnummer',
  'durchwahl',
  'anrufen',
  'festnetz',
  'téléphone',
  'telephone',
  'portable',
  'appeler',
  'teléfono',
  'telefono',
  'móvil',
  'movil',
  'celular',
  'llamar',
  'llame',
  'telefone',
  'telemóvel',
  'ligar',
  'cellulare',
  'chiamare',
  'telefoon',
  'mobiel',
  'bellen',
  'gsm',
  'telefonnummer',
  'tlf',
  'ring',
  'puhelin',
  'puh',
  'matkapuhelin',
  'telefonas',
  'tālrunis',
  'telefón',
  'kontakt',
  'komórka',
  'komórkowy',
  'cep',
  'ara',
  'тел',
  'телефон',
  'моб',
  'мобильный',
  'позвон',
  'τηλ',
  'τηλέφωνο',
  'κινητό',
  '電話',
  '携帯',
  '电话',
  '手机',
  '联系方式',
  '전화',
  '휴대폰',
  '연락처',
  'โทร',
  'مكالمة',
  'هاتف',
  'جوال',
  'טלפון',
  'נייד',
  'điện thoại',
  'số máy',
  '電話番号',
  'फ़ोन',
  'फोन',
  'मोबाइल',
  'تلفن',
  'موبایل',
  'فون',
])

/** Numbers that would otherwise pass a national plan are something else beside these words. */
const OTHER = contextWords([
  'order',
  'invoice',
  'isbn',
  'issn',
  'ean',
  'sku',
  'ticket',
  'version',
  'rechnung',
  'bestellung',
  'facture',
  'commande',
])

/** One gap between digits: at most three of the marks people write numbers with. */
const NUMBER = new RegExp(
  `${String.raw`\+?\(?\+?[0-9](?:(?:[ .\-/()]{0,3}|[ -]?\n[ >|]{0,3})[0-9]){6,17}\)?(?:[ ,;]{0,2}(?:ext|extn|extension|x|#|durchwahl|dw|poste|int|доб)[.: ]{0,2}[0-9]{1,7})?`}(?!${WORD}|${GOES_ON})`,
  'iuy',
)
/** What must not stand in front of a number: a word or number that goes on, a price, a path. */
const JOINED = new RegExp(`(?:${WORD}|[0-9][.,:/-]|[$€£¥] ?|[\\p{L}/]/|\\p{L}-)$`, 'u')

const NANP =
  /^(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\)[ .-]?|[2-9][0-9]{2}([ .-]))[2-9][0-9]{2}[ .-]?[0-9]{4}(?![0-9])/u
const DATE_LIKE =
  /^(?:[0-9]{1,2}[./ -][0-9]{1,2}[./ -](?:(?:19|20)[0-9]{2}(?![0-9])|[0-9]{2}$)|[12][0-9]{3}[./-][0-9]{1,2}[./-][0-9]{1,2}(?![0-9]))/u
const SEPARATED = /[0-9)][ ./()-]{1,3}[0-9(]/u

/** Regions tried for a number that begins with a trunk zero, most telephones first. */
const TRUNK_REGIONS: readonly CountryCode[] = [
  'GB',
  'DE',
  'FR',
  'IT',
  'TR',
  'PH',
  'IN',
  'JP',
  'NL',
  'AU',
  'BE',
  'AT',
  'CH',
  'SE',
  'ZA',
  'KR',
]

/** Likely regions of a language, for numbers written the national way. */
const REGIONS: Readonly<Record<string, readonly CountryCode[]>> = {
  en: ['US', 'GB'],
  de: ['DE', 'AT', 'CH'],
  fr: ['FR', 'BE', 'CH'],
  es: ['ES', 'MX', 'AR'],
  it: ['IT'],
  pt: ['BR', 'PT'],
  nl: ['NL', 'BE'],
  pl: ['PL'],
  sv: ['SE'],
  da: ['DK'],
  nb: ['NO'],
  no: ['NO'],
  fi: ['FI'],
  cs: ['CZ'],
  sk: ['SK'],
  ro: ['RO'],
  hu: ['HU'],
  bg: ['BG'],
  el: ['GR'],
  hr: ['HR'],
  et: ['EE'],
  lv: ['LV'],
  lt: ['LT'],
  tr: ['TR'],
  uk: ['UA'],
  ru: ['RU'],
  he: ['IL'],
  ja: ['JP'],
  ko: ['KR'],
  zh: ['CN', 'TW', 'HK'],
  th: ['TH'],
  ms: ['MY'],
  hi: ['IN'],
}

/** Regions of the scripts that few countries write, for a text that says no language. */
const SCRIPTS: readonly (readonly [script: RegExp, regions: readonly CountryCode[]])[] = [
  [/\p{Script=Greek}{3}/u, ['GR', 'CY']],
  [/\p{Script=Cyrillic}{3}/u, ['RU', 'UA', 'BG', 'KZ', 'RS']],
  [/\p{Script=Hebrew}{3}/u, ['IL']],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]{2}/u, ['JP']],
  [/\p{Script=Hangul}{2}/u, ['KR']],
  [/\p{Script=Thai}{3}/u, ['TH']],
  [/\p{Script=Han}{2}/u, ['CN', 'TW', 'HK']],
  [/\p{Script=Devanagari}{3}/u, ['IN']],
  [/\p{Script=Arabic}{3}/u, ['EG', 'SA', 'AE', 'IQ', 'MA', 'DZ', 'IR', 'PK']],
]
const NOT_LATIN = /[\u0370-\u1fff\u3040-\ud7ff]/u
/** Units around a number whose script is asked for. */
const AROUND = 60

/** Regions told by the script around a number; none for Latin. */
function regionsOfScript(text: string, { start, end }: Span): readonly CountryCode[] {
  const around = `${text.slice(Math.max(0, start - AROUND), start)} ${text.slice(end, end + AROUND)}`
  if (!NOT_LATIN.test(around)) return []
  return SCRIPTS.find(([script]) => script.test(around))?.[1] ?? []
}

/** Asking the library costs about 20 µs; a text full of numbers is not worth more than this many questions. */
const MAX_QUESTIONS = 1500

/** Answers from the number plans, bounded per text. Past the bound everything counts as valid: rather mask. */
class NumberPlans {
  #left = MAX_QUESTIONS

  /** `mobileOnly`: only numbers of mobile telephones count. */
  isValid(number: string, regions: readonly (CountryCode | undefined)[], mobileOnly = false): boolean {
    for (const region of regions) {
      if (this.#left <= 0) return true
      this.#left -= 1
      const parsed = parsePhoneNumberFromString(number, {
        ...(region && { defaultCountry: region }),
        extract: false,
      })
      if (parsed?.isValid() === true && (!mobileOnly || parsed.getType() === 'MOBILE')) return true
    }
    return false
  }
}

/** Whether digits are a telephone number as some country dials it. Costs up to a third of a millisecond. */
export function isNationalNumber(digits: string): boolean {
  return new NumberPlans().isValid(digits, TRUNK_REGIONS)
}

let callingCodes: ReadonlySet<string> | undefined

/** Whether digits begin with a country code that is in use. Source: ITU-T E.164, by the library's metadata. */
function hasCallingCode(digits: string): boolean {
  callingCodes ??= new Set(getCountries().map((country) => getCountryCallingCode(country).toString()))
  return [1, 2, 3].some((length) => callingCodes?.has(digits.slice(0, length)) === true)
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
/** An IPv4 address. Four pairs of digits may be either: Scandinavian numbers are written so. */
const DOTTED_QUAD = new RegExp(`^(?!(?:[0-9]{2}\\.){3}[0-9]{2}$)${OCTET}(?:\\.${OCTET}){3}$`, 'u')

/** Numbers in a row: two decimals, or a lone zero in front. */
const MEASURES = /^0[ ]|^[0-9]{1,2}\.[0-9]{2,4} [0-9]{1,2}\.[0-9]{1,4}(?![0-9])/u

/** How sure a candidate is. `written`: from its first mark on, extension included. */
function scoreOf(
  text: string,
  span: Span,
  written: string,
  plans: NumberPlans,
  context: DetectorContext,
): number {
  const digits = digitsOf(written)
  if (
    isRepeated(digits) ||
    OTHER.isNear(text.slice(Math.max(0, span.start - 12), span.end), { start: 12, end: 12 })
  )
    return 0
  // `001-` is how North America writes its own country code after the international prefix.
  const international = /^\(?(?:\+|00[1-9])/u.test(written)
  if (international) {
    const fits = digits.length >= 8 && digits.length <= 15
    // Written with a plus it is a telephone number whatever its plan says, and the plans cost more than all the rest.
    if (fits && written.includes('+') && hasCallingCode(digits)) return 0.95
    const number = written.replace(/^\(?00/u, '+')
    if (plans.isValid(number, [undefined])) return 0.95
    return fits && (written.includes('+') || CONTEXT.isNear(text, span)) ? 0.6 : 0
  }
  if (digits.length > 13 || DOTTED_QUAD.test(written) || MEASURES.test(written)) return 0
  const isNear = CONTEXT.isNear(text, span)
  if (NANP.test(written)) return isNear ? 0.95 : 0.75
  // A sum with cents, or a version such as 15.0.837.0.
  if (
    DATE_LIKE.test(written) ||
    /^[0-9]{1,7}[.,][0-9]{1,2}$|^[0-9]{1,2}[.,][0-9]{5,}$|^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{3,5}\.[0-9]{1,3}$/u.test(
      written,
    )
  )
    return 0
  if (isNear) return 0.85
  const hinted = context.languages.flatMap((language) => REGIONS[language.slice(0, 2).toLowerCase()] ?? [])
  const separated = SEPARATED.test(written)
  if (hinted.length > 0 && separated && plans.isValid(written, hinted)) return 0.65
  const local = digits.length >= 9 ? regionsOfScript(text, span) : []
  if (local.length > 0 && plans.isValid(written, local, !separated)) return 0.6
  if (!written.startsWith('0') && !written.startsWith('(0')) return 0
  if (!separated && !isAlone(text, span)) {
    // Eleven digits in a row that begin with zero and are a mobile number somewhere: hardly ever something else.
    return digits.length === 11 && plans.isValid(written, TRUNK_REGIONS, true) ? 0.55 : 0
  }
  return digits.length >= 9 && plans.isValid(written, TRUNK_REGIONS) ? 0.6 : 0
}

/** The start of a number including the `+` and brackets in front of its first digit. */
function withPrefix(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < 3 && '+('.includes(text.charAt(start - 1))) start -= 1
  return start
}

function numberAt(text: string, at: number): Span | null {
  const start = withPrefix(text, at)
  if (JOINED.test(text.slice(Math.max(0, start - 2), start)) && !beginsCell(text, start)) return null
  NUMBER.lastIndex = start
  const match = NUMBER.exec(text)
  if (match === null) return null
  const closing = match[0].endsWith(')') && !match[0].includes('(') ? 1 : 0
  return { start, end: start + match[0].length - closing }
}

/** Numbers with a country code anywhere; national ones by their usual writing, a word beside them, or the language. */
export const phone: Recogniser = {
  id: 'phone',
  layer: 'pattern',
  entities: ['PHONE'],
  about: { source: 'ITU-T E.164, E.123; number plans: libphonenumber' },
  loose: {
    test: (compact) => /^[0-9]{7,15}$/u.test(compact) && !isRepeated(compact),
    context: CONTEXT,
    isChecked: false,
    isStrong: false,
    lengths: [7, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  examples: [
    example('Call +49 30 901820 or (415) 555-0132 ext. 12', '+49 30 901820', '(415) 555-0132 ext. 12'),
    example('Tel.: 020 7946 0958', '020 7946 0958'),
    example('tlf 12 34 56 78; 0033 1 70 36 39 50', '12 34 56 78', '0033 1 70 36 39 50'),
    example('on 2024-01-15 at 10:30'),
    example('total 1,234,567.89 and 12345678'),
    example('order 0123 456 7890'),
    example('καλέστε με 6944 123 456 ή 6912345678', '6944 123 456', '6912345678'),
    example('手机13812345678,電話番号は090-1234-5678、', '13812345678', '090-1234-5678'),
    example('전화번호는 010-1234-5678입니다', '010-1234-5678'),
    example('ورقم هاتفي 0501234567', '0501234567'),
    example('מספר הטלפון שלי 054-123-4567', '054-123-4567'),
    example('phone 555-0100, address 203.0.113.14', '555-0100'),
  ],
  analyse: (analysed, context) => {
    const { numbers } = scanOf(analysed)
    if (numbers.most < 7) return []
    const text = analysed.canonical
    const plans = new NumberPlans()
    const findings: Finding[] = []
    let done = 0
    numbers.starts.forEach((at, i) => {
      const first = text.charCodeAt(at)
      if (at < done || (numbers.digits[i] ?? 0) < 7 || first < 0x30 || first > 0x39) return
      const span = numberAt(text, at)
      if (span === null || span.start < done) return
      const score = scoreOf(text, span, text.slice(span.start, span.end), plans, context)
      if (score < 0.5) return
      findings.push({ entity: 'PHONE', span, score, recogniser: 'phone' })
      done = span.end
    })
    return findings
  },
}
