/** Policies and facts for the tests of this folder. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CompiledPolicy,
  type CompileOptions,
  compilePolicy,
  evaluate,
  type Facts,
  type PolicyDecision,
  type RuleProblem,
} from '../../routing-rules/index.ts'

export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
}

export function shipped(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../routing-rules/policies', name), 'utf8')
}

export const OPTIONS: CompileOptions = {
  file: 'rules.yaml',
  readList: (path) => (path === './secrets/codenames.txt' ? '# deals\nBluebird\n\nproject red fox\n' : null),
}

export function problemsOf(source: string, options: Partial<CompileOptions> = {}): readonly RuleProblem[] {
  return compilePolicy(source, { ...OPTIONS, ...options }).problems
}

export function compiled(source: string, options: Partial<CompileOptions> = {}): CompiledPolicy {
  const { policy, problems } = compilePolicy(source, { ...OPTIONS, ...options })
  assert.ok(policy !== null, problems.map((p) => `${p.line}:${p.column} ${p.message}`).join('\n'))
  return policy
}

/** A policy with these guards and routes around a local and two cloud destinations. */
export function policyWith(rest: string, options: Partial<CompileOptions> = {}): CompiledPolicy {
  return compiled(around(rest), options)
}

export function around(rest: string): string {
  const fallback = /^default:/m.test(rest) ? '' : 'default: { to: [eu, us, here] }\n'
  return `version: 1
policy: test
revision: r1
destinations:
  here: { kind: local, model: small, regions: [onprem] }
  eu: { kind: cloud, provider: e, model: big-eu, regions: [eu] }
  us: { kind: cloud, provider: u, model: big-us, regions: [us] }
${fallback}${rest}
`
}

/** Facts of an unremarkable request: everything known, nothing found. */
export function facts(changes: DeepPartial<Facts> = {}): Facts {
  const plain: Facts = {
    identity: { user: 'u', team: 'engineering', region: 'us', roles: [], key: 'k' },
    request: {
      endpoint: 'chat',
      model: 'cloakroom-auto',
      tokens: 300,
      has_tools: false,
      has_images: false,
      stream: false,
      language: 'en',
    },
    headers: {},
    findings: { counts: {}, total: 0, min_score: null },
    lists: { itar_terms: 0, deal_codenames: 0 },
    class: { task: 'chat', domain: 'general', needs_strong: 0.1, injection: 0.01 },
    detectors: { pattern: 'ok', ner: 'ok', contextual: 'ok' },
    local: { status: 'ok', confidence: null },
    budget: { team: { month_used: 0.2 } },
    time: { hour: 10, weekday: 2 },
    alerts: { open: 0 },
  }
  return merge(plain, changes) as Facts
}

export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | null | undefined }
    : T

function merge(base: unknown, changes: unknown): unknown {
  if (changes === undefined) return base
  if (typeof base !== 'object' || base === null || typeof changes !== 'object' || changes === null)
    return changes
  if (Array.isArray(changes)) return changes
  const result: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(changes)) result[key] = merge(result[key], value)
  return result
}

export function decide(
  policy: CompiledPolicy,
  changes: DeepPartial<Facts> = {},
  wish: string | null = null,
): PolicyDecision {
  const all = facts(changes)
  return evaluate(policy, all, { endpoint: all.request.endpoint, wish })
}

export function rulesOf(decision: PolicyDecision): readonly string[] {
  return decision.because.map((reason) => reason.rule)
}
