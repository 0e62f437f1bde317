/**
 * All patterns that start at numbers, asked at once: each start is shown to those patterns only that can begin with its
 * run of digits or letters, have digits enough there, and have one of their words somewhere in the text if they need one.
 */
import { type Boundary, beginsAt } from './boundary.ts'
import type { ContextWords } from './context.ts'
import { ContextIndex } from './loose/context-index.ts'
import type { NumberStarts } from './scan.ts'
import { scanOf } from './text.ts'
import type { AnalysedText, Finding } from './types.ts'

/** A pattern as it is asked at a number. */
export interface NumberPattern {
  /** Digits there are from the start on, at least. */
  readonly digits: number
  /** Runs a match may start with: see `firstRuns`. */
  readonly runs: number
  readonly boundary: Boundary
  /** The words one of which has to be near; null when it has none, or needs none. */
  readonly context: ContextWords | null
  /** Whether a match counts only with a word near, or alone. */
  readonly needsWord: boolean
  readonly mayBeAlone: boolean
  /** The finding at an offset, and where the next match may start. */
  findAt(text: string, at: number): { readonly finding: Finding; readonly end: number } | null
}

/** Bits of `NumberStarts.boundaries` by kind: asked, and the answer. */
const ASKED: Readonly<Record<'number' | 'word', readonly [asked: number, yes: number]>> = {
  number: [1, 2],
  word: [4, 8],
}
/** Whether the text in front of a start lets an identifier begin there; remembered for the next pattern. */
export function mayBeginAt(numbers: NumberStarts, i: number, text: string, boundary: Boundary): boolean {
  if (boundary === 'none') return true
  const [asked, yes] = ASKED[boundary]
  const known = numbers.boundaries[i] ?? 0
  if ((known & asked) !== 0) return (known & yes) !== 0
  const mayBegin = beginsAt(text, numbers.starts[i] ?? 0, boundary)
  numbers.boundaries[i] = known | asked | (mayBegin ? yes : 0)
  return mayBegin
}

/** Longest identifier that may be all there is of a text, quotes and brackets aside. */
const LONGEST_ALONE = 96

interface Member<Owner> {
  readonly form: { readonly context: ContextWords | null }
  readonly pattern: NumberPattern
  readonly owner: Owner
  readonly index: number
}

/** Patterns by the runs that they may start with. */
export class NumberPatterns<Owner> {
  readonly #members: readonly Member<Owner>[]
  /** By the bit of a run; fewest digits first. */
  readonly #byRun: readonly (readonly Member<Owner>[])[]
  readonly #words: ContextIndex<Member<Owner>>

  constructor(owners: readonly (readonly [owner: Owner, pattern: NumberPattern])[]) {
    this.#members = owners.map(([owner, pattern], index) => ({
      form: { context: pattern.context },
      pattern,
      owner,
      index,
    }))
    const byDigits = this.#members.toSorted((a, b) => a.pattern.digits - b.pattern.digits)
    this.#byRun = Array.from({ length: 32 }, (_, bit) =>
      byDigits.filter(({ pattern }) => (pattern.runs & (1 << bit)) !== 0),
    )
    this.#words = new ContextIndex(this.#members.filter(({ pattern }) => pattern.context !== null))
  }

  /** Calls `visit` with every finding: of one owner they are disjoint and in order. Throws what a pattern throws. */
  find(analysed: AnalysedText, visit: (owner: Owner, finding: Finding) => void): void {
    const scan = scanOf(analysed)
    const text = analysed.canonical
    const { numbers } = scan
    const { starts, digits, runs } = numbers
    if (starts.length === 0) return
    const done = new Int32Array(this.#members.length)
    let near: ReadonlySet<Member<Owner>> | null = null
    for (let i = 0; i < starts.length; i += 1) {
      const at = starts[i] ?? 0
      const most = digits[i] ?? 0
      const isEdge = at <= 8 && text.length - at <= LONGEST_ALONE
      for (const member of this.#byRun[31 - Math.clz32(runs[i] ?? 1)] ?? []) {
        const { pattern, index, owner } = member
        if (pattern.digits > most) break
        if (at < (done[index] ?? 0)) continue
        if (pattern.needsWord && !(isEdge && pattern.mayBeAlone)) {
          near ??= this.#words.present(text, scan)
          if (!near.has(member)) continue
        }
        if (!mayBeginAt(numbers, i, text, pattern.boundary)) continue
        const found = pattern.findAt(text, at)
        if (found === null) continue
        visit(owner, found.finding)
        done[index] = found.end
      }
    }
  }
}
