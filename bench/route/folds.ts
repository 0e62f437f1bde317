/** Folds for cross-validation in which no question is learnt from its near-duplicate. */
import { randomSource, shuffled } from '../train/classify/fit.ts'

/** Words of a run by which texts are compared. */
const RUN = 4
/** Runs that stand in more texts than this are the form of a set, not a question. */
const COMMON = 10
/** Part of the shorter text's runs that two texts must share to be twins, and at least how many. */
const SHARED_PART = 0.4
const SHARED_LEAST = 3

/** A number per text: the same for near-duplicates, and for near-duplicates of those. */
export function twinGroups(texts: readonly string[]): readonly number[] {
  const runs = texts.map(runsOf)
  const places = new Map<string, number[]>()
  for (const [i, own] of runs.entries()) {
    for (const run of own) places.set(run, [...(places.get(run) ?? []), i].slice(0, COMMON + 1))
  }
  const rare = new Array<number>(texts.length).fill(0)
  const shared = new Map<string, number>()
  for (const found of places.values()) {
    if (found.length > COMMON) continue
    for (const [k, a] of found.entries()) {
      rare[a] = (rare[a] ?? 0) + 1
      for (const b of found.slice(k + 1)) shared.set(`${a} ${b}`, (shared.get(`${a} ${b}`) ?? 0) + 1)
    }
  }
  const groups = new Groups(texts.length)
  for (const [pair, count] of shared) {
    const [a = 0, b = 0] = pair.split(' ').map(Number)
    const least = SHARED_PART * Math.min(rare[a] ?? 0, rare[b] ?? 0)
    if (count >= Math.max(SHARED_LEAST, least)) groups.join(a, b)
  }
  return texts.map((_, i) => groups.of(i))
}

function runsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const runs = new Set<string>()
  for (let i = 0; i + RUN <= words.length; i++) runs.add(words.slice(i, i + RUN).join(' '))
  return runs
}

/** Who belongs together. */
class Groups {
  readonly #parents: number[]

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, i) => i)
  }

  of(i: number): number {
    let at = i
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) {
      this.#parents[at] = this.#parents[parent] ?? parent
      at = parent
    }
    return at
  }

  join(a: number, b: number): void {
    this.#parents[this.of(a)] = this.of(b)
  }
}

/** A fold, 0…`folds`-1, for each group number, by chance from the seed: equal numbers share one. */
export function foldsOf(groups: readonly number[], folds: number, seed: number): readonly number[] {
  const all = [...new Set(groups)]
  const order = shuffled(all.length, randomSource(seed))
  const foldOf = new Map([...order].map((at, k) => [all[at] ?? 0, k % folds]))
  return groups.map((group) => foldOf.get(group) ?? 0)
}
