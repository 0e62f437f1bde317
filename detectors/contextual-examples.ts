/** Worked examples for the contextual prompt, one per language. All people and places in them are invented. */

/** A document and what is to be found in it, word for word. */
export interface ContextualExample {
  readonly language: string
  /** Frequent small words by which the language of a document is guessed. */
  readonly words: readonly string[]
  readonly document: string
  readonly findings: readonly { readonly type: string; readonly text: string }[]
}

const words = (list: string): readonly string[] => list.split(' ')

export const CONTEXTUAL_EXAMPLES: readonly ContextualExample[] = [
  {
    language: 'en',
    words: words('the and of is with for that was are this'),
    document:
      'Bobby, the night porter at the old lighthouse hotel, has stopped coming since his chemo. My manager says Project Heron must not hear of it.',
    findings: [
      { type: 'PERSON', text: 'Bobby' },
      { type: 'TITLE_OR_JOB', text: 'the night porter at the old lighthouse hotel' },
      { type: 'HEALTH', text: 'chemo' },
      { type: 'TITLE_OR_JOB', text: 'My manager' },
      { type: 'MISC', text: 'Project Heron' },
    ],
  },
  {
    language: 'de',
    words: words('der die das und ist nicht mit ein für auf'),
    document:
      'Die Pfarrerin von Oberkirchau trinkt wieder, sagt Mausi. Unsere Kanzlei vertritt ihren Exmann.',
    findings: [
      { type: 'TITLE_OR_JOB', text: 'Die Pfarrerin von Oberkirchau' },
      { type: 'HEALTH', text: 'trinkt wieder' },
      { type: 'PERSON', text: 'Mausi' },
      { type: 'PERSON', text: 'ihren Exmann' },
    ],
  },
  {
    language: 'fr',
    words: words('le la les et est des une pas pour dans'),
    document:
      "Le maire de Valbrune suit une cure depuis mars, d'après sa sœur, qui tient la pharmacie du port.",
    findings: [
      { type: 'TITLE_OR_JOB', text: 'Le maire de Valbrune' },
      { type: 'HEALTH', text: 'suit une cure' },
      { type: 'DATE_TIME', text: 'mars' },
      { type: 'PERSON', text: 'sa sœur, qui tient la pharmacie du port' },
    ],
  },
  {
    language: 'es',
    words: words('el los las y es que una por para con'),
    document: 'El Chispa, que fue portero del club de Monteluz, no puede viajar por su diálisis.',
    findings: [
      { type: 'PERSON', text: 'El Chispa' },
      { type: 'TITLE_OR_JOB', text: 'portero del club de Monteluz' },
      { type: 'HEALTH', text: 'diálisis' },
    ],
  },
  {
    language: 'it',
    words: words('il gli che è di una per non con sono'),
    document: "La preside del liceo di Castelnero è l'unica iscritta al sindacato, mi dice Pippo.",
    findings: [
      { type: 'TITLE_OR_JOB', text: 'La preside del liceo di Castelnero' },
      { type: 'NRP', text: 'iscritta al sindacato' },
      { type: 'PERSON', text: 'Pippo' },
    ],
  },
  {
    language: 'pt',
    words: words('o os do da na que uma não para com'),
    document: 'O dono da padaria da Rua do Farol foi visto na clínica; a Nini não sabe do divórcio.',
    findings: [
      { type: 'PERSON', text: 'O dono da padaria da Rua do Farol' },
      { type: 'HEALTH', text: 'foi visto na clínica' },
      { type: 'PERSON', text: 'Nini' },
    ],
  },
  {
    language: 'nl',
    words: words('de het een en van is niet met voor dat'),
    document: 'De enige huisarts van Zandwoude zit thuis met een burn-out, zei haar buurvrouw op dinsdag.',
    findings: [
      { type: 'TITLE_OR_JOB', text: 'De enige huisarts van Zandwoude' },
      { type: 'HEALTH', text: 'burn-out' },
      { type: 'PERSON', text: 'haar buurvrouw' },
      { type: 'DATE_TIME', text: 'dinsdag' },
    ],
  },
  {
    language: 'pl',
    words: words('i w na nie się z jest do że to'),
    document: 'Sołtyska z Wierzbowa leczy się w poradni, a Zbyszek, jej zięć, stracił prawo jazdy.',
    findings: [
      { type: 'TITLE_OR_JOB', text: 'Sołtyska z Wierzbowa' },
      { type: 'HEALTH', text: 'leczy się w poradni' },
      { type: 'PERSON', text: 'Zbyszek' },
    ],
  },
]

const WORD = /[\p{L}\p{M}]+/gu
/** Words looked at: a guess needs no more. */
const SAMPLE_UNITS = 1_000

/** The example in the document's language, after the English one; that alone where the language is not known. */
export function examplesFor(document: string): readonly ContextualExample[] {
  const seen = document.slice(0, SAMPLE_UNITS).toLowerCase().match(WORD) ?? []
  const scores = CONTEXTUAL_EXAMPLES.map((example) => {
    const known = new Set(example.words)
    return { example, score: seen.filter((word) => known.has(word)).length }
  })
  const english = scores.filter(({ example }) => example.language === 'en')
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  const chosen = best.example.language === 'en' || best.score === 0 ? english : [...english, best]
  return chosen.map(({ example }) => example)
}
