/** One request's part of a conversation that is continued by id: what it builds on, and what is kept of it. */
import type { ConversationStore, KeptConversation, Principal, WireObject } from '../ports.ts'
import { Problem } from '../problem.ts'
import { type Continuation, WireError } from '../wire/index.ts'

/** More answers than these are not looked up for one request. */
const MAX_REFERENCES = 128

/** Whose conversations these are: the user within a team, or a key that stands for no user. */
export function ownerOf({ user, team, key }: Principal): string {
  return JSON.stringify(user === null ? [null, team, key] : [user, team])
}

/** Puts earlier turns into a request and keeps its own turn when it is answered. */
export class ConversationTurn {
  readonly #continuation: Continuation
  readonly #store: ConversationStore | null
  readonly #owner: string
  #input: readonly unknown[] | null = null

  /** Without a store nothing is kept and nothing is found. */
  constructor(continuation: Continuation, store: ConversationStore | null, principal: Principal) {
    this.#continuation = continuation
    this.#store = store
    this.#owner = ownerOf(principal)
  }

  /**
   * The request with what it names in it. Rejects with a Problem for an id that is unknown, expired or somebody
   * else's: nobody is told which. `now` in ms since the epoch.
   */
  async expand(json: unknown, now: number): Promise<unknown> {
    const references = this.#continuation.referencesIn(json)
    if (references.length > MAX_REFERENCES) throw new Problem('invalid_request', { param: 'input' })
    const kept = new Map<string, KeptConversation>()
    for (const id of references) {
      const found = (await this.#store?.load(id, this.#owner, now)) ?? null
      if (found !== null) kept.set(id, found)
    }
    try {
      const expanded = this.#continuation.expand(json, kept)
      this.#input = this.#continuation.inputOf(expanded)
      return expanded
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      throw new Problem(error.code, { hint: 'unknown_response', param: error.param })
    }
  }

  /** Keeps the turn, unless the client wanted nothing kept. `answer` as the client gets it. */
  async keep(answer: WireObject, now: number): Promise<void> {
    if (this.#input === null || this.#store === null) return
    const { id, output } = this.#continuation.outputOf(answer)
    await this.#store.save(id, this.#owner, { input: this.#input, output }, now)
  }
}
