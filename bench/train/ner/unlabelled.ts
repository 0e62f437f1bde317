/** Unlabelled sentences: one a line, one file a language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeededRandom } from './random.ts'

/** Sentences of one language. */
export interface UnlabelledFile {
  readonly language: string
  readonly sentences: readonly string[]
}

/** Nothing is taken beyond this many sentences a language, so that no language outweighs the others. */
const MOST = 8000

/** Reads a share (0..1) of the sentences of every `xx.txt` in the folder; none when the share is 0. */
export function readUnlabelled(folder: string, share: number, random: SeededRandom): UnlabelledFile[] {
  if (share === 0) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => ({
      language: file.replace('.txt', '').replace('nb', 'no'),
      sentences: readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && random.chance(share))
        .slice(0, MOST),
    }))
}
