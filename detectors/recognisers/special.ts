/**
 * Special categories of personal data (GDPR art. 9): a term of a dictionary, and something near it that makes it a
 * statement about a person. "What causes diabetes?" is a question; "my diabetes" is personal data.
 */
import { type ContextWords, contextWords } from '../context.ts'
import { CONDITION_TERMS } from '../data/condition-terms.ts'
import { DEMONYM_TERMS } from '../data/demonym-terms.ts'
import { DRUG_TERMS } from '../data/drug-terms.ts'
import { PARTY_TERMS } from '../data/party-terms.ts'
import { example } from '../define.ts'
import type { KnownEntityType } from '../entities.ts'
import { WordTable } from '../scan.ts'
import { scanOf } from '../text.ts'
import type { Example, Finding, Recogniser } from '../types.ts'
import {
  ATTENDANCE_WORDS,
  BELONGING_CUES,
  BIOMETRIC_WORDS,
  CONDITION_WORDS,
  ETHNICITY_WORDS,
  MEDICATION_WORDS,
  NATIONALITY_CUES,
  NATIONALITY_WORDS,
  ORIENTATION_WORDS,
  PERSON_CUES,
  POLITICAL_CUES,
  POLITICAL_WORDS,
  RELIGION_WORDS,
  STATE_CUES,
  STATE_WORDS,
  TREATMENT_CUES,
  UNION_WORDS,
} from './special-words.ts'

/** One kind of terms and the cues one of which must be near. */
interface Kind {
  readonly subtype: string
  readonly cues: ContextWords | null
}

const lines = (text: string): readonly string[] => text.split('\n')

/** Entries of the dictionaries that are everyday words, names or parts of speech far more often than what they list. */
const EVERYDAY: ReadonlySet<string> = new Set(
  (
    'parameter|std|senda|enceinte|cervical|rectal|glucose|podemos|pt|rom|roma|negro|latino|christian|finn|placebo|surgery|' +
    'abortion|blind|english'
  ).split('|'),
)

/** Names that begin with a nationality and say nothing about a person. */
const NAMED_AFTER =
  /^ (?:express|airlines?|airways|idiot|association|bank|dollars?|pounds?|language|grammar|keyboard|lesson|class|teacher|accent|translation|version|text|words?|food|restaurant|cuisine|dressing|toast|fries)(?![\p{L}\p{N}])/iu

interface Category {
  readonly id: string
  readonly entity: KnownEntityType
  readonly about: string
  /** Without cues, a term is a statement by itself. */
  readonly kinds: readonly (readonly [
    subtype: string,
    cues: readonly string[] | null,
    terms: readonly string[],
  ])[]
  readonly examples: readonly Example[]
}

/** Where a sentence or a line ends: a cue beyond it belongs to something else. */
const SENTENCE_END = /(?<![0-9])[.!?]\s|[。！？]\s|\n\s*\n/u
const REACH = 110

/** The sentence around a span, at most `REACH` units to each side, with the span itself taken out. */
function surroundings(text: string, start: number, end: number): readonly [before: string, after: string] {
  const before =
    text
      .slice(Math.max(0, start - REACH), start)
      .split(SENTENCE_END)
      .at(-1) ?? ''
  const after = text.slice(end, end + REACH).split(SENTENCE_END)[0] ?? ''
  return [before, after]
}

/** Makes a recogniser of one category. The dictionaries are compiled when it is first used. */
function defineCategory({ id, entity, about, kinds, examples }: Category): Recogniser {
  let compiled: WordTable<Kind> | null = null
  const compile = (): WordTable<Kind> => {
    const entries = new Map<string, Kind>()
    for (const [subtype, cues, terms] of kinds) {
      const kind = { subtype, cues: cues === null ? null : contextWords(cues) }
      for (const term of terms) if (!entries.has(term) && !EVERYDAY.has(term)) entries.set(term, kind)
    }
    return new WordTable(entries)
  }
  return {
    id,
    layer: 'pattern',
    entities: [entity],
    about: { source: about },
    examples,
    analyse: (analysed) => {
      compiled ??= compile()
      const text = analysed.canonical
      const findings: Finding[] = []
      let done = 0
      compiled.each(text, scanOf(analysed).words, (start, end, { subtype, cues }) => {
        if (start < done || (subtype === 'nationality' && NAMED_AFTER.test(text.slice(end, end + 24)))) return
        const [before, after] = surroundings(text, start, end)
        const joined = `${before} \u0000 ${after}`
        if (cues?.isNear(joined, { start: joined.length, end: joined.length }, joined.length) === false)
          return
        done = end
        findings.push({ entity, subtype, span: { start, end }, score: 0.7, recogniser: id })
      })
      return findings
    },
  }
}

const health = defineCategory({
  id: 'health',
  entity: 'HEALTH',
  about: 'Human Disease Ontology, open lists of symptoms and medicines; own words in 14 languages',
  kinds: [
    ['condition', [...STATE_CUES, ...PERSON_CUES], STATE_WORDS],
    ['condition', PERSON_CUES, [...CONDITION_WORDS, ...lines(CONDITION_TERMS)]],
    ['medication', [...TREATMENT_CUES, ...PERSON_CUES], MEDICATION_WORDS],
    ['medication', TREATMENT_CUES, lines(DRUG_TERMS)],
  ],
  examples: [
    example('She was diagnosed with type 2 diabetes last year.', 'diabetes'),
    example('Mein Kollege leidet an Depressionen.', 'Depressionen'),
    example('The patient takes metformin daily', 'metformin'),
    example('Je souffre de sclérose en plaques.', 'sclérose en plaques'),
    example('Anna ist im 5. Monat schwanger.', 'schwanger'),
    example('What causes diabetes?'),
    example('The company launched a cancer of a product? No.'),
    example('Metformin was approved in 1995.'),
  ],
})

const nrp = defineCategory({
  id: 'nrp',
  entity: 'NRP',
  about: 'open lists of nationalities and parties; own words in 12 languages',
  kinds: [
    ['religion', BELONGING_CUES, RELIGION_WORDS],
    ['religion', null, ATTENDANCE_WORDS],
    ['sexual_orientation', BELONGING_CUES, ORIENTATION_WORDS],
    ['trade_union', PERSON_CUES, UNION_WORDS],
    ['political', [...POLITICAL_CUES, ...BELONGING_CUES], POLITICAL_WORDS],
    ['political', POLITICAL_CUES, lines(PARTY_TERMS)],
    ['ethnicity', BELONGING_CUES, ETHNICITY_WORDS],
    ['nationality', NATIONALITY_CUES, [...NATIONALITY_WORDS, ...lines(DEMONYM_TERMS)]],
  ],
  examples: [
    example('She is a practising Muslim.', 'Muslim'),
    example('He is gay and a union member', 'gay', 'union member'),
    example('Nationality: Moroccan', 'Moroccan'),
    example('Ich bin katholisch und Gewerkschaftsmitglied.', 'katholisch', 'Gewerkschaftsmitglied'),
    example('The French revolution changed Europe.'),
    example('He attends mosque on Fridays', 'attends mosque'),
    example('Catholic churches of the region'),
    example('democratic elections'),
  ],
})

const biometric = defineCategory({
  id: 'biometric',
  entity: 'BIOMETRIC',
  about: 'GDPR art. 4(13), 4(14); own words in 8 languages',
  kinds: [['biometric', PERSON_CUES, BIOMETRIC_WORDS]],
  examples: [
    example('her fingerprint scan and iris scan were stored', 'fingerprint scan', 'iris scan'),
    example('His DNA profile matches', 'DNA profile'),
    example('the patient carries a BRCA1 mutation', 'BRCA1 mutation'),
    example('fingerprint scan in phones is common'),
    example('the iris blooms'),
    example('facial expressions'),
  ],
})

/** All of this file. */
export const SPECIAL: readonly Recogniser[] = [health, nrp, biometric]
