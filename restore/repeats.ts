/** Values found again in a text as ranges to replace: as they are, behind escapes, and in base64. */
import { Base64Needles, runAround } from './needles.ts'
import { OccurrenceFinder, type Sought } from './occurrences.ts'
import { cutsOf, type Range } from './ranges.ts'
import { decodedViews } from './views.ts'

/** Looks for some values. */
export class RepeatFinder {
  readonly #sought: readonly Sought[]
  readonly #occurrences: OccurrenceFinder
  readonly #needles: Base64Needles

  constructor(sought: readonly Sought[]) {
    this.#sought = sought
    this.#occurrences = new OccurrenceFinder(sought)
    this.#needles = new Base64Needles(sought.map(({ value }) => value))
  }

  /** Ranges of `text` that hold a value, in no order; `ranges` are those that will be replaced already. */
  find(text: string, ranges: readonly Range[]): readonly Range[] {
    const cuts = cutsOf(text, ranges)
    const found: Range[] = [...this.#occurrences.find(text, cuts)]
    this.#findBase64(text, (range) => found.push(range))
    for (const view of decodedViews(text)) {
      const inView = ranges.flatMap(({ start, end }) => [view.fromOriginal(start), view.fromOriginal(end)])
      for (const occurrence of this.#occurrences.find(view.text, new Set(inView))) {
        found.push({ ...view.toOriginal(occurrence), entity: occurrence.entity })
      }
      this.#findBase64(view.text, (range) => found.push({ ...view.toOriginal(range), entity: range.entity }))
    }
    return found
  }

  #findBase64(text: string, add: (range: Range) => void): void {
    let done = 0
    for (const hit of this.#needles.find(text)) {
      if (hit.start < done) continue
      const run = runAround(text, hit)
      done = run.end
      add({ ...run, entity: this.#sought[hit.item]?.entity ?? 'MISC' })
    }
  }
}
