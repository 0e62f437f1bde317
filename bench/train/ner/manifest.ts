/** The manifest beside the model file: what it was made from, how, and what it is. */
import { createHash } from 'node:crypto'
import { LIST_PROVENANCE, type Provenance, SET_PROVENANCE, UNLABELLED_PROVENANCE } from './provenance.ts'

/** What the manifest says besides origins. */
export interface ManifestInput {
  readonly file: Uint8Array
  readonly command: string
  readonly seed: number
  /** Names of the labelled sets that were used. */
  readonly sources: readonly string[]
  readonly usesUnlabelled: boolean
  readonly tokens: number
  readonly biases: Readonly<Record<string, readonly number[]>>
}

/** The text of `ner-model.json`. Throws `RangeError` for a set whose licence is not known. */
export function manifestOf(input: ManifestInput): string {
  const sets: Record<string, Provenance> = {}
  for (const source of [...input.sources].sort()) {
    const provenance = SET_PROVENANCE[source]
    if (provenance === undefined) throw new RangeError(`the licence of the set ${source} is not known`)
    sets[source] = provenance
  }
  const manifest = {
    file: 'ner-model.bin',
    sha256: createHash('sha256').update(input.file).digest('hex'),
    bytes: input.file.length,
    built: input.command,
    seed: input.seed,
    trainingTokens: input.tokens,
    recallBiases: input.biases,
    sets,
    lists: LIST_PROVENANCE,
    ...(input.usesUnlabelled ? { unlabelled: UNLABELLED_PROVENANCE } : {}),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
