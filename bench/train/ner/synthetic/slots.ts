/** Fills the slots of templates with labelled values. */
import type { NerType } from '../../../../detectors/ner/labels.ts'
import type { SeededRandom } from '../random.ts'
import { WELL_KNOWN_FAMILY, WELL_KNOWN_GIVEN } from '../well-known.ts'
import { date, figure, mailAddress, postcode } from './figures.ts'
import { blend, type CountryNames, type LocaleValues, type World } from './locale-values.ts'
import { germanInstitution, INSTITUTION_SENTENCES } from './text/german-institutions.ts'
import { GERMAN_SLOTS } from './text/german-nouns.ts'
import type { LanguageText } from './text/language-text.ts'
import { OFFICIAL_TEXTS, type OfficialText } from './text/official.ts'

/** Text with the labelled stretches in it. */
export interface Piece {
  readonly text: string
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: NerType | 'free' }[]
}

const SLOT = /\{([a-z]+)\}/gu
/** How often a name comes from another country than the language's own. */
const FOREIGN_SHARE = 0.3
const BLEND_SHARE = 0.06
const PARTICLES = [
  'van',
  'de',
  'von',
  'van der',
  'de la',
  'del',
  'bin',
  'al',
  'da',
  'dos',
  'di',
  'le',
  'ter',
  'Mc',
  "O'",
  "D'",
]

const STAGE_WORDS = [
  'lil',
  'Lil',
  'DJ',
  'MC',
  'Young',
  'Big',
  'King',
  'Queen',
  'Don',
  'Uncle',
  'Auntie',
  'Mr',
  'Miss',
]
const STAGE_ENDINGS = ['xo', '_99', 'zzz', 'ie', 'y', 'TV', 'Official', '23', 'inho', 'ster']
const TAG_WORDS =
  'fail love happy blessed win nowplaying tbt food travel science throwback coffee sale job news art music fitness help'.split(
    ' ',
  )

/** Where values come from. */
export interface FillerValues {
  readonly own: LocaleValues
  readonly world: World
  /** Share of the German authorities that are put together rather than listed; with 0 they are told of less, too. */
  readonly institutions: number
}

/** Makes labelled values of one language. */
export class SlotFiller {
  private readonly random: SeededRandom
  private readonly text: LanguageText
  private readonly own: LocaleValues
  private readonly official: OfficialText
  private readonly sentences: readonly string[]
  private readonly world: World
  private readonly institutions: number

  constructor(random: SeededRandom, text: LanguageText, { own, world, institutions }: FillerValues) {
    this.random = random
    this.text = text
    this.own = own
    this.world = world
    this.institutions = text.language === 'de' ? institutions : 0
    const official = OFFICIAL_TEXTS[text.language]
    if (official === undefined) throw new RangeError(`no official text for ${text.language}`)
    this.official = official
    const { sentences } = official
    this.sentences =
      institutions > 0 ? sentences : sentences.filter((sentence) => !INSTITUTION_SENTENCES.includes(sentence))
  }

  /** A sentence of a court or authority. */
  officialSentence(): string {
    return this.random.pick(this.sentences)
  }

  /** A template with every slot filled. */
  fill(template: string): Piece {
    let text = ''
    const spans: { start: number; end: number; type: NerType | 'free' }[] = []
    let at = 0
    for (const match of template.matchAll(SLOT)) {
      text += template.slice(at, match.index)
      at = match.index + match[0].length
      const value = this.value(match[1] ?? '')
      for (const span of value.spans)
        spans.push({ ...span, start: span.start + text.length, end: span.end + text.length })
      text += value.text
    }
    return { text: text + template.slice(at), spans }
  }

  /** A value for a slot. Throws `RangeError` for an unknown one. */
  value(slot: string): Piece {
    switch (slot) {
      case 'person':
        return labelled(this.person(), 'PERSON')
      case 'given':
        return labelled(this.given(), 'PERSON')
      case 'family':
        return labelled(this.family(), 'PERSON')
      case 'formal':
        return this.formal()
      case 'org':
        return labelled(this.organisation(), 'ORG')
      case 'star':
        return labelled(this.star(), 'PERSON')
      case 'tag':
        return this.tag()
      case 'city':
        return labelled(this.city(), 'LOCATION')
      case 'country':
        return labelled(this.random.pick(this.own.countries), 'LOCATION')
      case 'street':
        return labelled(this.street(), 'ADDRESS')
      case 'postcode':
        return labelled(postcode(this.random, this.text.language), 'ADDRESS')
      case 'address':
        return this.address()
      case 'job':
        return labelled(this.job(), 'TITLE_OR_JOB')
      case 'date':
        return labelled(date(this.random, this.text), 'DATE_TIME')
      case 'authority':
        return labelled(this.authority(), 'ORG')
      case 'letter':
        return labelled(this.letter(), 'PERSON')
      case 'party':
        return labelled(this.random.pick(this.official.parties), 'ORG')
      case 'court':
        return { text: this.random.pick(this.official.courts), spans: [] }
      case 'group':
        return labelled(this.random.pick(this.text.groups), 'NRP')
      default:
        return { text: this.unlabelled(slot), spans: [] }
    }
  }

  private authority(): string {
    const { random } = this
    const name =
      this.institutions > 0 && random.chance(this.institutions)
        ? germanInstitution(random)
        : random.pick(this.official.authorities)
    return name.replace('{c}', this.city())
  }

  /** An anonymised person. */
  private letter(): string {
    const letter = this.random.pick([...'ABCDEFGHJKLMNPRSTVWXZ'])
    return this.random.pick([letter, `${letter}.`, `${letter}.`, `${letter}...`])
  }

  /** What stands behind an at sign is the patterns' business. */
  private handle(): string {
    const { random } = this
    const name = random.chance(0.6) ? this.given() : this.family()
    const end = random.pick(['', '', '_', '99', 'x', String(random.below(2000)), '_official'])
    return `@${name.replace(/[^A-Za-z]/gu, '')}${end}`
  }

  private unlabelled(slot: string): string {
    if (slot === 'law') return this.random.pick(this.official.laws)
    const german = GERMAN_SLOTS[slot]
    if (german !== undefined) return german(this.random)
    if (slot === 'a') return this.random.pick(['Die', 'Eine', 'Jede', 'Diese', 'Ihre'])
    if (slot === 'handle') return this.handle()
    if (slot === 'email') return mailAddress(this.random, this.given(), this.family())
    return figure(this.random, slot)
  }

  /** Where a name comes from. */
  private origin(): CountryNames {
    return this.random.chance(FOREIGN_SHARE) ? this.random.pick(this.world.countries) : this.own
  }

  private given(origin = this.origin()): string {
    const name = this.random.pick(origin.given)
    if (this.random.chance(BLEND_SHARE)) return blend(this.random, this.own.given)
    return this.random.chance(0.04) ? `${name}-${this.random.pick(this.own.given)}` : name
  }

  private family(origin = this.origin()): string {
    const { random } = this
    const name = random.pick(origin.family)
    if (random.chance(BLEND_SHARE)) return blend(random, this.own.family)
    if (random.chance(0.04)) return `${name}-${random.pick(this.own.family)}`
    if (!random.chance(0.05)) return name
    const particle = random.pick(PARTICLES)
    return /['c]$/u.test(particle) ? particle + name : `${particle} ${name}`
  }

  private person(): string {
    const { random } = this
    const origin = this.origin()
    const given = this.given(origin)
    const family = this.family(origin)
    const initial = `${random.pick([...'ABCDEFGHJKLMNPRSTVW'])}.`
    const draw = random.next()
    if (draw < 0.62) return `${given} ${family}`
    if (draw < 0.7) return `${given} ${this.given(origin)} ${family}`
    if (draw < 0.76) return `${given[0] ?? 'A'}. ${family}`
    if (draw < 0.81) return `${given} ${initial} ${family}`
    if (draw < 0.86) return `${family}, ${given}`
    if (draw < 0.89) return `${given} ${family.toUpperCase()}`
    if (draw < 0.91) return `${family.toUpperCase()} ${given}`
    if (draw < 0.93) return `${given} ${family} ${this.family(origin)}`
    if (draw < 0.95) return `${initial} ${given[0] ?? 'B'}. ${family}`
    if (draw < 0.97) return `${family} ${given}`
    return given
  }

  /** Somebody whom everybody knows by one name, real or not. */
  private star(): string {
    const { random } = this
    const draw = random.next()
    if (draw < 0.2) return this.given()
    if (draw < 0.35) return this.family()
    if (draw < 0.5) return capitalised(random.pick(random.pick([WELL_KNOWN_GIVEN, WELL_KNOWN_FAMILY])))
    if (draw < 0.75) return blend(random, random.pick([this.own.given, this.own.family]))
    if (draw < 0.85) return `${random.pick(STAGE_WORDS)} ${this.given()}`
    if (draw < 0.93) return this.given() + random.pick(STAGE_ENDINGS)
    return this.person()
  }

  /** A hashtag: a name run together, or none. */
  private tag(): Piece {
    const { random } = this
    const draw = random.next()
    if (draw < 0.35) return labelled(`#${this.star().replace(/[^\p{L}\p{N}]/gu, '')}`, 'PERSON')
    if (draw < 0.5) return labelled(`#${this.city().replace(/[^\p{L}\p{N}]/gu, '')}`, 'LOCATION')
    return { text: `#${random.pick(TAG_WORDS)}`, spans: [] }
  }

  private formal(): Piece {
    const title = this.random.pick(this.text.titles)
    const name = this.random.chance(0.7) ? this.family() : this.person()
    const start = title.length + 1
    return {
      text: `${title} ${name}`,
      spans: [
        { start: 0, end: title.length, type: 'free' },
        { start, end: start + name.length, type: 'PERSON' },
      ],
    }
  }

  private organisation(): string {
    const { random } = this
    if (random.chance(0.3)) return random.pick(this.own.companies)
    return random
      .pick(this.text.companyForms)
      .replace(/\{([xgc])\}/gu, (_, kind: string) =>
        kind === 'c' ? this.city() : kind === 'g' ? this.given() : this.family(),
      )
  }

  private city(): string {
    const { random } = this
    const name = random.pick(random.chance(0.3) ? this.world.cities : this.own.cities)
    if (random.chance(BLEND_SHARE)) return blend(random, this.own.cities)
    return random.chance(0.04) ? name.toUpperCase() : name
  }

  private street(): string {
    const { random } = this
    const name = (): string =>
      random.chance(0.35) && this.own.streetNames.length > 50
        ? random.pick(this.own.streetNames)
        : random.pick([this.family(), this.city(), this.given(), `${this.given()} ${this.family()}`])
    const number = (): string =>
      String(1 + random.below(random.chance(0.2) ? 9999 : 220)) +
      (random.chance(0.1) ? random.pick(['a', 'b', 'A', 'C']) : '')
    return random.pick(this.text.streets).replaceAll('{name}', name()).replace(/\{n\}/gu, number)
  }

  private address(): Piece {
    const { random, text } = this
    const breakOrComma = random.pick([', ', ', ', '\n', ' '])
    const cityFirst = text.language === 'en'
    const template = cityFirst
      ? random.pick([
          `{street}${breakOrComma}{city} {postcode}`,
          `{street}${breakOrComma}{city}, {country} {postcode}`,
          `{street}, {city}`,
          `{street}${breakOrComma}{city}${breakOrComma}{postcode}${breakOrComma}{country}`,
        ])
      : random.pick([
          `{street}${breakOrComma}{postcode} {city}`,
          `{street}${breakOrComma}{postcode} {city}${breakOrComma}{country}`,
          `{street}, {city}`,
          `{street}${breakOrComma}{city} {postcode}`,
        ])
    return this.fill(template)
  }

  private job(): string {
    const job = this.random.pick(this.own.jobs)
    return this.random.chance(0.5) ? job.toLowerCase() : job
  }
}

function capitalised(name: string): string {
  return (name[0] ?? '').toUpperCase() + name.slice(1)
}

function labelled(text: string, type: NerType): Piece {
  return { text, spans: [{ start: 0, end: text.length, type }] }
}
