/**
 * Courts, authorities and associations of Germany under their own names, put together as the language does it: a
 * kind, whose or where it is, what it is for. All of them decline.
 */
import type { SeededRandom } from '../../random.ts'

const LOWER_COURTS = (
  'Amtsgericht Landgericht Oberlandesgericht Arbeitsgericht Landesarbeitsgericht Sozialgericht Landessozialgericht ' +
  'Verwaltungsgericht Oberverwaltungsgericht Finanzgericht Kammergericht Familiengericht Truppendienstgericht'
).split(' ')

const HIGH_COURTS = (
  'Bundesgerichtshof Bundesfinanzhof Bundesverwaltungsgericht Bundesverfassungsgericht Bundessozialgericht ' +
  'Bundesarbeitsgericht Bundespatentgericht Verfassungsgerichtshof Verwaltungsgerichtshof Landesverfassungsgericht'
).split(' ')

const MASCULINE = (
  'Bundestag Bundesrat Landtag Stadtrat Kreistag Gemeinderat Betriebsrat Personalrat Gesamtpersonalrat Rechnungshof ' +
  'Wehrbeauftragte Landkreis Zweckverband Flüchtlingsrat Landesverband Bundesverband Presserat Rundfunkrat'
).split(' ')

const FEMININE = (
  'Bundesregierung Landesregierung Staatsregierung Staatsanwaltschaft Generalstaatsanwaltschaft Bundesanstalt ' +
  'Landesanstalt Staatskanzlei Stadtverwaltung Kreisverwaltung Bezirksregierung Rechtsanwaltskammer Ärztekammer ' +
  'Handwerkskammer Steuerberaterkammer Krankenkasse Rentenversicherung Unfallkasse Berufsgenossenschaft Bundeswehr ' +
  'Bundespolizei Ausländerbehörde Verbraucherzentrale Landesbank Sparkasse Hochschule Universität Bildungsagentur'
).split(' ')

const NEUTER = (
  'Bundesamt Landesamt Finanzamt Hauptzollamt Jugendamt Sozialamt Ordnungsamt Regierungspräsidium Polizeipräsidium ' +
  'Landeskriminalamt Bundeskriminalamt Innenministerium Justizministerium Außenministerium Finanzministerium ' +
  'Kultusministerium Bundesministerium Staatsministerium Ministerium Landratsamt Versorgungsamt Jobcenter Studierendenwerk'
).split(' ')

const PURPOSES = (
  'Justiz|Finanzen|Inneres|Verteidigung|Gesundheit|Bildung|Kultur|Wissenschaft|Forschung|Kunst|Arbeit|Soziales|Umwelt|' +
  'Verkehr|Migration|Verbraucherschutz|Schule|Berufsbildung|Ernährung|Landwirtschaft|Wirtschaft|Energie|Familie|Sport'
).split('|')

const TASKS = (
  'Finanzdienstleistungsaufsicht|das Personalmanagement der Bundeswehr|Migration und Flüchtlinge|Arzneimittel und ' +
  'Medizinprodukte|Güterverkehr|Naturschutz|Wirtschaft und Ausfuhrkontrolle|Sicherheit in der Informationstechnik|' +
  'Straßenwesen|Justiz|Verfassungsschutz|Umwelt und Geologie|Soziales und Versorgung|Denkmalpflege|Besoldung und Versorgung'
).split('|')

const REGION_STEMS = (
  'Bayerisch Sächsisch Hessisch Niedersächsisch Brandenburgisch Thüring Saarländisch Hamburgisch Baden-Württembergisch ' +
  'Rheinland-Pfälzisch Nordrhein-Westfälisch Bremisch Schleswig-Holsteinisch Pfälzisch Hanseatisch Deutsch Österreichisch ' +
  'Schweizerisch Europäisch Tunesisch Türkisch Französisch'
).split(' ')

const STATES = (
  'Bayern|Sachsen|Hessen|Niedersachsen|Brandenburg|Thüringen|Hamburg|Bremen|Berlin|Schleswig-Holstein|Sachsen-Anhalt|' +
  'Mecklenburg-Vorpommern|Nordrhein-Westfalen|Rheinland-Pfalz|Baden-Württemberg|dem Saarland'
).split('|')

const MEMBERS = (
  'Ärzte|Rechtsanwälte|Krankenkassen|Vermieter|Metallarbeiter|Handwerker|Banken|Versicherer|Journalisten|Lehrer|Beamten|' +
  'Städte und Gemeinden|Apotheker|Landwirte|Arbeitgeber|Kanzler der Universitäten|Schornsteinfeger|Ingenieure|Pflegeberufe'
).split('|')

const UNIONS = [
  'Gewerkschaft',
  'Vereinigung',
  'Gemeinschaft',
  'Gesellschaft',
  'Arbeitsgemeinschaft',
  'Innung',
  'Union',
]
const ASSOCIATIONS = [
  'Verband',
  'Bund',
  'Verein',
  'Zentralverband',
  'Fachverband',
  'Dachverband',
  'Arbeitgeberverband',
]
const ROMAN = 'I. II. III. IV. V. VI. VII. VIII. IX. X. XI. XII.'.split(' ')
const ORDINALS = 'Erste Zweite Dritte Vierte Fünfte Sechste Große'.split(' ')

/** What is told of them. */
export const INSTITUTION_SENTENCES: readonly string[] = [
  'Der {authority} hat über die {noun} entschieden; die {authority} tritt dem bei.',
  'Die {authority} und das {authority} hatten Gelegenheit zur Stellungnahme.',
  'Auf die Beschwerde wird der Beschluss der {authority} vom {date} aufgehoben.',
  'hat der {authority} auf die mündliche Verhandlung vom {date} durch den Vorsitzenden Richter {family} beschlossen:',
  'wie es die {authority} und der {authority} angenommen haben',
  'Die {authority}, der {authority} und die {authority} haben von einer Stellungnahme abgesehen.',
  'Anders als das {authority} meint, ist {phrase} nicht vom Begriff {phrase} umfasst.',
  'Ausweislich der Mitteilung des {authority} vom {date} besteht {phrase} fort.',
  'Die {authority} hat {plural} zurückgewiesen, soweit sie {noun} und {noun} betreffen.',
]

/** The name of an institution in some case, with no article; `{c}` in it is a town. */
export function germanInstitution(random: SeededRandom): string {
  const draw = random.next()
  if (draw < 0.3) return court(random)
  if (draw < 0.42) return senate(random)
  if (draw < 0.62) return neuter(random)
  if (draw < 0.78) return feminine(random)
  if (draw < 0.88) return masculine(random)
  return association(random)
}

function genitive(noun: string): string {
  return /(?:amt|hof|rat|bund|verband|tag)$/iu.test(noun) ? `${noun}es` : `${noun}s`
}

/** With an adjective of a region in front now and then; `ending` is that of the adjective. */
function ofRegion(random: SeededRandom, noun: string, ending: string, share = 0.3): string {
  if (!random.chance(share)) return noun
  const stem = random.pick(REGION_STEMS)
  const adjective = stem === 'Thüring' ? `${stem}er` : stem + ending
  return `${random.chance(0.15) ? adjective.toLowerCase() : adjective} ${noun}`
}

function court(random: SeededRandom): string {
  const isGenitive = random.chance(0.4)
  const isHigh = random.chance(0.4)
  const kind = random.pick(isHigh ? HIGH_COURTS : LOWER_COURTS)
  const declined = isGenitive ? `${kind}s` : kind
  if (isHigh) return ofRegion(random, declined, isGenitive ? 'en' : 'e', 0.1)
  return random.chance(0.3)
    ? ofRegion(random, declined, isGenitive ? 'en' : 'e', 1)
    : `${declined} ${random.chance(0.2) ? random.pick(STATES) : '{c}'}`
}

/** A chamber of a court, or a unit of an authority. */
function senate(random: SeededRandom): string {
  const of = random.pick(HIGH_COURTS)
  const number = random.pick([`${1 + random.below(40)}.`, random.pick(ROMAN)])
  return random.pick([
    `${number} ${random.pick(['Zivilsenat', 'Strafsenat', 'Senat', 'Kammer', 'Zivilkammer', 'Strafkammer'])} des ${of}s`,
    `${number} Senat (${random.pick(['Technischer Beschwerdesenat', 'Juristischer Beschwerdesenat', 'Nichtigkeitssenat', 'Steuersenat'])}) des ${of}s`,
    `${random.pick(ORDINALS)}n Senats des ${of}s`,
    `${random.pick(['Prüfungsstelle', 'Registerabteilung', 'Rechtsabteilung', 'Dienststelle', 'Beschwerdestelle'])} für ${random.pick(PURPOSES)} des ${genitive(random.pick(NEUTER))}`,
    `${random.pick(['Referat', 'Abteilung', 'Dezernat'])} ${1 + random.below(90)} des ${genitive(random.pick(NEUTER))}`,
  ])
}

function neuter(random: SeededRandom): string {
  const isGenitive = random.chance(0.45)
  const kind = random.pick(NEUTER)
  const name = ofRegion(random, isGenitive ? genitive(kind) : kind, isGenitive ? 'en' : 'e')
  if (/ministerium$/iu.test(kind)) return withPurpose(random, name)
  if (kind === 'Bundesamt' || kind === 'Landesamt') return `${name} für ${random.pick(TASKS)}`
  return random.chance(0.6) ? `${name} {c}` : name
}

function withPurpose(random: SeededRandom, ministry: string): string {
  if (!/Bundesministerium|Ministerium|Staatsministerium/u.test(ministry)) return ministry
  const purposes = Array.from({ length: 1 + random.below(3) }, () => random.pick(PURPOSES))
  const last = purposes.pop() ?? ''
  const list = purposes.length === 0 ? last : `${purposes.join(', ')} und ${last}`
  const scope = random.chance(0.35)
    ? ` des ${random.pick(['Landes', 'Freistaats'])} ${random.pick(STATES)}`
    : ''
  return `${ministry} ${random.pick(['für', 'für', 'der'])} ${list}${scope}`
}

function feminine(random: SeededRandom): string {
  const kind = random.pick(FEMININE)
  const name = ofRegion(random, kind, random.chance(0.5) ? 'e' : 'en')
  if (kind.endsWith('anstalt')) return `${name} für ${random.pick(TASKS)}`
  return random.chance(0.5) ? `${name} {c}` : name
}

function masculine(random: SeededRandom): string {
  const kind = random.pick(MASCULINE)
  const isGenitive = random.chance(0.4) && !kind.endsWith('beauftragte')
  const name = ofRegion(random, isGenitive ? genitive(kind) : kind, isGenitive ? 'en' : 'e')
  return random.chance(0.4) ? `${name} {c}` : name
}

function association(random: SeededRandom): string {
  const ending = random.pick(['', '', ' e. V.', ` in ${random.pick(STATES)}`])
  if (random.chance(0.5)) return `${random.pick(UNIONS)} der ${random.pick(MEMBERS)}${ending}`
  const kind = random.pick(ASSOCIATIONS)
  const name = random.chance(0.4) ? genitive(kind) : kind
  return `${name} ${random.pick(['der', 'Deutscher', 'für'])} ${random.pick(MEMBERS)}${ending}`
}
