/** What metrics and the operational log say of a request that is over. */
import type { Exchange } from '../exchange.ts'
import { errorShape, type Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { Problem } from '../problem.ts'
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
