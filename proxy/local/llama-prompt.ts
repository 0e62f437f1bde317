/** Prompts as tokens, counted before anything is evaluated. */
import type { ChatWrapper, LlamaModel, Token } from 'node-llama-cpp'
import { LocalModelError } from './errors.ts'
import type { JobMessage } from './llama-job.ts'

/** Room the library needs after a prompt: one token to generate, and one it keeps free. */
const RESERVED_TOKENS = 2
const PIECE = 4_096
/** Cutting a text into pieces adds at most a few tokens per piece: far less than this share. */
const CUT_ALLOWANCE = 1.25

/**
 * The exact tokens the library will evaluate. Counted here first, because it would shorten a long history by
 * itself. Throws `LocalModelError` (`context_overflow`) when they leave no room for an answer.
 */
export function renderPrompt(
  target: { readonly model: LlamaModel; readonly contextTokens: number },
  wrapper: ChatWrapper,
  messages: readonly JobMessage[],
  state: Parameters<ChatWrapper['generateContextState']>[0],
): readonly Token[] {
  refuseHuge(target, messages)
  const { contextText } = wrapper.generateContextState({ documentFunctionParams: true, ...state })
  const tokens = contextText.tokenize(target.model.tokenizer)
  if (tokens.length > target.contextTokens - RESERVED_TOKENS) throw overflow()
  return tokens
}

/**
 * Tokenisers take quadratic time on long texts without spaces (200,000 letters: 5 s), so texts are counted in
 * pieces first, and no further than it takes to know that they cannot fit.
 */
function refuseHuge(
  { model, contextTokens }: { readonly model: LlamaModel; readonly contextTokens: number },
  messages: readonly JobMessage[],
): void {
  const most = contextTokens * CUT_ALLOWANCE
  let tokens = 0
  for (const text of messages.flatMap(textsOf)) {
    for (let at = 0; at < text.length; at += PIECE) {
      tokens += model.tokenize(text.slice(at, at + PIECE)).length
      if (tokens > most) throw overflow()
    }
  }
}

function textsOf(message: JobMessage): readonly string[] {
  if (message.role !== 'assistant') return [message.text]
  return message.parts.map((part) => (typeof part === 'string' ? part : part.result))
}

function overflow(): LocalModelError {
  return new LocalModelError('context_overflow', "the prompt is longer than the local model's context")
}
