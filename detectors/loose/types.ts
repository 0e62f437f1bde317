/** What a recogniser says about its identifiers when they are not written as its pattern wants. */
import type { ContextWords } from '../context.ts'

/** How to know an identifier by its letters and digits alone. */
export interface LooseForm {
  /** Whether these letters and digits, without any separators, are one. Case as written. */
  test(compact: string): boolean
  /** Words one of which must stand near; null: none are known. */
  readonly context: ContextWords | null
  /** Whether a check digit proves it. */
  readonly isChecked: boolean
  /** Whether it needs no word near: format and check digit leave little to chance. */
  readonly isStrong: boolean
  /** Lengths it may have, in letters and digits. */
  readonly lengths: readonly number[]
}
