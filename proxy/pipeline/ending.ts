/** How an answer ends, and what of it is counted. */
import type { Exchange } from '../exchange.ts'
import type { Usage, WireObject } from '../ports.ts'
import type { Problem } from '../problem.ts'
import { type AnswerOptions, type Endpoint, encodeSseEvent, type StreamStep } from '../wire/index.ts'

/** How the answer ended: complete, given up by the client, or with a problem. */
export type Ending = 'complete' | 'aborted' | Problem

/**
 * Called exactly once when an answer is over. The outcome is on its way to the disk then; nobody waits for it, because
 * the intent is on the disk already.
 */
export type Conclude = (ending: Ending) => void

/** Keeps a whole answer, as the client gets it, for a later request; called before its last byte is sent. */
export type Keep = (answer: WireObject) => Promise<void>

/** What answers are told besides their model: the ids they are made from, and what they repeat of the request. */
export function answerOptions(exchange: Exchange, endpoint: Endpoint, body: WireObject): AnswerOptions {
  const { repeated } = endpoint
  if (repeated === undefined) return {}
  return { id: exchange.id.replace(/^req_/, ''), echo: repeated(body) }
}

/** Headers of an event stream; proxies in front must not collect it. */
export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const

/** Keeps the token counts of an answer or event that has them. */
export function noteUsage(exchange: Exchange, usage: Usage | null): void {
  if (usage === null) return
  exchange.promptTokens = usage.prompt_tokens
  exchange.completionTokens = usage.completion_tokens
}

/** One step of a stream as the client reads it; empty when there is nothing to send. */
export function stepText(step: StreamStep): string {
  let text = ''
  for (const { data, name } of step.events) {
    const json = JSON.stringify(data)
    text += encodeSseEvent(name === null ? { data: json } : { data: json, name })
  }
  return text
}
