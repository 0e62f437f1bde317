/**
 * Names that the form of a text gives away: the value behind a label such as "Patient:", and the speaker in front of
 * a colon at the start of a line. Looked for where the tagger saw nothing.
 */
import { beginLabel, insideLabel, NER_TYPES, OUTSIDE } from './labels.ts'
import { LANGUAGE_SHIFT, LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** Last words of labels whose value is a person, in the languages of the tagger. */
const PERSON_LABELS =
  'name fullname firstname lastname surname forename customer client patient employee manager contact attn ' +
  'applicant tenant doctor cardholder beneficiary assignee reporter ' +
  'vorname nachname familienname kunde kundin patientin mitarbeiter mitarbeiterin sachbearbeiter ansprechpartner ' +
  'nom prenom titulaire salarie cliente paciente nombre apellido apellidos titular empleado ' +
  'nome cognome paziente intestatario dipendente naam voornaam achternaam klant patiënt medewerker ' +
  'imie nazwisko klient pacjent pracownik sobrenome funcionario namn fornamn efternamn kund anställd ' +
  'navn fornavn efternavn medarbejder'

const PERSON = NER_TYPES.indexOf('PERSON')
const MAX_WORDS = 4
const ANY_NAME = LexiconBit.given | LexiconBit.givenRare | LexiconBit.family | LexiconBit.familyRare

const personLabels = wordSet(PERSON_LABELS)

/** Labels names in fields and in front of speech, in the text that the tagger has just labelled. Linear. */
export function nameFields(tagger: Tagger): void {
  const { tokens } = tagger
  const labels = personLabels()
  for (let n = 1; n < tokens.count; n++) {
    if (tokens.kind[n] !== TokenKind.colon) continue
    if (labels.has(tokens.word[n - 1] ?? 0)) nameAt(tagger, n + 1, valueEnd(tagger, n + 1), false)
    else nameAt(tagger, lineStart(tagger, n), n, true)
  }
}

/** The end of the words from `from` on that may be one name; `from` itself when there is none. */
function valueEnd({ tokens }: Tagger, from: number): number {
  let to = from
  while (to < tokens.count && to - from <= MAX_WORDS && isNamePart(tokens.kind[to] ?? 0)) to++
  const isEnd = to === tokens.count || !isWordKind(tokens.kind[to] ?? 0)
  return isEnd ? to : from
}

/** Where the line of a colon begins, when only words stand in front of it; the colon itself otherwise. */
function lineStart({ tokens }: Tagger, colon: number): number {
  let from = colon
  while (from > 0 && colon - from <= MAX_WORDS && isNamePart(tokens.kind[from - 1] ?? 0)) from--
  return from === 0 || tokens.kind[from - 1] === TokenKind.newline ? from : colon
}

function isNamePart(kind: number): boolean {
  return kind >= TokenKind.lower && kind <= TokenKind.mixed
}

function isWordKind(kind: number): boolean {
  return isNamePart(kind) || kind === TokenKind.digits || kind === TokenKind.alphanumeric
}

/** Labels `[from, to)` as a person when its words look like a name and none of them is labelled yet. */
function nameAt(tagger: Tagger, from: number, to: number, isSpeaker: boolean): void {
  const { tokens, labels, margins, context } = tagger
  if (to <= from || to - from > MAX_WORDS) return
  let isName = false
  let capitals = 0
  for (let n = from; n < to; n++) {
    if ((labels[n] ?? OUTSIDE) !== OUTSIDE) return
    const mask = context.mask[n] ?? 0
    const isFrequent = mask >>> LANGUAGE_SHIFT !== 0
    if (tokens.kind[n] !== TokenKind.lower) capitals++
    else if (isFrequent) return
    if (isFrequent && isSpeaker) return
    if (!isFrequent && (mask & (isSpeaker ? LexiconBit.given : ANY_NAME)) !== 0) isName = true
  }
  if (!isName || (isSpeaker && capitals < to - from)) return
  for (let n = from; n < to; n++) {
    labels[n] = n === from ? beginLabel(PERSON) : insideLabel(PERSON)
    margins[n] = 0
  }
}
