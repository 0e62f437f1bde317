/** What the pipeline is composed of and what it is handed. */
import type { RestoreRules } from '../../restore/index.ts'
import type { CompiledPolicy } from '../../routing-rules/index.ts'
import type { Exchange } from '../exchange.ts'
import type { BlockDetectors } from '../findings-cache.ts'
import type { Keyring } from '../keyring.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { AuditLog, Clock, ConversationStore, Egress, LocalModel } from '../ports.ts'
import type { Endpoint } from '../wire/index.ts'
import type { RequestHeaders } from './facts.ts'

/** What the pipeline is composed of. */
export interface PipelineParts {
  readonly clock: Clock
  /** Microseconds of a monotonic clock, for durations. */
  readonly stopwatch: () => number
  readonly newDecisionId: () => string
  readonly detectors: BlockDetectors
  readonly policy: () => CompiledPolicy
  readonly local: LocalModel | null
  readonly egress: Egress
  readonly audit: AuditLog
  readonly keyring: Keyring
  /** Null: no answer is kept for a later request. */
  readonly conversations: ConversationStore | null
  readonly metrics: Metrics
  readonly log: Log
  readonly settings: PipelineSettings
}

/** The configuration, as far as it concerns one request. */
export interface PipelineSettings {
  readonly contextual: 'off' | 'auto' | 'required'
  readonly contextualTimeoutMs: number
  /** How long a draft of the local model is waited for before it is judged. */
  readonly draftTimeoutMs: number
  readonly placeholderScope: 'request' | 'conversation' | 'tenant'
  readonly rotateDays: number
  readonly unknownModels: 'auto' | 'refuse'
  readonly strictFields: boolean
  readonly jsonDepth: number
  /** Where values are put back in answers. */
  readonly restore: RestoreRules
  /** Values that parts of a found name are never taken for. */
  readonly allow: readonly string[]
}

/** A request as the server hands it over, after authentication. */
export interface Incoming {
  readonly exchange: Exchange
  readonly endpoint: Endpoint
  readonly bytes: Uint8Array
  readonly headers: RequestHeaders
  readonly signal: AbortSignal
}
