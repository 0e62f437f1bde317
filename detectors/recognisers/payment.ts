/** Payment cards and international bank account numbers. */
import { isLuhn, isRepeated, mod97 } from '../checksums.ts'
import { contextWords } from '../context.ts'
import { isLikelyFraction } from '../counts.ts'
import { example } from '../define.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

/** Issuer ranges with the lengths their cards have. Source: ISO/IEC 7812 registrations, published by the networks. */
const NETWORKS: readonly (readonly [name: string, prefix: RegExp, lengths: readonly number[]])[] = [
  ['VISA', /^4/u, [13, 16, 18, 19]],
  ['MASTERCARD', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/u, [16]],
  ['AMEX', /^3[47]/u, [15]],
  ['DINERS', /^(?:30[0-5]|3095|36|3[89])/u, [14, 15, 16, 17, 18, 19]],
  ['DISCOVER', /^(?:6011|64[4-9]|65)/u, [16, 17, 18, 19]],
  ['JCB', /^(?:352[89]|35[3-8]|1800|2131)/u, [15, 16, 17, 18, 19]],
  ['UNIONPAY', /^(?:62|81)/u, [16, 17, 18, 19]],
  ['MIR', /^220[0-4]/u, [16, 17, 18, 19]],
  ['TROY', /^9792/u, [16]],
  ['RUPAY', /^(?:60|82|508)/u, [16]],
  ['MAESTRO', /^(?:50|5[6-9]|6)/u, [12, 13, 14, 15, 16, 17, 18, 19]],
]

/** The network that issues such a number, or undefined. `digits`: ASCII digits only. */
export function cardNetwork(digits: string): string | undefined {
  return NETWORKS.find(([, prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits))?.[0]
}

const CARD_CONTEXT = contextWords([
  'card',
  'credit',
  'debit',
  'visa',
  'mastercard',
  'maestro',
  'amex',
  'american express',
  'discover',
  'diners',
  'jcb',
  'unionpay',
  'pan',
  'cvv',
  'cvc',
  'expiry',
  'payment',
  'karte',
  'kreditkarte',
  'carte',
  'tarjeta',
  'cartão',
  'cartao',
  'carta',
  'kaart',
  'creditcard',
  'karta',
  'karty',
  'kartę',
  'kartą',
  'karcie',
  'kort',
  'kortti',
  'kart',
  'карта',
  'карты',
  '卡号',
  '信用卡',
  'カード',
  '카드',
])

/** What may stand between two groups of one number: spaces, hyphens, a line break with its quoting or table marks. */
const GAP = /^(?:[ .\-/·]{1,3}|[ -]{0,2}\n[ >|*]{0,4}| ?\| ?|\*{1,2}|`)$/u

/** What must not touch a number; scripts without spaces between words may. */
const ATTACHED =
  /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])[\p{L}\p{N}_]/u

/** One group of digits with its place. */
interface Group {
  readonly start: number
  readonly end: number
}

/** Groups of digits from `at` on, until there are more than `most` digits or something else stands between them. */
function groupsAt(text: string, at: number, most: number): readonly Group[] {
  const groups: Group[] = []
  let total = 0
  for (let start = at; start < text.length; ) {
    let end = start
    while (end < text.length && isDigit(text.charCodeAt(end))) end += 1
    total += end - start
    if (end === start || total > most) break
    groups.push({ start, end })
    let next = end
    while (next < text.length && next - end < 8 && !isDigit(text.charCodeAt(next))) next += 1
    if (!GAP.test(text.slice(end, next))) break
    start = next
  }
  return groups
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Whether digits grouped so are written like one card number, not like several numbers in a row. */
function isCardGrouping(lengths: readonly number[]): boolean {
  if (lengths.length === 1) return true
  const shape = lengths.join('-')
  if (/^(?:4-6-[45]|[48]-8|6-1[0-3]|8-[4-8])$/u.test(shape)) return true
  const size = lengths[0] ?? 0
  const last = lengths.at(-1) ?? 0
  return last <= size && lengths.slice(0, -1).every((length) => length === size) && size <= 5
}

/** The longest card number that starts at `at`; null when there is none. */
function cardAt(text: string, at: number): Finding | null {
  // No network issues numbers that begin with 0 or 7, and only one range begins with 1.
  const first = text.charAt(at)
  if (first === '0' || first === '7' || (first === '1' && !/^1[ -]?8/u.test(text.slice(at, at + 3))))
    return null
  if (at > 0 && ATTACHED.test(text.charAt(at - 1))) return null
  const groups = groupsAt(text, at, 19)
  let isDecimal: boolean | undefined
  for (let count = groups.length; count > 0; count -= 1) {
    const used = groups.slice(0, count)
    const end = used.at(-1)?.end ?? at
    const digits = used.map((group) => text.slice(group.start, group.end)).join('')
    if (digits.length < 12) break
    if (ATTACHED.test(text.charAt(end)) || /^\.[0-9]/u.test(text.slice(end, end + 2))) continue
    if (
      !isLuhn(digits) ||
      isRepeated(digits) ||
      !isCardGrouping(used.map((group) => group.end - group.start))
    )
      continue
    const network = cardNetwork(digits)
    if (network === undefined) continue
    if (count === 1) {
      isDecimal ??= isLikelyFraction(text, at, isCard)
      if (isDecimal) continue
    }
    const span = { start: at, end }
    if (isWeak(network, digits) && !CARD_CONTEXT.isNear(text, span)) continue
    return { entity: 'CREDIT_CARD', subtype: network, span, score: 0.99, recogniser: 'card' }
  }
  return null
}

/** Whether digits alone are a card number that needs no word beside it. */
function isCard(digits: string): boolean {
  const network = cardNetwork(digits)
  return network !== undefined && isLuhn(digits) && !isRepeated(digits) && !isWeak(network, digits)
}

/** Ranges so wide, or so out of use, that one in ten long numbers would pass: they need a word beside them. */
function isWeak(network: string, digits: string): boolean {
  return network === 'MAESTRO' || digits.length < 14 || (network === 'DINERS' && digits.length > 14)
}

/** Payment cards of 12 to 19 digits, however they are grouped. */
const card: Recogniser = {
  id: 'card',
  layer: 'pattern',
  entities: ['CREDIT_CARD'],
  checked: true,
  about: { checksum: 'Luhn', source: 'ISO/IEC 7812-1' },
  loose: {
    test: (compact) => /^[0-9]{12,19}$/u.test(compact) && isCard(compact),
    context: CARD_CONTEXT,
    isChecked: true,
    isStrong: true,
    lengths: [12, 13, 14, 15, 16, 17, 18, 19],
  },
  examples: [
    example('Card 4111 1111 1111 1111, exp 12/29', '4111 1111 1111 1111'),
    example('5555-5555-5555-4444 and 378282246310005', '5555-5555-5555-4444', '378282246310005'),
    example('4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'),
    example('1.4111111111111111\n2.5555555555554444', '4111111111111111', '5555555555554444'),
    example('4111 1111 1111 1112'),
    example('0000 0000 0000 0000'),
    example('shares of 0.4111111111111111'),
    example('1.4111111111111111 and 2.7182818284590452'),
  ],
  analyse: (analysed) => {
    const { numbers } = scanOf(analysed)
    if (numbers.most < 12) return []
    const findings: Finding[] = []
    let done = 0
    numbers.starts.forEach((at, i) => {
      if (at < done || (numbers.digits[i] ?? 0) < 12 || !isDigit(analysed.canonical.charCodeAt(at))) return
      const finding = cardAt(analysed.canonical, at)
      if (finding === null) return
      findings.push(finding)
      done = finding.span.end
    })
    return findings
  },
}

/** Structure of the account part per country: n digits, a letters, c either. Source: SWIFT IBAN Registry. */
const IBAN_STRUCTURES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c ' +
    'CZ20n DE18n DJ23n DK14n DO4c20n DZ22n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c ' +
    'GL14n GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IR22n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c ' +
    'LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MA24n MC10n11c2n MD20c ME18n MG23n MK3n10c2n MN16n MR23n ' +
    'MT4a5n18c MU4a19n3a MZ21n NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n ' +
    'RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SN2a22n SO19n ST21n SV4a20n TL19n TN20n TR6n16c ' +
    'UA6n19c VA18n VG4a16n XK16n YE4a4n18c AO21n BF2a22n BJ2a22n CF23n CG23n CI2a22n CM23n CV21n GA23n GQ23n GW2a19n ' +
    'KM23n ML2a22n NE2a22n TD23n TG2a22n'
  )
    .split(' ')
    .map((row) => [row.slice(0, 2), row.slice(2)]),
)

const CLASSES: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[0-9A-Z]' }
const IBANS: ReadonlyMap<string, { readonly length: number; readonly shape: RegExp }> = new Map(
  Object.entries(IBAN_STRUCTURES).map(([country, structure]) => {
    const parts = [...structure.matchAll(/(\d+)([nac])/gu)].map(
      ([, count = '0', kind = 'c']) => [Number(count), kind] as const,
    )
    const body = parts.map(([count, kind]) => `${CLASSES[kind] ?? ''}{${count}}`).join('')
    return [
      country,
      { length: 4 + parts.reduce((sum, [count]) => sum + count, 0), shape: new RegExp(`^${body}$`, 'u') },
    ]
  }),
)

/**
 * Whether a compact, upper-case IBAN has its country's length and structure and the right check digits.
 * Source: ISO 13616-1, SWIFT IBAN Registry.
 */
export function isIban(compact: string): boolean {
  const rule = IBANS.get(compact.slice(0, 2))
  if (rule === undefined || compact.length !== rule.length || !rule.shape.test(compact.slice(4))) return false
  return mod97(compact.slice(4) + compact.slice(0, 4)) === 1
}

const isAlphanumeric = (unit: number): boolean =>
  isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)

/** Reads `length` letters and digits from `at` on, through the gaps that may stand in an IBAN. */
function compactAt(
  text: string,
  at: number,
  length: number,
): { readonly compact: string; readonly end: number } | null {
  let compact = ''
  let end = at
  let gap = ''
  for (let i = at; i < text.length && compact.length < length; i += 1) {
    if (isAlphanumeric(text.charCodeAt(i))) {
      if (gap !== '' && !GAP.test(gap)) return null
      compact += text.charAt(i)
      end = i + 1
      gap = ''
    } else {
      gap += text.charAt(i)
      if (gap.length > 7) return null
    }
  }
  return compact.length === length ? { compact: compact.toUpperCase(), end } : null
}

function ibanAt(text: string, at: number): Span | null {
  const country = text.slice(at, at + 2).toUpperCase()
  const rule = IBANS.get(country)
  if (rule === undefined || (at > 0 && ATTACHED.test(text.charAt(at - 1)))) return null
  const read = compactAt(text, at, rule.length)
  if (read === null || ATTACHED.test(text.charAt(read.end)) || !isIban(read.compact)) return null
  return { start: at, end: read.end }
}

/** IBANs of every country of the registry: compact, grouped, lower case. */
const iban: Recogniser = {
  id: 'iban',
  layer: 'pattern',
  entities: ['IBAN'],
  checked: true,
  about: { checksum: 'ISO 7064 MOD 97-10', source: 'ISO 13616-1, SWIFT IBAN Registry' },
  loose: {
    test: (compact) => isIban(compact.toUpperCase()),
    context: null,
    isChecked: true,
    isStrong: true,
    lengths: [...new Set([...IBANS.values()].map(({ length }) => length))],
  },
  examples: [
    example('IBAN DE89 3704 0044 0532 0130 00.', 'DE89 3704 0044 0532 0130 00'),
    example(
      'gb82west12345698765432 / FR14-2004-1010-0505-0001-3M02-606',
      'gb82west12345698765432',
      'FR14-2004-1010-0505-0001-3M02-606',
    ),
    example('NO9386011117947', 'NO9386011117947'),
    example('DE89 3704 0044 0532 0130 01'),
    example('XX89370400440532013000'),
    example('DE8937040044053201300'),
  ],
  analyse: (analysed) => {
    const { numbers } = scanOf(analysed)
    if (numbers.most < 8) return []
    const findings: Finding[] = []
    let done = 0
    numbers.starts.forEach((at, i) => {
      if (at < done || (numbers.digits[i] ?? 0) < 8) return
      const span = ibanAt(analysed.canonical, at)
      if (span === null) return
      findings.push({
        entity: 'IBAN',
        subtype: analysed.canonical.slice(at, at + 2).toUpperCase(),
        span,
        score: 0.99,
        recogniser: 'iban',
      })
      done = span.end
    })
    return findings
  },
}

/** All of this file. */
export const PAYMENT: readonly Recogniser[] = [card, iban]
