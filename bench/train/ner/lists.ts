/** Builds the lexicon of the tagger from the word lists. */
import { LANGUAGE_SHIFT, LANGUAGES, LexiconBit } from '../../../detectors/ner/lexicon.ts'
import { addFrequentWords, type CasingByLanguage } from './frequent-words.ts'
import { LexiconBuilder, readList } from './lexicon-builder.ts'
import { COMPUTING_WORDS, WELL_KNOWN_FAMILY, WELL_KNOWN_GIVEN, WELL_KNOWN_THINGS } from './well-known.ts'

/** A word that occurs in this many organisation names says "organisation". */
const ORG_WORD_COUNT = 15

const ADDRESS_KINDS = new Set([
  'unit_types_numbered',
  'level_types_numbered',
  'directionals',
  'post_office',
  'house_numbers',
])

/** Builds the lexicon from the lists in `folder`. */
export function buildLexicon(folder: string, casing: CasingByLanguage): LexiconBuilder {
  const builder = new LexiconBuilder()
  addPersonNames(builder, folder)
  addPlaces(builder, folder)
  addAddressWords(builder, folder)
  addWellKnown(builder)
  const functionWords = addFrequentWords(builder, folder, casing)
  addOrganisations(builder, folder, functionWords)
  addJobsAndGroups(builder, folder)
  return builder
}

function addNames(
  builder: LexiconBuilder,
  rows: readonly (readonly string[])[],
  usual: number,
  rare: number,
): void {
  for (const [name = '', countries = '', sources = ''] of rows) {
    const isUsual =
      sources.split(',').length > 1 || countries.split(',').length > 2 || !sources.includes('smashew')
    builder.add(name, isUsual ? usual : rare)
    const words = builder.words(name)
    if (words.length > 1) for (const word of words) if (word.length > 2) builder.add(word, rare)
  }
}

function addPersonNames(builder: LexiconBuilder, folder: string): void {
  addNames(builder, readList(folder, 'given_names.tsv'), LexiconBit.given, LexiconBit.givenRare)
  addNames(builder, readList(folder, 'family_names.tsv'), LexiconBit.family, LexiconBit.familyRare)
  for (const [name = '', years = '0'] of readList(folder, 'given_names_us_ssa.tsv')) {
    builder.add(name, Number(years) > 3 ? LexiconBit.given : LexiconBit.givenRare)
  }
  for (const row of readList(folder, 'surnames_by_country.csv')) builder.add(row[5] ?? '', LexiconBit.family)
  for (const row of readList(folder, 'forenames_by_country.csv')) builder.add(row[11] ?? '', LexiconBit.given)
  for (const [name = ''] of readList(folder, 'given_names_en_2w.tsv')) builder.add(name, LexiconBit.givenRare)
}

const PERSON_BITS = LexiconBit.given | LexiconBit.givenRare | LexiconBit.family | LexiconBit.familyRare

/** Things whose name is also that of people stay names. */
function addWellKnown(builder: LexiconBuilder): void {
  for (const thing of [...WELL_KNOWN_THINGS, ...COMPUTING_WORDS])
    if ((builder.bitsOf(thing) & PERSON_BITS) === 0)
      builder.add(thing, 1 << (LANGUAGE_SHIFT + LANGUAGES.indexOf('en')))
  for (const name of WELL_KNOWN_GIVEN) builder.add(name, LexiconBit.given)
  for (const name of WELL_KNOWN_FAMILY) builder.add(name, LexiconBit.family)
}

function addPlaces(builder: LexiconBuilder, folder: string): void {
  for (const [name = '', country = '', region = ''] of readList(folder, 'world-cities.csv')) {
    builder.add(name, LexiconBit.place)
    builder.add(country, LexiconBit.country)
    builder.add(region, LexiconBit.place)
  }
  for (const [name = ''] of readList(folder, 'places_by_country.tsv')) builder.add(name, LexiconBit.place, 1)
  for (const file of ['places_faker.tsv', 'cities_cldr_all_languages.tsv']) {
    for (const [name = ''] of readList(folder, file)) builder.add(name, LexiconBit.place)
  }
  for (const [name = ''] of readList(folder, 'countries_all_languages.tsv'))
    builder.add(name, LexiconBit.country)
  for (const [name = '', , level = ''] of readList(folder, 'admin_regions.tsv')) {
    if (level === 'admin1') builder.add(name, LexiconBit.country)
    else builder.add(name, LexiconBit.place, 1)
  }
}

function addAddressWords(builder: LexiconBuilder, folder: string): void {
  for (const [word = '', kind = ''] of readList(folder, 'address_and_title_words.tsv')) {
    if (kind === 'street_types') builder.add(word, LexiconBit.street)
    else if (ADDRESS_KINDS.has(kind)) builder.add(word, LexiconBit.addressWord)
    else if (kind === 'company_types') builder.add(word, LexiconBit.companyType)
    else if (kind === 'personal_titles' || kind === 'academic_degrees') builder.add(word, LexiconBit.title)
    else if (kind === 'place_names') builder.add(word, LexiconBit.orgWord)
  }
  for (const [title = ''] of readList(folder, 'titles_honorifics.tsv')) builder.add(title, LexiconBit.title)
}

function addOrganisations(builder: LexiconBuilder, folder: string, functionWords: ReadonlySet<string>): void {
  const companyTypes = new Set(
    readList(folder, 'address_and_title_words.tsv').flatMap(([word = '', kind]) =>
      kind === 'company_types' ? [word] : [],
    ),
  )
  const counts = new Map<string, number>()
  const count = (name: string): void => {
    for (const word of builder.words(name)) {
      const lower = word.toLowerCase()
      if (word.length > 2 && !functionWords.has(lower)) counts.set(lower, (counts.get(lower) ?? 0) + 1)
    }
  }
  for (const file of ['companies_world.tsv', 'companies_us_listed.tsv', 'sp500.csv']) {
    for (const row of readList(folder, file)) {
      const name = (file === 'sp500.csv' ? row[1] : row[0]) ?? ''
      count(name)
      builder.add(withoutLegalForm(name, companyTypes), LexiconBit.company, 3)
    }
  }
  for (const file of ['universities.tsv', 'government_bodies_us.tsv', 'political_parties.tsv']) {
    for (const [name = '', short = ''] of readList(folder, file)) {
      count(name)
      if (file === 'universities.tsv') builder.add(name, LexiconBit.orgWord)
      if (file === 'political_parties.tsv' && /^\p{Lu}{2,6}$/u.test(short))
        builder.add(short, LexiconBit.company)
    }
  }
  for (const [word, times] of counts) if (times >= ORG_WORD_COUNT) builder.add(word, LexiconBit.orgWord)
}

function withoutLegalForm(name: string, companyTypes: ReadonlySet<string>): string {
  const words = name.replace(/\(.*/u, '').split(/[\s,]+/u)
  const isLegal = (word: string): boolean => companyTypes.has(word.toLowerCase().replace(/\./gu, ''))
  while (words.length > 1 && isLegal(words.at(-1) ?? '')) words.pop()
  return words.join(' ')
}

const GROUP_CLASSES = new Set(['nationality', 'religion'])
const COMPANY_CLASSES = new Set(['company', 'brand', 'newspaper', 'charity', 'agency_us', 'hospital'])
const PLACE_CLASSES = new Set(['us_county', 'town_gb', 'town_ca', 'town_no', 'river', 'neighbourhood'])

function addJobsAndGroups(builder: LexiconBuilder, folder: string): void {
  for (const [job = ''] of readList(folder, 'job_titles_faker.tsv')) {
    builder.add(job.replace(/\*in$/u, ''), LexiconBit.job)
  }
  for (const [term = '', kind = ''] of readList(folder, 'corpora_misc.tsv')) {
    if (kind === 'occupation') builder.add(term, LexiconBit.job)
    else if (kind === 'honorific') builder.add(term, LexiconBit.title)
    else if (GROUP_CLASSES.has(kind)) builder.add(term, LexiconBit.nationality)
    else if (COMPANY_CLASSES.has(kind)) builder.add(term, LexiconBit.company)
    else if (PLACE_CLASSES.has(kind)) builder.add(term, LexiconBit.place)
  }
  for (const row of readList(folder, 'nationalities_presidio.csv')) {
    for (const word of row.slice(1)) builder.add(word, LexiconBit.nationality)
  }
  const known = new Set<string>(LANGUAGES)
  const isKnown = (list: string): boolean => list.split(',').some((language) => known.has(language))
  for (const [name = '', , languages = ''] of readList(folder, 'language_names.tsv')) {
    if (isKnown(languages)) builder.add(name, LexiconBit.nationality)
  }
  for (const [name = '', , languages = ''] of readList(folder, 'months_days.tsv')) {
    if (isKnown(languages)) builder.add(name, LexiconBit.calendar)
  }
}
