/** What the pipeline is composed of and what it is handed. */
import type { RestoreRules } from '../../restore/index.ts'
import type { CompiledPolicy, PolicyDecision } from '../../routing-rules/index.ts'
import type { Exchange } from '../exchange.ts'
import type { BlockDetectors } from '../findings-cache.ts'
import type { Keyring } from '../keyring.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type {
  AuditLog,
  Clock,
  ConversationStore,
  Egress,
  LocalModel,
  Principal,
  WireObject,
} from '../ports.ts'
import type { Quota } from '../quota.ts'
import type { Reply } from '../reply.ts'
import type { Endpoint } from '../wire/index.ts'
import type { CodecRequest } from './codec.ts'
import type { DraftFacts } from './draft.ts'
import type { PromptClass, RequestHeaders } from './facts.ts'
import type { Inspection } from './inspect.ts'
import type { ModelEntry } from './models.ts'

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
  /** Limits and budgets. */
  readonly quota: Quota
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

/** Answers requests; a failure is a rejection with a Problem, recorded before it is thrown. */
export interface Pipeline {
  answer(incoming: Incoming): Promise<Reply>
  /** `POST /v1/sanitise`: texts with placeholders, what was found, and a token to restore with. */
  sanitise(request: CodecRequest): Promise<Reply>
  /** `POST /v1/restore`: texts with their values back. */
  restore(request: CodecRequest): Promise<Reply>
  models(principal: Principal): readonly ModelEntry[]
}

/** What was read from a request before anything is decided. */
export interface Prepared {
  readonly body: WireObject
  readonly inspection: Inspection
  readonly promptClass: PromptClass
  readonly lists: Readonly<Record<string, number>>
  readonly tightening: Readonly<Record<string, string>>
  /** What is known of a local draft; null before there is one. */
  readonly draft: DraftFacts | null
  /** What the contextual layer was asked with; null until it was. */
  readonly contextualPrompt: string | null
}

/** A decision and what it was made from. */
export interface Decided {
  readonly decision: PolicyDecision
  readonly prepared: Prepared
}
