/**
 * The interfaces between the pipeline and the world. The pipeline knows only these; `main.ts` plugs the
 * adapters (`local/`, `cloud/`, `audit/`, `store/`, `auth/`) in.
 */
import type { AskModel, Finding, LayerStatus } from '../detectors/index.ts'
import type { Sanitised, Vault } from '../restore/index.ts'
import type { Destination, PolicyDecision } from '../routing-rules/index.ts'

/** Who is asking. Taken from the key or token, never from the body. */
export interface Principal {
  /** `anonymous` without authentication. */
  readonly user: string | null
  readonly team: string | null
  readonly region: string | null
  readonly roles: readonly string[]
  /** Id of the API key or token, never the secret. */
  readonly key: string | null
  /** Such as `chat`, `audit`, `admin`; an empty list means `chat` alone. */
  readonly scopes: readonly string[]
}

/** Says who a request comes from. Rejects with `Problem` code `unauthenticated`. */
export interface Authenticator {
  authenticate(authorization: string | undefined, now: number): Promise<Principal> | Principal
}

/** Wall clock in ms since the epoch. */
export type Clock = () => number

/** Token counts as OpenAI reports them. */
export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** A JSON object whose shape the `wire` module of its endpoint has checked. */
export type WireObject = { readonly [name: string]: unknown }

/**
 * A model that runs here or beside us: `llama` (in process) or `openai` (a server).
 * Every method rejects with `LocalModelError`; an abort closes the sequence or connection at once.
 */
export interface LocalModel {
  /** Shown to clients as the model that answered. */
  readonly name: string
  readonly engine: 'llama' | 'openai'
  /** `ok` when requests can be answered now; never waits. */
  status(): LayerStatus
  /** A whole answer: an object of OpenAI's chat-completion shape (`id`, `created`, `choices`, `usage`). */
  chat(request: WireObject, signal: AbortSignal): Promise<WireObject>
  /** The same as chunks; the last chunks carry `finish_reason` and, where asked for, `usage`. */
  chatStream(request: WireObject, signal: AbortSignal): AsyncIterable<WireObject>
  /** JSON that keeps to a schema, at temperature 0; resolves to the raw text. */
  ask: AskModel
  close(): Promise<void>
}

/** What a name engine says about some texts: findings of each, spans in UTF-16 units, or why there are none. */
export type NamesFound =
  | { readonly status: 'ok'; readonly findings: readonly (readonly Finding[])[] }
  | { readonly status: 'down' | 'timeout' }

/** Finds names in place of the built-in tagger: a server, or a model in a thread of its own. */
export interface NameEngine {
  readonly engine: 'onnx' | 'http'
  /** What the latest call met; never waits. */
  status(): LayerStatus
  /** All texts or none: a failure for one is a failure. Never rejects; an abort is `down`. */
  find(texts: readonly string[], signal: AbortSignal): Promise<NamesFound>
  close(): Promise<void>
}

/** Why a local model did not answer. `context_overflow`: the prompt is longer than the model's context. */
export type LocalModelErrorCode =
  | 'not_loaded'
  | 'context_overflow'
  | 'busy'
  | 'timeout'
  | 'aborted'
  | 'unsupported'
  | 'failed'

/** What a cloud destination sent back: status, and the body as it comes. */
export interface UpstreamResponse {
  readonly status: number
  /** Lower-case media type without parameters, or empty. */
  readonly mediaType: string
  /** From `retry-after`, when it is a number of seconds. */
  readonly retryAfterSeconds: number | null
  /** Pull-based: nothing is read ahead of the consumer but one chunk. Ending the iteration closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/** What `send` needs besides the body. */
export interface SendOptions {
  readonly destination: Destination
  /** Path under the provider's base URL, such as `/chat/completions`. */
  readonly path: string
  readonly stream: boolean
  /** Every value that must not be in the bytes, URL or headers. */
  readonly vault: Vault
}

/** The only door to the network outside. Rejects with `EgressError`. */
export interface Egress {
  /**
   * Checks the final bytes and sends them. Resolves once the response's headers are there.
   * `onDurable` is awaited after all checks and before the first byte is sent.
   */
  send(
    body: Sanitised<WireObject>,
    options: SendOptions,
    beforeFirstByte: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<UpstreamResponse>
  close(): Promise<void>
}

/** Why nothing usable came back. `violation`: a value was about to leave and 0 bytes were sent. */
export type EgressErrorCode =
  | 'violation'
  | 'unknown_destination'
  | 'redirect'
  | 'timeout'
  | 'connection'
  | 'aborted'
  | 'not_configured'

/** What every audit record says: metadata only. Hashes of content are keyed per tenant. */
export interface AuditEntry {
  readonly kind: 'intent' | 'outcome' | 'event'
  readonly request_id: string
  /** ms since the epoch. */
  readonly time: number
  readonly user: string | null
  readonly team: string | null
  readonly key: string | null
  readonly endpoint: string
  readonly action: 'local' | 'cloud' | 'blocked' | 'held' | 'error'
  readonly destination: string | null
  readonly model: string | null
  readonly rule: string | null
  readonly policy: string
  readonly policy_sha256: string
  /** Findings per entity type. */
  readonly entities: Readonly<Record<string, number>>
  /** HMAC-SHA-256 of the prompt's text slots, base64url; null when the request could not be read. */
  readonly prompt_hmac: string | null
  /** The explain record without text; in the intent, or in the outcome when there was no intent. */
  readonly decision?: DecisionRecord
  /** Only in outcomes. */
  readonly outcome?: {
    readonly status: number
    readonly code: string | null
    readonly duration_ms: number
    readonly prompt_tokens: number | null
    readonly completion_tokens: number | null
    readonly restored: number
  }
  /** Only in events: what happened to the installation, such as `start`, `policy_loaded`, `key_added`. */
  readonly event?: string
}

/**
 * What became of a local draft: `judged` (its confidence is a fact), `unjudged` (too slow, too long, or a call of a
 * tool: nothing is known of it), `failed`.
 */
export type DraftOutcome = 'judged' | 'unjudged' | 'failed'

/** The explain record: section 4 of the rule language. */
export interface DecisionRecord
  extends Pick<
    PolicyDecision,
    'action' | 'ceiling' | 'destination' | 'route' | 'because' | 'policy' | 'policy_sha256'
  > {
  readonly id: string
  readonly request_id: string
  readonly would_have_been?: { readonly route: string; readonly destination: string }
  readonly facts: {
    readonly team: string | null
    readonly region: string | null
    readonly tokens: number
    readonly class: {
      readonly task: string
      readonly domain: string
      readonly needs_strong: number
      readonly injection: number
    }
    readonly findings: Readonly<Record<string, number>>
    readonly list_hits: Readonly<Record<string, number>>
    readonly detectors: Readonly<Record<'pattern' | 'ner' | 'contextual', LayerStatus>>
    /** Only where a local draft was made: what became of it. */
    readonly local?: { readonly status: LayerStatus; readonly confidence: number | null }
  }
  /** Only where a local draft was made before this decision. */
  readonly draft?: DraftOutcome
  /** Only where the contextual layer was asked: version and hash of its prompt. */
  readonly contextual_prompt?: string
  readonly classifier: string
  readonly took_us: number
}

/** How soon an audit entry must be on the disk. */
export type AuditUrgency = 'now' | 'soon'

/** The audit log. `append` resolves when the record is durable and rejects with `AuditError` when it is not. */
export interface AuditLog {
  /** Resolves when the entry would survive a power cut. `soon`: it may wait some ms for others; default `now`. */
  append(entry: AuditEntry, urgency?: AuditUrgency): Promise<void>
  /** `ok` while records can be written. */
  status(): 'ok' | 'down'
  /** The decision of an earlier request and who made it; null when there is none. */
  findDecision(requestId: string): Promise<{
    readonly decision: DecisionRecord
    readonly user: string | null
    readonly team: string | null
    readonly key: string | null
  } | null>
  close(): Promise<void>
}

/**
 * A person's, team's or region's name as a key or token may state it and the audit log may keep it: one to
 * 128 letters, digits and name punctuation, no space, so that no sentence fits.
 */
export const PRINCIPAL_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@|:+/=~-]{0,127}$/u

/** One audit record on its way into the database. */
export interface AuditRow {
  /** Place in its writer's log: 0, 1, 2 …; a row whose place is taken is not stored again. */
  readonly position: number
  readonly request_id: string
  readonly kind: AuditEntry['kind']
  /** ms since the epoch. */
  readonly time: number
  readonly user: string | null
  readonly team: string | null
  readonly action: AuditEntry['action']
  readonly destination: string | null
  /** Entity types found, sorted. */
  readonly entities: readonly string[]
  /** The canonical bytes of the entry, as text. */
  readonly record: string
}

/** One audit record in the database: `seq` is its leaf index, 0, 1, 2 … without gaps. */
export interface StoredRecord {
  readonly seq: number
  readonly record: string
}

/** Which records to read; every field that is given narrows. Times in ms since the epoch. */
export interface RecordQuery {
  /** Inclusive. */
  readonly from?: number
  /** Exclusive. */
  readonly to?: number
  readonly user?: string
  readonly team?: string
  readonly action?: string
  /** An entity type that was found in the request. */
  readonly entity?: string
}

/** What the audit log needs of a database. Every method rejects with `StoreError`. */
export interface RecordStore {
  /** Resolves once the database is open; after a failure the next call tries again. */
  ready(): Promise<void>
  /**
   * Stores rows of one writer, ascending by position, in one transaction: leaf indices follow the order given.
   * Rows the writer has stored before are skipped, so a replay changes nothing.
   */
  appendRecords(writer: string, rows: readonly AuditRow[]): Promise<void>
  /** Resolves when everything appended before would survive a power cut. */
  persist(): Promise<void>
  /** All records of one request, in order. */
  recordsOf(requestId: string): Promise<readonly StoredRecord[]>
  /** At most `limit` matching records with `seq` above `after` (-1: from the start), in order. */
  findRecords(query: RecordQuery, after: number, limit: number): Promise<readonly StoredRecord[]>
  /** How many records there are: the next leaf index. */
  recordCount(): Promise<number>
}

/** An API key as it is stored: never the secret, only its hash. Times in ms since the epoch. */
export interface ApiKeyRecord {
  readonly id: string
  /** SHA-256 of the whole key, lower-case hex. */
  readonly hash: string
  readonly team: string
  readonly user: string
  readonly region: string | null
  readonly scopes: readonly string[]
  readonly created: number
  readonly revoked: number | null
}

/** What authentication by key needs of a database. Every method rejects with `StoreError`. */
export interface KeyStore {
  /** Rejects when the id is taken. */
  addKey(key: ApiKeyRecord): Promise<void>
  findKey(id: string): Promise<ApiKeyRecord | null>
  /** All keys, revoked ones too, oldest first. */
  listKeys(): Promise<readonly ApiKeyRecord[]>
  /** False when there is no such key or it was revoked before. */
  revokeKey(id: string, now: number): Promise<boolean>
}

/** What is added to a counter of use. */
export interface UsageChange {
  /** What is counted, for whom, in which window. */
  readonly counter: string
  /** End of its window, ms since the epoch: it may be forgotten then. */
  readonly expires: number
  readonly amount: number
}

/** What counting use needs of a database. Every method rejects with `StoreError`. */
export interface UsageStore {
  /** The sums of these counters; those never added to are left out. */
  readUsage(counters: readonly string[]): Promise<readonly { counter: string; amount: number }[]>
  /**
   * Adds to counters, each named once, all or nothing; gives their sums, to which other proxies may have added. Forgets
   * counters whose windows were over at `now`, in ms since the epoch.
   */
  addUsage(
    changes: readonly UsageChange[],
    now: number,
  ): Promise<readonly { counter: string; amount: number }[]>
}

/** What is kept of an answered request, so that a later one can go on from it: items in the client's own words. */
export interface KeptConversation {
  readonly input: readonly unknown[]
  readonly output: readonly unknown[]
}

/** Keeps conversations for a while, encrypted, each for its owner alone. `now` in ms since the epoch. */
export interface ConversationStore {
  /** Null for what is unknown, expired, damaged or another owner's. */
  load(id: string, owner: string, now: number): Promise<KeptConversation | null>
  /** Resolves when it can be loaded; what is too long is not kept. */
  save(id: string, owner: string, conversation: KeptConversation, now: number): Promise<void>
}

/** The exclusive right to a data directory. Whoever writes into it asks for one first. */
export interface DirectoryLock {
  /** Absolute path of the directory. */
  readonly dir: string
  /** False once the directory was taken away or the lock released: write nothing any more. */
  isHeld(): boolean
  release(): Promise<void>
}
