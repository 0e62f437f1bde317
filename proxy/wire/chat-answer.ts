/** Answers of `/v1/chat/completions`, whole and streamed: an allow-list, and the text in it by lane. */
import type { TextSlot } from '../../restore/index.ts'
import type { WireObject } from '../ports.ts'
import {
  FieldSlot,
  indexOf,
  invalid,
  type NamedTool,
  numberOr,
  parseAnswer,
  readUsage,
  record,
  refuseError,
  textOrNull,
  usageCounts,
  word,
} from './answer.ts'
import { type AnswerOptions, type AnswerStream, type StreamStep, unnamed } from './endpoint.ts'
import { isRecord } from './read.ts'

type Fields = Record<string, unknown>

/** Fields of a message or delta that are plain text of the model, and their lanes. */
const TEXTS = [
  ['content', 'content'],
  ['refusal', 'refusal'],
  ['reasoning_content', 'reasoning_content'],
  ['reasoning', 'reasoning'],
] as const
const FINISH_REASONS: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call']
const TIERS: readonly unknown[] = ['auto', 'default', 'flex', 'scale', 'priority']

/** Whether the request wants its content to be JSON: then restored values must be escaped in it. */
export function wantsJson(request: WireObject): boolean {
  const format = request.response_format
  return isRecord(format) && (format.type === 'json_object' || format.type === 'json_schema')
}

/** What whole answers and chunks have in common. */
function readFrame(value: Fields, object: string, options: AnswerOptions): Fields {
  const frame: Fields = {
    id: word(value.id) ?? 'chatcmpl-unknown',
    object,
    created: numberOr(value.created, 0),
    model: options.model ?? word(value.model) ?? '',
  }
  const fingerprint = word(value.system_fingerprint)
  if (fingerprint !== undefined) frame.system_fingerprint = fingerprint
  if (TIERS.includes(value.service_tier)) frame.service_tier = value.service_tier
  return frame
}

function readFinishReason(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null
  return FINISH_REASONS.includes(value) ? value : 'stop'
}

/** Reads a whole answer. Throws `ResponseError`. */
export function readChatResponse(json: unknown, options: AnswerOptions = {}): WireObject {
  const value = record(json)
  refuseError(value)
  if (!Array.isArray(value.choices)) return invalid()
  const response = readFrame(value, 'chat.completion', options)
  response.choices = value.choices.map((item: unknown) => {
    const choice = record(item)
    return {
      index: indexOf(choice.index ?? 0),
      message: readMessage(record(choice.message)),
      logprobs: null,
      finish_reason: readFinishReason(choice.finish_reason),
    }
  })
  const usage = readUsage(value.usage)
  if (usage !== undefined) response.usage = usage
  return response
}

function readMessage(value: Fields): Fields {
  const message: Fields = { role: 'assistant', content: null, refusal: null }
  for (const [name] of TEXTS) {
    const text = textOrNull(value[name])
    if (text !== null) message[name] = text
  }
  if (value.tool_calls !== undefined && value.tool_calls !== null) {
    if (!Array.isArray(value.tool_calls)) return invalid()
    message.tool_calls = value.tool_calls.map((call: unknown) => readToolCall(record(call)))
  }
  if (isRecord(value.function_call)) message.function_call = readFunction(value.function_call, '')
  return message
}

function readToolCall(call: Fields): Fields {
  const id = word(call.id) ?? invalid()
  if (call.type === 'custom') {
    const custom = record(call.custom)
    return {
      id,
      type: 'custom',
      custom: { name: word(custom.name) ?? invalid(), input: textOrNull(custom.input) ?? '' },
    }
  }
  return { id, type: 'function', function: readFunction(record(call.function), '') }
}

/** `absent`: what stands for arguments that are not there. */
function readFunction(value: Fields, absent: string | undefined): Fields {
  const result: Fields = {}
  const name = word(value.name)
  if (name !== undefined) result.name = name
  const text = textOrNull(value.arguments) ?? absent
  if (text !== undefined) result.arguments = text
  return result
}

/** The text in a whole answer that `readChatResponse` made. */
export function chatResponseSlots(response: WireObject, request: WireObject): readonly TextSlot[] {
  const json = wantsJson(request) ? 1 : 0
  const slots: TextSlot[] = []
  for (const choice of response.choices as Fields[]) {
    slotsOfMessage(choice.message as Fields, `${choice.index}`, { json, last: true, tools: new Map() }, slots)
  }
  return slots
}

interface SlotOptions {
  readonly json: 0 | 1
  readonly last: boolean
  /** What was called so far, by lane: the name comes once, before the arguments. */
  readonly tools: CalledTools
}

/** By lane: the name as it came, and what holds it as it is given on. */
type CalledTools = Map<string, { readonly name: unknown; readonly holder: NamedTool }>

function slotsOfMessage(message: Fields, choice: string, options: SlotOptions, slots: TextSlot[]): void {
  for (const [name, lane] of TEXTS) {
    if (typeof message[name] !== 'string') continue
    const json = name === 'content' ? options.json : 0
    slots.push(new FieldSlot(message, name, `${choice}.${lane}`, { json, last: options.last }))
  }
  const calls = (message.tool_calls ?? []) as Fields[]
  calls.forEach((call, position) => {
    slotsOfCall(call, `${choice}.tool.${call.index ?? position}`, options, slots)
  })
  if (isRecord(message.function_call)) {
    slotsOfFunction(message.function_call as Fields, `${choice}.function`, options, slots)
  }
}

function slotsOfCall(call: Fields, lane: string, options: SlotOptions, slots: TextSlot[]): void {
  if (isRecord(call.function)) slotsOfFunction(call.function as Fields, lane, options, slots)
  if (!isRecord(call.custom)) return
  const custom = call.custom as Fields
  const tool = toolOf(custom, lane, options)
  if (custom.name !== undefined) {
    slots.push(new FieldSlot(custom, 'name', `${lane}.name`, { json: 0, last: true }))
  }
  if (custom.input !== undefined)
    slots.push(new FieldSlot(custom, 'input', `${lane}.input`, { json: 0, last: options.last, tool }))
}

/**
 * What holds the name of the tool that is called in a lane. Who would name another one later would have values that
 * were put back for the first.
 */
function toolOf(call: Fields, lane: string, { tools }: SlotOptions): NamedTool {
  const { name } = call
  const known = tools.get(lane)
  if (known === undefined) tools.set(lane, { name, holder: call })
  else if (name !== undefined && name !== '' && name !== known.name) return invalid()
  return known?.holder ?? call
}

/** Names come in one piece (clients overwrite, they do not append), so each is a lane of its own. */
function slotsOfFunction(call: Fields, lane: string, options: SlotOptions, slots: TextSlot[]): void {
  const tool = toolOf(call, lane, options)
  if (call.name !== undefined)
    slots.push(new FieldSlot(call, 'name', `${lane}.name`, { json: 0, last: true }))
  if (call.arguments !== undefined)
    slots.push(new FieldSlot(call, 'arguments', lane, { json: 1, last: options.last, tool }))
}

/** What is open in one choice of a streamed answer. */
interface OpenChoice {
  readonly texts: Set<(typeof TEXTS)[number][0]>
  /** By index of the tool call: whether it is a custom one. */
  readonly tools: Map<number, boolean>
  functionCall: boolean
  readonly named: CalledTools
}

/** Reads the chunks of one streamed answer. */
export class ChatStream implements AnswerStream {
  readonly #json: 0 | 1
  readonly #wantsUsage: boolean
  readonly #options: AnswerOptions
  readonly #open = new Map<number, OpenChoice>()
  #frame: Fields | null = null

  /** `json`: whether content is JSON text; `usage`: whether the client asked for a usage report. */
  constructor(wishes: { readonly json: boolean; readonly usage: boolean }, options: AnswerOptions = {}) {
    this.#json = wishes.json ? 1 : 0
    this.#wantsUsage = wishes.usage
    this.#options = options
  }

  push(data: string): StreamStep {
    return this.pushObject(parseAnswer(data))
  }

  pushObject(json: unknown): StreamStep {
    const value = record(json)
    refuseError(value)
    if (!Array.isArray(value.choices)) return invalid()
    const event = readFrame(value, 'chat.completion.chunk', this.#options)
    this.#frame ??= { ...event }
    const slots: TextSlot[] = []
    event.choices = value.choices.map((choice: unknown) => this.#readChoice(record(choice), slots))
    const usage = readUsage(value.usage)
    if (this.#wantsUsage) event.usage = usage ?? null
    const hidden = usage !== undefined && !this.#wantsUsage && value.choices.length === 0
    return { events: hidden ? [] : unnamed(event), slots, usage: usageCounts(usage) }
  }

  end(): StreamStep | null {
    const slots: TextSlot[] = []
    const choices: Fields[] = []
    for (const [index, open] of this.#open) {
      if (!isOpen(open)) continue
      const delta: Fields = {}
      this.#close(index, open, delta, slots)
      choices.push({ index, delta, logprobs: null, finish_reason: null })
    }
    if (choices.length === 0) return null
    const event: Fields = { ...this.#frame, choices }
    return { events: unnamed(event), slots, usage: null }
  }

  #readChoice(choice: Fields, slots: TextSlot[]): Fields {
    const index = indexOf(choice.index ?? 0)
    const finished = readFinishReason(choice.finish_reason)
    const delta = readDelta(choice.delta === null || choice.delta === undefined ? {} : record(choice.delta))
    const last = finished !== null
    let open = this.#open.get(index)
    if (open === undefined) {
      open = { texts: new Set(), tools: new Map(), named: new Map(), functionCall: false }
      this.#open.set(index, open)
    }
    if (last) this.#close(index, open, delta, slots)
    else {
      slotsOfMessage(delta, `${index}`, { json: this.#json, last: false, tools: open.named }, slots)
      remember(open, delta)
    }
    return { index, delta, logprobs: null, finish_reason: finished }
  }

  /** Ends every lane of a choice inside `delta`: lanes without text of their own there get an empty slot. */
  #close(index: number, open: OpenChoice, delta: Fields, slots: TextSlot[]): void {
    const here = delta.tool_calls as Fields[] | undefined
    const pending: TextSlot[] = []
    for (const name of open.texts) {
      if (delta[name] === undefined || delta[name] === null) {
        const json = name === 'content' ? this.#json : 0
        pending.push(
          lateSlot(`${index}.${name}`, json, (text) => {
            delta[name] = text
          }),
        )
      }
    }
    for (const [tool, custom] of open.tools) {
      if (here?.some((call) => call.index === tool && hasArguments(call)) === true) continue
      const lane = `${index}.tool.${tool}`
      pending.push(
        lateSlot(custom ? `${lane}.input` : lane, custom ? 0 : 1, (text) =>
          appendToolText(delta, tool, custom, text),
        ),
      )
    }
    const call = delta.function_call
    if (open.functionCall && !(isRecord(call) && call.arguments !== undefined)) {
      pending.push(
        lateSlot(`${index}.function`, 1, (text) => {
          delta.function_call = { ...record(call ?? {}), arguments: text }
        }),
      )
    }
    slotsOfMessage(delta, `${index}`, { json: this.#json, last: true, tools: open.named }, slots)
    slots.push(...pending)
    open.texts.clear()
    open.tools.clear()
    open.functionCall = false
    open.named.clear()
  }
}

function isOpen(open: OpenChoice): boolean {
  return open.texts.size > 0 || open.tools.size > 0 || open.functionCall
}

function hasArguments(call: Fields): boolean {
  const inner = call.function ?? call.custom
  return isRecord(inner) && (inner.arguments !== undefined || inner.input !== undefined)
}

/** An empty slot that ends a lane; it touches the event only when there is something to add. */
function lateSlot(lane: string, json: 0 | 1, add: (text: string) => void): TextSlot {
  return {
    lane,
    text: '',
    json,
    last: true,
    write(text) {
      if (text !== '') add(text)
    },
  }
}

function appendToolText(delta: Fields, index: number, custom: boolean, text: string): void {
  const calls = (delta.tool_calls ?? []) as Fields[]
  calls.push({ index, ...(custom ? { custom: { input: text } } : { function: { arguments: text } }) })
  delta.tool_calls = calls
}

function remember(open: OpenChoice, delta: Fields): void {
  for (const [name] of TEXTS) if (typeof delta[name] === 'string') open.texts.add(name)
  for (const call of (delta.tool_calls ?? []) as Fields[]) {
    if (hasArguments(call)) open.tools.set(call.index as number, isRecord(call.custom))
  }
  if (isRecord(delta.function_call) && delta.function_call.arguments !== undefined) open.functionCall = true
}

function readDelta(value: Fields): Fields {
  const delta: Fields = {}
  if (value.role === 'assistant') delta.role = 'assistant'
  for (const [name] of TEXTS) {
    const text = textOrNull(value[name])
    if (text !== null) delta[name] = text
    else if (value[name] === null && (name === 'content' || name === 'refusal')) delta[name] = null
  }
  if (value.tool_calls !== undefined && value.tool_calls !== null) {
    if (!Array.isArray(value.tool_calls)) return invalid()
    delta.tool_calls = value.tool_calls.map((call: unknown, position) =>
      readToolDelta(record(call), position),
    )
  }
  if (isRecord(value.function_call)) delta.function_call = readFunction(value.function_call, undefined)
  return delta
}

function readToolDelta(call: Fields, position: number): Fields {
  const result: Fields = { index: indexOf(call.index ?? position) }
  const id = word(call.id)
  if (id !== undefined) result.id = id
  if (call.type === 'function' || call.type === 'custom') result.type = call.type
  if (isRecord(call.function)) result.function = readFunction(call.function, undefined)
  if (isRecord(call.custom)) {
    const name = word(call.custom.name)
    const input = textOrNull(call.custom.input)
    result.custom = { ...(name === undefined ? {} : { name }), ...(input === null ? {} : { input }) }
  }
  return result
}
