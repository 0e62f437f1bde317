/** `POST /v1/completions`: the older endpoint, one text in, texts out. */
import { Buffer } from 'node:buffer'
import type { TextSlot } from '../../restore/index.ts'
import type { WireObject } from '../ports.ts'
import {
  FieldSlot,
  indexOf,
  invalid,
  numberOr,
  parseAnswer,
  readUsage,
  record,
  refuseError,
  textOrNull,
  usageCounts,
  word,
} from './answer.ts'
import { localCompletions } from './completions-local.ts'
import { type AnswerOptions, type AnswerStream, type Endpoint, type StreamStep, unnamed } from './endpoint.ts'
import { readByRule } from './read.ts'
import {
  boolean,
  dropped,
  either,
  integer,
  list,
  number,
  type ObjectRule,
  object,
  setBoolean,
  setString,
  text,
  vocabulary,
} from './schema.ts'
import { logitBias, MAX_TOKENS, stopTexts, streamOptions } from './shared-rules.ts'
import { slotsByRule } from './slots.ts'
import { asksForUsage, setUpstreamFields } from './stream-wishes.ts'

type Fields = Record<string, unknown>

/** Every field of a completion request. Token arrays cannot be looked into, so only text is taken. */
const COMPLETIONS_REQUEST: ObjectRule = object({
  'model!': setString,
  'prompt!': either({ string: text, list: list(text, { min: 1, max: 2048 }) }),
  suffix: text,
  stop: stopTexts,
  stream: setBoolean,
  stream_options: streamOptions,
  best_of: integer(0, 20),
  n: integer(1, 128),
  max_tokens: integer(0, MAX_TOKENS),
  temperature: number(0, 2),
  top_p: number(0, 1),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  seed: integer(-(2 ** 31), 2 ** 31 - 1),
  logit_bias: logitBias,
  echo: boolean,
  logprobs: dropped,
  user: dropped,
})

const FINISH_REASONS: readonly unknown[] = ['stop', 'length', 'content_filter']
const { names, words } = vocabulary(COMPLETIONS_REQUEST)

function promptsOf(body: WireObject): readonly string[] {
  return (typeof body.prompt === 'string' ? [body.prompt] : body.prompt) as readonly string[]
}

/** Chunks and whole answers have one shape; a chunk's `finish_reason` is null until the choice ends. */
function readCompletion(json: unknown, options: AnswerOptions): Fields {
  const value = record(json)
  refuseError(value)
  if (!Array.isArray(value.choices)) return invalid()
  const answer: Fields = {
    id: word(value.id) ?? 'cmpl-unknown',
    object: 'text_completion',
    created: numberOr(value.created, 0),
    model: options.model ?? word(value.model) ?? '',
    choices: value.choices.map((item: unknown) => {
      const choice = record(item)
      const reason = choice.finish_reason
      return {
        text: textOrNull(choice.text) ?? '',
        index: indexOf(choice.index ?? 0),
        logprobs: null,
        finish_reason:
          typeof reason === 'string' && reason !== ''
            ? FINISH_REASONS.includes(reason)
              ? reason
              : 'stop'
            : null,
      }
    }),
  }
  const usage = readUsage(value.usage)
  if (usage !== undefined) answer.usage = usage
  return answer
}

class CompletionStream implements AnswerStream {
  readonly #wantsUsage: boolean
  readonly #options: AnswerOptions
  readonly #open = new Set<number>()
  #frame: Fields = {}

  constructor(wantsUsage: boolean, options: AnswerOptions = {}) {
    this.#wantsUsage = wantsUsage
    this.#options = options
  }

  push(data: string): StreamStep {
    return this.pushObject(parseAnswer(data))
  }

  pushObject(json: unknown): StreamStep {
    const { usage, ...event } = readCompletion(json, this.#options)
    this.#frame = event
    const choices = event.choices as Fields[]
    const slots = choices.map((choice): TextSlot => {
      const index = choice.index as number
      const last = choice.finish_reason !== null
      if (last) this.#open.delete(index)
      else this.#open.add(index)
      return new FieldSlot(choice, 'text', `${index}.text`, { json: 0, last })
    })
    if (this.#wantsUsage) event.usage = usage ?? null
    const hidden = usage !== undefined && !this.#wantsUsage && choices.length === 0
    return { events: hidden ? [] : unnamed(event), slots, usage: usageCounts(usage) }
  }

  end(): StreamStep | null {
    if (this.#open.size === 0) return null
    const choices = [...this.#open].map(
      (index): Fields => ({ text: '', index, logprobs: null, finish_reason: null }),
    )
    this.#open.clear()
    const slots = choices.map(
      (choice) => new FieldSlot(choice, 'text', `${choice.index}.text`, { json: 0, last: true }),
    )
    return { events: unnamed({ ...this.#frame, choices }), slots, usage: null }
  }
}

/** The completions endpoint. */
export const completionsEndpoint: Endpoint = {
  name: 'completions',
  path: '/v1/completions',
  upstreamPath: '/completions',
  request: COMPLETIONS_REQUEST,
  doneMark: '[DONE]',
  parse: (json, options) => readByRule(COMPLETIONS_REQUEST, json, options) as WireObject,
  requestSlots: (body) => slotsByRule(COMPLETIONS_REQUEST, body),
  promptText: (body) => promptsOf(body).map((prompt) => ({ role: 'user', text: prompt })),
  estimateTokens: (body) =>
    Math.ceil(
      slotsByRule(COMPLETIONS_REQUEST, body).reduce((sum, slot) => sum + Buffer.byteLength(slot.text), 0) / 4,
    ),
  hasTools: () => false,
  hasImages: () => false,
  wantsStream: (body) => body.stream === true,
  modelOf: (body) => String(body.model),
  withoutTools: (body) => body,
  toUpstream: setUpstreamFields,
  leafAllowance: (model) => ({ names, words, model }),
  readResponse: (json, options = {}) => readCompletion(json, options),
  responseSlots: (response) =>
    (response.choices as Fields[]).map(
      (choice) => new FieldSlot(choice, 'text', `${choice.index}.text`, { json: 0, last: true }),
    ),
  usageOf: (response) => usageCounts(response.usage),
  openStream: (request, options) => new CompletionStream(asksForUsage(request), options),
  local: localCompletions,
}
