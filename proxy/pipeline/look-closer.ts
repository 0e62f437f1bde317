/** The contextual layer over the texts of one request, and what it means when a layer failed. */
import { type ContextualDetection, detectContextual, type LayerStatus } from '../../detectors/index.ts'
import type { LocalModel } from '../ports.ts'
import type { Inspection } from './inspect.ts'

/** Asks the local model about every text with some context. Gives up after `timeoutMs`; never rejects. */
export function lookCloser(
  local: LocalModel,
  inspection: Inspection,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ContextualDetection> {
  return detectContextual(
    inspection.slots.map(({ slot }) => (isProse(slot.text) ? slot.text : '')),
    {
      ask: (request, signal) => local.ask(request, signal),
      signal: AbortSignal.any([AbortSignal.timeout(limits.timeoutMs), limits.signal]),
    },
  )
}

/** A single word has no context to judge it by: names of fields and enumerated values are not asked about. */
function isProse(text: string): boolean {
  return /\S\s+\S/.test(text)
}

/** Whether a layer was asked and did not answer. */
export function hasFailed(status: LayerStatus | undefined): boolean {
  return status === 'down' || status === 'timeout'
}
