/** Ways to write an identifier so that a reader, or a model, still understands it and a pattern does not. */
import type { SeededRandom } from '../train/ner/random.ts'
import { SPOKEN, TENS } from './phrases.ts'
import type { Kind, Language } from './values.ts'

/** What a class knows about the value it hides. */
export interface Situation {
  readonly kind: Kind
  readonly language: Language
  readonly random: SeededRandom
}

/** One way of hiding. */
export interface EvasionClass {
  readonly name: string
  /** Kinds it makes sense for. */
  readonly kinds: readonly Kind[]
  hide(value: string, situation: Situation): string
}

const NUMBERS: readonly Kind[] = ['card', 'iban', 'national', 'phone']
const WITH_MAIL: readonly Kind[] = [...NUMBERS, 'email']
const ALL: readonly Kind[] = [...WITH_MAIL, 'ip', 'name']
const NOT_NAME: readonly Kind[] = [...WITH_MAIL, 'ip']

const eachUnit = (value: string, change: (unit: string, i: number) => string): string =>
  [...value].map(change).join('')

/** Puts one of some strings between characters here and there, at least twice. */
const sprinkle =
  (inserts: readonly string[]) =>
  (value: string, { random }: Situation): string =>
    eachUnit(value, (unit, i) =>
      i > 0 && (i % 4 === 2 || random.chance(0.3)) ? random.pick(inserts) + unit : unit,
    )

/** Puts one mark behind every digit or letter. */
const marked =
  (marks: readonly string[]) =>
  (value: string, { random }: Situation): string =>
    eachUnit(value, (unit) => (/[\p{L}\p{N}]/u.test(unit) ? unit + random.pick(marks) : unit))

/** Digits of another block of ten, given by its zero. */
const digitsFrom =
  (zeros: readonly number[]) =>
  (value: string, { random }: Situation): string => {
    const zero = random.pick(zeros)
    return value.replace(/[0-9]/gu, (digit) => String.fromCodePoint(zero + Number(digit)))
  }

const shifted = (value: string, capital: number, small: number, digit: number | null): string =>
  eachUnit(value, (unit) => {
    const code = unit.charCodeAt(0)
    if (/[A-Z]/u.test(unit)) return String.fromCodePoint(capital + code - 65)
    if (/[a-z]/u.test(unit)) return String.fromCodePoint(small + code - 97)
    if (/[0-9]/u.test(unit) && digit !== null) return String.fromCodePoint(digit + code - 48)
    return unit
  })

const ENCLOSED: readonly ((digit: number) => string)[] = [
  (digit) => (digit === 0 ? '⓪' : String.fromCodePoint(0x245f + digit)),
  (digit) => `${digit}\ufe0f\u20e3`,
  (digit) => `${digit}\u20e3`,
  (digit) => (digit === 0 ? '0' : String.fromCodePoint(0x2473 + digit)),
  (digit) => (digit === 0 ? '0' : String.fromCodePoint(0x2487 + digit)),
  (digit) => (digit === 0 ? '⓿' : String.fromCodePoint(0x2775 + digit)),
  (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(digit),
  (digit) => '₀₁₂₃₄₅₆₇₈₉'.charAt(digit),
]

const CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а', c: 'с', e: 'е', i: 'і', j: 'ј', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у',
  A: 'А', B: 'В', C: 'С', E: 'Е', H: 'Н', I: 'І', J: 'Ј', K: 'К', M: 'М', O: 'О', P: 'Р', S: 'Ѕ', T: 'Т', X: 'Х', Y: 'У',
} // biome-ignore format: one alphabet a line
const GREEK: Readonly<Record<string, string>> = {
  a: 'α', o: 'ο', v: 'ν', A: 'Α', B: 'Β', E: 'Ε', H: 'Η', I: 'Ι', K: 'Κ', M: 'Μ', N: 'Ν', O: 'Ο', P: 'Ρ', T: 'Τ', X: 'Χ', Y: 'Υ', Z: 'Ζ',
} // biome-ignore format: one alphabet a line

/** Look-alikes for some of a word's letters, never for all, so that the word mixes scripts as forged ones do. */
function confusable(value: string, { random }: Situation): string {
  const table = random.chance(0.6) ? CYRILLIC : GREEK
  return eachUnit(value, (unit, i) => (i % 5 === 4 ? unit : (table[unit] ?? unit)))
}

const LEET: Readonly<Record<string, readonly string[]>> = {
  '0': ['O', 'o'],
  '1': ['l', 'I'],
  '2': ['Z'],
  '5': ['S'],
  '6': ['G'],
  '8': ['B'],
}

const groupsOf = (value: string, size: number): string[] =>
  value.match(new RegExp(`.{1,${size}}`, 'gu')) ?? [value]

/** The value in groups of one size with something between them. */
const grouped =
  (separators: readonly string[], sizes: readonly number[] = [4, 3, 2]) =>
  (value: string, { random, kind }: Situation): string => {
    const size = kind === 'card' || kind === 'iban' ? 4 : random.pick(sizes)
    return groupsOf(value, size).join(random.pick(separators))
  }

const bytes = (value: string): Buffer => Buffer.from(value, 'utf8')
const escapedUnits = (value: string, write: (unit: number) => string): string =>
  eachUnit(value, (unit) => write(unit.codePointAt(0) ?? 0))
const hexOf = (unit: number, length = 2): string => unit.toString(16).padStart(length, '0')

const ENCODINGS: Readonly<Record<string, (value: string, random: SeededRandom) => string>> = {
  base64: (value) => bytes(value).toString('base64'),
  base64url: (value) => bytes(value).toString('base64url'),
  hex: (value, random) =>
    random.chance(0.5) ? bytes(value).toString('hex') : bytes(value).toString('hex').toUpperCase(),
  percent: (value) => bytes(value).toString('hex').replace(/../gu, '%$&'),
  html: (value, random) =>
    random.chance(0.5)
      ? escapedUnits(value, (unit) => `&#${unit};`)
      : escapedUnits(value, (unit) => `&#x${hexOf(unit)};`),
  quotedPrintable: (value) => bytes(value).toString('hex').toUpperCase().replace(/../gu, '=$&'),
  escapes: (value, random) =>
    random.chance(0.5)
      ? escapedUnits(value, (unit) => `\\u${hexOf(unit, 4)}`)
      : bytes(value).toString('hex').replace(/../gu, '\\x$&'),
}

const encoding =
  (name: keyof typeof ENCODINGS) =>
  (value: string, { random }: Situation): string =>
    ENCODINGS[name]?.(value, random) ?? value

/** Two or three encodings, one around the other. */
function nested(value: string, { random }: Situation): string {
  const names = Object.keys(ENCODINGS)
  let hidden = value
  for (let depth = 2 + random.below(2); depth > 0; depth -= 1)
    hidden = ENCODINGS[random.pick(names)]?.(hidden, random) ?? hidden
  return hidden
}

/** Reads a value aloud, unit by unit; `pairs` reads two digits as one number where that is unambiguous. */
function aloud(value: string, { language, random }: Situation, pairs: boolean): string {
  const words = SPOKEN[language]
  const said: string[] = []
  for (let i = 0; i < value.length; i += 1) {
    const unit = value.charAt(i)
    const next = value.charAt(i + 1)
    if (pairs && /[2-9]/u.test(unit) && /[0-9]/u.test(next)) {
      said.push(TENS[language](Number(unit), Number(next)))
      i += 1
    } else if (!pairs && /[0-9]/u.test(unit) && unit === next && random.chance(0.5)) {
      said.push(`${words.double} ${words.digits[Number(unit)]}`)
      i += 1
    } else if (/[0-9]/u.test(unit)) said.push(words.digits[Number(unit)] ?? unit)
    else said.push({ '@': words.at, '.': words.dot, '-': words.dash, '+': words.plus }[unit] ?? unit)
  }
  return said.join(' ')
}

/** Some groups as figures, some in words. */
function halfAloud(value: string, situation: Situation): string {
  return groupsOf(value, 4)
    .map((group, i) => (i % 2 === 0 ? group : aloud(group, situation, false)))
    .join(' ')
}

function atDot(value: string, { language, random }: Situation): string {
  const { at, dot } = SPOKEN[language]
  const [open, close] = random.pick([
    ['[', ']'],
    ['(', ')'],
    ['{', '}'],
    ['', ''],
    ['<', '>'],
  ] as const)
  const space = open === '' || random.chance(0.5) ? ' ' : ''
  const write = (word: string): string => `${space}${open}${word}${close}${space}`
  const [local = '', domain = ''] = value.split('@')
  const localDots = random.chance(0.5) ? local : local.replaceAll('.', write(dot))
  return `${localDots}${write(random.chance(0.3) ? at.toUpperCase() : at)}${domain.replaceAll('.', write(dot))}`
}

const TABLES: readonly ((groups: readonly string[]) => string)[] = [
  (groups) => `| ${groups.join(' | ')} |`,
  (groups) => `<tr>${groups.map((group) => `<td>${group}</td>`).join('')}</tr>`,
  (groups) => groups.join('\t'),
  (groups) => groups.map((group) => `| ${group} |`).join('\n'),
]
const FIELDS: readonly ((groups: readonly string[]) => string)[] = [
  (groups) => groups.join(';'),
  (groups) => groups.map((group) => `"${group}"`).join(','),
  (groups) => JSON.stringify(groups),
  (groups) => JSON.stringify(groups, null, 2),
  (groups) => `{${groups.map((group, i) => `"p${i}":"${group}"`).join(',')}}`,
  (groups) => groups.map((group, i) => `<part${i}>${group}</part${i}>`).join(''),
  (groups) => groups.map((group, i) => `part${i}=${group}`).join('&'),
]
const COMMENTS: readonly ((groups: readonly string[]) => string)[] = [
  (groups) => groups.join(' /* ... */ '),
  (groups) => groups.join('<!-- -->'),
  (groups) => groups.map((group) => `// ${group}`).join('\n'),
  (groups) => groups.map((group) => `# ${group}`).join('\n'),
]
const MARKDOWN: readonly ((groups: readonly string[]) => string)[] = [
  (groups) => groups.map((group, i) => (i % 2 === 0 ? `**${group}**` : group)).join(' '),
  (groups) => groups.map((group) => `\`${group}\``).join(' '),
  (groups) => groups.map((group) => `_${group}_`).join(' '),
  (groups) => groups.map((group) => `~~${group}~~`).join(''),
  (groups) => groups.map((group) => `- ${group}`).join('\n'),
]

const inParts =
  (shapes: readonly ((groups: readonly string[]) => string)[]) =>
  (value: string, { random }: Situation): string =>
    random.pick(shapes)(groupsOf(value, 4))

/** Bytes hidden in variation selectors behind a visible character, as some tools smuggle text. */
const inSelectors = (value: string): string =>
  `😀${[...bytes(value)].map((byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)).join('')}`
const inTags = (value: string): string =>
  `🏴${eachUnit(value, (unit) => String.fromCodePoint(0xe0000 + (unit.codePointAt(0) ?? 0)))}\u{e007f}`

/** Numbers of lines as editors, listings and lists write them. */
const LINE_NUMBERS: readonly ((n: number) => string)[] = [
  (n) => `${n}: `,
  (n) => `${n}. `,
  (n) => `${n}) `,
  (n) => `${n} | `,
  (n) => `${String(n).padStart(3, ' ')}  `,
  (n) => `[${n}]: `,
  (n) => `L${n}: `,
  (n) => `${n}\t`,
]

const numberedLines = (value: string, { random }: Situation): string => {
  const write = random.pick(LINE_NUMBERS)
  const from = random.pick([1, 1, 8, 41, 120])
  return `\n${groupsOf(value, random.pick([3, 4, 5]))
    .map((group, i) => write(from + i) + group)
    .join('\n')}\n`
}

const ALPHABETS85: readonly string[] = [
  Array.from({ length: 85 }, (_, i) => String.fromCharCode(33 + i)).join(''),
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#',
]

/** Four bytes as five characters of an alphabet; of a shorter rest, one more than its bytes. */
function base85(value: string, { random }: Situation): string {
  const alphabet = random.pick(ALPHABETS85)
  const all = bytes(value)
  let out = ''
  for (let at = 0; at < all.length; at += 4) {
    const chunk = [...all.subarray(at, at + 4)]
    let number = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (chunk[i] ?? 0), 0)
    let group = ''
    for (let i = 0; i < 5; i += 1) {
      group = alphabet.charAt(number % 85) + group
      number = Math.floor(number / 85)
    }
    out += group.slice(0, chunk.length + 1)
  }
  return alphabet.startsWith('!') && random.chance(0.5) ? `<~${out}~>` : out
}

const MORSE_LETTERS =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  )
const MORSE_DIGITS = '----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.'.split(' ')
const morse = (value: string): string =>
  [...value.toUpperCase()]
    .flatMap((unit) => {
      if (/[0-9]/u.test(unit)) return MORSE_DIGITS[Number(unit)] ?? []
      if (/[A-Z]/u.test(unit)) return MORSE_LETTERS[unit.charCodeAt(0) - 65] ?? []
      return { '.': '.-.-.-', '@': '.--.-.', '-': '-....-', '+': '.-.-.' }[unit] ?? []
    })
    .join(' ')

/** Each part of an address in another base. */
const IP_BASES: readonly ((value: string) => string)[] = [
  (value) => value.replace(/[0-9]+/gu, (part) => `0x${Number(part).toString(16).toUpperCase()}`),
  (value) => value.replace(/[0-9]+/gu, (part) => `0x${hexOf(Number(part))}`),
  (value) => value.replace(/[0-9]+/gu, (part) => Number(part).toString(8).padStart(4, '0')),
  (value) => `http://${value.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)}/`,
  (value) =>
    `http://0x${value
      .split('.')
      .map((part) => hexOf(Number(part)))
      .join('')}`,
]

/** Digits read aloud and written as one word for each four. */
const runTogether = (value: string, situation: Situation): string =>
  (value.match(/[0-9]{1,4}|[^0-9]+/gu) ?? [])
    .map((group) => (/[0-9]/u.test(group) ? [...group] : [group]))
    .map((units) => units.map((unit) => aloud(unit, situation, false)).join(''))
    .join(' ')

const CAPITAL_WORDS: Readonly<Record<Language, readonly [at: string, dot: string]>> = {
  en: ['AT', 'DOT'],
  de: ['AT', 'PUNKT'],
  fr: ['AROBASE', 'POINT'],
  es: ['ARROBA', 'PUNTO'],
  it: ['CHIOCCIOLA', 'PUNTO'],
  nl: ['APENSTAARTJE', 'PUNT'],
  pl: ['MAŁPA', 'KROPKA'],
  pt: ['ARROBA', 'PONTO'],
}

const codes = (value: string, write: (unit: number) => string, between: string): string =>
  [...bytes(value)].map(write).join(between)

/** Encodings that write every character by itself. */
const ONE_BY_ONE: readonly EvasionClass[] = [
  {
    name: 'character-codes',
    kinds: NOT_NAME,
    hide: (value, { random }) => codes(value, String, random.pick([' ', ', ', ','])),
  },
  {
    name: 'spaced-hex',
    kinds: NOT_NAME,
    hide: (value, { random }) => codes(value, (unit) => hexOf(unit), random.pick([' ', ':', ', 0x'])),
  },
  {
    name: 'binary',
    kinds: NOT_NAME,
    hide: (value, { random }) =>
      codes(value, (unit) => unit.toString(2).padStart(8, '0'), random.pick([' ', ''])),
  },
  {
    name: 'octal-escapes',
    kinds: NOT_NAME,
    hide: (value) => codes(value, (unit) => `\\${unit.toString(8).padStart(3, '0')}`, ''),
  },
  { name: 'css-escapes', kinds: NOT_NAME, hide: (value) => codes(value, (unit) => `\\${hexOf(unit)} `, '') },
]

/** Every class; a benchmark crosses them with languages and kinds. */
export const CLASSES: readonly EvasionClass[] = [
  {
    name: 'zero-width',
    kinds: ALL,
    hide: sprinkle(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u180e']),
  },
  {
    name: 'bidi',
    kinds: ALL,
    hide: sprinkle(['\u200e', '\u200f', '\u202a', '\u202c', '\u2066', '\u2069', '\u061c']),
  },
  { name: 'soft-hyphen', kinds: ALL, hide: sprinkle(['\u00ad', '\u034f', '\u2061', '\u2063']) },
  { name: 'variation-selectors', kinds: ALL, hide: marked(['\ufe0e', '\ufe0f', '\u{e0100}', '\u{e01ef}']) },
  { name: 'bytes-in-selectors', kinds: NOT_NAME, hide: inSelectors },
  { name: 'tags-between', kinds: ALL, hide: sprinkle(['\u{e0041}', '\u{e0031}', '\u{e0020}']) },
  { name: 'written-in-tags', kinds: NOT_NAME, hide: inTags },
  {
    name: 'combining-marks',
    kinds: NOT_NAME,
    hide: marked(['\u0336', '\u0332', '\u0301', '\u0489', '\u20dd', '\u0334\u0332']),
  },
  {
    name: 'digits-of-scripts',
    kinds: [...NUMBERS, 'ip'],
    hide: digitsFrom([0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0x17e0, 0xff10]),
  },
  {
    name: 'mathematical',
    kinds: ALL,
    hide: (value, { random }) =>
      random.pick([
        () => shifted(value, 0x1d400, 0x1d41a, 0x1d7ce),
        () => shifted(value, 0x1d5d4, 0x1d5ee, 0x1d7ec),
        () => shifted(value, 0x1d670, 0x1d68a, 0x1d7f6),
      ])(),
  },
  {
    name: 'fullwidth',
    kinds: ALL,
    hide: (value) =>
      eachUnit(value, (unit) =>
        unit > '!' && unit <= '~' ? String.fromCodePoint(0xfee0 + unit.charCodeAt(0)) : unit,
      ),
  },
  {
    name: 'enclosed-digits',
    kinds: [...NUMBERS, 'ip'],
    hide: (value, { random }) => {
      const write = random.pick(ENCLOSED)
      return value.replace(/[0-9]/gu, (digit) => write(Number(digit)))
    },
  },
  { name: 'confusables', kinds: ['iban', 'email', 'name'], hide: confusable },
  {
    name: 'leetspeak',
    kinds: ['card', 'iban', 'national'],
    hide: (value, { random }) =>
      eachUnit(value, (unit) => (LEET[unit] && random.chance(0.8) ? random.pick(LEET[unit]) : unit)),
  },
  ...Object.keys(ENCODINGS).map((name) => ({ name, kinds: NOT_NAME, hide: encoding(name) })),
  { name: 'nested-encodings', kinds: NOT_NAME, hide: nested },
  {
    name: 'read-aloud',
    kinds: [...NUMBERS, 'ip'],
    hide: (value, situation) => aloud(value, situation, false),
  },
  { name: 'read-in-pairs', kinds: NUMBERS, hide: (value, situation) => aloud(value, situation, true) },
  { name: 'half-in-words', kinds: NUMBERS, hide: halfAloud },
  { name: 'at-dot', kinds: ['email'], hide: atDot },
  { name: 'by-spaces', kinds: WITH_MAIL, hide: (value) => [...value].join(' ') },
  {
    name: 'by-odd-spaces',
    kinds: NUMBERS,
    hide: grouped(['\u00a0', '\u2003', '\u3000', '  ', '\u2009', '   ', '\t']),
  },
  {
    name: 'by-hyphens',
    kinds: NUMBERS,
    hide: (value, situation) =>
      situation.random.chance(0.5)
        ? [...value].join('-')
        : grouped(['-', ' - ', '–', '--'])(value, situation),
  },
  {
    name: 'by-dots',
    kinds: NUMBERS,
    hide: (value, situation) =>
      situation.random.chance(0.5)
        ? [...value].join('.')
        : grouped(['.', '·', '•', '...', '。'])(value, situation),
  },
  { name: 'by-slashes', kinds: NUMBERS, hide: grouped(['/', ' / ', '\\', '|']) },
  { name: 'by-underscores', kinds: NUMBERS, hide: grouped(['_', '__', ' _ ', '~', '*', '+']) },
  { name: 'by-commas', kinds: NUMBERS, hide: grouped([', ', ',', '; ', ':']) },
  { name: 'across-lines', kinds: WITH_MAIL, hide: grouped(['\n', '\r\n', '\n\n', '\n  ', '-\n', '\\\n']) },
  { name: 'quoted-mail', kinds: WITH_MAIL, hide: grouped(['\n> ', '\n>> ', '\n> > ']) },
  { name: 'markdown', kinds: NUMBERS, hide: inParts(MARKDOWN) },
  { name: 'table-cells', kinds: NUMBERS, hide: inParts(TABLES) },
  { name: 'fields', kinds: NUMBERS, hide: inParts(FIELDS) },
  { name: 'comments', kinds: NUMBERS, hide: inParts(COMMENTS) },
  ...ONE_BY_ONE,
  { name: 'numbered-lines', kinds: NUMBERS, hide: numberedLines },
  { name: 'base85', kinds: NOT_NAME, hide: base85 },
  { name: 'morse', kinds: ['card', 'national', 'iban', 'phone'], hide: morse },
  { name: 'ip-in-bases', kinds: ['ip'], hide: (value, { random }) => random.pick(IP_BASES)(value) },
  { name: 'run-together', kinds: ['card', 'national', 'phone'], hide: runTogether },
  {
    name: 'at-dot-in-capitals',
    kinds: ['email'],
    hide: (value, { language }) => {
      const [at, dot] = CAPITAL_WORDS[language]
      return value.replaceAll('.', dot).replace('@', at)
    },
  },
  { name: 'by-emoji', kinds: NUMBERS, hide: grouped(['🙂', ' ➡ ', '★']) },
  { name: 'by-a-letter', kinds: ['card'], hide: grouped(['x', 'a', 'k']) },
  {
    name: 'in-a-name',
    kinds: ['card'],
    hide: (value, { random }) =>
      random.pick(['scan_', 'card', 'invoice-', 'userID']) + value + random.pick(['.pdf', '_v2', 'final']),
  },
  { name: 'reversed', kinds: ['card', 'iban', 'email'], hide: (value) => [...value].reverse().join('') },
]

/** Pairs of classes, one after the other, that make sense together. */
const PAIRS: readonly (readonly [first: string, second: string])[] = [
  ['read-aloud', 'zero-width'], ['digits-of-scripts', 'by-hyphens'], ['by-spaces', 'base64'], ['leetspeak', 'by-underscores'],
  ['zero-width', 'table-cells'], ['read-aloud', 'base64'], ['fullwidth', 'by-dots'], ['combining-marks', 'by-spaces'],
  ['leetspeak', 'zero-width'], ['by-slashes', 'html'], ['enclosed-digits', 'quoted-mail'], ['at-dot', 'zero-width'], ['at-dot', 'base64'],
  ['mathematical', 'across-lines'], ['base64', 'across-lines'], ['read-aloud', 'percent'], ['confusables', 'html'], ['reversed', 'by-spaces'],
] // biome-ignore format: a list of names

const NAMED = new Map(CLASSES.map((one) => [one.name, one]))

/** Two classes at once. */
export const PAIRED: readonly EvasionClass[] = PAIRS.flatMap(([first, second]) => {
  const inner = NAMED.get(first)
  const outer = NAMED.get(second)
  if (inner === undefined || outer === undefined) throw new RangeError(`no class for ${first} and ${second}`)
  const hide = (value: string, situation: Situation): string =>
    outer.hide(inner.hide(value, situation), situation)
  return [
    {
      name: `${first} + ${second}`,
      kinds: inner.kinds.filter((kind) => kind !== 'name' && outer.kinds.includes(kind)),
      hide,
    },
  ]
})
