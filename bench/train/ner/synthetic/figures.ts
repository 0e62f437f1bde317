/** Generated numbers, dates and codes. */
import type { SeededRandom } from '../random.ts'
import type { LanguageText } from './text/language-text.ts'

function digits(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}

function letters(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => random.pick([...'ABCDEFGHJKLMNPRSTUWXYZ'])).join('')
}

function plainWord(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/gu, '')
}

/** An address of a person at a reserved domain. */
export function mailAddress(random: SeededRandom, given: string, family: string): string {
  const domain = random.pick(['com', 'org', 'net'])
  return `${plainWord(given)}.${plainWord(family)}@example.${domain}`
}

/** A value of a slot without a label: `phone`, `id`, `code`, `amount`, `time`, `n`, `year`, `count`. Throws `RangeError`. */
export function figure(random: SeededRandom, slot: string): string {
  const some = (count: number): string => digits(random, count)
  switch (slot) {
    case 'phone':
      return random.pick([
        `+${1 + random.below(90)} ${some(3)} ${some(4)}`,
        `555-${some(4)}`,
        `0${some(3)} ${some(6)}`,
        `(${some(3)}) 555-${some(4)}`,
      ])
    case 'id':
      return random.pick([`#${some(5)}`, `INV-${some(6)}`, `${some(4)}-${some(3)}`, `TCK${some(5)}`, some(8)])
    case 'amount':
      return random.pick([
        `${random.below(9000)} EUR`,
        `$${random.below(9000)}.${some(2)}`,
        `${random.below(90)}.${some(3)},00 €`,
        `£${random.below(900)}`,
      ])
    case 'time':
      return random.pick([
        `${random.below(24)}:${some(1)}0`,
        `${1 + random.below(12)} pm`,
        `${random.below(24)}.30`,
      ])
    case 'code':
      return code(random)
    case 'n':
      return String(1 + random.below(random.chance(0.5) ? 30 : 2000))
    case 'year':
      return String(1960 + random.below(66))
    case 'count':
      return String(2 + random.below(90))
    default:
      throw new RangeError(`no slot is called ${slot}`)
  }
}

/** An identifier of no particular kind: groups of letters and digits, as in account, card and document numbers. */
export function code(random: SeededRandom): string {
  const groups = 1 + random.below(random.chance(0.5) ? 2 : 6)
  const size = 2 + random.below(random.chance(0.7) ? 4 : 10)
  const group = (): string => {
    if (random.chance(0.55)) return digits(random, size)
    const mixed = Array.from({ length: size }, () =>
      random.chance(0.6) ? digits(random, 1) : letters(random, 1),
    ).join('')
    return random.chance(0.15) ? mixed.toLowerCase() : mixed
  }
  const prefix = random.chance(0.4) ? letters(random, 1 + random.below(3)) : ''
  return prefix + Array.from({ length: groups }, group).join(random.pick([' ', '-', '', '.', ' ']))
}

/** A postcode as the countries of a language write it. */
export function postcode(random: SeededRandom, language: string): string {
  const some = (count: number): string => digits(random, count)
  switch (language) {
    case 'nl':
      return random.chance(0.8) ? `${some(4)} ${letters(random, 2)}` : some(4)
    case 'pl':
      return `${some(2)}-${some(3)}`
    case 'pt':
      return random.pick([`${some(4)}-${some(3)}`, `${some(5)}-${some(3)}`])
    case 'sv':
      return random.pick([`${some(3)} ${some(2)}`, some(5)])
    case 'da':
      return random.pick([some(4), `DK-${some(4)}`])
    case 'en':
      return random.pick([
        some(5),
        `${some(5)}-${some(4)}`,
        `${letters(random, 2)}${some(1)} ${some(1)}${letters(random, 2)}`,
        `${letters(random, 1)}${some(2)} ${some(1)}${letters(random, 2)}`,
        some(4),
      ])
    default:
      return random.pick([some(5), some(5), some(4)])
  }
}

/** A date as the language writes it. */
export function date(random: SeededRandom, text: LanguageText): string {
  const month = random.below(12)
  const day = 1 + random.below(28)
  const year = random.chance(0.5) ? 2015 + random.below(15) : 1930 + random.below(85)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return random
    .pick(text.dates)
    .replace('{dd}', pad(day))
    .replace('{mm}', pad(month + 1))
    .replace('{d}', String(day))
    .replace('{m}', String(month + 1))
    .replace('{month}', text.months[month] ?? '')
    .replace('{y}', String(year))
}
