/** What a client wanted of its stream, also after the request was made ready for upstream. */
import type { WireObject } from '../ports.ts'
import { isRecord } from './read.ts'

const usageWishes = new WeakMap<WireObject, boolean>()

/** Whether the client asked for a usage report at the end of the stream. */
export function asksForUsage(body: WireObject): boolean {
  return (
    usageWishes.get(body) ?? (isRecord(body.stream_options) && body.stream_options.include_usage === true)
  )
}

/** Sets model and stream options in place: usage is always asked for, because it is always counted. */
export function setUpstreamFields(body: WireObject, model: string): WireObject {
  usageWishes.set(body, asksForUsage(body))
  const fields = body as Record<string, unknown>
  fields.model = model
  if (fields.stream === true) {
    const wishes = isRecord(fields.stream_options) ? fields.stream_options : {}
    fields.stream_options = { ...wishes, include_usage: true }
  } else {
    delete fields.stream
    delete fields.stream_options
  }
  return body
}
