/** Names, places and organisations of a language's countries, drawn from the word lists. */
import { readList } from '../lexicon-builder.ts'
import type { SeededRandom } from '../random.ts'
import { EVERYDAY_JOBS } from './text/jobs.ts'
import type { LanguageText } from './text/language-text.ts'

/** Values to fill slots with. */
export interface LocaleValues {
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly cities: readonly string[]
  readonly countries: readonly string[]
  readonly streetNames: readonly string[]
  readonly companies: readonly string[]
  readonly jobs: readonly string[]
}

/** Names of one country. */
export interface CountryNames {
  readonly given: readonly string[]
  readonly family: readonly string[]
}

/** Names of anywhere in Latin letters: by country, so that no country outweighs the others, and towns. */
export interface World {
  readonly countries: readonly CountryNames[]
  readonly cities: readonly string[]
}

/** A country with fewer names has none of its own. */
const FEWEST_NAMES = 25
const PLAIN_WORDS = 7000

const LATIN = /^[\p{Script=Latin}\p{M} .'’-]+$/u

/** The word lists, read once. */
export class ListTables {
  private readonly given: readonly (readonly string[])[]
  private readonly family: readonly (readonly string[])[]
  private readonly places: readonly (readonly string[])[]
  private readonly streets: readonly (readonly string[])[]
  private readonly companies: readonly (readonly string[])[]
  private readonly jobs: readonly (readonly string[])[]
  private readonly countryNames: readonly (readonly string[])[]
  private readonly common: readonly (readonly string[])[]

  constructor(folder: string) {
    this.given = readList(folder, 'given_names.tsv').filter(isTrusted)
    this.family = readList(folder, 'family_names.tsv')
    this.places = [...readList(folder, 'places_faker.tsv'), ...readList(folder, 'places_by_country.tsv')]
    this.streets = readList(folder, 'street_names.tsv')
    this.companies = [
      ...readList(folder, 'companies_world.tsv').map(([name = '']) => [name]),
      ...readList(folder, 'companies_us_listed.tsv').map(([name = '']) => [name]),
    ]
    this.jobs = readList(folder, 'job_titles_faker.tsv')
    this.countryNames = readList(folder, 'countries_all_languages.tsv')
    this.common = readList(folder, 'common_words.tsv')
  }

  /** The values of a language; names of other countries are mixed in by the caller. */
  valuesFor(text: LanguageText): LocaleValues {
    return {
      given: inCountries(this.given, text.countries),
      family: inCountries(this.family, text.countries),
      cities: inCountries(this.places, text.countries),
      countries: this.countryNames
        .filter(
          ([name = '', , languages = '']) => languages.split(',').includes(text.language) && LATIN.test(name),
        )
        .map(([name = '']) => name),
      streetNames: inCountries(this.streets, text.countries).filter((name) => !/\d/u.test(name)),
      companies: this.companies.map(([name = '']) => name).filter((name) => name.length < 40),
      jobs: this.jobsOf(text),
    }
  }

  /** The long list and, as often all together, the everyday jobs. */
  private jobsOf(text: LanguageText): string[] {
    const listed = this.jobs
      .filter(([, locales = '']) => locales.split(',').some((one) => one.startsWith(text.jobLocale)))
      .map(([job = '']) => job)
      .filter((job) => !job.includes('*'))
    const everyday = EVERYDAY_JOBS[text.language] ?? []
    const times = Math.max(1, Math.ceil(listed.length / Math.max(1, everyday.length)))
    return [...listed, ...Array.from({ length: times }, () => everyday).flat()]
  }

  /** Names and towns of anywhere, in Latin letters. */
  worldwide(): World {
    const given = byCountry(this.given)
    const family = byCountry(this.family)
    const countries = [...given.keys()].sort().flatMap((country): CountryNames[] => {
      const own = { given: given.get(country) ?? [], family: family.get(country) ?? [] }
      return Math.min(own.given.length, own.family.length) < FEWEST_NAMES ? [] : [own]
    })
    return { countries, cities: this.places.map(([name = '']) => name).filter(isLatin) }
  }

  /** The most frequent words of a language that are no usual names of people or places, in lower case. */
  plainWords(language: string): string[] {
    const lists = [this.given, this.family, this.places, this.countryNames]
    const names = new Set(lists.flatMap((list) => list.map(([name = '']) => name.toLowerCase())))
    return this.common
      .filter(([word = '', of]) => of === language && LATIN.test(word))
      .slice(0, PLAIN_WORDS)
      .map(([word = '']) => word)
      .filter((word, rank) => rank < 300 || !names.has(word))
  }
}

function isLatin(name: string): boolean {
  return LATIN.test(name) && name.length > 1
}

/** Codes of countries and languages are both in the lists: Hindi names stand under `HI` and Indian ones under `IN`. */
function byCountry(rows: readonly (readonly string[])[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [name = '', where = ''] of rows) {
    if (!isLatin(name)) continue
    for (const country of where.split(',')) {
      if (country === '') continue
      const names = found.get(country.toUpperCase()) ?? []
      names.push(name)
      found.set(country.toUpperCase(), names)
    }
  }
  return found
}

/** Not only in the largest and least certain list. */
function isTrusted([, countries = '', sources = '']: readonly string[]): boolean {
  return sources !== 'smashew' || countries.includes(',')
}

function inCountries(rows: readonly (readonly string[])[], countries: readonly string[]): string[] {
  const wanted = new Set(countries)
  return rows
    .filter(
      ([name = '', where = '']) =>
        LATIN.test(name) && name.length > 1 && where.split(',').some((one) => wanted.has(one)),
    )
    .map(([name = '']) => name)
}

/** A made-up word that looks like a name: syllables of two real ones. */
export function blend(random: SeededRandom, names: readonly string[]): string {
  const left = random.pick(names)
  const right = random.pick(names).toLowerCase()
  const cut = Math.max(2, Math.floor(left.length * (0.4 + 0.3 * random.next())))
  return left.slice(0, cut) + right.slice(Math.floor(right.length / 2))
}
