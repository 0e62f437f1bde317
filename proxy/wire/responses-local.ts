/** Responses of a model that speaks chat completions: its answers and chunks as items and events. */
import type { WireObject } from '../ports.ts'
import { invalid, parseAnswer, record } from './answer.ts'
import { ChatStream, readChatResponse } from './chat-answer.ts'
import type { AnswerOptions, AnswerStream, ClientEvent, LocalCodec, StreamStep } from './endpoint.ts'
import { ResponseError } from './errors.ts'
import { isRecord } from './read.ts'
import { responseFrame } from './responses-answer.ts'
import { type ItemType, itemId } from './responses-items.ts'
import { responsesToChat } from './responses-local-request.ts'

type Fields = Record<string, unknown>

/** Chat's counts under the names of the Responses API. */
function usageOf(usage: unknown): Fields | null {
  if (!isRecord(usage)) return null
  const details = (value: unknown): unknown => (isRecord(value) ? value : {})
  return {
    input_tokens: usage.prompt_tokens ?? 0,
    input_tokens_details: { cached_tokens: 0, ...record(details(usage.prompt_tokens_details)) },
    output_tokens: usage.completion_tokens ?? 0,
    output_tokens_details: { reasoning_tokens: 0, ...record(details(usage.completion_tokens_details)) },
    total_tokens: usage.total_tokens ?? 0,
  }
}

/** How an answer ended, in the words of the Responses API. */
function endingOf(reason: unknown): Fields {
  if (reason === 'length')
    return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
  if (reason === 'content_filter') {
    return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
  }
  return { status: 'completed', incomplete_details: null }
}

/** The texts of a chat message that become items, in the order of the items. */
type TextKind = 'reasoning' | 'content' | 'refusal'
const TEXT_FIELDS: readonly (readonly [string, TextKind])[] = [
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['content', 'content'],
  ['refusal', 'refusal'],
]

interface OpenItem {
  readonly index: number
  readonly item: Fields
  readonly kind: TextKind | 'function' | 'custom'
  /** Index of the tool call in the chat answer. */
  readonly call: number | null
}

/**
 * Writes the events of one answer. Items follow each other: what comes for another item ends the one before, but
 * for tool calls, which may come interleaved.
 */
class EventWriter {
  readonly #options: AnswerOptions
  readonly #tail: string
  readonly #items: OpenItem[] = []
  readonly #open = new Set<OpenItem>()
  readonly #events: ClientEvent[] = []
  #sequence = 0
  #frame: Fields | null = null
  #ending: Fields | null = null
  #usage: Fields | null = null

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#tail = options.id ?? 'unknown'
  }

  /** The events since the last call. */
  take(): readonly ClientEvent[] {
    return this.#events.splice(0)
  }

  start(chunk: Readonly<Fields>): void {
    if (this.#frame !== null) return
    const { created } = chunk
    this.#frame = responseFrame(
      { created_at: created, model: chunk.model, status: 'in_progress' },
      this.#options,
    )
    for (const type of ['response.created', 'response.in_progress']) {
      this.#emit(type, { response: { ...this.#frame, output: [], usage: null } })
    }
  }

  addUsage(usage: unknown): void {
    this.#usage = usageOf(usage) ?? this.#usage
  }

  addMessage(message: Readonly<Fields>): void {
    for (const [field, kind] of TEXT_FIELDS) {
      const text = message[field]
      if (typeof text === 'string' && text !== '') this.#addText(kind, text)
    }
    for (const [position, call] of ((message.tool_calls ?? []) as readonly Fields[]).entries()) {
      this.#addCall(call, typeof call.index === 'number' ? call.index : position)
    }
  }

  finish(reason: unknown): void {
    this.#ending = endingOf(reason)
    for (const item of [...this.#open]) this.#close(item)
  }

  /** The whole answer. Throws `ResponseError` code `truncated` where the model did not say how it ended. */
  end(): Fields {
    if (this.#frame === null || this.#ending === null) throw new ResponseError('truncated')
    const output = this.#items.map(({ item }) => item)
    const response = { ...this.#frame, ...this.#ending, output, usage: this.#usage }
    const incomplete = this.#ending.status === 'incomplete'
    this.#emit(incomplete ? 'response.incomplete' : 'response.completed', { response })
    return response
  }

  #emit(type: string, fields: Fields): void {
    this.#events.push({ data: { type, ...fields, sequence_number: this.#sequence++ }, name: type })
  }

  #addText(kind: TextKind, text: string): void {
    const open = this.#openText(kind)
    const { item, index } = open
    const place = { item_id: item.id, output_index: index, content_index: 0 }
    const part = (item.content as Fields[])[0] ?? {}
    if (kind === 'refusal') {
      part.refusal = `${part.refusal}${text}`
      this.#emit('response.refusal.delta', { ...place, delta: text })
    } else {
      part.text = `${part.text}${text}`
      const type = kind === 'content' ? 'response.output_text.delta' : 'response.reasoning_text.delta'
      this.#emit(type, { ...place, delta: text, ...(kind === 'content' ? { logprobs: [] } : {}) })
    }
  }

  #openText(kind: TextKind): OpenItem {
    const known = [...this.#open].find((open) => open.kind === kind)
    if (known !== undefined) return known
    const open =
      kind === 'reasoning'
        ? this.#begin('reasoning', kind, null, { summary: [], content: [] })
        : this.#begin('message', kind, null, { role: 'assistant', content: [] })
    const part: Fields =
      kind === 'refusal'
        ? { type: 'refusal', refusal: '' }
        : kind === 'content'
          ? { type: 'output_text', annotations: [], logprobs: [], text: '' }
          : { type: 'reasoning_text', text: '' }
    const place = { item_id: open.item.id, output_index: open.index, content_index: 0 }
    this.#emit('response.content_part.added', { ...place, part: { ...part } })
    open.item.content = [part]
    return open
  }

  #addCall(call: Readonly<Fields>, position: number): void {
    const custom = isRecord(call.custom)
    const body = record(custom ? call.custom : (call.function ?? {}))
    const text = body.arguments ?? body.input
    const open =
      [...this.#open].find((one) => one.call === position) ?? this.#beginCall(call, body, custom, position)
    if (typeof text !== 'string' || text === '') return
    const { item, index } = open
    const field = open.kind === 'custom' ? 'input' : 'arguments'
    item[field] = `${item[field]}${text}`
    const type =
      open.kind === 'custom' ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
    this.#emit(`${type}.delta`, { item_id: item.id, output_index: index, delta: text })
  }

  #beginCall(call: Readonly<Fields>, body: Readonly<Fields>, custom: boolean, position: number): OpenItem {
    if (typeof body.name !== 'string') return invalid()
    const fields = { call_id: call.id ?? `call_${position}`, name: body.name }
    return custom
      ? this.#begin('custom_tool_call', 'custom', position, { ...fields, input: '' })
      : this.#begin('function_call', 'function', position, { ...fields, arguments: '' })
  }

  #begin(type: ItemType, kind: OpenItem['kind'], call: number | null, fields: Fields): OpenItem {
    for (const open of [...this.#open]) if (call === null || open.call === null) this.#close(open)
    const index = this.#items.length
    const item: Fields = { id: itemId(type, this.#tail, index), type, status: 'in_progress', ...fields }
    const open: OpenItem = { index, item, kind, call }
    this.#items.push(open)
    this.#open.add(open)
    this.#emit('response.output_item.added', { output_index: index, item: { ...item } })
    return open
  }

  #close(open: OpenItem): void {
    this.#open.delete(open)
    const { item, index } = open
    const place = { item_id: item.id, output_index: index }
    if (open.kind === 'function') {
      const { name, arguments: text } = item
      this.#emit('response.function_call_arguments.done', { ...place, name, arguments: text })
    } else if (open.kind === 'custom') {
      this.#emit('response.custom_tool_call_input.done', { ...place, input: item.input })
    } else this.#closeText(open.kind, { ...place, content_index: 0 }, (item.content as Fields[])[0] ?? {})
    item.status = this.#ending?.status ?? 'completed'
    this.#emit('response.output_item.done', { output_index: index, item })
  }

  #closeText(kind: TextKind, place: Fields, part: Fields): void {
    if (kind === 'refusal') this.#emit('response.refusal.done', { ...place, refusal: part.refusal })
    else if (kind === 'content')
      this.#emit('response.output_text.done', { ...place, text: part.text, logprobs: [] })
    else this.#emit('response.reasoning_text.done', { ...place, text: part.text })
    this.#emit('response.content_part.done', { ...place, part })
  }
}

class LocalResponsesStream implements AnswerStream {
  readonly #chat: ChatStream
  readonly #writer: EventWriter
  #final: WireObject | null = null

  constructor(options: AnswerOptions) {
    this.#chat = new ChatStream({ json: false, usage: true }, options)
    this.#writer = new EventWriter(options)
  }

  get final(): WireObject | null {
    return this.#final
  }

  push(data: string): StreamStep {
    return this.pushObject(parseAnswer(data))
  }

  pushObject(chunk: unknown): StreamStep {
    const step = this.#chat.pushObject(chunk)
    for (const { data } of step.events) {
      this.#writer.start(data)
      this.#writer.addUsage(data.usage)
      const [choice] = data.choices as readonly Fields[]
      if (choice === undefined) continue
      this.#writer.addMessage(record(choice.delta))
      if (choice.finish_reason !== null) this.#writer.finish(choice.finish_reason)
    }
    return { events: this.#writer.take(), slots: [], usage: step.usage }
  }

  end(): StreamStep {
    this.#final = this.#writer.end()
    return { events: this.#writer.take(), slots: [], usage: null, last: true }
  }
}

function readAnswer(json: unknown, _body: WireObject, options: AnswerOptions): WireObject {
  const chat = readChatResponse(json, options)
  const writer = new EventWriter(options)
  writer.start(chat)
  writer.addUsage(chat.usage)
  const [choice] = chat.choices as readonly Fields[]
  if (choice === undefined) return invalid()
  writer.addMessage(record(choice.message))
  writer.finish(choice.finish_reason)
  return writer.end()
}

/** The codec of responses for local models. */
export const localResponses: LocalCodec = {
  toChat: responsesToChat,
  readAnswer,
  openStream: (_body, options) => new LocalResponsesStream(options),
}
