/** Completions by a model that speaks chat completions: the prompt is one message of the user. */
import type { WireObject } from '../ports.ts'
import { record } from './answer.ts'
import { ChatStream, readChatResponse } from './chat-answer.ts'
import {
  type AnswerOptions,
  type AnswerStream,
  type LocalCodec,
  type StreamStep,
  unnamed,
} from './endpoint.ts'
import { WireError } from './errors.ts'
import { asksForUsage } from './stream-wishes.ts'

type Fields = Record<string, unknown>

/** Fields that mean the same in both. */
const SHARED_FIELDS = [
  'model',
  'stream',
  'stop',
  'n',
  'max_tokens',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'logit_bias',
]

/** Several prompts are several answers, and a suffix or the best of many needs a model that completes text. */
function promptOf(body: WireObject): string {
  if (typeof body.suffix === 'string' && body.suffix !== '')
    throw new WireError('unsupported_content', 'suffix')
  if (typeof body.best_of === 'number' && body.best_of > Number(body.n ?? 1)) {
    throw new WireError('unsupported_content', 'best_of')
  }
  const prompts = (typeof body.prompt === 'string' ? [body.prompt] : body.prompt) as readonly string[]
  const [prompt] = prompts
  if (prompt === undefined || prompts.length > 1) throw new WireError('unsupported_content', 'prompt')
  return prompt
}

function toChat(body: WireObject): WireObject {
  const chat: Fields = { messages: [{ role: 'user', content: promptOf(body) }] }
  for (const name of SHARED_FIELDS) if (body[name] !== undefined) chat[name] = body[name]
  if (chat.stream === true) chat.stream_options = { include_usage: true }
  return chat
}

/** What stands before the answer where the client wants its prompt repeated. */
function echoOf(body: WireObject): string {
  return body.echo === true ? promptOf(body) : ''
}

function finishReason(value: unknown): unknown {
  return value === null || value === 'length' || value === 'content_filter' ? value : 'stop'
}

/** `choices` with the text of each. */
function frameOf(chat: WireObject, choices: readonly Fields[]): Fields {
  const { created, model } = chat
  const id = String(chat.id).replace(/^chatcmpl-/, 'cmpl-')
  return { id, object: 'text_completion', created, model, choices }
}

function readAnswer(json: unknown, body: WireObject, options: AnswerOptions): WireObject {
  const chat = readChatResponse(json, options)
  const choices = (chat.choices as readonly Fields[]).map(({ index, message, finish_reason }): Fields => {
    const { content, refusal } = record(message)
    const text = `${echoOf(body)}${content ?? refusal ?? ''}`
    return { text, index, logprobs: null, finish_reason: finishReason(finish_reason) }
  })
  const answer = frameOf(chat, choices)
  return chat.usage === undefined ? answer : { ...answer, usage: chat.usage }
}

class LocalCompletionStream implements AnswerStream {
  readonly #chat: ChatStream
  readonly #wantsUsage: boolean
  readonly #echo: string
  readonly #started = new Set<unknown>()

  constructor(body: WireObject, options: AnswerOptions) {
    this.#chat = new ChatStream({ json: false, usage: true }, options)
    this.#wantsUsage = asksForUsage(body)
    this.#echo = echoOf(body)
  }

  push(data: string): StreamStep {
    return this.#converted(this.#chat.push(data))
  }

  pushObject(chunk: unknown): StreamStep {
    return this.#converted(this.#chat.pushObject(chunk))
  }

  end(): null {
    return null
  }

  #converted(step: StreamStep): StreamStep {
    const events = step.events.flatMap(({ data }) => {
      const choices = (data.choices as readonly Fields[]).map((choice) => this.#choice(choice))
      if (choices.length === 0 && !this.#wantsUsage) return []
      const event = frameOf(data, choices)
      return unnamed(this.#wantsUsage ? { ...event, usage: data.usage ?? null } : event)
    })
    return { events, slots: [], usage: step.usage }
  }

  #choice({ index, delta, finish_reason }: Fields): Fields {
    const { content, refusal } = record(delta)
    const echo = this.#started.has(index) ? '' : this.#echo
    this.#started.add(index)
    const text = `${echo}${content ?? refusal ?? ''}`
    return { text, index, logprobs: null, finish_reason: finishReason(finish_reason) }
  }
}

/** The codec of completions for local models. */
export const localCompletions: LocalCodec = {
  toChat,
  readAnswer,
  openStream: (body, options) => new LocalCompletionStream(body, options),
}
