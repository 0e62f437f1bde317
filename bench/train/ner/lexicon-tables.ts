/** Sorts what a lexicon is to know into the tables that the tagger reads. */
import type { LexiconTables } from '../../../detectors/ner/lexicon.ts'

/** The tables for entries from key to mask, cluster entries by key, the group of every cluster, and the forms of names. */
export function tablesOf(
  entries: ReadonlyMap<number, number>,
  clusters: ReadonlyMap<number, number> = new Map(),
  groups: Uint8Array = new Uint8Array(1),
  forms: Int8Array = new Int8Array(0),
): LexiconTables {
  const keys = Int32Array.from(entries.keys()).sort()
  const numbers = numberMasks(entries)
  return {
    keys,
    maskNumbers: Uint16Array.from(keys, (key) => numbers.get(entries.get(key) ?? 0) ?? 0),
    masks: Int32Array.from(numbers.keys()),
    clusters: Uint16Array.from(keys, (key) => clusters.get(key) ?? 0),
    groups,
    forms,
  }
}

/** Numbers the distinct masks, the most frequent first, so that most numbers fit one byte. */
function numberMasks(entries: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const mask of entries.values()) counts.set(mask, (counts.get(mask) ?? 0) + 1)
  if (counts.size > 65535) throw new RangeError('too many distinct masks in the lexicon')
  const ordered = [...counts].sort((left, right) => right[1] - left[1] || left[0] - right[0])
  return new Map(ordered.map(([mask], number) => [mask, number]))
}
