/** Limits and budgets over a store in memory: what is counted, refused, kept over a restart, and unknown. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Principal, UsageStore } from '../proxy/ports.ts'
import { Problem } from '../proxy/problem.ts'
import { type BudgetWarning, createQuota, type Quota, type Ticket } from '../proxy/quota.ts'
import { calendarWindowAt, spanAt } from '../proxy/usage-windows.ts'
import { type CompiledPolicy, compilePolicy } from '../routing-rules/index.ts'

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0)
const HOUR = 3_600_000

interface FakeStore extends UsageStore {
  readonly rows: Map<string, number>
  isDown: boolean
}

function fakeStore(): FakeStore {
  const rows = new Map<string, number>()
  const store: FakeStore = {
    rows,
    isDown: false,
    async readUsage(counters) {
      if (store.isDown) throw new Error('down')
      return counters.flatMap((counter) => {
        const amount = rows.get(counter)
        return amount === undefined ? [] : [{ counter, amount }]
      })
    },
    async addUsage(changes) {
      if (store.isDown) throw new Error('down')
      for (const { counter, amount } of changes) rows.set(counter, (rows.get(counter) ?? 0) + amount)
      return changes.map(({ counter }) => ({ counter, amount: rows.get(counter) ?? 0 }))
    },
  }
  return store
}

function policyOf(rest: string): CompiledPolicy {
  const source = `version: 1\npolicy: p\nrevision: "1"\ndestinations: { local: { kind: local, model: l } }\n${rest}\ndefault: { to: [local] }\n`
  const { policy, problems } = compilePolicy(source, { file: 'p.yaml', readList: () => null })
  assert.ok(policy, problems.map(({ message }) => message).join('\n'))
  return policy
}

const caller = (change: Partial<Principal> = {}): Principal => ({
  user: 'alex',
  team: 'engineering',
  region: null,
  roles: [],
  key: 'k1',
  scopes: [],
  ...change,
})

interface World {
  readonly quota: Quota
  readonly store: FakeStore
  /** What was warned of. */
  readonly warnings: BudgetWarning[]
  now: number
  admit(principal?: Principal, tokens?: number): Promise<Ticket>
  refused(principal?: Principal): Promise<number>
}

function world(rest: string, store = fakeStore()): World {
  const policy = policyOf(rest)
  const warnings: BudgetWarning[] = []
  const quota = createQuota(
    store,
    () => self.now,
    (warning) => warnings.push(warning),
  )
  const admit: World['admit'] = (principal = caller(), tokens = 10) =>
    quota.admit(policy, principal, { id: 'r1', tokens, dryRun: false })
  const self: World = {
    quota,
    store,
    warnings,
    now: NOON,
    admit,
    async refused(principal) {
      const outcome = await admit(principal).catch((error: unknown) => error)
      assert.ok(outcome instanceof Problem)
      assert.equal(outcome.code, 'rate_limited')
      assert.equal(outcome.status, 429)
      return outcome.retryAfterSeconds ?? 0
    },
  }
  return self
}

const codeOf = (work: () => void): string => {
  try {
    work()
  } catch (error) {
    return error instanceof Problem ? error.code : 'other'
  }
  return 'none'
}

describe('limits', () => {
  it('count requests per key, and open again with the next window', async () => {
    const w = world('limits: [{ per: identity.key, requests: 2/min }]')
    w.now = NOON + 20_000
    await w.admit()
    await w.admit()
    assert.equal(await w.refused(), 40)
    await w.admit(caller({ key: 'k2' }))
    w.now = NOON + 60_000
    await w.admit()
    await w.quota.close()
  })

  it('of zero let nobody in', async () => {
    const w = world('limits: [{ per: identity.user, requests: 0/day }]')
    assert.equal(await w.refused(), 12 * 3600)
    await w.quota.close()
  })

  it('admit no more than they say to any number at once', async () => {
    const w = world('limits: [{ per: identity.team, requests: 5/hour }]')
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => w.admit()))
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5)
    await w.quota.close()
  })

  it('count the tokens a request used in the end, once, and those of its prompt until then', async () => {
    const w = world('limits: [{ per: identity.team, tokens: 1k/hour }]')
    const ticket = await w.admit(caller(), 900)
    await w.admit(caller(), 50)
    ticket.settle({ tokens: 1_000, cost: 0 })
    ticket.settle({ tokens: 1_000, cost: 0 })
    assert.ok((await w.refused()) > 0)
    await w.quota.close()
    assert.deepEqual([...w.store.rows.values()], [1_050])
  })

  it('let only so many drafts go to a cloud', async () => {
    const w = world('limits: [{ per: identity.user, escalations: 2/day }]')
    const ticket = await w.admit()
    assert.deepEqual([ticket.escalate(), ticket.escalate(), ticket.escalate()], [true, true, false])
    assert.equal((await w.admit(caller({ user: 'bo' }))).escalate(), true)
    await w.quota.close()
  })

  it('are the same for whoever has no name', async () => {
    const w = world('limits: [{ per: identity.user, requests: 1/day }]')
    await w.admit(caller({ user: null }))
    await w.refused(caller({ user: null, key: 'other' }))
    await w.admit(caller({ user: '-' }))
    await w.quota.close()
  })

  it('are remembered over a restart, but for windows of a minute', async () => {
    const rules = 'limits: [{ per: identity.key, requests: 2/day }, { per: identity.team, requests: 9/min }]'
    const before = world(rules)
    await before.admit()
    await before.admit()
    await before.quota.close()
    const after = world(rules, before.store)
    await after.refused()
    await after.quota.close()
    assert.equal(after.store.rows.size, 1)
  })

  it('that cannot be read refuse, and count again once they can', async () => {
    const w = world('limits: [{ per: identity.key, requests: 2/day }]')
    w.store.isDown = true
    assert.equal(await w.refused(), 5)
    w.store.isDown = false
    await w.admit()
    w.store.isDown = true
    // What is known stays known, and what cannot be written is kept.
    await w.admit()
    await w.quota.close()
    w.store.isDown = false
    await w.quota.close()
    assert.deepEqual([...w.store.rows.values()], [2])
  })

  it('count and refuse nothing in a dry run', async () => {
    const w = world('limits: [{ per: identity.key, requests: 0/day }]')
    const ticket = await w.quota.admit(
      policyOf('limits: [{ per: identity.key, requests: 0/day }]'),
      caller(),
      {
        tokens: 5,
        dryRun: true,
      },
    )
    ticket.settle({ tokens: 100, cost: 1 })
    await w.quota.close()
    assert.equal(w.store.rows.size, 0)
  })

  it('cost nothing where a policy has none', async () => {
    const w = world('')
    w.store.isDown = true
    const ticket = await w.admit()
    assert.equal(ticket.budgetUsed, 0)
    assert.equal(
      codeOf(() => ticket.refuseOverBudget()),
      'none',
    )
    await w.quota.close()
  })
})

describe('budgets', () => {
  const RULES = 'budgets: [{ per: identity.team, amount: 10, currency: EUR, window: month }]'

  it('say which part of the month is used, and refuse when it is all', async () => {
    const w = world(RULES)
    const first = await w.admit()
    assert.equal(first.budgetUsed, 0)
    first.settle({ tokens: 1, cost: 2.5 })
    const second = await w.admit()
    assert.equal(second.budgetUsed, 0.25)
    assert.equal(
      codeOf(() => second.refuseOverBudget()),
      'none',
    )
    second.settle({ tokens: 1, cost: 7.5 })
    const third = await w.admit()
    assert.equal(third.budgetUsed, 1)
    assert.equal(
      codeOf(() => third.refuseOverBudget()),
      'budget_exhausted',
    )
    const other = await w.admit(caller({ team: 'legal' }))
    assert.equal(other.budgetUsed, 0)
    w.now = Date.UTC(2026, 11, 1)
    assert.equal((await w.admit()).budgetUsed, 0)
    await w.quota.close()
  })

  it('are remembered over a restart and shared between proxies', async () => {
    const one = world(RULES)
    ;(await one.admit()).settle({ tokens: 1, cost: 4 })
    await one.quota.close()
    const two = world(RULES, one.store)
    assert.equal((await two.admit()).budgetUsed, 0.4)
    await two.quota.close()
  })

  const WARNING =
    'budgets: [{ per: identity.team, amount: 10, currency: EUR, window: month, warn_at: 0.8 }, { per: identity.user, amount: 2, currency: EUR, window: day }]'

  it('warn once per window, team and proxy from the part that warn_at names', async () => {
    const w = world(WARNING)
    ;(await w.admit()).settle({ tokens: 1, cost: 7.9 })
    assert.deepEqual(w.warnings, [])
    ;(await w.admit()).settle({ tokens: 1, cost: 0.2 })
    const warning = { per: 'identity.team', window: 'month', percent: 80, requestId: 'r1' }
    assert.deepEqual(w.warnings, [warning])
    ;(await w.admit()).settle({ tokens: 1, cost: 5 })
    assert.equal(w.warnings.length, 1)
    ;(await w.admit(caller({ team: 'legal' }))).settle({ tokens: 1, cost: 9 })
    assert.equal(w.warnings.length, 2)
    w.now = Date.UTC(2026, 11, 1)
    await w.admit()
    assert.equal(w.warnings.length, 2)
    ;(await w.admit()).settle({ tokens: 1, cost: 8 })
    assert.equal(w.warnings.length, 3)
    await w.quota.close()
  })

  it('warn of what was spent before a restart or by another proxy, and not in a dry run', async () => {
    const one = world(WARNING)
    ;(await one.admit()).settle({ tokens: 1, cost: 8.5 })
    await one.quota.close()
    const two = world(WARNING, one.store)
    await two.quota.admit(policyOf(WARNING), caller(), { tokens: 10, dryRun: true })
    assert.deepEqual(two.warnings, [])
    await two.admit()
    assert.equal(two.warnings.length, 1)
    await two.quota.close()
  })

  it('warn of nothing that cannot be read', async () => {
    const w = world(WARNING)
    w.store.isDown = true
    ;(await w.admit()).settle({ tokens: 1, cost: 9 })
    assert.deepEqual(w.warnings, [])
    await w.quota.close()
  })

  it('that cannot be read are unknown, and nothing that costs goes', async () => {
    const w = world(RULES)
    w.store.isDown = true
    const ticket = await w.admit()
    assert.equal(ticket.budgetUsed, null)
    assert.equal(
      codeOf(() => ticket.refuseOverBudget()),
      'budget_exhausted',
    )
    await w.quota.close()
  })

  it('of users and of days refuse too, and are no part of the team’s month', async () => {
    const w = world('budgets: [{ per: identity.user, amount: 1, currency: EUR, window: day }]')
    ;(await w.admit()).settle({ tokens: 1, cost: 1 })
    const ticket = await w.admit()
    assert.equal(ticket.budgetUsed, 0)
    assert.equal(
      codeOf(() => ticket.refuseOverBudget()),
      'budget_exhausted',
    )
    w.now = NOON + 24 * HOUR
    assert.equal(
      codeOf(() => ticket.refuseOverBudget()),
      'budget_exhausted',
    )
    const next = await w.admit()
    assert.equal(
      codeOf(() => next.refuseOverBudget()),
      'none',
    )
    await w.quota.close()
  })
})

describe('windows', () => {
  const rows: readonly [string, number, { start: number; end: number }][] = [
    ['day', NOON, { start: Date.UTC(2026, 10, 21), end: Date.UTC(2026, 10, 22) }],
    ['week', NOON, { start: Date.UTC(2026, 10, 16), end: Date.UTC(2026, 10, 23) }],
    ['month', Date.UTC(2026, 11, 31, 23), { start: Date.UTC(2026, 11, 1), end: Date.UTC(2027, 0, 1) }],
    ['month', Date.UTC(2028, 1, 29), { start: Date.UTC(2028, 1, 1), end: Date.UTC(2028, 2, 1) }],
  ]
  for (const [unit, now, window] of rows) {
    it(`of a ${unit} are those of the calendar at ${new Date(now).toISOString()}`, () => {
      assert.deepEqual(calendarWindowAt(now, unit as 'day'), window)
    })
  }

  it('of a span hold their start and not their end', () => {
    assert.deepEqual(spanAt(NOON, HOUR), { start: NOON, end: NOON + HOUR })
    assert.deepEqual(spanAt(NOON - 1, HOUR), { start: NOON - HOUR, end: NOON })
  })
})
