/** The contextual layer over the texts of one request, and what it means when a layer failed. */
import {
  type ContextualDetection,
  detectContextual,
  type Finding,
  type LayerStatus,
  locate,
  type Named,
} from '../../detectors/index.ts'
import type { LocalModel } from '../ports.ts'
import type { Inspection } from './inspect.ts'

/** Texts whose findings are remembered for a model. */
const MAX_REMEMBERED = 4_096
/** Values looked for in the other texts of a request; more would be a list rather than a person. */
const MAX_SHARED = 200

/** What a model found in whole texts, by their keyed hashes; oldest first. */
const memories = new WeakMap<LocalModel, Map<string, readonly Finding[]>>()

/**
 * Asks the local model about every text with some context that it was not asked about before; what it names in one text
 * is found in all. Gives up after `timeoutMs`; never rejects.
 */
export async function lookCloser(
  local: LocalModel,
  inspection: Inspection,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ContextualDetection> {
  const memory = memoryOf(local)
  const texts = inspection.slots.map(({ slot }) => slot.text)
  const known = inspection.hmacs.map((hmac) => memory.get(hmac))
  const detection = await detectContextual(
    texts.map((text, i) => (known[i] === undefined && isProse(text) ? text : '')),
    {
      ask: (request, signal) => local.ask(request, signal),
      signal: AbortSignal.any([AbortSignal.timeout(limits.timeoutMs), limits.signal]),
    },
  )
  for (const [i, hmac] of inspection.hmacs.entries()) {
    const findings = known[i] ?? detection.findings[i]
    // A text that was not wholly read is asked about again.
    const wasRead = detection.statuses[i] === 'ok' && isProse(texts[i] ?? '')
    if (wasRead && findings !== undefined) remember(memory, hmac, findings)
  }
  const findings = texts.map((_, i) => known[i] ?? detection.findings[i] ?? [])
  return { ...detection, findings: share(texts, findings) }
}

/** Each value at every place in every text, single words included: who is named once is somebody everywhere. */
function share(
  texts: readonly string[],
  findings: readonly (readonly Finding[])[],
): readonly (readonly Finding[])[] {
  const named = new Map<string, Named>()
  for (const [i, found] of findings.entries()) {
    for (const { entity, span } of found) {
      const text = (texts[i] ?? '').slice(span.start, span.end)
      if (named.size < MAX_SHARED && !named.has(text)) named.set(text, { entity, text })
    }
  }
  if (named.size === 0) return findings
  const values = [...named.values()]
  return texts.map((text, i) => {
    if (text === '') return findings[i] ?? []
    const own = (findings[i] ?? []).map(({ entity, span }) => ({
      entity,
      text: text.slice(span.start, span.end),
    }))
    return locate(text, [...own, ...values])
  })
}

function memoryOf(local: LocalModel): Map<string, readonly Finding[]> {
  const known = memories.get(local) ?? new Map<string, readonly Finding[]>()
  memories.set(local, known)
  return known
}

function remember(memory: Map<string, readonly Finding[]>, hmac: string, findings: readonly Finding[]): void {
  memory.delete(hmac)
  memory.set(hmac, findings)
  const oldest = memory.keys().next()
  if (memory.size > MAX_REMEMBERED && oldest.done !== true) memory.delete(oldest.value)
}

/** A single word has no context to judge it by: names of fields and enumerated values are not asked about. */
function isProse(text: string): boolean {
  return /\S\s+\S/.test(text)
}

/** Whether a layer was asked and did not answer. */
export function hasFailed(status: LayerStatus | undefined): boolean {
  return status === 'down' || status === 'timeout'
}
