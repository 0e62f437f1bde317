/** OpenAI's chat-completion shapes. Source: platform.openai.com/docs/api-reference/chat. */
import type { Usage, WireObject } from '../ports.ts'
import type { AnswerEvent, LlamaResult, TokenLogprob } from './llama-job.ts'

/** What every object of one answer shares. `created` in seconds since the epoch. */
export interface AnswerHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

/** Token counts as OpenAI reports them. */
export function usageOf(promptTokens: number, completionTokens: number): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

interface CallText {
  readonly name: string
  arguments: string
}

/** One choice as it grows from events. */
export class ChoiceBuilder {
  private text = ''
  private readonly calls = new Map<number, CallText>()
  private readonly logprobs: TokenLogprob[] = []

  add(event: AnswerEvent): void {
    if (event.type === 'text') {
      this.text += event.text
      this.logprobs.push(...event.logprobs)
    } else if (event.type === 'call') {
      const call = this.calls.get(event.index) ?? { name: event.name, arguments: '' }
      call.arguments += event.arguments
      this.calls.set(event.index, call)
    }
  }

  /** The finished choice; `callId` names the calls it made. */
  build(
    index: number,
    finish: LlamaResult['finish'],
    callId: (call: number) => string,
    logprobs: boolean,
  ): WireObject {
    const calls = [...this.calls].map(([at, call]) => ({
      id: callId(at),
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }))
    const message = {
      role: 'assistant',
      content: this.text === '' && calls.length > 0 ? null : this.text,
      refusal: null,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    }
    return {
      index,
      message,
      logprobs: logprobs ? { content: this.logprobs.map(wireLogprob), refusal: null } : null,
      finish_reason: finish,
    }
  }
}

/** A whole answer. */
export function completionOf(head: AnswerHead, choices: readonly WireObject[], usage: Usage): WireObject {
  return { ...head, object: 'chat.completion', choices, usage }
}

/** One chunk with one choice. With `withUsage` it says that the usage comes later. */
export function chunkOf(head: AnswerHead, choice: WireObject, withUsage: boolean): WireObject {
  const chunk = { ...head, object: 'chat.completion.chunk', choices: [choice] }
  return withUsage ? { ...chunk, usage: null } : chunk
}

/** The last chunk of a stream that was asked for its usage. */
export function usageChunkOf(head: AnswerHead, usage: Usage): WireObject {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage }
}

/** A chunk's choice with a piece of the answer; `finish` null while it goes on. */
export function deltaOf(
  index: number,
  delta: WireObject,
  finish: LlamaResult['finish'] | null,
  logprobs: readonly TokenLogprob[] | null,
): WireObject {
  return {
    index,
    delta,
    logprobs: logprobs === null ? null : { content: logprobs.map(wireLogprob), refusal: null },
    finish_reason: finish,
  }
}

function wireLogprob(entry: TokenLogprob): WireObject {
  return {
    token: entry.token,
    logprob: entry.logprob,
    bytes: [...Buffer.from(entry.token, 'utf8')],
    top_logprobs: entry.top.map((rival) => ({ ...rival, bytes: [...Buffer.from(rival.token, 'utf8')] })),
  }
}
