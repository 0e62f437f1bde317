/** Names, places and organisations of a language's countries, drawn from the word lists. */
import { readList } from '../lists.ts'
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

  /** Names of anywhere, in Latin letters. */
  worldwide(): Pick<LocaleValues, 'given' | 'family' | 'cities'> {
    const latin = (rows: readonly (readonly string[])[]): string[] =>
      rows.map(([name = '']) => name).filter((name) => LATIN.test(name) && name.length > 1)
    return { given: latin(this.given), family: latin(this.family), cities: latin(this.places) }
  }
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
