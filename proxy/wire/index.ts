/** The wire: every endpoint there is, and what reads and writes bytes. */
import { chatEndpoint } from './chat.ts'
import type { Endpoint } from './endpoint.ts'

export { readAll } from './body.ts'
export { chatEndpoint } from './chat.ts'
export type { AnswerOptions, AnswerStream, Endpoint, PromptPart, StreamStep } from './endpoint.ts'
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
export type { WireSlot } from './slots.ts'
export {
  decodeSse,
  encodeSseEvent,
  SseDecoder,
  type SseEvent,
  type SseLimits,
  type SseOptions,
} from './sse.ts'

/** All endpoints; adding one is adding it here. */
export const ENDPOINTS: readonly Endpoint[] = [chatEndpoint]
