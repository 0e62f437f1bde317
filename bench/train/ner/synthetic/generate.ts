/** Generates labelled documents of the kinds that requests are made of, in ten languages. */
import { NER_TYPES } from '../../../../detectors/ner/labels.ts'
import type { LabelledDocument } from '../corpus.ts'
import type { SeededRandom } from '../random.ts'
import type { NameStock } from '../written.ts'
import { CODE_NAMES, CODE_SENTENCES } from './code-sentences.ts'
import { ListTables } from './locale-values.ts'
import { type Piece, SlotFiller } from './slots.ts'
import { TechnicalWriter } from './technical.ts'
import { DA } from './text/da.ts'
import { DE } from './text/de.ts'
import { EN } from './text/en.ts'
import { ES } from './text/es.ts'
import { FR } from './text/fr.ts'
import { IT } from './text/it.ts'
import type { FieldKind, LanguageText } from './text/language-text.ts'
import { NL } from './text/nl.ts'
import { PL } from './text/pl.ts'
import { PT } from './text/pt.ts'
import { REPORT_TEXTS, type ReportText } from './text/reports.ts'
import { POST_ENDINGS, SOCIAL_TEXTS } from './text/social.ts'
import { SV } from './text/sv.ts'

const LANGUAGE_TEXTS: readonly LanguageText[] = [EN, DE, FR, ES, IT, NL, PL, PT, SV, DA]

/** Generated text is plentiful and simple; it must not outweigh what people wrote. */
const WEIGHT = 0.35
/** What names nobody is rare in the labelled sets, and must be known as well. */
const NAMELESS_WEIGHT = 0.8
const NOUN_SHARE = 0.35
/** German prose needs more examples than others: all its nouns look like names. */
const GERMAN_OFFICIAL = 0.4

/** What to generate. */
export interface GeneratorOptions {
  readonly perLanguage: number
  /** Share of the German authorities that are put together rather than listed. */
  readonly institutions: number
}

/** Documents of every language; the same seed gives the same documents. */
export function generateDocuments(
  listFolder: string,
  { perLanguage, institutions }: GeneratorOptions,
  random: SeededRandom,
): LabelledDocument[] {
  const tables = new ListTables(listFolder)
  const world = tables.worldwide()
  const english = tables.plainWords('en')
  return LANGUAGE_TEXTS.flatMap((text) => {
    const filler = new SlotFiller(random, text, { own: tables.valuesFor(text), world, institutions })
    const technical = new TechnicalWriter(random, {
      words: tables.plainWords(text.language),
      english,
      capitals: text.language === 'de' ? NOUN_SHARE : 0,
    })
    const maker = new DocumentMaker(random, text, filler, technical)
    return Array.from({ length: perLanguage }, () => toDocument(maker.make(), text.language))
  })
}

/** Names of people and towns of a language's countries, or of anywhere. */
export function namesByLanguage(listFolder: string): (language: string) => NameStock {
  const tables = new ListTables(listFolder)
  const world = tables.worldwide()
  const anywhere = {
    given: world.countries.flatMap(({ given }) => given),
    family: world.countries.flatMap(({ family }) => family),
    cities: world.cities,
  }
  return (language) => {
    const text = LANGUAGE_TEXTS.find((one) => one.language === language)
    return text === undefined ? anywhere : tables.valuesFor(text)
  }
}

function toDocument(piece: Piece, language: string): LabelledDocument {
  return {
    source: `generated.${language}`,
    text: piece.text,
    spans: piece.spans,
    scope: NER_TYPES,
    weight: piece.spans.length === 0 ? NAMELESS_WEIGHT : WEIGHT,
  }
}

function joined(pieces: readonly Piece[], separator: string): Piece {
  let text = ''
  const spans: Piece['spans'][number][] = []
  pieces.forEach((piece, n) => {
    if (n > 0) text += separator
    for (const span of piece.spans)
      spans.push({ ...span, start: span.start + text.length, end: span.end + text.length })
    text += piece.text
  })
  return { text, spans }
}

const FIELD_SLOTS: readonly Exclude<FieldKind, 'other'>[] = [
  'person',
  'given',
  'family',
  'org',
  'city',
  'country',
  'street',
  'postcode',
  'address',
  'job',
  'date',
  'group',
]

/** One field of a record: its name and a value. */
interface Field {
  readonly name: string
  readonly value: Piece
}

class DocumentMaker {
  private readonly random: SeededRandom
  private readonly text: LanguageText
  private readonly filler: SlotFiller
  private readonly technical: TechnicalWriter
  private readonly reports: ReportText
  private readonly social: readonly string[]

  constructor(random: SeededRandom, text: LanguageText, filler: SlotFiller, technical: TechnicalWriter) {
    this.random = random
    this.text = text
    this.filler = filler
    this.technical = technical
    const reports = REPORT_TEXTS[text.language]
    if (reports === undefined) throw new RangeError(`no reports for ${text.language}`)
    this.reports = reports
    const social = SOCIAL_TEXTS[text.language]
    if (social === undefined) throw new RangeError(`no posts for ${text.language}`)
    this.social = social
  }

  make(): Piece {
    if (this.text.language === 'de' && this.random.chance(GERMAN_OFFICIAL)) return this.officialProse()
    const draw = this.random.next()
    if (draw < 0.16) return { text: this.technical.make(), spans: [] }
    if (draw < 0.25) return this.prose(this.reports.sentences, 4)
    if (draw < 0.29) return this.fill(this.random.pick(this.reports.blocks))
    if (draw < 0.37) return this.officialProse()
    if (draw < 0.5) return this.prose(this.text.sentences, 4)
    if (draw < 0.6) return this.mail()
    if (draw < 0.64) return this.chat()
    if (draw < 0.73) return this.posts()
    if (draw < 0.75) return this.prose(this.text.clinical, 5)
    if (draw < 0.78) return this.prose(this.text.contract, 4)
    if (draw < 0.84) return this.form()
    if (draw < 0.88) return this.json()
    if (draw < 0.91) return this.table()
    if (draw < 0.93) return this.markup()
    if (draw < 0.96) return this.codes()
    return this.prose(this.text.plain, 4)
  }

  private fill(template: string): Piece {
    return this.filler.fill(template)
  }

  private prose(templates: readonly string[], most: number): Piece {
    const { random, text } = this
    const sentences = Array.from({ length: 1 + random.below(most) }, () =>
      this.fill(random.chance(0.2) ? random.pick(text.plain) : random.pick(templates)),
    )
    return joined(sentences, random.chance(0.85) ? ' ' : '\n')
  }

  private officialProse(): Piece {
    const sentences = Array.from({ length: 1 + this.random.below(5) }, () =>
      this.fill(this.filler.officialSentence()),
    )
    return joined(sentences, this.random.chance(0.7) ? ' ' : '\n')
  }

  private mail(): Piece {
    const { random, text } = this
    const body = Array.from({ length: 1 + random.below(3) }, () => this.prose(text.sentences, 3))
    const breaks = random.chance(0.7) ? '\n\n' : '\n'
    return joined(
      [this.fill(random.pick(text.greetings)), ...body, this.fill(random.pick(text.closings))],
      breaks,
    )
  }

  private chat(): Piece {
    const { random, text } = this
    return joined(
      Array.from({ length: 2 + random.below(5) }, () => this.fill(random.pick(text.chat))),
      '\n',
    )
  }

  /** Comments as people type them: mostly without capitals or full stops. */
  private posts(): Piece {
    const { random } = this
    const posts = Array.from({ length: 1 + random.below(3) }, () => {
      const post = this.fill(random.pick(this.social))
      const draw = random.next()
      const end = { text: random.chance(0.5) ? random.pick(POST_ENDINGS) : '', spans: [] }
      if (draw < 0.45) return joined([inCase(post, post.text.toLowerCase()), end], '')
      if (draw < 0.52) return joined([inCase(post, post.text.toUpperCase()), end], '')
      if (draw < 0.75)
        return joined([inCase(post, (post.text[0] ?? '').toUpperCase() + post.text.slice(1)), end], '')
      return joined([post, end], '')
    })
    return joined(posts, random.pick([' ', '\n', ' ']))
  }

  private field(kind?: Exclude<FieldKind, 'other'>): Field {
    const { random, text } = this
    if (kind === undefined && random.chance(0.35)) {
      const value = random.pick([...text.values, '{id}', '{amount}', '{email}', '{phone}', '{count}'])
      return { name: random.pick(text.fields.other), value: this.fill(value) }
    }
    const chosen = kind ?? random.pick(FIELD_SLOTS)
    return { name: random.pick(text.fields[chosen]), value: this.filler.value(chosen) }
  }

  private form(): Piece {
    const { random } = this
    const separator = random.pick([': ', ': ', ':', ' = ', ' - ', ':\n', '\t'])
    const fields = Array.from({ length: 2 + random.below(7) }, () => this.field())
    const lines = fields.map(({ name, value }) => joined([{ text: name, spans: [] }, value], separator))
    return joined(lines, random.pick(['\n', '\n', '; ', ' | ', ', ', '. ']))
  }

  private json(): Piece {
    const { random } = this
    const separator = random.pick(['": "', '":"'])
    const fields = Array.from({ length: 2 + random.below(6) }, () => this.field())
    const members = fields.map(({ name, value }) =>
      joined([{ text: `"${name}${separator}`, spans: [] }, oneLine(value), { text: '"', spans: [] }], ''),
    )
    const body = joined(members, random.pick([', ', ',\n  ', ',']))
    return joined(
      [{ text: random.pick(['{', '{\n  ', '[{']), spans: [] }, body, { text: '}', spans: [] }],
      '',
    )
  }

  private table(): Piece {
    const { random, text } = this
    const kinds = Array.from({ length: 3 + random.below(4) }, () => random.pick(FIELD_SLOTS))
    const separator = random.pick([',', ',', ';', '\t', ' | '])
    const heading = kinds.map((kind) => random.pick(text.fields[kind])).join(separator)
    const rows = Array.from({ length: 2 + random.below(4) }, () =>
      joined(
        kinds.map((kind) => oneLine(this.filler.value(kind))),
        separator,
      ),
    )
    return joined([{ text: heading, spans: [] }, ...rows], '\n')
  }

  /** Identifiers with or without what they are: the patterns' business, and no addresses. */
  private codes(): Piece {
    const { random } = this
    const templates = [...CODE_NAMES.map((name) => `${name}: {code}`), '{code}', '{code}', ...CODE_SENTENCES]
    const lines = Array.from({ length: 1 + random.below(3) }, () => this.fill(random.pick(templates)))
    return joined(lines, random.pick(['\n', ' ', ', ']))
  }

  private markup(): Piece {
    const { random } = this
    const [open, close] = random.pick([
      ['<p>', '</p>'],
      ['<td>', '</td>'],
      ['<li>', '</li>'],
      ['**', '**'],
      ['- ', ''],
      ['> ', ''],
      ['# ', ''],
    ])
    const pieces = Array.from({ length: 1 + random.below(4) }, () => {
      const field = this.field()
      const inner = random.chance(0.5)
        ? this.prose(this.text.sentences, 1)
        : joined([{ text: field.name, spans: [] }, field.value], ': ')
      return joined([{ text: open ?? '', spans: [] }, inner, { text: close ?? '', spans: [] }], '')
    })
    return joined(pieces, random.pick(['\n', '', ' ']))
  }
}

/** The text in other letters, where they are as many. */
function inCase(piece: Piece, text: string): Piece {
  return text.length === piece.text.length ? { text, spans: piece.spans } : piece
}

/** Line breaks become spaces: the offsets stay. */
function oneLine(piece: Piece): Piece {
  return { text: piece.text.replaceAll('\n', ' '), spans: piece.spans }
}
