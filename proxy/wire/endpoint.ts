/** What an endpoint is to the pipeline: how to read, walk and change its requests, answers and events. */
import type { TextSlot } from '../../restore/index.ts'
import type { KeptConversation, Usage, WireObject } from '../ports.ts'
import type { LeafAllowance } from './leaves.ts'
import type { ReadOptions } from './read.ts'
import type { ObjectRule } from './schema.ts'
import type { WireSlot } from './slots.ts'
import type { TextRun } from './text-runs.ts'

/** A piece of the prompt for the classifier and the rules, with who said it. */
export interface PromptPart {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
}

/** One event for the client. */
export interface ClientEvent {
  readonly data: WireObject
  /** For the `event:` line; null where the endpoint's events have no names. */
  readonly name: string | null
}

/** One event without a name. */
export function unnamed(data: WireObject): readonly ClientEvent[] {
  return [{ data, name: null }]
}

/** One step of a streamed answer. */
export interface StreamStep {
  /**
   * What the client gets, in order, to be read once every slot is written; empty when there is nothing to send
   * (a usage report it did not ask for).
   */
  readonly events: readonly ClientEvent[]
  /**
   * The text in `events`, in order; each `write` changes them. A slot with `last` ends its lane: what its
   * restorer holds back belongs into it. Lanes that end here without text of their own have an empty slot.
   */
  readonly slots: readonly TextSlot[]
  /** The usage report, when this event carries it. */
  readonly usage: Usage | null
  /** Whether the answer is complete with this step: what comes after it is not read. */
  readonly last?: boolean
}

/** Reads one streamed answer; it knows which lanes are open. */
export interface AnswerStream {
  /** Reads the data of one event. Throws `ResponseError`. */
  push(data: string): StreamStep
  /** The same for an event that is an object already (a local model's). */
  pushObject(event: unknown): StreamStep
  /**
   * After the last event: a step that ends the lanes which no event ended, or null when there are none. Throws
   * `ResponseError` code `truncated` where an endpoint's streams have a last event and it did not come.
   */
  end(): StreamStep | null
  /**
   * The whole answer as the client has it, once the slots of the last step are written; null before. Only where
   * answers are kept for a later request.
   */
  readonly final?: WireObject | null
}

/**
 * How a local model, which speaks chat completions alone, answers for an endpoint. `body` is what the endpoint's
 * `parse` gave and is not changed.
 */
export interface LocalCodec {
  /** The request as a chat request. Throws `WireError` code `unsupported_content` where it cannot be one. */
  toChat(body: WireObject): WireObject
  /** A whole chat answer as this endpoint's. Throws `ResponseError`. */
  readAnswer(json: unknown, body: WireObject, options: AnswerOptions): WireObject
  /** Reads the chunks of a chat answer and gives this endpoint's events. */
  openStream(body: WireObject, options: AnswerOptions): AnswerStream
}

/** What the answer should look like besides what the request says. */
export interface AnswerOptions {
  /** The name of the model that answered; absent: what the answer says. */
  readonly model?: string
  /** Letters and digits that the ids of the answer are made from, where an endpoint's ids are ours. */
  readonly id?: string
  /** What `repeated` gave for the request. */
  readonly echo?: WireObject
}

/** How requests of an endpoint go on from earlier answers. `json` is a request that was not read by its table yet. */
export interface Continuation {
  /** Ids of earlier answers that the request names, without doubles. */
  referencesIn(json: unknown): readonly string[]
  /** The request with the earlier items in place of their ids. Throws `WireError` where one is not in `kept`. */
  expand(json: unknown, kept: ReadonlyMap<string, KeptConversation>): unknown
  /** What to keep of the expanded request; null where the client wants nothing kept. */
  inputOf(json: unknown): readonly unknown[] | null
  /** Under which id an answer is kept, and what of it. */
  outputOf(answer: WireObject): { readonly id: string; readonly output: readonly unknown[] }
}

/** One endpoint of the wire. `body` is always what `parse` gave; it is changed in place. */
export interface Endpoint {
  /** What the rules call it: `request.endpoint`. */
  readonly name: 'chat' | 'responses' | 'completions' | 'embeddings'
  /** Path here, such as `/v1/chat/completions`. */
  readonly path: string
  /** Path under a provider's base URL. */
  readonly upstreamPath: string
  /** The table of its request fields. */
  readonly request: ObjectRule
  /** The data of the event that ends a stream, such as `[DONE]`; null where the connection's end does. */
  readonly doneMark: string | null
  /** Reads a request: an object with nothing in it that the table does not name. Throws `WireError`. */
  parse(json: unknown, options?: ReadOptions): WireObject
  /** Every string of the request that may carry personal data, once; `write` changes the body. */
  requestSlots(body: WireObject): readonly WireSlot[]
  /** Slots that are read as one text, such as the parts of a message; absent where there are none. */
  textRuns?(body: WireObject, slots: readonly WireSlot[]): readonly TextRun[]
  /** The prompt by speaker, oldest first. */
  promptText(body: WireObject): readonly PromptPart[]
  /** Prompt tokens, from the size of all its text: a quarter of the UTF-8 bytes. */
  estimateTokens(body: WireObject): number
  hasTools(body: WireObject): boolean
  hasImages(body: WireObject): boolean
  /** Whether the client wants events. */
  wantsStream(body: WireObject): boolean
  /** The model the client asked for. */
  modelOf(body: WireObject): string
  /** Takes tools out, in place; gives `body` back. */
  withoutTools(body: WireObject): WireObject
  /** Sets what is ours to set (model, stream, stream options), in place; gives `body` back. */
  toUpstream(body: WireObject, model: string): WireObject
  /** What the leaf guard lets pass in a body for this model. */
  leafAllowance(model: string): LeafAllowance
  /** A copy of what answers repeat of a request, to be made before the request is changed. */
  repeated?(body: WireObject): WireObject
  /** A whole answer: an object with nothing in it that is not known. Throws `ResponseError`. */
  readResponse(json: unknown, options?: AnswerOptions): WireObject
  /** The text in a whole answer; every slot is `last`. `request` says whether its content is JSON. */
  responseSlots(response: WireObject, request: WireObject): readonly TextSlot[]
  /** The usage of a whole answer, where it says. */
  usageOf(response: WireObject): Usage | null
  /** Starts reading a streamed answer to `request`. */
  openStream(request: WireObject, options?: AnswerOptions): AnswerStream
  /** How a local model answers; null where none can. */
  readonly local: LocalCodec | null
  /** How requests go on from earlier answers; absent where they cannot. */
  readonly continuation?: Continuation
}
