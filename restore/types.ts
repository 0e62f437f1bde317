/** The codec's words: slots, placeholders, the vault, and the brand that only `sanitise` can mint. */
import type { EntityType, Finding } from '../detectors/index.ts'

declare const sanitisedBrand: unique symbol

/**
 * A value that went through `sanitise`. The brand exists in types only and is minted in `sanitise.ts` alone;
 * whatever sends to a cloud takes nothing else.
 */
export type Sanitised<T> = T & { readonly [sanitisedBrand]: true }

/**
 * One string of a body that may carry personal data, and how to replace it. `lane` names the stream of text
 * it belongs to (one restorer each), such as `0.content` or `0.tool.1`.
 */
export interface TextSlot {
  readonly lane: string
  readonly text: string
  write(text: string): void
  /** How often the text stands JSON-escaped inside another string: 0 plain text, 1 tool-call arguments. */
  readonly json?: 0 | 1
  /**
   * In an answer, where the text is what a tool is called with: the name of the tool, empty where it is not known.
   * To be read when the slots before it are written.
   */
  readonly tool?: string | undefined
  /** Whether this is the end of its lane: whatever is held back must come out here. */
  readonly last?: boolean
}

/** A slot of a request together with what the detectors found in its text. */
export interface SlotFindings {
  readonly slot: TextSlot
  readonly findings: readonly Finding[]
}

/** One value of one request and the placeholder that stands for it. */
export interface VaultEntry {
  readonly placeholder: string
  readonly entity: EntityType
  /** Exactly as written in the request. */
  readonly value: string
}

/** The two-way map of one request. It lives as long as the request and is never stored. */
export interface Vault {
  readonly size: number
  /** The placeholder for a value: the same one for the same value. Lengthened where two values would collide. */
  issue(entity: EntityType, value: string): string
  /** Keeps a code from being issued: text of the request that looks like a placeholder has it. */
  reserve?(code: string): void
  /** The value behind an issued placeholder in its exact, canonical form; undefined for any other string. */
  valueOf(placeholder: string): string | undefined
  entries(): Iterable<VaultEntry>
}

/** How a request's vault makes placeholders. */
export interface VaultOptions {
  /** 32 bytes; derived from the installation's key and the rotation period by the caller. */
  readonly key: Uint8Array
  /** The tenant, conversation or request the placeholders are stable in. */
  readonly scope: string
}

/**
 * Restores one stream of text. `push` takes the next piece and gives back what may be shown now: everything
 * but a true prefix of an issued placeholder. `end` gives the rest. The concatenation does not depend on how
 * the text was cut.
 */
export interface StreamRestorer {
  push(text: string): string
  end(): string
}
