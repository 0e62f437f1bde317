/** Puts values back into text, whole or as it streams. */
import { type IssuedIndex, type IssuedMatch, issuedIndex, matchIssued } from './issued.ts'
import { escapeForJson, JsonNesting } from './json-nesting.ts'
import { isLookAlike } from './lookalike.ts'
import { FREE, placeAt, take } from './placing.ts'
import { mayRestore, RESTORE_ALL, type RestoreRules } from './policy.ts'
import { LOOK_ALIKE } from './ranges.ts'
import { mayBegin } from './spelling.ts'
import type { StreamRestorer, Vault, VaultEntry } from './types.ts'
import { UrlGuard } from './url-guard.ts'

/** How values are put back. */
export interface RestoreOptions {
  /** 1: the text is JSON (tool-call arguments, JSON mode), so values are escaped as deep as they stand. Default 0. */
  readonly json?: 0 | 1
  /**
   * Hosts, lower-case, into whose URLs values may go: `hostsIn` of the request's texts. Absent: into none.
   * `any` lifts the guard.
   */
  readonly allowedHosts?: ReadonlySet<string> | 'any'
  /** Where values of which type go; absent: everywhere. */
  readonly rules?: RestoreRules
  /** The name of the tool whose arguments the text is; absent where it is none. */
  readonly tool?: string
}

/** A restorer that counts. */
export interface CountingRestorer extends StreamRestorer {
  /** Placeholders put back so far. */
  readonly restored: number
}

/**
 * A restorer for one stream of text. It never throws. What it holds back is the beginning of an issued
 * placeholder at the end of what came (or, inside the host of a URL, the rest of that host), and the unit behind
 * a complete one is awaited: `PERSON_7KQ2FX` is not `PERSON_7KQ2F`.
 */
export function createRestorer(vault: Vault, options: RestoreOptions = {}): CountingRestorer {
  return new Restorer(vault, options)
}

/** A whole text with its values put back. Never throws. */
export function restoreText(text: string, vault: Vault, options: RestoreOptions = {}): string {
  const restorer = new Restorer(vault, options)
  return restorer.push(text) + restorer.end()
}

const NO_HOSTS: ReadonlySet<string> = new Set()
/** How much of the text before a piece is remembered: a JSON escape of a character. */
const CONTEXT = 6

class Restorer implements CountingRestorer {
  readonly #vault: Vault
  readonly #nesting: JsonNesting | undefined
  readonly #guard: UrlGuard | undefined
  readonly #options: RestoreOptions
  #index: IssuedIndex
  #held = ''
  /** The last units before `#held`. */
  #context = ''
  /** Whether `#held` stands right behind a placeholder. */
  #follows = false
  #restored = 0

  constructor(vault: Vault, options: RestoreOptions) {
    this.#vault = vault
    this.#options = options
    this.#index = issuedIndex(vault)
    this.#nesting = options.json === 1 ? new JsonNesting() : undefined
    this.#guard =
      options.allowedHosts === 'any'
        ? undefined
        : new UrlGuard(options.allowedHosts ?? NO_HOSTS, options.json === 1)
  }

  get restored(): number {
    return this.#restored
  }

  push(text: string): string {
    return this.#scan(text, false)
  }

  end(): string {
    return this.#scan('', true)
  }

  #scan(piece: string, final: boolean): string {
    if (this.#index.size !== this.#vault.size) this.#index = issuedIndex(this.#vault)
    // Nothing was replaced in this request, so nothing can be put back.
    if (this.#index.size === 0) return piece
    const text = this.#held === '' ? piece : this.#held + piece
    let out = ''
    let from = 0
    let at = 0
    let follows = this.#follows ? 0 : -1
    while (at < text.length) {
      const found = this.#matchAt(text, at, final, at === follows)
      if (found === undefined) {
        at++
        continue
      }
      if (found !== 'more') {
        this.#follow(text, from, at)
        out += text.slice(from, at)
        from = at
        const put = this.#replacement(found, text, at, final)
        if (put !== 'more') {
          out += put
          at = from = follows = found.end
          continue
        }
      }
      break
    }
    this.#follows = at === follows
    return this.#cut(text, from, at, out)
  }

  /** `follows`: right behind a placeholder another one may begin, whatever it ends with. */
  #matchAt(text: string, at: number, final: boolean, follows: boolean): IssuedMatch | 'more' | undefined {
    const unit = text.charCodeAt(at)
    if (!this.#index.trie.startsWith(unit)) return undefined
    if (!follows && !mayBegin(this.#unitBefore(text, at), unit) && !this.#isBehindEscape(text, at)) {
      return undefined
    }
    return matchIssued(this.#index, text, at, final)
  }

  /** Puts out `text` up to `at` and keeps the rest for the next piece. */
  #cut(text: string, from: number, at: number, out: string): string {
    this.#follow(text, from, at)
    this.#held = at === text.length ? '' : text.slice(at)
    this.#context =
      at >= CONTEXT ? text.slice(at - CONTEXT, at) : (this.#context + text.slice(0, at)).slice(-CONTEXT)
    if (from === 0 && at === text.length) return text
    return out + text.slice(from, at)
  }

  #follow(text: string, from: number, to: number): void {
    this.#nesting?.advance(text, from, to)
    this.#guard?.advance(text, from, to)
  }

  #unitBefore(text: string, at: number): number {
    if (at > 0) return text.charCodeAt(at - 1)
    return this.#context === '' ? -1 : this.#context.charCodeAt(this.#context.length - 1)
  }

  /** In JSON a letter may be the end of an escape, such as `\n` or the four digits behind `\u`. */
  #isBehindEscape(text: string, at: number): boolean {
    if (this.#nesting === undefined) return false
    const before =
      at >= CONTEXT ? text.slice(at - CONTEXT, at) : (this.#context + text.slice(0, at)).slice(-CONTEXT)
    return /\\(?:[bfnrt]|u[0-9a-fA-F]{4})$/.test(before)
  }

  /** What a placeholder becomes: its value, or itself where values must not go. */
  #replacement(match: IssuedMatch, text: string, at: number, final: boolean): string | 'more' {
    const raw = text.slice(at, match.end)
    const place = this.#guard === undefined ? FREE : placeAt(this.#guard, this.#index, match, text, at, final)
    if (place === 'more') return 'more'
    const kept = !place.mayRestore || !this.#mayRestore(match.entry)
    if (this.#guard !== undefined) take(this.#guard, place.verdict, raw, kept ? undefined : match.entry.value)
    const put = kept ? raw : match.before + this.#written(match) + match.after
    this.#nesting?.advance(raw, 0, raw.length)
    if (!kept) this.#restored++
    return put
  }

  /** What looks like a placeholder in the request is no personal value: it comes back whatever the rules say. */
  #mayRestore({ entity, value }: VaultEntry): boolean {
    const { rules = RESTORE_ALL, tool } = this.#options
    return mayRestore(rules, entity, tool) || (entity === LOOK_ALIKE && isLookAlike(value))
  }

  #written(match: IssuedMatch): string {
    return escapeForJson(match.entry.value, this.#nesting?.depth ?? 0)
  }
}
