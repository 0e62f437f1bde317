/**
 * Nouns of German administration, law and technology, put together as the language does it: every noun has a capital,
 * and most are compounds that no list has.
 */
import type { SeededRandom } from '../../random.ts'

const STEMS = (
  'Arbeits Arbeitnehmer Arbeitgeber Antrags Anspruchs Aufenthalts Aufhebungs Auskunfts Ausbildungs Bau Beamten Befristungs ' +
  'Berufungs Bescheid Beschäftigungs Beschwerde Betriebs Beweis Bewilligungs Bezugs Bilanz Beitrags Daten Dienst Disziplinar ' +
  'Eigentums Einkommen Einspruchs Entgelt Entscheidungs Erb Erstattungs Erwerbs Familien Feststellungs Finanz Forderungs ' +
  'Freiheits Frist Gebühren Gefährdungs Gehalts Geschäfts Gesellschafts Gesetzes Gesundheits Gewerbe Grundstücks Grund Güter ' +
  'Haftungs Handels Haushalts Immobilien Informations Insolvenz Investitions Jahres Kapital Kinder Klage Kosten Kranken ' +
  'Kündigungs Landes Leistungs Lohn Marken Miet Mitbestimmungs Mitglieder Nachweis Nutzungs Organisations Patent Pfand ' +
  'Pflege Planungs Prozess Prüfungs Rechts Regelungs Renten Revisions Sach Schadens Schul Sicherheits Sozial Staats Steuer ' +
  'Straf Streit Tarif Tatsachen Übergangs Umsatz Unfall Unternehmens Unterhalts Urheber Urlaubs Verfahrens Verfassungs ' +
  'Vergütungs Verkehrs Vermögens Versicherungs Versorgungs Vertrags Verwaltungs Vollstreckungs Wahl Wahrnehmungs Waren ' +
  'Wettbewerbs Widerspruchs Wirtschafts Wohnungs Zahlungs Zeichen Zivil Zulassungs Zuständigkeits Zustellungs ' +
  'Druck Steuerungs Antriebs Kühl Schalt Mess Signal Speicher Fahrzeug Motor Ventil Gehäuse Sensor Strom Spannungs Leitungs'
).split(' ')

const FEMININE = (
  'abgabe akte anlage anordnung auffassung aufgabe auslegung auswahl bedingung begründung behandlung behörde belehrung ' +
  'berechnung bestimmung bewertung dauer einheit einrichtung entscheidung erklärung ermittlung feststellung folge forderung ' +
  'frage frist führung grenze grundlage höhe klage last leistung lücke maßnahme meldung methode norm ordnung pflicht prüfung ' +
  'quote rate rechnung rechtsprechung regel regelung richtlinie rüge sache schrift sicherung stelle steuer stufe summe tätigkeit ' +
  'übersicht urkunde vereinbarung verfügung vergütung verletzung vermutung versammlung vorrichtung vorschrift würdigung zeit zulage'
).split(' ')

const OTHERS = (
  'abkommen alter amt anspruch antrag aufwand ausschluss ausschuss begehren beginn begriff bereich bericht bescheid beschluss ' +
  'bestand betrag beweis beitrag betrieb datum ergebnis ereignis ermessen fall gebiet gegenstand gehalt gesetz gewinn grad ' +
  'grund grundsatz gut inhalt interesse jahr kapital konto kreis mangel maß merkmal mittel modell nachteil nachweis niveau ' +
  'objekt ort plan problem produkt programm prozess punkt rahmen recht satz schaden schluss schutz sinn stand status streit ' +
  'system tatbestand teil umfang umstand urteil verbot verfahren vergleich verhalten verhältnis verlust vermerk vermögen ' +
  'verstoß vertrag verzicht vorbehalt vorbringen vorteil weg wert wesen widerspruch wille zeitpunkt zeitraum ziel zustand zweck'
).split(' ')

const PLURALS = (
  'ansprüche anträge arbeiten aufwendungen ausgaben beiträge belege berichte beschlüsse bestimmungen bezüge bücher daten dienste ' +
  'einkünfte einwände entscheidungen ergebnisse erlöse fahrzeuge fälle forderungen fragen fristen gebühren geräte gesetze gründe ' +
  'güter handbücher hefte interessen kataloge klagen kosten leistungen löhne marken maschinen maßnahmen merkmale mittel nachweise ' +
  'nutzungen parteien pflichten programme prozesse rechte regelungen reserven richtlinien risiken sachen schäden schriften stoffe ' +
  'systeme tatsachen teile umstände unterlagen urteile verfahren verluste verträge vorräte vorschriften waren werke werte zahlen ' +
  'zeichen zeiten zeitschriften zeugnisse zinsen zulagen zwecke'
).split(' ')

const ADJECTIVES = (
  'angefochtenen gesetzlichen streitigen geltend gemachten maßgeblichen wirksamen vorliegenden zulässigen beantragten ' +
  'rechtskräftigen betrieblichen öffentlichen technischen persönlichen tariflichen unmittelbaren jeweiligen früheren ' +
  'einstweiligen notwendigen sachlichen weiteren sonstigen berechtigten behaupteten erforderlichen abweichenden'
).split(' ')

const PERSONS_BY_ROLE = (
  'Klägers Klägerin Beklagten Beschwerdeführers Beschwerdeführerin Antragstellers Antragsgegnerin Angeklagten Zeugen ' +
  'Arbeitnehmers Arbeitgeberin Vermieterin Mieters Steuerpflichtigen Versicherten Widersprechenden Markeninhaberin ' +
  'Patentinhaberin Anmelderin Soldaten Sachverständigen Gläubigers Schuldnerin Gesetzgebers Senats Gerichts Vorstands'
).split(' ')

/** A noun phrase in the genitive or dative, such as "der streitigen Beitragsforderung". */
function germanNounPhrase(random: SeededRandom): string {
  const isFeminine = random.chance(0.5)
  const noun = germanNoun(random, isFeminine)
  const adjective = random.chance(0.35) ? `${random.pick(ADJECTIVES)} ` : ''
  if (isFeminine) return `der ${adjective}${noun}`
  return random.chance(0.5) ? `des ${adjective}${noun}s` : `dem ${adjective}${noun}`
}

/** A noun in the singular. */
function germanNoun(random: SeededRandom, isFeminine: boolean = random.chance(0.5)): string {
  const head = random.pick(isFeminine ? FEMININE : OTHERS)
  if (random.chance(0.2)) return capitalised(head)
  const stem = random.pick(STEMS)
  const second = random.chance(0.15) ? random.pick(STEMS).toLowerCase() : ''
  return stem + second + head
}

/** A noun in the plural, as it stands without an article. */
function germanPlural(random: SeededRandom): string {
  const noun = random.pick(PLURALS)
  return random.chance(0.4) ? capitalised(noun) : random.pick(STEMS) + noun
}

const LAW_ENDINGS = ['G', 'G', 'G', 'GB', 'O', 'V', 'VO', 'AO', 'RL', 'StG', 'V-G', 'G-E']
const LETTERS = [...'ABDEFGHKLMPRSTUVWZ']
const PARTS = [
  'Est',
  'Gr',
  'Ki',
  'So',
  'Be',
  'Ver',
  'Er',
  'Wo',
  'Bau',
  'Arb',
  'Mit',
  'Ust',
  'Sch',
  'Kr',
  'Fam',
  'Ge',
]

/** An abbreviation of a law, such as laws are cited by. */
function germanLaw(random: SeededRandom): string {
  return pieces(random) + random.pick(LAW_ENDINGS)
}

/** An abbreviation of a thing: of a measure, a document, an institution's kind. */
function germanAbbreviation(random: SeededRandom): string {
  return pieces(random) + random.pick(LETTERS)
}

function pieces(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(2) }, () =>
    random.chance(0.2) ? random.pick(PARTS) : random.pick(LETTERS),
  ).join('')
}

/** The court whose decision a text is about, without saying which one. */
function germanCourt(random: SeededRandom): string {
  return random.pick(COURTS)
}

const COURTS = (
  'Landgericht Arbeitsgericht Landesarbeitsgericht Berufungsgericht Finanzgericht Sozialgericht Landessozialgericht ' +
  'Verwaltungsgericht Oberverwaltungsgericht Oberlandesgericht Amtsgericht Revisionsgericht Beschwerdegericht Tatgericht ' +
  'Familiengericht Insolvenzgericht Gericht LSG SG FG LG OLG AG VG OVG VGH LAG ArbG Patentamt Finanzamt Jobcenter'
).split(' ')

/** Somebody in a role, in the genitive. */
function germanRole(random: SeededRandom): string {
  return random.pick(PERSONS_BY_ROLE)
}

function capitalised(word: string): string {
  return (word[0] ?? '').toUpperCase() + word.slice(1)
}

/** What fills the slots of German official prose. */
export const GERMAN_SLOTS: Readonly<Record<string, (random: SeededRandom) => string>> = {
  noun: germanNoun,
  phrase: germanNounPhrase,
  role: germanRole,
  plural: germanPlural,
  gesetz: germanLaw,
  kuerzel: germanAbbreviation,
  gericht: germanCourt,
}
