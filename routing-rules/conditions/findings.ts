/**
 * What the detectors found, as counts of distinct findings.
 *
 * A count says how many were found; whether there are more depends on the layers that look for the type.
 * Identifiers with a format of their own (cards, keys, e-mail addresses …), and types that only an operator's
 * list defines, are the pattern layer's work: their count is exact when `pattern` is `ok`. Names and meanings
 * (people, places, health …) need every layer: `pattern` `ok`, and `ner` and `contextual` `ok` or `off`. A layer that
 * is off is a choice of the installation, which has no such layer; one that failed leaves its findings unknown.
 * Otherwise the count is a lower bound: what it already proves is known, the rest is unknown.
 */
import type { Facts } from '../types.ts'
import type { FactFamily, NumberFact, Vocabulary } from './types.ts'

const NEEDS_EVERY_LAYER: ReadonlySet<string> = new Set([
  'PERSON',
  'LOCATION',
  'ADDRESS',
  'ORG',
  'DATE_TIME',
  'AGE',
  'USERNAME',
  'NRP',
  'HEALTH',
  'BIOMETRIC',
  'TITLE_OR_JOB',
  'MISC',
])

export const findings: FactFamily = {
  id: 'findings',
  facts: (vocabulary) => [
    {
      path: 'findings.total',
      kind: 'number',
      min: 0,
      max: Number.POSITIVE_INFINITY,
      about: 'distinct findings of all types',
      keys: ['findings', 'total'],
      read: (facts) => facts.findings.total,
      bound: (facts) => (everyLayerRan(facts) ? 'exact' : 'lower'),
    },
    {
      path: 'findings.min_score',
      kind: 'number',
      min: 0,
      max: 1,
      about: 'lowest score among the findings',
      keys: ['findings', 'min_score'],
      read: (facts) => facts.findings.min_score,
      bound: (facts) => (everyLayerRan(facts) ? 'exact' : 'upper'),
    },
    {
      path: 'findings.quasi_score',
      kind: 'number',
      min: 0,
      max: QUASI_IDENTIFIERS.length,
      about:
        'how many of role, employer, place, age, date and condition meet: each says little, together they identify',
      keys: ['findings', 'quasi_score'],
      read: (facts) =>
        facts.findings.quasi_score === undefined ? quasiScore(facts) : facts.findings.quasi_score,
      bound: (facts) =>
        everyLayerRan(facts) && QUASI_IDENTIFIERS.flat().every((type) => isKnown(facts, type))
          ? 'exact'
          : 'lower',
    },
    ...counts(vocabulary),
  ],
}

/** Role, employer, place, age, date, condition: kinds of detail that say little alone. */
const QUASI_IDENTIFIERS = [
  ['TITLE_OR_JOB'],
  ['ORG'],
  ['LOCATION', 'ADDRESS'],
  ['AGE'],
  ['DATE_TIME'],
  ['HEALTH'],
] as const

/** Kinds that were found at least once. */
function quasiScore(facts: Facts): number {
  return QUASI_IDENTIFIERS.filter((types) => types.some((type) => known(facts.findings.counts[type]) > 0))
    .length
}

function counts(vocabulary: Vocabulary): NumberFact[] {
  const types = vocabulary.entities.map((type) => countOf(type, [type]))
  const groups = [...vocabulary.groups].map(([group, members]) => countOf(group, members))
  return [...types, ...groups]
}

function countOf(name: string, members: readonly string[]): NumberFact {
  const hasRun = members.some((type) => NEEDS_EVERY_LAYER.has(type)) ? everyLayerRan : patternRan
  return {
    path: `findings.${name}.count`,
    kind: 'number',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    about: members.length > 1 ? `distinct findings of ${members.join(', ')}` : `distinct ${name} findings`,
    keys: ['findings', 'counts', members[0] ?? name],
    read: (facts) => {
      let sum = 0
      for (const type of members) sum += known(facts.findings.counts[type])
      return sum
    },
    bound: (facts) => (hasRun(facts) && members.every((type) => isKnown(facts, type)) ? 'exact' : 'lower'),
  }
}

function known(count: unknown): number {
  return typeof count === 'number' && count > 0 ? count : 0
}

/** A count that stands there must be a number from 0 up; one that is absent is 0 where the layers ran. */
function isKnown(facts: Facts, type: string): boolean {
  const count: unknown = facts.findings.counts[type]
  return count === undefined || (typeof count === 'number' && count >= 0)
}

function patternRan(facts: Facts): boolean {
  return facts.detectors.pattern === 'ok'
}

function everyLayerRan(facts: Facts): boolean {
  const { pattern, ner, contextual } = facts.detectors
  return pattern === 'ok' && isDone(ner) && isDone(contextual)
}

function isDone(layer: string | null | undefined): boolean {
  return layer === 'ok' || layer === 'off'
}
