/** What one request leaves in the audit log: its intent before anything of it goes out, and its outcome, once. */
import type { CompiledPolicy } from '../../routing-rules/index.ts'
import type { Exchange } from '../exchange.ts'
import { Problem } from '../problem.ts'
import type { Ticket } from '../quota.ts'
import { countEnding, spentBy } from './count.ts'
import type { Ending } from './ending.ts'
import type { PipelineParts } from './parts.ts'
import { auditEntry } from './records.ts'

/** The trail of one request under one policy. */
export class Trail {
  readonly #parts: Pick<PipelineParts, 'audit' | 'metrics' | 'log' | 'clock'>
  readonly #exchange: Exchange
  readonly #policy: CompiledPolicy
  #concluded = false

  constructor(parts: PipelineParts, exchange: Exchange, policy: CompiledPolicy) {
    this.#parts = parts
    this.#exchange = exchange
    this.#policy = policy
  }

  /** Resolves when the intent is on the disk. Rejects with the Problem `audit_unavailable`. */
  async intent(): Promise<void> {
    const { audit, clock } = this.#parts
    try {
      await audit.append(auditEntry(this.#exchange, this.#policy, clock(), null))
      this.#exchange.intentRecorded = true
    } catch (cause) {
      throw new Problem('audit_unavailable', { cause })
    }
  }

  /**
   * Writes the outcome, once, and settles the request's place in limits. It never fails the request: what left was
   * recorded by the intent. Behind an intent nobody waits for it, and it may wait for company; where it is the only
   * record of a request, the answer waits for it.
   */
  async conclude(ending: Ending, ticket: Ticket | null): Promise<void> {
    if (this.#concluded) return
    this.#concluded = true
    const exchange = this.#exchange
    countEnding(this.#parts, exchange, ending, this.#parts.clock())
    ticket?.settle(spentBy(exchange, this.#policy, ending))
    const written = this.#outcome(ending)
    if (!exchange.intentRecorded) await written
  }

  async #outcome(ending: Ending): Promise<void> {
    const { audit, clock, log } = this.#parts
    const exchange = this.#exchange
    try {
      const urgency = exchange.intentRecorded ? 'soon' : 'now'
      await audit.append(auditEntry(exchange, this.#policy, clock(), ending), urgency)
    } catch {
      log.write('error', 'audit_down', { request_id: exchange.id })
    }
  }
}
