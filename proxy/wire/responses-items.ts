/**
 * Items of a Responses answer: an allow-list, ids of our own, and the texts in them by lane. An item's id says in
 * which answer it stands and where, so that a later request can refer to it.
 */
import { indexOf, invalid, record, textOrNull, word } from './answer.ts'
import { isRecord } from './read.ts'

type Fields = Record<string, unknown>

/** A text of an item and the lane its deltas come in. */
export interface ItemText {
  readonly holder: Fields
  readonly key: string
  readonly lane: string
  /** Whether it is JSON, so that values are escaped in it. */
  readonly json: 0 | 1
  /** The item that calls a tool, where the text is what the tool is called with. */
  readonly tool?: Fields
}

const STATUSES: readonly unknown[] = ['in_progress', 'completed', 'incomplete']
const PHASES: readonly unknown[] = ['commentary', 'final_answer']
const PREFIXES = { message: 'msg', function_call: 'fc', custom_tool_call: 'ctc', reasoning: 'rs' } as const

/** What an item of an answer may be. */
export type ItemType = keyof typeof PREFIXES

/** The id of the answer `tail`, such as `resp_01J…`. */
export const responseId = (tail: string): string => `resp_${tail}`

/** The id of the item at `index` of the answer `tail`, such as `msg_01J…_0`. */
export const itemId = (type: ItemType, tail: string, index: number): string =>
  `${PREFIXES[type]}_${tail}_${index}`

/** Which answer an item's id belongs to, and its place there; null for an id that is none of ours. */
export function parseItemId(id: string): { readonly response: string; readonly index: number } | null {
  const match = /^(?:msg|fc|ctc|rs)_([0-9A-Za-z]{1,64})_([0-9]{1,5})$/.exec(id)
  return match === null ? null : { response: responseId(match[1] ?? ''), index: Number(match[2]) }
}

function isItemType(value: unknown): value is ItemType {
  return typeof value === 'string' && Object.hasOwn(PREFIXES, value)
}

/**
 * Reads the item at `index`. Throws `ResponseError` code `invalid_response` for any other type: tools that run at
 * the cloud are refused in the request, so nothing of them can come back.
 */
export function readItem(value: unknown, tail: string, index: number): Fields {
  const item = record(value)
  const { type } = item
  if (!isItemType(type)) return invalid()
  const frame: Fields = { id: itemId(type, tail, index), type }
  if (STATUSES.includes(item.status)) frame.status = item.status
  switch (type) {
    case 'message':
      frame.status ??= 'completed'
      if (PHASES.includes(item.phase)) frame.phase = item.phase
      return { ...frame, role: 'assistant', content: listOf(item.content).map(readPart) }
    case 'function_call':
      return { ...frame, ...callOf(item), arguments: textOrNull(item.arguments) ?? '' }
    case 'custom_tool_call':
      return { ...frame, ...callOf(item), input: textOrNull(item.input) ?? '' }
    case 'reasoning': {
      const summary = listOf(item.summary ?? []).map(readPart)
      const content = isList(item.content) ? { content: item.content.map(readPart) } : {}
      return { ...frame, summary, ...content }
    }
  }
}

/** Reads a part of an item. Throws `ResponseError` for a type that holds something else than text. */
export function readPart(value: unknown): Fields {
  const part = record(value)
  switch (part.type) {
    case 'output_text':
      return { type: part.type, annotations: [], logprobs: [], text: textOrNull(part.text) ?? '' }
    case 'refusal':
      return { type: part.type, refusal: textOrNull(part.refusal) ?? '' }
    case 'summary_text':
    case 'reasoning_text':
      return { type: part.type, text: textOrNull(part.text) ?? '' }
    default:
      return invalid()
  }
}

function callOf(item: Readonly<Fields>): Fields {
  return { call_id: word(item.call_id) ?? invalid(), name: word(item.name) ?? invalid() }
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : invalid()
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Names of lanes: the item's place, then what it is a text of. */
export const LANES = {
  text: (item: number, part: number): string => `${item}.${part}.text`,
  refusal: (item: number, part: number): string => `${item}.${part}.refusal`,
  arguments: (item: number): string => `${item}.arguments`,
  input: (item: number): string => `${item}.input`,
  summary: (item: number, part: number): string => `${item}.${part}.summary`,
  reasoning: (item: number, part: number): string => `${item}.${part}.reasoning`,
} as const

/** The text of a part that `readPart` made. `json`: whether what the model says is JSON. */
export function textOfPart(part: Fields, item: number, index: number, json: 0 | 1): ItemText {
  switch (part.type) {
    case 'output_text':
      return { holder: part, key: 'text', lane: LANES.text(item, index), json }
    case 'refusal':
      return { holder: part, key: 'refusal', lane: LANES.refusal(item, index), json: 0 }
    case 'summary_text':
      return { holder: part, key: 'text', lane: LANES.summary(item, index), json: 0 }
    default:
      return { holder: part, key: 'text', lane: LANES.reasoning(item, index), json: 0 }
  }
}

/** The texts of an item that `readItem` made. */
export function textsOfItem(item: Fields, index: number, json: 0 | 1): readonly ItemText[] {
  const parts = (value: unknown): ItemText[] =>
    isList(value) ? value.map((part, at) => textOfPart(part as Fields, index, at, json)) : []
  const name: ItemText = { holder: item, key: 'name', lane: `${index}.name`, json: 0 }
  switch (item.type) {
    case 'function_call':
      return [name, { holder: item, key: 'arguments', lane: LANES.arguments(index), json: 1, tool: item }]
    case 'custom_tool_call':
      return [name, { holder: item, key: 'input', lane: LANES.input(index), json: 0, tool: item }]
    default:
      return [...parts(item.summary), ...parts(item.content)]
  }
}

/** The items of a whole answer. */
export function readItems(value: unknown, tail: string): readonly Fields[] {
  return listOf(value).map((item, index) => readItem(item, tail, indexOf(index)))
}

/** Whether the request wants what the model says to be JSON. */
export function wantsJsonText(request: Readonly<Record<string, unknown>>): 0 | 1 {
  const format = isRecord(request.text) ? request.text.format : undefined
  return isRecord(format) && (format.type === 'json_object' || format.type === 'json_schema') ? 1 : 0
}
