/** What the shipped classifier takes texts for that were gathered for other reasons: no prompts, in many languages. */
import { classify } from '../../../proxy/classify/index.ts'
import { readSets } from '../../detect/sets.ts'
import type { Figure } from './evaluate.ts'

/** Texts of a set that are looked at. */
const TEXTS = 400

/** The shares of domains in each labelled set of a folder, as the benchmark detect reads it. */
export function domainsOfTexts(folder: string): readonly Figure[] {
  return readSets(folder, []).map(({ name, documents }) => {
    const texts = documents.slice(0, TEXTS).map(({ text }) => classify(text))
    const counts = new Map<string, number>()
    for (const { domain } of texts) counts.set(domain, (counts.get(domain) ?? 0) + 1)
    const shares = [...counts].sort((a, b) => b[1] - a[1]).map(([domain, n]) => [domain, n / texts.length])
    return { name, n: texts.length, values: Object.fromEntries(shares) as Record<string, number> }
  })
}
