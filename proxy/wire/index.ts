/** The wire: every endpoint there is, and what reads and writes bytes. */
import { chatEndpoint } from './chat.ts'
import { completionsEndpoint } from './completions.ts'
import { embeddingsEndpoint } from './embeddings.ts'
import type { Endpoint } from './endpoint.ts'
import { responsesEndpoint } from './responses.ts'

export { noteOverhead } from './answer.ts'
export { readAll } from './body.ts'
export { chatEndpoint } from './chat.ts'
export { readRestore, readSanitise, type SanitiseBody, sanitiseSlots } from './codec.ts'
export { completionsEndpoint } from './completions.ts'
export { embeddingsEndpoint } from './embeddings.ts'
export type {
  AnswerOptions,
  AnswerStream,
  ClientEvent,
  Continuation,
  Endpoint,
  LocalCodec,
  PromptPart,
  StreamStep,
} from './endpoint.ts'
export {
  LeafError,
  ResponseError,
  type ResponseErrorCode,
  WireError,
  type WireErrorCode,
} from './errors.ts'
export { type JsonLimits, parseJsonText, readJson } from './json.ts'
export { checkLeaves, type LeafAllowance } from './leaves.ts'
export type { ReadOptions } from './read.ts'
export { responsesEndpoint } from './responses.ts'
export { textNow, type WireSlot } from './slots.ts'
export {
  decodeSse,
  encodeSseEvent,
  SseDecoder,
  type SseEvent,
  type SseLimits,
  type SseOptions,
} from './sse.ts'
export type { TextRun } from './text-runs.ts'

/** All endpoints that are served; adding one is adding it here. */
export const ENDPOINTS: readonly Endpoint[] = [
  chatEndpoint,
  responsesEndpoint,
  completionsEndpoint,
  embeddingsEndpoint,
]
