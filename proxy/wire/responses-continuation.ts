/**
 * Conversations that are continued by id. What `previous_response_id` or a reference to an item stands for is put
 * into `input` before the request is read, so that it is detected and replaced like everything else; the cloud never
 * gets an id of ours, and no id of the cloud is ever taken.
 */
import type { KeptConversation, WireObject } from '../ports.ts'
import type { Continuation } from './endpoint.ts'
import { WireError } from './errors.ts'
import { isRecord } from './read.ts'
import { parseItemId } from './responses-items.ts'

const RESPONSE_ID = /^resp_[0-9A-Za-z]{1,64}$/

function previousOf(json: Readonly<Record<string, unknown>>): string | null {
  const id = json.previous_response_id
  if (id === undefined || id === null) return null
  if (typeof id !== 'string') throw new WireError('invalid_request', 'previous_response_id')
  return id
}

/** The items of a raw request; text is a message of the user. */
function rawItems(json: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { input } = json
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }]
  return Array.isArray(input) ? input : []
}

/** The id an item refers to; null for an item that is one. */
function referenceOf(item: unknown): string | null {
  if (!isRecord(item) || typeof item.id !== 'string') return null
  const isReference = item.type === 'item_reference' || (item.type === undefined && item.role === undefined)
  return isReference ? item.id : null
}

function referencesIn(json: unknown): readonly string[] {
  if (!isRecord(json)) return []
  const ids = new Set<string>()
  const previous = previousOf(json)
  if (previous !== null && RESPONSE_ID.test(previous)) ids.add(previous)
  for (const item of rawItems(json)) {
    const reference = referenceOf(item)
    const place = reference === null ? null : parseItemId(reference)
    if (place !== null) ids.add(place.response)
  }
  return [...ids]
}

function expand(json: unknown, kept: ReadonlyMap<string, KeptConversation>): unknown {
  if (!isRecord(json)) return json
  const previous = previousOf(json)
  const items = rawItems(json)
  if (previous === null && !items.some((item) => referenceOf(item) !== null)) return json
  const known = previous === null ? undefined : kept.get(previous)
  if (previous !== null && known === undefined) throw new WireError('invalid_request', 'previous_response_id')
  const earlier = known === undefined ? [] : [...known.input, ...known.output]
  return { ...json, input: [...earlier, ...items.map((item, index) => resolved(item, index, kept))] }
}

function resolved(item: unknown, index: number, kept: ReadonlyMap<string, KeptConversation>): unknown {
  const reference = referenceOf(item)
  if (reference === null) return item
  const place = parseItemId(reference)
  const found = place === null ? undefined : kept.get(place.response)?.output[place.index]
  if (found === undefined) throw new WireError('invalid_request', `input[${index}].id`)
  return found
}

/** The Responses API: by `previous_response_id`, and by `item_reference` in the input. */
export const responsesContinuation: Continuation = {
  referencesIn,
  expand,
  inputOf: (json) => (isRecord(json) && json.store !== false ? rawItems(json) : null),
  outputOf: (answer: WireObject) => ({ id: String(answer.id), output: answer.output as readonly unknown[] }),
}
