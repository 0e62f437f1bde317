/** What the tests of the codec share: slots over plain strings, vaults with a fixed key, ways to cut a text. */
import type { Finding } from '../../detectors/index.ts'
import {
  createVault,
  hostsIn,
  type RestoreOptions,
  restoreText,
  type SanitiseOptions,
  type SlotFindings,
  sanitise,
  type Vault,
} from '../../restore/index.ts'

export const KEY = new Uint8Array(32).fill(7)

export function vaultOf(...entries: readonly (readonly [entity: string, value: string])[]): Vault {
  const vault = createVault({ key: KEY, scope: 'tests' })
  for (const [entity, value] of entries) vault.issue(entity, value)
  return vault
}

/** `[entity, text]`: the first place where the text stands, or `[entity, start, end]`. */
export type Found =
  | readonly [entity: string, value: string]
  | readonly [entity: string, start: number, end: number]

export function findingOf(text: string, found: Found): Finding {
  const start = typeof found[1] === 'number' ? found[1] : text.indexOf(found[1])
  const end = typeof found[1] === 'number' ? (found[2] ?? 0) : start + found[1].length
  return { entity: found[0], span: { start, end }, score: 1, recogniser: 'test' }
}

export interface Outcome {
  readonly vault: Vault
  readonly texts: readonly string[]
  /** How often each slot was written. */
  readonly writes: readonly number[]
}

/** Sanitises some texts; the findings of each by its place. */
export function sanitiseTexts(
  texts: readonly string[],
  found: readonly (readonly Found[])[],
  options: SanitiseOptions = {},
): Outcome {
  const vault = vaultOf()
  const out = [...texts]
  const writes = texts.map(() => 0)
  const slots: SlotFindings[] = texts.map((text, index) => ({
    slot: {
      lane: `${index}`,
      text,
      write(changed) {
        out[index] = changed
        writes[index] = (writes[index] ?? 0) + 1
      },
    },
    findings: (found[index] ?? []).map((item) => findingOf(text, item)),
  }))
  sanitise({}, slots, vault, options)
  return { vault, texts: out, writes }
}

/** Restores texts into the hosts of the originals. */
export function restoreAll(
  outcome: Outcome,
  originals: readonly string[],
  options: RestoreOptions = {},
): string[] {
  const allowedHosts = hostsIn(originals)
  return outcome.texts.map((text) => restoreText(text, outcome.vault, { allowedHosts, ...options }))
}

/** The first placeholder of a vault for a value. */
export function placeholderOf(vault: Vault, value: string): string {
  for (const entry of vault.entries()) if (entry.value === value) return entry.placeholder
  throw new Error('the value was not issued')
}

/** Cuts a text at some offsets (any order, any number). */
export function cutAt(text: string, offsets: readonly number[]): string[] {
  const sorted = [...new Set(offsets.map((offset) => Math.min(Math.max(offset, 0), text.length)))].sort(
    (a, b) => a - b,
  )
  const pieces: string[] = []
  let from = 0
  for (const offset of sorted) {
    pieces.push(text.slice(from, offset))
    from = offset
  }
  pieces.push(text.slice(from))
  return pieces
}

/** CPU time of this process in ms: a limit on it does not depend on what else the machine does. */
export function cpuMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
