/** Prompts as tokens, counted before anything is evaluated. */
import type { ChatWrapper, LlamaModel, Token } from 'node-llama-cpp'
import { LocalModelError } from './errors.ts'
import type { GrammarSchema, JobMessage, JobTool } from './llama-job.ts'

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
  written: { readonly messages: readonly JobMessage[]; readonly tools: readonly JobTool[] },
  state: Parameters<ChatWrapper['generateContextState']>[0],
): readonly Token[] {
  refuseHuge(target, written)
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
  { messages, tools }: { readonly messages: readonly JobMessage[]; readonly tools: readonly JobTool[] },
): void {
  const most = contextTokens * CUT_ALLOWANCE
  let tokens = 0
  for (const text of [...messages.flatMap(textsOf), ...tools.flatMap(textsOfTool)]) {
    for (let at = 0; at < text.length; at += PIECE) {
      tokens += model.tokenize(text.slice(at, at + PIECE)).length
      if (tokens > most) throw overflow()
    }
  }
}

function textsOf(message: JobMessage): readonly string[] {
  if (message.role !== 'assistant') return [message.text]
  return message.parts.flatMap((part) =>
    typeof part === 'string' ? [part] : [part.name, JSON.stringify(part.arguments), part.result],
  )
}

/** What a template writes of a function in its own words; the words of schemas are left out, as templates differ. */
function textsOfTool({ name, description, parameters }: JobTool): readonly string[] {
  return [name, description ?? '', ...(parameters === null ? [] : textsOfSchema(parameters))]
}

function textsOfSchema(schema: GrammarSchema): readonly string[] {
  const parts = [
    ...('properties' in schema ? Object.values(schema.properties) : []),
    ...('prefixItems' in schema ? (schema.prefixItems ?? []) : []),
    ...('oneOf' in schema ? schema.oneOf : []),
    ...('items' in schema && schema.items !== undefined ? [schema.items] : []),
    ...('additionalProperties' in schema && typeof schema.additionalProperties === 'object'
      ? [schema.additionalProperties]
      : []),
    ...Object.values(schema.$defs ?? {}),
  ]
  return [
    schema.description ?? '',
    ...('properties' in schema ? Object.keys(schema.properties) : []),
    ...Object.keys(schema.$defs ?? {}),
    ...('enum' in schema ? schema.enum.map(String) : []),
    ...parts.flatMap(textsOfSchema),
  ]
}

function overflow(): LocalModelError {
  return new LocalModelError('context_overflow', "the prompt is longer than the local model's context")
}
