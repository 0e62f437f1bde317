/**
 * The event stream of `/v1/responses`. Texts come as deltas in lanes, and again as copies when a part, an item and
 * the answer are done. What a restorer holds back of a lane comes out as one more delta before the event that ends
 * the lane; copies that say what the deltas said are written from the restored deltas, so that both agree. Events
 * are numbered anew.
 */
import type { TextSlot } from '../../restore/index.ts'
import type { WireObject } from '../ports.ts'
import {
  FieldSlot,
  indexOf,
  invalid,
  type NamedTool,
  nameOfTool,
  parseAnswer,
  record,
  textOrNull,
  usageCounts,
} from './answer.ts'
import type { AnswerOptions, AnswerStream, ClientEvent, StreamStep } from './endpoint.ts'
import { ResponseError } from './errors.ts'
import { readResponse } from './responses-answer.ts'
import {
  type ItemText,
  type ItemType,
  itemId,
  LANES,
  readItem,
  readPart,
  textOfPart,
  textsOfItem,
} from './responses-items.ts'

type Fields = Record<string, unknown>

/** Most text of one answer that is remembered for its copies, in UTF-16 units. */
const MAX_TEXT = 64 * 1024 * 1024

/** How the deltas of one kind of text look. */
interface DeltaKind {
  /** Type of the event, without `.delta` or `.done`. */
  readonly event: string
  readonly item: ItemType
  /** Name of the field that says which part of the item it is; null where an item has one text. */
  readonly part: 'content_index' | 'summary_index' | null
  /** Field of the `.done` event that holds the whole text. */
  readonly whole: 'text' | 'refusal' | 'arguments' | 'input'
  lane(item: number, part: number): string
}

const KINDS: readonly DeltaKind[] = [
  { event: 'response.output_text', item: 'message', part: 'content_index', whole: 'text', lane: LANES.text },
  {
    event: 'response.refusal',
    item: 'message',
    part: 'content_index',
    whole: 'refusal',
    lane: LANES.refusal,
  },
  {
    event: 'response.function_call_arguments',
    item: 'function_call',
    part: null,
    whole: 'arguments',
    lane: LANES.arguments,
  },
  {
    event: 'response.custom_tool_call_input',
    item: 'custom_tool_call',
    part: null,
    whole: 'input',
    lane: LANES.input,
  },
  {
    event: 'response.reasoning_summary_text',
    item: 'reasoning',
    part: 'summary_index',
    whole: 'text',
    lane: LANES.summary,
  },
  {
    event: 'response.reasoning_text',
    item: 'reasoning',
    part: 'content_index',
    whole: 'text',
    lane: LANES.reasoning,
  },
]
const BY_EVENT: ReadonlyMap<string, { readonly kind: DeltaKind; readonly done: boolean }> = new Map(
  KINDS.flatMap((kind) =>
    [false, true].map((done) => [`${kind.event}.${done ? 'done' : 'delta'}`, { kind, done }]),
  ),
)

/** One stream of text: what the cloud said of it, and what the client was told. */
interface Lane {
  readonly kind: DeltaKind
  readonly item: number
  readonly part: number
  raw: string
  restored: string
  open: boolean
}

/** An event on its way; a delta without text is left out. */
interface Draft {
  readonly data: Fields
  readonly isDelta: boolean
}

/** A step whose events are put together once its slots are written. */
class Step implements StreamStep {
  readonly slots: TextSlot[] = []
  readonly drafts: Draft[] = []
  readonly copies: (() => void)[] = []
  usage: StreamStep['usage'] = null
  last = false
  readonly #number: () => number
  #events: readonly ClientEvent[] | undefined

  constructor(number: () => number) {
    this.#number = number
  }

  get events(): readonly ClientEvent[] {
    this.#events ??= this.#finished()
    return this.#events
  }

  #finished(): readonly ClientEvent[] {
    for (const copy of this.copies) copy()
    return this.drafts
      .filter(({ data, isDelta }) => !isDelta || data.delta !== '')
      .map(({ data }) => ({
        data: { ...data, sequence_number: this.#number() },
        name: String(data.type),
      }))
  }
}

/** Reads the events of one streamed answer. */
export class ResponsesStream implements AnswerStream {
  readonly #options: AnswerOptions
  readonly #tail: string
  readonly #json: 0 | 1
  readonly #lanes = new Map<string, Lane>()
  readonly #tools = new Map<number, { readonly name: unknown; readonly holder: NamedTool }>()
  #size = 0
  #copies = 0
  #sequence = 0
  #final: WireObject | null = null

  /** `json`: whether what the model says is JSON text. */
  constructor(json: 0 | 1, options: AnswerOptions = {}) {
    this.#json = json
    this.#options = options
    this.#tail = options.id ?? 'unknown'
  }

  /** The whole answer, once the last event was read and its slots are written. */
  get final(): WireObject | null {
    return this.#final
  }

  push(data: string): StreamStep {
    return this.pushObject(parseAnswer(data))
  }

  pushObject(json: unknown): StreamStep {
    const event = record(json)
    const step = new Step(() => this.#sequence++)
    const type = typeof event.type === 'string' ? event.type : ''
    const delta = BY_EVENT.get(type)
    if (delta === undefined) this.#readFrame(type, event, step)
    else if (delta.done) this.#readDone(delta.kind, event, step)
    else this.#readDelta(delta.kind, event, step)
    return step
  }

  end(): null {
    if (this.#final === null) throw new ResponseError('truncated')
    return null
  }

  /** Events that are no deltas; those of kinds that are not known hold nothing for the client. */
  #readFrame(type: string, event: Readonly<Fields>, step: Step): void {
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        this.#readAnswer(type, event, step)
        return
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#closeAll(step, () => true)
        this.#final = this.#readAnswer(type, event, step)
        step.last = true
        return
      case 'response.output_item.added':
      case 'response.output_item.done':
        this.#readItemEvent(type, event, step)
        return
      case 'response.content_part.added':
      case 'response.content_part.done':
        this.#readPartEvent(type, event, 'content_index', step)
        return
      case 'response.reasoning_summary_part.added':
      case 'response.reasoning_summary_part.done':
        this.#readPartEvent(type, event, 'summary_index', step)
        return
      case 'error':
        throw new ResponseError('upstream_error')
      default:
        if (event.error !== undefined && event.error !== null) throw new ResponseError('upstream_error')
    }
  }

  #readAnswer(type: string, event: Readonly<Fields>, step: Step): Fields {
    const response = readResponse(event.response, this.#options)
    for (const [index, item] of (response.output as Fields[]).entries()) {
      this.#nameTool(item, index)
      for (const text of textsOfItem(item, index, this.#json)) this.#copy(text, step)
    }
    step.usage = usageCounts(response.usage)
    step.drafts.push({ data: { type, response }, isDelta: false })
    return response
  }

  #readItemEvent(type: string, event: Readonly<Fields>, step: Step): void {
    const index = indexOf(event.output_index)
    const item = readItem(event.item, this.#tail, index)
    this.#nameTool(item, index)
    if (type.endsWith('.done')) this.#closeAll(step, (lane) => lane.item === index)
    for (const text of textsOfItem(item, index, this.#json)) this.#copy(text, step)
    step.drafts.push({ data: { type, output_index: index, item }, isDelta: false })
  }

  /**
   * Remembers which tool an item calls. Who would name another one later would have values that were put back for
   * the first.
   */
  #nameTool(item: Fields, index: number): void {
    const { name } = item
    if (name === undefined) return
    const known = this.#tools.get(index)
    if (known === undefined) this.#tools.set(index, { name, holder: item })
    else if (known.name !== name) invalid()
  }

  /** Of a lane of what a tool is called with: what holds its name, which is empty where no item said it. */
  #toolOf({ item: type }: DeltaKind, item: number): NamedTool | undefined {
    const calls = type === 'function_call' || type === 'custom_tool_call'
    return calls ? (this.#tools.get(item)?.holder ?? {}) : undefined
  }

  #readPartEvent(
    type: string,
    event: Readonly<Fields>,
    place: NonNullable<DeltaKind['part']>,
    step: Step,
  ): void {
    const item = indexOf(event.output_index)
    const index = indexOf(event[place])
    const part = readPart(event.part)
    const text = textOfPart(part, item, index, this.#json)
    if (type.endsWith('.done')) this.#closeAll(step, (lane) => this.#lanes.get(text.lane) === lane)
    this.#copy(text, step)
    const owner = part.type === 'output_text' || part.type === 'refusal' ? 'message' : 'reasoning'
    const data = { type, item_id: itemId(owner, this.#tail, item), output_index: item, [place]: index, part }
    step.drafts.push({ data, isDelta: false })
  }

  #readDelta(kind: DeltaKind, event: Readonly<Fields>, step: Step): void {
    const lane = this.#laneOf(kind, event)
    if (!lane.open) invalid()
    this.#say(lane, textOrNull(event.delta) ?? '', false, step)
  }

  #readDone(kind: DeltaKind, event: Readonly<Fields>, step: Step): void {
    const lane = this.#laneOf(kind, event)
    const whole = textOrNull(event[kind.whole]) ?? ''
    // A cloud may leave deltas out: what is missing of them comes now, so that they are the text.
    if (lane.open) this.#say(lane, whole.startsWith(lane.raw) ? whole.slice(lane.raw.length) : '', true, step)
    const data = { ...this.#frameOf(lane, `${kind.event}.done`), [kind.whole]: whole }
    const json = this.#jsonOf(kind)
    const tool = this.#toolOf(kind, lane.item)
    const name = kind.lane(lane.item, lane.part)
    this.#copy({ holder: data, key: kind.whole, lane: name, json, ...(tool && { tool }) }, step)
    step.drafts.push({ data, isDelta: false })
  }

  #laneOf(kind: DeltaKind, event: Readonly<Fields>): Lane {
    const item = indexOf(event.output_index)
    const part = kind.part === null ? 0 : indexOf(event[kind.part])
    const name = kind.lane(item, part)
    const known = this.#lanes.get(name)
    if (known !== undefined) return known
    const lane: Lane = { kind, item, part, raw: '', restored: '', open: true }
    this.#lanes.set(name, lane)
    return lane
  }

  #jsonOf(kind: DeltaKind): 0 | 1 {
    if (kind.item === 'function_call') return 1
    return kind.whole === 'text' && kind.item === 'message' ? this.#json : 0
  }

  /** Fields that events of a lane share. */
  #frameOf({ kind, item, part }: Lane, type: string): Fields {
    const place = kind.part === null ? {} : { [kind.part]: part }
    const logprobs = kind.event === 'response.output_text' ? { logprobs: [] } : {}
    return { type, item_id: itemId(kind.item, this.#tail, item), output_index: item, ...place, ...logprobs }
  }

  /** One more delta of a lane; with `last`, what is held back comes out in it. */
  #say(lane: Lane, text: string, last: boolean, step: Step): void {
    this.#size += text.length
    if (this.#size > MAX_TEXT) invalid()
    lane.raw += text
    if (last) lane.open = false
    const data: Fields = { ...this.#frameOf(lane, `${lane.kind.event}.delta`), delta: text }
    const tool = this.#toolOf(lane.kind, lane.item)
    step.slots.push({
      lane: lane.kind.lane(lane.item, lane.part),
      text,
      json: this.#jsonOf(lane.kind),
      tool: tool && nameOfTool(tool),
      last,
      write(restored) {
        data.delta = restored
        lane.restored += restored
      },
    })
    step.drafts.push({ data, isDelta: true })
  }

  #closeAll(step: Step, belongs: (lane: Lane) => boolean): void {
    for (const lane of this.#lanes.values()) {
      if (lane.open && belongs(lane)) this.#say(lane, '', true, step)
    }
  }

  /** A text that repeats a lane is written from what the lane restored; any other is restored by itself. */
  #copy({ holder, key, lane, json, tool }: ItemText, step: Step): void {
    const text = holder[key]
    if (text === '' || typeof text !== 'string') return
    const known = this.#lanes.get(lane)
    if (known !== undefined && !known.open && known.raw === text) {
      step.copies.push(() => {
        holder[key] = known.restored
      })
    } else {
      this.#copies += 1
      step.slots.push(new FieldSlot(holder, key, `copy.${this.#copies}`, { json, last: true, tool }))
    }
  }
}
