/** Well-formed answers of the fake cloud on `/v1/responses`: whole or as events, cut as the caller likes. */
import { type ChatOptions, type CloudRequest, type CloudStep, jsonSteps, rawSseSteps } from './fake-cloud.ts'

/** One item of an answer, in as few words as possible. */
export type ScriptItem =
  | { readonly text: string }
  | { readonly refusal: string }
  | { readonly call: string; readonly arguments: string; readonly id?: string }
  | { readonly custom: string; readonly input: string }
  | { readonly summary: readonly string[]; readonly thoughts?: string }

/** As much of a Responses request as scripts look at. */
export interface ResponsesBody {
  readonly model: string
  readonly input: string | readonly ScriptInputItem[]
  readonly instructions?: string
  readonly stream?: boolean
  readonly store?: boolean
  readonly previous_response_id?: string
  readonly tools?: readonly unknown[]
}

/** An item of the input. */
export interface ScriptInputItem {
  readonly type?: string
  readonly role?: string
  readonly content?: string | readonly { readonly text?: string }[]
  readonly call_id?: string
  readonly output?: string
  readonly name?: string
  readonly arguments?: string
}

/** How an answer ends. */
export type ScriptEnding = 'completed' | 'incomplete' | 'failed'

const USAGE = {
  input_tokens: 40,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 60,
}

/** The text of the last message of the user. */
export function lastText(body: ResponsesBody): string {
  if (typeof body.input === 'string') return body.input
  const content = body.input.findLast(({ role }) => role === 'user')?.content
  if (typeof content === 'string') return content
  return (content ?? []).map(({ text }) => text ?? '').join('\n')
}

/** Answers as the request asks: streamed or whole. */
export function responsesSteps(
  request: CloudRequest,
  items: readonly ScriptItem[],
  options: ChatOptions & { readonly ending?: ScriptEnding } = {},
): readonly CloudStep[] {
  const body = request.body as ResponsesBody
  const ending = options.ending ?? 'completed'
  if (body.stream !== true) return jsonSteps(200, responseObject(body, items, ending))
  const end = options.lineEnd ?? '\n'
  const events = responseEvents(body, items, options.pieceLength ?? 4, ending)
  return rawSseSteps(
    events.map((event) => `event: ${String(event.type)}${end}data: ${JSON.stringify(event)}${end}${end}`),
    options.chunkBytes,
  )
}

type Event = Readonly<Record<string, unknown>>

/** A whole answer. What it repeats of the request is what the cloud saw. */
export function responseObject(
  body: ResponsesBody,
  items: readonly ScriptItem[],
  ending: ScriptEnding = 'completed',
): object {
  return frame(body, ending, items.map(itemOf), USAGE)
}

function frame(body: ResponsesBody, status: string, output: readonly object[], usage: object | null): object {
  return {
    id: 'resp_cloud123',
    object: 'response',
    created_at: 1_700_000_000,
    status,
    error: status === 'failed' ? { code: 'server_error', message: `failed on ${lastText(body)}` } : null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    metadata: {},
    model: body.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    usage,
  }
}

function itemOf(item: ScriptItem, index: number): object {
  if ('text' in item || 'refusal' in item) {
    const content = [partOf(item)]
    return { id: `msg_cloud${index}`, type: 'message', status: 'completed', role: 'assistant', content }
  }
  if ('call' in item) {
    const { call: name, arguments: text, id } = item
    const call_id = id ?? `call_cloud${index}`
    return {
      id: `fc_cloud${index}`,
      type: 'function_call',
      status: 'completed',
      call_id,
      name,
      arguments: text,
    }
  }
  if ('custom' in item) {
    const { custom: name, input } = item
    return { id: `ctc_cloud${index}`, type: 'custom_tool_call', call_id: `call_cloud${index}`, name, input }
  }
  const summary = item.summary.map((text) => ({ type: 'summary_text', text }))
  const thoughts =
    item.thoughts === undefined ? {} : { content: [{ type: 'reasoning_text', text: item.thoughts }] }
  return { id: `rs_cloud${index}`, type: 'reasoning', summary, ...thoughts, encrypted_content: 'b3BhcXVl' }
}

function partOf(item: { text: string } | { refusal: string }): object {
  return 'text' in item
    ? { type: 'output_text', annotations: [], logprobs: [], text: item.text }
    : { type: 'refusal', refusal: item.refusal }
}

/** The events of a streamed answer, numbered as a cloud numbers them. */
export function responseEvents(
  body: ResponsesBody,
  items: readonly ScriptItem[],
  pieceLength: number,
  ending: ScriptEnding = 'completed',
): readonly Event[] {
  const started = frame(body, 'in_progress', [], null)
  const events: Event[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...items.flatMap((item, index) => itemEvents(item, index, pieceLength)),
    { type: `response.${ending}`, response: frame(body, ending, items.map(itemOf), USAGE) },
  ]
  return events.map((event, sequence_number) => ({ ...event, sequence_number }))
}

function itemEvents(item: ScriptItem, index: number, length: number): readonly Event[] {
  const whole = itemOf(item, index) as { id: string }
  const place = { item_id: whole.id, output_index: index }
  const done = { type: 'response.output_item.done', output_index: index, item: whole }
  const added = (empty: object): Event => ({
    type: 'response.output_item.added',
    output_index: index,
    item: { ...whole, status: 'in_progress', ...empty },
  })
  if ('text' in item || 'refusal' in item) {
    return [added({ content: [] }), ...partEvents(item, { ...place, content_index: 0 }, length), done]
  }
  if ('call' in item) {
    const name = 'response.function_call_arguments'
    const end = { type: `${name}.done`, ...place, name: item.call, arguments: item.arguments }
    return [added({ arguments: '' }), ...deltas(name, item.arguments, place, length), end, done]
  }
  if ('custom' in item) {
    const name = 'response.custom_tool_call_input'
    const end = { type: `${name}.done`, ...place, input: item.input }
    return [added({ input: '' }), ...deltas(name, item.input, place, length), end, done]
  }
  return [added({ summary: [], content: [] }), ...reasoningEvents(item, place, length), done]
}

function partEvents(
  item: { text: string } | { refusal: string },
  place: object,
  length: number,
): readonly Event[] {
  const isText = 'text' in item
  const name = isText ? 'response.output_text' : 'response.refusal'
  const text = isText ? item.text : item.refusal
  const empty = isText ? partOf({ text: '' }) : partOf({ refusal: '' })
  return [
    { type: 'response.content_part.added', ...place, part: empty },
    ...deltas(name, text, place, length),
    { type: `${name}.done`, ...place, ...(isText ? { text, logprobs: [] } : { refusal: text }) },
    { type: 'response.content_part.done', ...place, part: partOf(item) },
  ]
}

function reasoningEvents(
  item: { summary: readonly string[]; thoughts?: string },
  place: object,
  length: number,
): readonly Event[] {
  const summaries = item.summary.flatMap((text, summary_index) => {
    const where = { ...place, summary_index }
    const part = (shown: string): object => ({ part: { type: 'summary_text', text: shown } })
    return [
      { type: 'response.reasoning_summary_part.added', ...where, ...part('') },
      ...deltas('response.reasoning_summary_text', text, where, length),
      { type: 'response.reasoning_summary_text.done', ...where, text },
      { type: 'response.reasoning_summary_part.done', ...where, ...part(text) },
    ]
  })
  if (item.thoughts === undefined) return summaries
  const where = { ...place, content_index: 0 }
  const part = (text: string): object => ({ part: { type: 'reasoning_text', text } })
  return [
    ...summaries,
    { type: 'response.content_part.added', ...where, ...part('') },
    ...deltas('response.reasoning_text', item.thoughts, where, length),
    { type: 'response.reasoning_text.done', ...where, text: item.thoughts },
    { type: 'response.content_part.done', ...where, ...part(item.thoughts) },
  ]
}

function deltas(name: string, text: string, place: object, length: number): readonly Event[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) => ({
    type: `${name}.delta`,
    ...place,
    delta: text.slice(at * length, (at + 1) * length),
    ...(name === 'response.output_text' ? { logprobs: [], obfuscation: 'xyz' } : {}),
  }))
}
