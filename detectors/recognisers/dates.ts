/** Dates: of birth beside a word that says so, and calendar dates written out. Timestamps are left alone. */
import { isDate } from '../checksums.ts'
import { contextWords } from '../context.ts'
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'

/** Month names and their abbreviations; the value is the month. Source: Unicode CLDR, calendars/gregorian. */
const MONTHS: readonly (readonly [month: number, names: string])[] = [
  [
    1,
    'january jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia styczeń leden ledna január ianuarie januára tammikuuta ocak января січня ιανουαρίου',
  ],
  [
    2,
    'february feb februar februari février févr fevrier febrero febbraio fevereiro fev lutego luty únor února február februarie helmikuuta şubat февраля лютого φεβρουαρίου',
  ],
  [
    3,
    'march mar märz maerz mars marzo março marco maart marca marzec březen března március martie maaliskuuta mart марта березня μαρτίου',
  ],
  [
    4,
    'april apr avril abril abr aprile kwietnia kwiecień duben dubna április aprilie huhtikuuta nisan апреля квітня απριλίου',
  ],
  [5, 'may mai mayo maggio mag maio mei maj maja květen května május toukokuuta mayıs мая травня μαΐου'],
  [
    6,
    'june jun juni juin junio giugno giu junho czerwca czerwiec červen června június iunie kesäkuuta haziran июня червня ιουνίου',
  ],
  [
    7,
    'july jul juli juillet juil julio luglio lug julho lipca lipiec červenec července július iulie heinäkuuta temmuz июля липня ιουλίου',
  ],
  [
    8,
    'august aug août aout agosto ago augustus augusti sierpnia sierpień srpen srpna augusztus elokuuta ağustos августа серпня αυγούστου',
  ],
  [
    9,
    'september sep sept septembre septiembre settembre set setembro września wrzesień září szeptember septembrie syyskuuta eylül сентября вересня σεπτεμβρίου',
  ],
  [
    10,
    'october oct oktober okt octobre octubre ottobre ott outubro out października październik říjen října október octombrie lokakuuta ekim октября жовтня οκτωβρίου',
  ],
  [
    11,
    'november nov novembre noviembre novembro listopada listopad november noiembrie marraskuuta kasım ноября листопада νοεμβρίου',
  ],
  [
    12,
    'december dec dezember dez décembre decembre diciembre dic dicembre dezembro grudnia grudzień prosinec prosince decembrie joulukuuta aralık декабря грудня δεκεμβρίου',
  ],
]

const MONTH_NAMES = MONTHS.flatMap(([, names]) => names.split(' '))
/** Longest first, so that an abbreviation never stands for the beginning of a name. */
const MONTH = `(?:${[...new Set(MONTH_NAMES)].sort((a, b) => b.length - a.length).join('|')})`
const DAY = '(?:0?[1-9]|[12][0-9]|3[01])'
const MONTH_NUMBER = '(?:0?[1-9]|1[0-2])'
const YEAR = '(?:1[89][0-9]{2}|20[0-9]{2})'

const BIRTH_WORDS = [
  'born',
  'birth',
  'birthday',
  'birthdate',
  'dob',
  'd.o.b',
  'date of birth',
  'geboren',
  'geb',
  'geburtsdatum',
  'geburtstag',
  'né le',
  'née le',
  'né',
  'née',
  'naissance',
  'nacido',
  'nacida',
  'nacimiento',
  'nació',
  'fecha de nac',
  'nato il',
  'nata il',
  'nascita',
  'nascido',
  'nascida',
  'nascimento',
  'geboortedatum',
  'urodz',
  'ur.',
  'födelsedatum',
  'född',
  'født',
  'fødselsdato',
  'syntymäaika',
  'syntynyt',
  'narozen',
  'datum narození',
  'narodený',
  'született',
  'születési',
  'născut',
  'data nașterii',
  'doğum',
  'родился',
  'родилась',
  'рождения',
  'народився',
  'народилася',
  'народження',
  'γέννησης',
  'роден',
  '生年月日',
  '出生',
  '生日',
  '생년월일',
  'วันเกิด',
  'תאריך לידה',
  'تاريخ الميلاد',
  'जन्म',
]

const fullYear = (year: number): number => (year >= 100 ? year : year > 30 ? 1900 + year : 2000 + year)

/** Whether numbers in either order of day and month are a date; the year may have two digits. */
function isWrittenDate(value: string): boolean {
  const [a = 0, b = 0, c = 0] = value
    .split(/[^0-9]+/u)
    .filter((part) => part !== '')
    .map(Number)
  if (a > 31) return isDate(fullYear(a), b, c) || isDate(fullYear(a), c, b)
  return isDate(fullYear(c), b, a) || isDate(fullYear(c), a, b)
}

/** A date followed by a time is a timestamp. */
const NOT_TIMESTAMP = '(?![T ]?[ ,]{0,2}[0-9]{1,2}:[0-9]{2}:)(?![T_][0-9])'

const numeric = definePattern({
  id: 'date',
  entity: 'DATE_TIME',
  pattern: new RegExp(
    `(?<!/)(?:${DAY}([./-])${MONTH_NUMBER}\\1${YEAR}|${MONTH_NUMBER}([/-])${DAY}\\2${YEAR}|${YEAR}([-./])${MONTH_NUMBER}\\3${DAY}|${YEAR}年 ?${MONTH_NUMBER}月 ?${DAY}日)(?!/)${NOT_TIMESTAMP}`,
    'u',
  ),
  digits: 6,
  validate: isWrittenDate,
  context: BIRTH_WORDS,
  scores: { plain: 0.6, context: 0.95 },
  about: { source: 'ISO 8601, CLDR short date formats' },
  examples: [
    example('signed 31/12/2021 and 2021-12-31.', '31/12/2021', '2021-12-31'),
    example('am 03.04.1985 geboren', '03.04.1985'),
    example('5-7-1999', '5-7-1999'),
    example('2021-12-31T10:00:00Z started'),
    example('2021-12-31 10:00:00,123 INFO'),
    example('31/02/2021 or 1.2.3'),
  ],
})

const BIRTH = contextWords(BIRTH_WORDS)

const shortDate = definePattern({
  id: 'birth_date_short',
  entity: 'DATE_TIME',
  pattern: new RegExp(
    `(?:${DAY}([./ -])${MONTH_NUMBER}\\1[0-9]{2}|${MONTH_NUMBER}([/-])${DAY}\\2[0-9]{2}|${YEAR})`,
    'u',
  ),
  digits: 4,
  // Of a date in words, the year alone is left to what reads the whole; a year needs a word of birth.
  validate: (value, match) =>
    /^[0-9]{4}$/u.test(value)
      ? BIRTH.isNear(match.input, { start: match.index, end: match.index + 4 })
      : isWrittenDate(value),
  context: [
    ...BIRTH_WORDS,
    'date',
    'dated',
    'today',
    'datum',
    'fecha',
    'fechas',
    'data',
    'dato',
    'dátum',
    'дата',
    'on the',
    'admitted',
    'ingreso',
    'alta',
  ],
  scores: { context: 0.8 },
  about: { subtype: 'birth_date', source: 'CLDR short date formats' },
  examples: [
    example('DOB: 4/7/85', '4/7/85'),
    example('née le 03.04.72 à Lyon', '03.04.72'),
    example('born in 1985', '1985'),
    example('ratio 4/7/85'),
    example('in 1985 the sales'),
    example('born 45.13.99'),
  ],
})

/** Timestamps and dates without a day or year are left alone unless a word says that a date follows. */
const DATE_WORDS = [
  'date',
  'dated',
  'today',
  'datum',
  'fecha',
  'fechas',
  'data',
  'dato',
  'dátum',
  'дата',
  'admitted',
  'ingreso',
  'alta',
  'heute',
  "aujourd'hui",
  'hoy',
  'oggi',
  'hoje',
  'vandaag',
  'expires',
  'expiry',
  'exp',
  'valid until',
]

const loose = definePattern({
  id: 'date_loose',
  entity: 'DATE_TIME',
  pattern: new RegExp(
    `(?<![0-9][/.:-])(?:${YEAR}-${MONTH_NUMBER}-${DAY}[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?|${MONTH_NUMBER}[/.]${YEAR}|${DAY}/${MONTH_NUMBER}|${MONTH_NUMBER}/${DAY})(?! of )(?![\\p{L}\\p{N}]|[/.:-][0-9])`,
    'u',
  ),
  digits: 2,
  boundary: 'word',
  context: [...BIRTH_WORDS, ...DATE_WORDS],
  scores: { context: 0.6 },
  about: { source: 'ISO 8601, RFC 3339' },
  examples: [
    example('Today is 2024-03-15T14:30:00Z', '2024-03-15T14:30:00Z'),
    example('date: 05/2021', '05/2021'),
    example('dated 5/21.', '5/21'),
    example('2024-03-15T14:30:00Z INFO started'),
    example('a ratio of 5/21'),
    example('date 5/21/1'),
  ],
})

const written = definePattern({
  id: 'date_written',
  entity: 'DATE_TIME',
  pattern: new RegExp(
    `(?:${DAY}(?:st|nd|rd|th|er|º|ª|\\.)?[ .-]{1,2}(?:of |de |d[eu] )?${MONTH}\\.?(?:,? |[ .-]{1,2}|, | de | del )(?:${YEAR}|'[0-9]{2}|[0-9]{2}(?![0-9:]))|${YEAR}[ .-]{1,2}${MONTH}\\.?[ .-]{1,2}${DAY})`,
    'iu',
  ),
  digits: 1,
  boundary: 'word',
  context: BIRTH_WORDS,
  scores: { plain: 0.65, context: 0.95 },
  about: { source: 'CLDR long date formats' },
  examples: [
    example('Today is 5-MAY-2021', '5-MAY-2021'),
    example('le 1er janvier 1980, am 3. März 1999', '1er janvier 1980', '3. März 1999'),
    example('el 12 de octubre de 1992', '12 de octubre de 1992'),
    example('5 maybe 2021'),
    example('in May 2021'),
    example('12 may try'),
  ],
})

const monthFirst = definePattern({
  id: 'date_month_first',
  entity: 'DATE_TIME',
  pattern: new RegExp(`${MONTH}\\.?[ -]{1,2}${DAY}(?:st|nd|rd|th)?(?:, ?| |-)${YEAR}`, 'iu'),
  words: [...new Set(MONTH_NAMES)],
  context: BIRTH_WORDS,
  scores: { plain: 0.65, context: 0.95 },
  about: { source: 'CLDR long date formats' },
  examples: [
    example('on May 5, 2021', 'May 5, 2021'),
    example('December 31st 1999', 'December 31st 1999'),
    example('Oct. 3, 1985', 'Oct. 3, 1985'),
    example('May 2021'),
    example('may 5 people'),
    example('March on'),
  ],
})

/** A month with its year, or a day with its month: written out, so that it is a date and nothing else. */
const partial = definePattern({
  id: 'date_partial',
  entity: 'DATE_TIME',
  pattern: new RegExp(
    `${MONTH}\\.?(?: de | del | di |[ ,-]{1,2})(?:${YEAR}|[0-9]{2}(?![0-9:%]| ?(?:people|years|percent)))`,
    'iu',
  ),
  words: [...new Set(MONTH_NAMES)],
  boundary: 'word',
  validate: (value) => !/^(?:may|mar|set|out|ago|mart|mars|jan) [0-9]{1,2}$/u.test(value),
  context: BIRTH_WORDS,
  scores: { plain: 0.55, context: 0.9 },
  about: { source: 'CLDR, skeleton yMMMM' },
  examples: [
    example('in mayo de 2006, since May-2021', 'mayo de 2006', 'May-2021'),
    example('septembre 1999', 'septembre 1999'),
    example('Today is May-21', 'May-21'),
    example('you may 20 times'),
    example('the March of time'),
    example('dec 12 people'),
  ],
})

const dayMonth = definePattern({
  id: 'date_day_month',
  entity: 'DATE_TIME',
  pattern: new RegExp(`${DAY}(?:st|nd|rd|th|er|º|o|ª|\\.)?(?: of | de |[ .-]{1,2})${MONTH}`, 'iu'),
  digits: 1,
  boundary: 'word',
  validate: (value) =>
    !/[ -](?:may|mar|set|out|ago|mart|mars|ene|gen|mag|dic|lug|giu|ott|nov|dec|dez|jan|sept?)$/u.test(value),
  context: BIRTH_WORDS,
  scores: { plain: 0.55, context: 0.9 },
  about: { source: 'CLDR, skeleton MMMMd' },
  examples: [
    example('on 21-May and 3 de octubre', '21-May', '3 de octubre'),
    example('am 3. Oktober', '3. Oktober'),
    example('the 4th of July', '4th of July'),
    example('5 may apply'),
    example('3 marches'),
    example('45 June'),
  ],
})

/** All of this file. */
export const DATES: readonly Recogniser[] = [
  numeric,
  loose,
  shortDate,
  written,
  monthFirst,
  partial,
  dayMonth,
]
