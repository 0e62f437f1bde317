/** What a client is told of a request that nobody may answer. */
import type { CompiledPolicy, PolicyDecision } from '../../routing-rules/index.ts'
import { Problem } from '../problem.ts'

/** The problem of a blocked request, with what to set where that would help. */
export function blocked(
  decision: PolicyDecision,
  policy: CompiledPolicy,
  endpoint: string,
  hasLocal: boolean,
): Problem {
  if (policy.destinations.length === 0) return new Problem('local_unavailable', { hint: 'no_model' })
  if (!policy.destinations.some(({ endpoints }) => endpoints.includes(endpoint))) {
    return new Problem('blocked_by_policy', { hint: 'no_endpoint' })
  }
  const nothingLeft = decision.because.some((reason) => reason.effect === 'no_destination')
  const wouldBeLocal = decision.ceiling === 'local' && !hasLocal
  return new Problem('blocked_by_policy', nothingLeft && wouldBeLocal ? { hint: 'needs_local' } : {})
}
