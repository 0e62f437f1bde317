/** Values found again in a text as ranges to replace: as they are, behind escapes, and in base64. */
import { runAround } from './needles.ts'
import { cutsOf, type Range } from './ranges.ts'
import { type Sought, ValueSearch } from './value-search.ts'
import { decodedViews } from './views.ts'

/** Looks for some values. */
export class RepeatFinder {
  readonly #search: ValueSearch

  constructor(sought: Iterable<Sought>) {
    this.#search = new ValueSearch(sought)
  }

  /** Ranges of `text` that hold a value, in no order; `ranges` are those that will be replaced already. */
  find(text: string, ranges: readonly Range[]): readonly Range[] {
    const found: Range[] = []
    this.#findIn(text, cutsOf(text, ranges), (range) => found.push(range))
    for (const view of decodedViews(text)) {
      const inView = ranges.flatMap(({ start, end }) => [view.fromOriginal(start), view.fromOriginal(end)])
      this.#findIn(view.text, new Set(inView), (range) => {
        found.push({ ...view.toOriginal(range), entity: range.entity })
      })
    }
    return found
  }

  #findIn(text: string, cuts: ReadonlySet<number>, add: (range: Range) => void): void {
    let done = 0
    this.#search.each(text, { boundary: -1, cuts }, ({ start, end, sought: { entity }, form }) => {
      if (form !== 'base64') add({ start, end, entity })
      else if (start >= done) {
        const run = runAround(text, { start, end })
        done = run.end
        add({ ...run, entity })
      }
      return 'taken'
    })
  }
}
