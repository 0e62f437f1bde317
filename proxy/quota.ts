/** The limits and budgets of a policy: who may ask how much, and what was spent. */
import type { Budget, CompiledPolicy, Limit, Rate } from '../routing-rules/index.ts'
import type { Clock, Principal, UsageStore } from './ports.ts'
import { Problem } from './problem.ts'
import { type Counter, createUsageLedger, type UsageLedger } from './usage-ledger.ts'
import { calendarWindowAt, spanAt, type UsageWindow } from './usage-windows.ts'

/** What one request used. */
export interface Spent {
  /** Prompt and completion together. */
  readonly tokens: number
  /** In the policy's currency. */
  readonly cost: number
}

/** One request's place in the counts. */
export interface Ticket {
  /** Part of the team's monthly budget that is used; null when it is not known. */
  readonly budgetUsed: number | null
  /** Throws `budget_exhausted` when a budget is used up or cannot be read: asked before something costs money. */
  refuseOverBudget(): void
  /** Counts a draft that is given up for a cloud; false when no more may be. */
  escalate(): boolean
  /** What the request used in the end, once. */
  settle(spent: Spent): void
}

/** A budget that reached the part of it, `warn_at`, from which to warn. */
export interface BudgetWarning {
  readonly per: string
  readonly window: Budget['window']
  /** `warn_at` in per cent. */
  readonly percent: number
  /** The request that met it: whose budget it is stands in its audit record. */
  readonly requestId: string | null
}

/** Counts the requests of all callers. */
export interface Quota {
  /**
   * Counts a request; `tokens` are those of its prompt, estimated. Rejects with a Problem `rate_limited` when a limit is
   * reached, or cannot be read. With `dryRun` nothing is counted and nothing refused.
   */
  admit(policy: CompiledPolicy, principal: Principal, request: AdmittedRequest): Promise<Ticket>
  /** Writes out what was counted. */
  close(): Promise<void>
}

/** What the quota is told of a request. */
export interface AdmittedRequest {
  readonly id?: string
  readonly tokens: number
  readonly dryRun: boolean
}

/** A ticket where nothing is limited. */
const UNLIMITED: Ticket = {
  budgetUsed: 0,
  refuseOverBudget: () => undefined,
  escalate: () => true,
  settle: () => undefined,
}

const FLUSH_MS = 1_000
/** Windows up to this long are counted in this process alone. */
const UNKEPT_MS = 60_000
/** When a count could not be read. */
const UNREADABLE_RETRY_SECONDS = 5

/** The quota over a store of counts. `warn` is called once for each budget and window, by each proxy. */
export function createQuota(
  store: UsageStore,
  clock: Clock,
  warn: (warning: BudgetWarning) => void = () => undefined,
): Quota {
  const ledger = createUsageLedger(store)
  const warnOnce = onceEach(clock, warn)
  const timer = setInterval(() => void ledger.flush(clock()), FLUSH_MS)
  timer.unref()
  return {
    async admit(policy, principal, request) {
      if (policy.limits.length === 0 && policy.budgets.length === 0) return UNLIMITED
      const counts = countsOf(policy, principal, clock())
      await ledger.load([...counts.limits, ...counts.budgets].map(({ counter }) => counter))
      const ticket = new CountedTicket({ ledger, clock, warnOnce }, counts, request)
      if (!request.dryRun) ticket.enter()
      return ticket
    },
    async close() {
      clearInterval(timer)
      await ledger.flush(clock())
    },
  }
}

type WarnOnce = (counter: Counter, warning: BudgetWarning) => void

/** Says the same of the same counter once, and forgets counters whose window is over. */
function onceEach(clock: Clock, warn: (warning: BudgetWarning) => void): WarnOnce {
  const said = new Map<string, number>()
  return ({ name, expires }, warning) => {
    if (said.has(name)) return
    for (const [old, end] of said) if (end <= clock()) said.delete(old)
    said.set(name, expires)
    warn(warning)
  }
}

/** What tickets share. */
interface Desk {
  readonly ledger: UsageLedger
  readonly clock: Clock
  readonly warnOnce: WarnOnce
}

type Kind = 'requests' | 'tokens' | 'escalations'

interface LimitCount {
  readonly kind: Kind
  readonly limit: number
  readonly counter: Counter
}

interface BudgetCount {
  readonly budget: Budget
  readonly counter: Counter
}

interface Counts {
  readonly limits: readonly LimitCount[]
  readonly budgets: readonly BudgetCount[]
}

function countsOf(policy: CompiledPolicy, principal: Principal, now: number): Counts {
  return {
    limits: policy.limits.flatMap((limit) => limitCounts(limit, principal, now)),
    budgets: policy.budgets.map((budget) => {
      const name = `spent ${budget.currency} per ${budget.window}`
      const window = calendarWindowAt(now, budget.window)
      return { budget, counter: counterOf(name, budget.per, principal, window) }
    }),
  }
}

function limitCounts(limit: Limit, principal: Principal, now: number): readonly LimitCount[] {
  const rates: readonly (readonly [Kind, Rate | null])[] = [
    ['requests', limit.requests],
    ['tokens', limit.tokens],
    ['escalations', limit.escalations],
  ]
  return rates.flatMap(([kind, rate]) => {
    if (rate === null) return []
    const name = `${kind} per ${rate.windowMs} ms`
    const window = spanAt(now, rate.windowMs)
    return [{ kind, limit: rate.count, counter: counterOf(name, limit.per, principal, window) }]
  })
}

/** Callers without a name, such as all of them without authentication, share one counter. */
function counterOf(what: string, per: string, principal: Principal, window: UsageWindow): Counter {
  const fact = per.replace(/^identity\./, '')
  const who =
    fact === 'team'
      ? principal.team
      : fact === 'user'
        ? principal.user
        : fact === 'key'
          ? principal.key
          : null
  return {
    name: `${what} from ${window.start} for ${fact} ${who === null ? '-' : `=${who}`}`,
    expires: window.end,
    isKept: window.end - window.start > UNKEPT_MS,
  }
}

class CountedTicket implements Ticket {
  readonly #ledger: UsageLedger
  readonly #counts: Counts
  readonly #clock: Clock
  readonly #warnOnce: WarnOnce
  readonly #requestId: string | null
  /** Tokens counted in advance; null: nothing is counted. */
  readonly #tokens: number | null
  #isSettled = false

  constructor({ ledger, clock, warnOnce }: Desk, counts: Counts, request: AdmittedRequest) {
    this.#ledger = ledger
    this.#counts = counts
    this.#clock = clock
    this.#warnOnce = warnOnce
    this.#requestId = request.id ?? null
    this.#tokens = request.dryRun ? null : request.tokens
  }

  get budgetUsed(): number | null {
    let most = 0
    for (const { budget, counter } of this.#counts.budgets) {
      if (budget.per !== 'identity.team' || budget.window !== 'month') continue
      const used = this.#ledger.read(counter)
      if (used === null) return null
      most = Math.max(most, used / budget.amount)
    }
    return most
  }

  /** Throws when a limit is reached, and counts the request when none is: synchronous, so that none slips between. */
  enter(): void {
    for (const count of this.#counts.limits) {
      if (count.kind === 'escalations') continue
      const used = this.#ledger.read(count.counter)
      if (used === null) throw new Problem('rate_limited', { retryAfterSeconds: UNREADABLE_RETRY_SECONDS })
      if (used >= count.limit) {
        throw new Problem('rate_limited', { retryAfterSeconds: this.#secondsUntil(count.counter) })
      }
    }
    this.#add('requests', 1)
    this.#add('tokens', this.#tokens ?? 0)
    // Other proxies, and this one before a restart, spend from the same budgets.
    this.#warnOfBudgets()
  }

  refuseOverBudget(): void {
    for (const { budget, counter } of this.#counts.budgets) {
      const used = this.#ledger.read(counter)
      if (used === null)
        throw new Problem('budget_exhausted', { retryAfterSeconds: UNREADABLE_RETRY_SECONDS })
      if (used >= budget.amount) {
        throw new Problem('budget_exhausted', { retryAfterSeconds: this.#secondsUntil(counter) })
      }
    }
  }

  escalate(): boolean {
    const mine = this.#counts.limits.filter(({ kind }) => kind === 'escalations')
    const isOpen = mine.every(({ counter, limit }) => {
      const used = this.#ledger.read(counter)
      return used !== null && used < limit
    })
    if (isOpen) this.#add('escalations', 1)
    return isOpen
  }

  settle({ tokens, cost }: Spent): void {
    if (this.#tokens === null || this.#isSettled) return
    this.#isSettled = true
    this.#add('tokens', tokens - this.#tokens)
    if (cost > 0) for (const { counter } of this.#counts.budgets) this.#ledger.add(counter, cost)
    this.#warnOfBudgets()
  }

  #warnOfBudgets(): void {
    for (const { budget, counter } of this.#counts.budgets) {
      if (budget.warnAt === null) continue
      const used = this.#ledger.read(counter)
      if (used === null || used < budget.warnAt * budget.amount) continue
      this.#warnOnce(counter, {
        per: budget.per,
        window: budget.window,
        percent: Math.round(100 * budget.warnAt),
        requestId: this.#requestId,
      })
    }
  }

  #add(kind: Kind, amount: number): void {
    if (amount === 0) return
    for (const count of this.#counts.limits) {
      if (count.kind === kind) this.#ledger.add(count.counter, amount)
    }
  }

  #secondsUntil({ expires }: Counter): number {
    return Math.max(1, Math.ceil((expires - this.#clock()) / 1000))
  }
}
