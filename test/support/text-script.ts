/** Well-formed answers of the fake cloud to completions and embeddings. */
import { Buffer } from 'node:buffer'
import { type ChatOptions, type CloudRequest, type CloudStep, jsonSteps, sseSteps } from './fake-cloud.ts'

const FRAME = { id: 'cmpl-fake', object: 'text_completion', created: 1_700_000_000 }
const USAGE = { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 }

/** As much of a completion request as a script needs. */
export interface CompletionBody {
  readonly model: string
  readonly prompt: string | readonly string[]
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
}

/** Answers a completion request with these texts, whole or as events, as it asks. */
export function completionSteps(
  request: CloudRequest,
  texts: readonly string[],
  options: ChatOptions = {},
): readonly CloudStep[] {
  const body = request.body as CompletionBody
  const choice = (index: number, text: string, finish_reason: string | null): object => ({
    text,
    index,
    logprobs: null,
    finish_reason,
  })
  const frame = { ...FRAME, model: body.model }
  if (body.stream !== true) {
    const choices = texts.map((text, index) => choice(index, text, 'stop'))
    return jsonSteps(200, { ...frame, choices, usage: USAGE })
  }
  const length = options.pieceLength ?? 4
  const events = texts.flatMap((text, index) => [
    ...Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
      choice(index, text.slice(at * length, (at + 1) * length), null),
    ),
    choice(index, '', 'stop'),
  ])
  const datas = events.map((event) => JSON.stringify({ ...frame, choices: [event] }))
  const usage = JSON.stringify({ ...frame, choices: [], usage: USAGE })
  return sseSteps(body.stream_options?.include_usage === true ? [...datas, usage] : datas, options)
}

/** Answers an embedding request with one vector for each text, in the encoding it asks for. */
export function embeddingSteps(request: CloudRequest): readonly CloudStep[] {
  const body = request.body as { model: string; input: string | string[]; encoding_format?: string }
  const inputs = typeof body.input === 'string' ? [body.input] : body.input
  const data = inputs.map((text, index) => {
    const vector = Float32Array.of(text.length, index, 0.5)
    const embedding =
      body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  const usage = { prompt_tokens: 8, total_tokens: 8 }
  return jsonSteps(200, { object: 'list', data, model: body.model, usage })
}
