/**
 * Numbers in words, as people read identifiers aloud: 0 to 99 in eight languages, single digits in more, what repeats
 * a digit ("double five"), and the words said for the marks between groups.
 */
import { WordTable } from '../scan.ts'

/** What a word or phrase of a reading stands for. */
export type Reading =
  /** Digits; `or` where another language means something else by the same word. */
  | { readonly kind: 'digits'; readonly digits: string; readonly or?: string }
  /** Hundreds or thousands: of the number in front, or one of them. */
  | { readonly kind: 'scale'; readonly factor: 100 | 1000 }
  /** The next digit, so many times. */
  | { readonly kind: 'repeat'; readonly times: number }
  /** A mark: it separates groups. `.` matters for IP addresses, `+` for telephone numbers. */
  | { readonly kind: 'mark'; readonly mark: '.' | '+' | '-' }

/** Zero to nineteen, then the tens from twenty on; alternatives divided by `/`. */
interface Numerals {
  readonly small: string
  readonly tens: string
  /** A number from 21 to 99 that is no multiple of ten. */
  readonly join: (tens: string, unit: string, digits: number) => readonly string[]
}

const hyphenOrSpace = (tens: string, unit: string): readonly string[] => [
  `${tens} ${unit}`,
  `${tens}-${unit}`,
  tens + unit,
]

/** Italian drops the vowel of the ten before `uno` and `otto`. */
const italian = (tens: string, unit: string): readonly string[] => [
  /^[uo]/u.test(unit) ? tens.slice(0, -1) + unit : tens + unit,
  ...(unit === 'tre' ? [`${tens}tré`] : []),
]

const spanish = (tens: string, unit: string): readonly string[] => [
  `${tens} y ${unit}`,
  ...(tens === 'veinte'
    ? [`veinti${unit}`, `veinti${unit.replace('dos', 'dós').replace('tres', 'trés').replace('seis', 'séis')}`]
    : []),
]

/** The numerals of each language; English, German, French, Spanish, Italian, Dutch, Polish and Portuguese come first. */
export const LANGUAGES: readonly Numerals[] = [
  {
    small:
      'zero/oh/nought/naught one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    tens: 'twenty thirty forty/fourty fifty sixty seventy eighty ninety',
    join: hyphenOrSpace,
  },
  {
    small:
      'null eins/ein/eine zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn',
    tens: 'zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig',
    join: (tens, unit) => (unit === 'eins' || unit === 'eine' ? [] : [`${unit}und${tens}`]),
  },
  {
    small:
      'zéro/zero un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf',
    tens: 'vingt trente quarante cinquante soixante septante huitante/octante nonante',
    join: (tens, unit) => [...hyphenOrSpace(tens, unit), `${tens} et ${unit}`, `${tens}-et-${unit}`],
  },
  {
    small:
      'cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis/dieciseis diecisiete dieciocho diecinueve',
    tens: 'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
    join: spanish,
  },
  {
    small:
      'zero uno/un/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
    tens: 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
    join: italian,
  },
  {
    small:
      'nul een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien',
    tens: 'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
    join: (tens, unit) => [`${unit}en${tens}`, `${unit}ën${tens}`],
  },
  {
    small:
      'zero jeden/jedna/jedno dwa/dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście',
    tens: 'dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt',
    join: hyphenOrSpace,
  },
  {
    small:
      'zero um/uma dois/duas três quatro cinco seis/meia sete oito nove dez onze doze treze catorze/quatorze quinze dezasseis/dezesseis dezassete/dezessete dezoito dezanove/dezenove',
    tens: 'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa',
    join: (tens, unit) => [`${tens} e ${unit}`],
  },
  // Single digits are enough to read a number aloud: more languages cost a line each. Danish "to" is left out: the
  // English word stands in front of too many numbers.
  { small: 'noll/nolla ett/en två tre fyra fem sex sju åtta nio tio', tens: '', join: () => [] },
  { small: 'nul/null en/et/én - tre fire fem seks syv/sju otte/åtte ni ti', tens: '', join: () => [] },
  { small: 'nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän', tens: '', join: () => [] },
  { small: 'nula jedna/jeden/jedno dva/dvě/dve tři/tri čtyři/štyri pět/päť šest/šesť sedm/sedem osm/osem devět/deväť', tens: '', join: () => [] },
  { small: 'nulla egy kettő/két három négy öt hat hét nyolc kilenc', tens: '', join: () => [] },
  { small: 'zero unu/una doi/două trei patru cinci șase/şase șapte/şapte opt nouă', tens: '', join: () => [] },
  { small: 'sıfır bir iki üç dört beş altı yedi sekiz dokuz', tens: '', join: () => [] },
  { small: 'ноль/нуль один/одна/адин два/две/дві три четыре/чотири пять/п’ять шесть/шість семь/сім восемь/вісім девять/дев’ять', tens: '', join: () => [] },
  { small: 'μηδέν ένα/μία δύο τρία/τρεις τέσσερα/τέσσερις πέντε έξι επτά/εφτά οκτώ/οχτώ εννέα/εννιά', tens: '', join: () => [] },
] // biome-ignore format: a language a line

const REPEATS: readonly (readonly [times: number, words: string])[] = [
  [2, 'double|doubles|twice|doppel|doppelt|doppelte|zweimal|deux fois|doble|dos veces|doppio|doppia|due volte|dubbel|dubbele|twee keer|podwójne|podwójna|podwójny|podwójnie|dwa razy|duplo|dupla|dobro|duas vezes|dubbelt|dobbelt'],
  [3, 'triple|treble|thrice|dreifach|dreimal|trois fois|tres veces|triplo|tripla|tre volte|driedubbel|drie keer|potrójne|potrójna|potrójny|potrójnie|trzy razy|três vezes'],
  [4, 'quadruple|vierfach|viermal|quatre fois|cuatro veces|quattro volte|vier keer|cztery razy|quatro vezes'],
] // biome-ignore format: lists of words

const MARKS: readonly (readonly [mark: '.' | '+' | '-', words: string])[] = [
  ['.', 'dot|point|period|punkt|punto|punt|ponto|kropka|prik|piste|tečka|точка'],
  ['+', 'plus|más|più|mais'],
  ['-', 'dash|hyphen|minus|space|slash|underscore|comma|colon|then|and|strich|bindestrich|gedankenstrich|leerzeichen|schrägstrich|unterstrich|komma|und|dann|tiret|espace|barre|virgule|et|puis|guion|guión|espacio|barra|coma|y|luego|trattino|spazio|virgola|e|poi|streepje|koppelteken|spatie|schuine streep|en|dan|myślnik|łącznik|kreska|spacja|ukośnik|przecinek|potem|hífen|hifen|traço|espaço|vírgula|depois|bindestreck|mellemrum|uh|äh|ähm|euh|eh|hmm'],
] // biome-ignore format: lists of words

const SCALES: readonly (readonly [factor: 100 | 1000, words: string])[] = [
  [100, 'hundred|hundert|cent|cents|cien|ciento|cento|cem|honderd|sto|hundra|hundre|hundrede'],
  [1000, 'thousand|tausend|mille|mil|mila|duizend|tysiąc|tysiące|tysięcy|tusen|tusind'],
]
/** Where a language has a word for some hundreds: 200 to 900, alternatives divided by `/`. */
const HUNDREDS: readonly string[] = [
  'doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas',
  'duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas quinhentos/quinhentas seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas novecentos/novecentas',
  'dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset',
]

/** A digit in one language, "and" in another. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['en'])

/** A word with and without its accents, as it may be typed. */
export const spellings = (word: string): readonly string[] => {
  const bare = word.replace(/ł/gu, 'l').normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
  return bare === word ? [word] : [word, bare]
}

function* numerals({
  small,
  tens,
  join,
}: Numerals): Generator<readonly [word: string, digits: string, or?: string]> {
  const smalls = small.split(' ').map((words) => words.split('/'))
  for (const [n, words] of smalls.entries())
    for (const word of words) if (word !== '-') yield [word, String(n)]
  for (const [i, words] of tens.split(' ').entries()) {
    for (const ten of words.split('/').filter((word) => word !== '')) {
      yield [ten, String((i + 2) * 10)]
      for (let unit = 1; unit < 10; unit += 1)
        for (const word of smalls[unit] ?? [])
          for (const whole of join(ten, word, unit)) {
            const digits = String((i + 2) * 10 + unit)
            // "twenty three" may also be 20 and 3.
            if (whole.includes(' ')) yield [whole, digits, `${(i + 2) * 10}${unit}`]
            else yield [whole, digits]
          }
    }
  }
}

/** French counts from 70 to 99 in twenties. */
function* twenties(): Generator<readonly [word: string, digits: string]> {
  const small = (LANGUAGES[2]?.small ?? '').split(' ').map((words) => words.split('/')[0] ?? '')
  const bases: readonly (readonly [word: string, value: number, from: number])[] = [
    ['soixante', 60, 10],
    ['quatre-vingt', 80, 1],
  ]
  yield ['quatre-vingts', '80']
  yield ['quatre-vingt', '80']
  yield ['quatre vingt', '80']
  for (const [base, value, from] of bases)
    for (let n = from; n < 20; n += 1)
      for (const one of [base, base.replace('-', ' ')])
        for (const whole of [`${one}-${small[n]}`, `${one} ${small[n]}`, `${one} et ${small[n]}`])
          yield [whole, String(value + n)]
}

function* entries(): Generator<readonly [string, Reading]> {
  // Later entries of the same phrase would win in the table's search, so marks come last but never hide a number.
  const seen = new Set<string>()
  const add = function* (words: string, reading: Reading): Generator<readonly [string, Reading]> {
    for (const word of spellings(words)) {
      if (seen.has(word)) continue
      seen.add(word)
      yield [word, reading]
    }
  }
  for (const language of LANGUAGES)
    for (const [word, digits, or = AMBIGUOUS.has(word) ? '' : undefined] of numerals(language))
      yield* add(word, { kind: 'digits', digits, ...(or !== undefined && { or }) })
  for (const [word, digits] of twenties()) yield* add(word, { kind: 'digits', digits })
  for (const hundreds of HUNDREDS)
    for (const [i, words] of hundreds.split(' ').entries())
      for (const word of words.split('/')) yield* add(word, { kind: 'digits', digits: `${i + 2}00` })
  for (const [factor, words] of SCALES)
    for (const word of words.split('|')) yield* add(word, { kind: 'scale', factor })
  for (const [times, words] of REPEATS)
    for (const word of words.split('|')) yield* add(word, { kind: 'repeat', times })
  for (const [mark, words] of MARKS)
    for (const word of words.split('|')) yield* add(word, { kind: 'mark', mark })
}

const ENTRIES = [...entries()]

/** All readings, found by the words of a scan. */
export const NUMBER_WORDS = new WordTable<Reading>(ENTRIES)

/** The readings of one word: for "thirty" where "thirty four" stands in front of another part of a compound. */
export const SINGLE_WORDS: ReadonlyMap<string, Reading> = new Map(
  ENTRIES.filter(([words]) => !/[ -]/u.test(words)),
)
