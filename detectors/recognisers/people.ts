/** People, places and organisations by the `compromise` library: the one place that loads it. English only. */
import { createRequire } from 'node:module'
import { example } from '../define.ts'
import type { KnownEntityType } from '../entities.ts'
import type { AnalysedText, Finding, Recogniser } from '../types.ts'

/** The little of the library's interface that is used. */
interface Phrase {
  readonly text: string
  readonly offset: { readonly start: number; readonly length: number }
}
interface Selection {
  json(options: { readonly offset: true; readonly terms: false }): readonly Phrase[]
}
interface Parsed {
  people(): Selection
  places(): Selection
  organizations(): Selection
}
type Parse = (text: string) => Parsed

const KINDS: readonly (readonly [KnownEntityType, (parsed: Parsed) => Selection])[] = [
  ['PERSON', (parsed) => parsed.people()],
  ['LOCATION', (parsed) => parsed.places()],
  ['ORG', (parsed) => parsed.organizations()],
]

/** Sentences of at most this many units; longer ones are cut at a space. */
const MAX_SENTENCE = 600
const SENTENCE = new RegExp(`[^.!?\\n]{1,${MAX_SENTENCE}}[.!?\\n]{0,3}`, 'gu')
const CAPITALISED = /(?<![\p{L}\p{N}_])\p{Lu}[\p{L}'-]{1,40}/gu
/** Words that begin a sentence without being a name. */
const OPENERS = new Set(
  (
    'The This That These Those It He She They We You There Here In On At For From With When Where What Why How Who If As And But Or So Then ' +
    'Please Thanks Hi Hello Dear Can Could Would Should Is Are Was Were Do Does Did Have Has To Your My Our His Her Its Not No Yes All Some'
  ).split(' '),
)

/** Whether a sentence has a capitalised word that could be a name. */
function mayHoldName(sentence: string): boolean {
  for (const match of sentence.matchAll(CAPITALISED)) if (!OPENERS.has(match[0])) return true
  return false
}

const EDGES = /^[^\p{L}\p{N}]+|(?:'s)?[^\p{L}\p{N}]*$/gu

function findIn(parse: Parse, sentence: string, offset: number): Finding[] {
  const parsed = parse(sentence)
  return KINDS.flatMap(([entity, select]) =>
    select(parsed)
      .json({ offset: true, terms: false })
      .flatMap((phrase) => {
        const raw = sentence.slice(phrase.offset.start, phrase.offset.start + phrase.offset.length)
        const value = raw.replace(EDGES, '')
        const start = offset + phrase.offset.start + Math.max(0, raw.indexOf(value))
        if (!/\p{Lu}/u.test(value)) return []
        return [{ entity, span: { start, end: start + value.length }, score: 0.6, recogniser: 'compromise' }]
      }),
  )
}

function isParse(value: unknown): value is Parse {
  return typeof value === 'function'
}

/** Loads the library (about 100 ms). Throws `TypeError` when it is not what was installed. */
function load(): Parse {
  const loaded: unknown = createRequire(import.meta.url)('compromise')
  if (!isParse(loaded)) throw new TypeError('compromise is not a function')
  return loaded
}

/** Makes the recogniser; the library is loaded here and not before. */
export function createPeople(): Recogniser {
  const parse = load()
  return {
    id: 'compromise',
    layer: 'ner',
    entities: ['PERSON', 'LOCATION', 'ORG'],
    about: { source: 'compromise (MIT)' },
    examples: [
      example('Yesterday Mary Johnson went to Chicago.', 'Mary Johnson', 'Chicago'),
      example('the report is late.'),
    ],
    analyse: (text: AnalysedText) => {
      const findings: Finding[] = []
      for (const match of text.canonical.matchAll(SENTENCE)) {
        if (mayHoldName(match[0])) findings.push(...findIn(parse, match[0], match.index))
      }
      return findings
    },
  }
}
