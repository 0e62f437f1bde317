/** Rule tests: cases that stand beside a policy, and how much of the policy they reach. */
import { z } from 'zod'
import { type CompileOptions, compilePolicy } from './compile.ts'
import { type LocatedDocument, readDocument } from './document.ts'
import { decidingRule, evaluate } from './evaluate.ts'
import { buildFacts, type FactValues, readFactValues } from './facts.ts'
import { suggestion } from './nearest.ts'
import type { CompiledPolicy } from './policy.ts'
import { checkShape } from './schema.ts'
import { CEILINGS, type PolicyDecision, type RuleProblem } from './types.ts'

const setup = z
  .strictObject({
    local_model: z
      .string()
      .nullable()
      .optional()
      .describe('Name of the local model; null: none is configured.'),
    providers: z
      .array(z.strictObject({ name: z.string(), model: z.string().nullable().optional() }))
      .optional()
      .describe('The `cloud` entries of the configuration.'),
  })
  .describe('The configuration the test assumes. Absent: everything the policy names is there.')

const expectation = z.strictObject({
  action: z.enum(['local', 'cloud', 'held', 'blocked']),
  ceiling: z.enum(CEILINGS).optional(),
  to: z.string().nullable().optional().describe('Name of the destination; null: none.'),
  rule: z.string().optional().describe('The rule the decision is named after.'),
  route: z.string().nullable().optional(),
  because: z.array(z.string()).optional().describe('Rules that must be among the reasons.'),
  tools: z.enum(['keep', 'none']).optional(),
})

/** The file of rule tests. Facts are read apart from it. */
export const casesSchema = z.strictObject({
  setup: setup.optional(),
  base: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe('Facts that every test starts from.'),
  tests: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(300),
        setup: setup.optional(),
        given: z
          .record(z.string(), z.unknown())
          .nullable()
          .optional()
          .describe('Facts merged into base; null is unknown.'),
        expect: expectation,
      }),
    )
    .max(10_000),
  coverage: z
    .strictObject({
      min_guards: z.number().min(0).max(1).optional(),
      min_routes: z.number().min(0).max(1).optional(),
    })
    .optional()
    .describe('Least part of the guards that must fire, and of the routes that must be taken.'),
})

type CasesFile = z.infer<typeof casesSchema>
type Case = CasesFile['tests'][number]

/** One test. `mismatches` is empty when it passed. */
export interface CaseResult {
  readonly name: string
  /** 1-based line of the test in its file. */
  readonly line: number
  readonly passed: boolean
  /** Such as `action: expected local, got cloud`. */
  readonly mismatches: readonly string[]
  readonly decision: PolicyDecision
}

/** How much of a block the tests reached: 0..1, 1 for an empty block. */
export interface Coverage {
  readonly reached: number
  readonly minimum: number
  /** Ids of the rules no test reached. */
  readonly missed: readonly string[]
}

/** What running the tests gave. `passed`: no problem, every test passed, coverage as asked. */
export interface CasesReport {
  readonly passed: boolean
  readonly problems: readonly RuleProblem[]
  readonly results: readonly CaseResult[]
  readonly guards: Coverage
  readonly routes: Coverage
}

/** What is needed besides the two texts. `casesFile` is the name of the file of tests, for problems. */
export interface CasesOptions extends CompileOptions {
  readonly casesFile: string
}

const NO_COVERAGE: Coverage = { reached: 0, minimum: 0, missed: [] }

/**
 * Runs the rule tests of a policy. The configuration a test assumes is its own `setup`, else the file's, else
 * that of `options`. A guard counts as reached when its condition held in a test (not when it fired on an unknown
 * fact), a route when it was taken. Never throws.
 */
export function runCases(policySource: string, casesSource: string, options: CasesOptions): CasesReport {
  const fail = (problems: readonly RuleProblem[]): CasesReport => ({
    passed: false,
    problems,
    results: [],
    guards: NO_COVERAGE,
    routes: NO_COVERAGE,
  })
  const { document, problems: unreadable } = readDocument(casesSource, options.casesFile)
  if (document === null) return fail(unreadable)
  const { value: file, problems: misshapen } = checkShape(casesSchema, document)
  if (file === null) return fail(misshapen)
  const runner = new Runner(policySource, file, document, options)
  const results = file.tests.flatMap((one, i) => runner.run(one, i))
  if (runner.problems.length > 0) return fail(runner.problems)
  const { guards, routes } = runner.coverage()
  const isCovered = guards.reached >= guards.minimum && routes.reached >= routes.minimum
  const passed = isCovered && results.every((result) => result.passed)
  return { passed, problems: [], results, guards, routes }
}

class Runner {
  readonly problems: RuleProblem[] = []
  readonly #source: string
  readonly #file: CasesFile
  readonly #document: LocatedDocument
  readonly #options: CasesOptions
  readonly #policies = new Map<string, CompiledPolicy | null>()
  readonly #bases = new Map<CompiledPolicy, FactValues>()
  readonly #reached = new Set<string>()

  constructor(source: string, file: CasesFile, document: LocatedDocument, options: CasesOptions) {
    this.#source = source
    this.#file = file
    this.#document = document
    this.#options = options
    if (file.tests.length === 0) this.#policyFor(undefined)
  }

  run(one: Case, i: number): CaseResult[] {
    const policy = this.#policyFor(one.setup ?? this.#file.setup)
    if (policy === null) return []
    const before = this.problems.length
    const values = this.#baseFor(policy)
    const given = readFactValues(this.#document, ['tests', i, 'given'], policy.facts, this.problems)
    this.#checkNames(one, i, policy)
    if (this.problems.length > before) return []
    const facts = buildFacts(new Map([...values, ...given]), policy.facts)
    const { endpoint, model } = facts.request
    const decision = evaluate(policy, facts, { endpoint, wish: model ?? null })
    for (const reason of decision.because)
      if (reason.matched === 'yes') this.#reached.add(`guard ${reason.rule}`)
    this.#reached.add(`route ${decision.route}`)
    const mismatches = compare(one.expect, decision)
    const { line } = this.#document.problemAt(['tests', i], '')
    return [{ name: one.name, line, passed: mismatches.length === 0, mismatches, decision }]
  }

  coverage(): { guards: Coverage; routes: Coverage } {
    const any = [...this.#policies.values()].find((policy) => policy !== null)
    const wanted = this.#file.coverage
    return {
      guards: this.#cover('guard', any?.guards ?? [], wanted?.min_guards),
      routes: this.#cover('route', any?.routes ?? [], wanted?.min_routes),
    }
  }

  #cover(kind: string, rules: readonly { readonly id: string }[], minimum = 0): Coverage {
    const missed = rules.map((rule) => rule.id).filter((id) => !this.#reached.has(`${kind} ${id}`))
    const reached = rules.length === 0 ? 1 : (rules.length - missed.length) / rules.length
    return { reached, minimum, missed }
  }

  /** One compilation per distinct setup. */
  #policyFor(wanted: CasesFile['setup']): CompiledPolicy | null {
    const key = JSON.stringify(wanted ?? null)
    const known = this.#policies.get(key)
    if (known !== undefined) return known
    const { policy, problems } = compilePolicy(this.#source, { ...this.#options, ...assumed(wanted) })
    this.#policies.set(key, policy)
    if (policy === null) this.problems.push(...problems)
    return policy
  }

  #baseFor(policy: CompiledPolicy): FactValues {
    const known = this.#bases.get(policy)
    if (known !== undefined) return known
    const values = readFactValues(this.#document, ['base'], policy.facts, this.problems)
    this.#bases.set(policy, values)
    return values
  }

  #checkNames({ expect }: Case, i: number, policy: CompiledPolicy): void {
    const rules = [...policy.guards, ...policy.routes].map((rule) => rule.id)
    const ids = [...rules, 'default', 'wish', 'no_destination']
    const destinations = [...policy.destinations, ...policy.leftOut].map((one) => one.name)
    const check = (
      value: string | null | undefined,
      names: readonly string[],
      key: string | number,
      inner?: number,
    ) => {
      if (typeof value !== 'string' || names.includes(value)) return
      const path = ['tests', i, 'expect', key, ...(inner === undefined ? [] : [inner])]
      this.problems.push(
        this.#document.problemAt(path, `the policy has no such name${suggestion(value, names)}`),
      )
    }
    check(expect.to, destinations, 'to')
    check(expect.rule, ids, 'rule')
    check(expect.route, ids, 'route')
    for (const [n, id] of (expect.because ?? []).entries()) check(id, ids, 'because', n)
  }
}

function assumed(wanted: CasesFile['setup']): Partial<CompileOptions> {
  if (wanted === undefined) return {}
  return {
    ...(wanted.local_model === undefined ? {} : { localModel: wanted.local_model }),
    ...(wanted.providers === undefined
      ? {}
      : { providers: wanted.providers.map(({ name, model }) => ({ name, model: model ?? null })) }),
  }
}

function compare(expect: Case['expect'], decision: PolicyDecision): string[] {
  const got = {
    action: decision.action,
    ceiling: decision.ceiling,
    to: decision.destination,
    rule: decidingRule(decision),
    route: decision.route,
    tools: decision.tools,
  }
  const wrong: string[] = []
  for (const key of ['action', 'ceiling', 'to', 'rule', 'route', 'tools'] as const) {
    const wanted = expect[key]
    if (wanted !== undefined && wanted !== got[key]) wrong.push(`${key}: expected ${wanted}, got ${got[key]}`)
  }
  const reasons = decision.because.map((reason) => reason.rule)
  const missing = (expect.because ?? []).filter((id) => !reasons.includes(id))
  if (missing.length > 0)
    wrong.push(`because: expected ${missing.join(', ')}, got ${reasons.join(', ') || 'nothing'}`)
  return wrong
}
