/** When a local draft has to be judged: whether what is known of it later could send the request to a cloud. */
import type { ConditionNode } from './conditions/index.ts'
import { evaluate, type RoutingRequest } from './evaluate.ts'
import type { CompiledPolicy } from './policy.ts'
import type { Facts, PolicyDecision } from './types.ts'

const CONFIDENCE = 'local.confidence'
const STATUS = 'local.status'
/** Confidences have three digits: this is between two of them. */
const STEP = 0.0005

const cache = new WeakMap<CompiledPolicy, readonly Partial<Facts['local']>[]>()

/** What a decision was made from. */
export interface Considered {
  readonly facts: Facts
  readonly request: RoutingRequest
}

/**
 * Whether a local draft could send this request to a cloud: because a rule asks for its confidence (the middle band of
 * the cascade), or for the failure of the local model. `decision` is one for the local model, made before there is a
 * draft; where it has a ceiling from `approve` up, nothing can.
 */
export function couldEscalate(
  policy: CompiledPolicy,
  decision: PolicyDecision,
  considered: Considered,
): boolean {
  if (decision.ceiling !== 'open' && decision.ceiling !== 'sanitise') return false
  return outcomes(policy).some((local) => {
    const facts = { ...considered.facts, local: { ...considered.facts.local, ...local } }
    return evaluate(policy, facts, considered.request).action === 'cloud'
  })
}

/** What may become known of a draft, as far as the policy's routes ask for it. */
function outcomes(policy: CompiledPolicy): readonly Partial<Facts['local']>[] {
  const known = cache.get(policy)
  if (known !== undefined) return known
  const failures = policy.routes.some(({ node }) => asksFor(node, STATUS))
    ? [{ status: 'down' }, { status: 'timeout' }]
    : []
  const all = [...confidences(policy).map((confidence) => ({ confidence })), ...failures]
  cache.set(policy, all)
  return all
}

/** The confidences at which the policy may decide differently; none where no route asks for it. */
function confidences(policy: CompiledPolicy): readonly number[] {
  if (!policy.routes.some(({ node }) => asksFor(node, CONFIDENCE))) return []
  const thresholds = [...policy.routes, ...policy.guards].flatMap(({ node }) => thresholdsIn(node))
  const points = thresholds.flatMap((at) => [at - STEP, at, at + STEP])
  return [...new Set(points)].filter((point) => point >= 0 && point <= 1)
}

function asksFor(node: ConditionNode | null, path: string): boolean {
  if (node === null) return false
  if (node.kind === 'test') return node.fact.path === path
  return node.kind === 'not' ? asksFor(node.of, path) : node.of.some((part) => asksFor(part, path))
}

function thresholdsIn(node: ConditionNode | null): readonly number[] {
  if (node === null) return []
  if (node.kind === 'not') return thresholdsIn(node.of)
  if (node.kind !== 'test') return node.of.flatMap(thresholdsIn)
  if (node.fact.path !== CONFIDENCE) return []
  const operands: readonly unknown[] = Array.isArray(node.operand) ? node.operand : [node.operand]
  return operands.filter((operand): operand is number => typeof operand === 'number')
}
