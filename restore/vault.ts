/** The two-way map of one request: values to placeholders and back. */
import { createHmac } from 'node:crypto'
import { ENTITY_NAME } from '../detectors/entities.ts'
import { codeFromMac, MAX_CODE_LENGTH, MIN_CODE_LENGTH } from './placeholder.ts'
import type { Vault, VaultEntry, VaultOptions } from './types.ts'

/**
 * A vault without entries. Placeholders are a function of key, scope, type and value alone, with one exception:
 * of two values whose codes collide, the one issued later gets the longer code. `sanitise` issues in the order
 * of first appearance, so what is appended to a conversation never changes the placeholders before it.
 * No code is issued twice, for two types either, and none is the beginning of another.
 *
 * Throws `RangeError` for a key that is not 32 bytes, and from `issue` for a type that is no entity name.
 */
export function createVault(options: VaultOptions): Vault {
  if (options.key.length !== 32) throw new RangeError('a placeholder key has 32 bytes')
  return new RequestVault(options)
}

class RequestVault implements Vault {
  readonly #key: Uint8Array
  readonly #scope: string
  readonly #entries = new Map<string, VaultEntry>()
  readonly #placeholders = new Map<string, string>()
  /** Issued codes, and texts of the request that look like one. */
  readonly #taken = new Set<string>()
  /** Beginnings of issued codes that are longer than the shortest. */
  readonly #beginnings = new Set<string>()

  constructor({ key, scope }: VaultOptions) {
    this.#key = key
    this.#scope = scope
  }

  get size(): number {
    return this.#entries.size
  }

  issue(entity: string, value: string): string {
    const name = `${entity}\0${value}`
    const known = this.#placeholders.get(name)
    if (known !== undefined) return known
    if (!ENTITY_NAME.test(entity)) throw new RangeError('an entity type is upper-case letters, digits and _')
    const code = this.#freeCode(entity, value)
    const placeholder = `${entity}_${code}`
    this.#take(code)
    this.#placeholders.set(name, placeholder)
    this.#entries.set(placeholder, { placeholder, entity, value })
    return placeholder
  }

  reserve(code: string): void {
    this.#taken.add(code)
  }

  valueOf(placeholder: string): string | undefined {
    return this.#entries.get(placeholder)?.value
  }

  entries(): Iterable<VaultEntry> {
    return this.#entries.values()
  }

  /** More rounds than one are not expected in the lifetime of the universe; without an end they are certain. */
  #freeCode(entity: string, value: string): string {
    for (let round = 0; ; round++) {
      const mac = this.#mac(entity, value, round)
      for (let length = MIN_CODE_LENGTH; length <= MAX_CODE_LENGTH; length++) {
        const code = codeFromMac(mac, length)
        if (code !== undefined && this.#isFree(code)) return code
      }
    }
  }

  // Lengths make the framing unambiguous. UTF-16, because UTF-8 would make all lone surrogates one character.
  #mac(entity: string, value: string, round: number): Uint8Array {
    const frame = `${round}:${this.#scope.length}:${this.#scope}${entity.length}:${entity}`
    return createHmac('sha256', this.#key)
      .update(frame + value, 'utf16le')
      .digest()
  }

  #isFree(code: string): boolean {
    for (let length = MIN_CODE_LENGTH; length <= code.length; length++) {
      if (this.#taken.has(code.slice(0, length))) return false
    }
    return !this.#beginnings.has(code)
  }

  #take(code: string): void {
    this.#taken.add(code)
    for (let length = MIN_CODE_LENGTH; length < code.length; length++) {
      this.#beginnings.add(code.slice(0, length))
    }
  }
}
