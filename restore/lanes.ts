/** One restorer per lane: the streams of text inside one answer, which come interleaved. */
import { type CountingRestorer, createRestorer, type RestoreOptions } from './stream.ts'
import type { TextSlot, Vault } from './types.ts'

/** A piece of a lane: what `restore` needs of a slot. */
export type LanePiece = Pick<TextSlot, 'lane' | 'text' | 'json' | 'last' | 'tool'>

/** Restores the lanes of one answer. */
export interface Lanes {
  /** What may be shown of this piece. With `last`, all that was held back too; the lane is then forgotten. */
  restore(piece: LanePiece): string
  /** What is still held back of a lane, which is then forgotten; empty for a lane that is not known. */
  flush(lane: string): string
  /** Placeholders put back so far, in all lanes. */
  readonly restoredCount: number
}

/** Lanes over the values of one request. A lane is JSON, or a tool's, when its first piece says so. Nothing here throws. */
export function createLanes(vault: Vault, options: Omit<RestoreOptions, 'json' | 'tool'> = {}): Lanes {
  const open = new Map<string, CountingRestorer>()
  let closedCount = 0
  const flush = (lane: string): string => {
    const restorer = open.get(lane)
    if (restorer === undefined) return ''
    open.delete(lane)
    const rest = restorer.end()
    closedCount += restorer.restored
    return rest
  }
  return {
    restore({ lane, text, json, last, tool }) {
      let restorer = open.get(lane)
      if (restorer === undefined) {
        restorer = createRestorer(vault, {
          ...options,
          json: json ?? 0,
          ...(tool === undefined ? {} : { tool }),
        })
        open.set(lane, restorer)
      }
      const shown = restorer.push(text)
      return last === true ? shown + flush(lane) : shown
    },
    flush,
    get restoredCount() {
      let count = closedCount
      for (const restorer of open.values()) count += restorer.restored
      return count
    },
  }
}
