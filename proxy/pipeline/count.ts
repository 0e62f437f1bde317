/** What metrics and the operational log say of a request that is over. */

import type { CompiledPolicy } from '../../routing-rules/index.ts'
import type { Exchange } from '../exchange.ts'
import { errorShape, type Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { Problem } from '../problem.ts'
import type { Spent } from '../quota.ts'
import type { Ending } from './ending.ts'

/** Counts an ending, and logs the two that somebody must look at. `now` in ms since the epoch. */
export function countEnding(
  { metrics, log }: { readonly metrics: Metrics; readonly log: Log },
  exchange: Exchange,
  ending: Ending,
  now: number,
): void {
  const code = ending === 'complete' || ending === 'aborted' ? ending : ending.code
  metrics.requestEnded(exchange.endpoint, exchange.action, code, (now - exchange.startedAt) / 1000)
  for (const [entity, found] of Object.entries(exchange.entities)) metrics.found(entity, found)
  if (code === 'egress_violation') {
    metrics.egressViolation()
    log.write('error', 'egress_violation', { request_id: exchange.id })
  }
  if (code === 'internal_error' && ending instanceof Problem) {
    log.write('error', 'internal_error', { request_id: exchange.id, ...errorShape(ending.cause) })
  }
}

/**
 * What a request used: the tokens that its model reports, and their price. A model that reports none, such as one whose
 * answer broke off, is taken at the request's own size.
 */
export function spentBy(exchange: Exchange, policy: CompiledPolicy, ending: Ending): Spent {
  const answered = ending === 'complete' || exchange.intentRecorded
  const prompt = exchange.promptTokens ?? (answered ? (exchange.decision?.facts.tokens ?? 0) : 0)
  const completion = exchange.completionTokens ?? 0
  const destination = policy.destinations.find(({ name }) => name === exchange.destination)
  const price = exchange.action === 'cloud' ? (destination?.cost ?? null) : null
  const cost = price === null ? 0 : (prompt * price.in + completion * price.out) / 1_000_000
  return { tokens: prompt + completion, cost }
}
