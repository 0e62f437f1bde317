/** The labels of the tagger: one outside label and a begin/inside pair for each entity type. */
import type { KnownEntityType } from '../entities.ts'

/** The entity types the tagger knows, in the order of its labels. Changing it needs a new model. */
export const NER_TYPES = [
  'PERSON',
  'ORG',
  'LOCATION',
  'ADDRESS',
  'TITLE_OR_JOB',
  'NRP',
  'DATE_TIME',
] as const satisfies readonly KnownEntityType[]

/** One of the entity types the tagger knows. */
export type NerType = (typeof NER_TYPES)[number]

/** Label 0 is "outside"; type `t` begins with `1 + 2t` and goes on with `2 + 2t`. */
export const LABEL_COUNT = 1 + 2 * NER_TYPES.length

/** The outside label. */
export const OUTSIDE = 0

/** The label that begins an entity of the type with this index in `NER_TYPES`. */
export function beginLabel(typeIndex: number): number {
  return 1 + 2 * typeIndex
}

/** The label that continues an entity of the type with this index in `NER_TYPES`. */
export function insideLabel(typeIndex: number): number {
  return 2 + 2 * typeIndex
}

/** The index in `NER_TYPES` of a label, or -1 for the outside label. */
export function typeOfLabel(label: number): number {
  return label === OUTSIDE ? -1 : (label - 1) >> 1
}

/** Whether a label continues an entity. */
export function isInside(label: number): boolean {
  return label !== OUTSIDE && (label & 1) === 0
}

/** Whether `next` may follow `previous`: an inside label only follows a label of its own type. */
export function mayFollow(previous: number, next: number): boolean {
  return !isInside(next) || typeOfLabel(previous) === typeOfLabel(next)
}
