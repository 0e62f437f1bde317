/**
 * OpenAI chat requests as jobs for the runner. A field is honoured, harmless to leave out, or refused with
 * `unsupported`; none is silently dropped that would change the answer.
 */
import type { WireObject } from '../ports.ts'
import { LocalModelError, type LocalModelErrorReason } from './errors.ts'
import { ANY_OBJECT, toGrammarSchema } from './json-grammar.ts'
import type { GrammarSchema, JobMessage, JobSampling, JobTool, LlamaJob } from './llama-job.ts'
import { isObject, jobMessages } from './llama-messages.ts'

/** A request: `n` answers to the same job, each with its own seed. */
export interface ChatRequest {
  readonly job: LlamaJob
  readonly n: number
  readonly includeUsage: boolean
  /** The function whose arguments the answer must be; null leaves it to the model. */
  readonly forcedCall: string | null
}

/** What the request is read against. `randomSeed` gives a whole number from 0 to 2³²−1. */
export interface RequestContext {
  readonly hasTools: boolean
  readonly randomSeed: () => number
}

/** Used where a request names none: a little below OpenAI's 1, since small models ramble at 1. */
const DEFAULT_TEMPERATURE = 0.7
const DEFAULT_TOP_P = 0.95
const MAX_CHOICES = 16
const MAX_STOPS = 16

/** Reads a chat request. Throws `LocalModelError` (`unsupported`) for what this engine cannot do. */
export function parseChatRequest(body: WireObject, context: RequestContext): ChatRequest {
  refuseFields(body)
  const forced = forcedTool(body)
  const tools = forced === null ? toolsOf(body, context) : []
  const schema = forced === null ? schemaOf(body.response_format) : (forced.parameters ?? ANY_OBJECT)
  const messages = jobMessages(body.messages)
  if (schema !== null && tools.length > 0) {
    throw unsupported('tools', 'the local model cannot keep to a response format and offer tools at once')
  }
  const options = body.stream_options
  return {
    n: wholeNumber(body, 'n', 1, MAX_CHOICES) ?? 1,
    includeUsage: isObject(options) && options.include_usage === true,
    forcedCall: forced?.name ?? null,
    job: {
      messages: forced === null ? messages : withInstruction(messages, forced),
      tools,
      parallelCalls: body.parallel_tool_calls !== false,
      sampling: samplingOf(body, context),
      maxTokens: maxTokensOf(body),
      stop: stopsOf(body.stop),
      schema,
      thinking: schema === null && !['none', 'minimal'].includes(String(body.reasoning_effort)),
      logprobs: logprobsOf(body),
    },
  }
}

/** A job that must answer with JSON of one shape, at temperature 0. Throws as `parseChatRequest` does. */
export function askJob(request: {
  readonly system: string
  readonly user: string
  readonly schema: object
  readonly maxTokens: number
}): LlamaJob {
  return {
    messages: [
      { role: 'system', text: request.system },
      { role: 'user', text: request.user },
    ],
    tools: [],
    parallelCalls: false,
    sampling: { temperature: 0, topP: 1, seed: 0, frequencyPenalty: 0, presencePenalty: 0 },
    maxTokens: request.maxTokens,
    stop: [],
    schema: toGrammarSchema(request.schema, true),
    thinking: false,
    logprobs: null,
  }
}

function unsupported(reason: LocalModelErrorReason, message: string): LocalModelError {
  return new LocalModelError('unsupported', message, { reason })
}

function refuseFields(body: WireObject): void {
  const bias = body.logit_bias
  if (isObject(bias) && Object.keys(bias).length > 0)
    throw unsupported('field', 'logit_bias is not supported')
  for (const field of ['functions', 'function_call', 'web_search_options', 'audio'] as const) {
    if (body[field] !== undefined && body[field] !== null) {
      throw unsupported('field', `${field} is not supported by the local model`)
    }
  }
  const modalities = body.modalities
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupported('images', 'the local model answers in text only')
  }
}

function numberIn(body: WireObject, field: string, least: number, most: number): number | null {
  const value = body[field]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw unsupported('field', `${field} must be a number from ${least} to ${most}`)
  }
  return value
}

function wholeNumber(body: WireObject, field: string, least: number, most: number): number | null {
  const value = numberIn(body, field, least, most)
  if (value !== null && !Number.isInteger(value))
    throw unsupported('field', `${field} must be a whole number`)
  return value
}

function maxTokensOf(body: WireObject): number | null {
  const most = Number.MAX_SAFE_INTEGER
  return wholeNumber(body, 'max_completion_tokens', 1, most) ?? wholeNumber(body, 'max_tokens', 1, most)
}

function samplingOf(body: WireObject, context: RequestContext): JobSampling {
  const seed = wholeNumber(body, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return {
    temperature: numberIn(body, 'temperature', 0, 2) ?? DEFAULT_TEMPERATURE,
    topP: numberIn(body, 'top_p', 0, 1) ?? DEFAULT_TOP_P,
    seed: seed === null ? context.randomSeed() : seed >>> 0,
    frequencyPenalty: numberIn(body, 'frequency_penalty', -2, 2) ?? 0,
    presencePenalty: numberIn(body, 'presence_penalty', -2, 2) ?? 0,
  }
}

function stopsOf(stop: unknown): readonly string[] {
  if (stop === undefined || stop === null) return []
  const stops: readonly unknown[] = Array.isArray(stop) ? stop : [stop]
  const texts = stops.filter((text): text is string => typeof text === 'string' && text !== '')
  if (texts.length !== stops.length || texts.length > MAX_STOPS) {
    throw unsupported('field', `stop must be a text or a list of at most ${MAX_STOPS} texts`)
  }
  return texts
}

function logprobsOf(body: WireObject): number | null {
  if (body.logprobs !== true) return null
  return wholeNumber(body, 'top_logprobs', 0, 20) ?? 0
}

function schemaOf(format: unknown): GrammarSchema | null {
  if (format === undefined || format === null) return null
  const type = isObject(format) ? format.type : undefined
  if (type === 'text') return null
  if (type === 'json_object') return ANY_OBJECT
  const described = isObject(format) ? format.json_schema : undefined
  if (type !== 'json_schema' || !isObject(described) || described.schema === undefined) {
    throw unsupported('schema', 'response_format must be text, json_object or json_schema with a schema')
  }
  return toGrammarSchema(described.schema, described.strict === true)
}

function toolsOf(body: WireObject, context: RequestContext): readonly JobTool[] {
  const { tools, tool_choice: choice } = body
  if (!Array.isArray(tools) || tools.length === 0 || choice === 'none') return []
  if (!context.hasTools) throw unsupported('tools', "the local model's chat template has no place for tools")
  if (choice !== undefined && choice !== null && choice !== 'auto') {
    throw unsupported('tools', 'tool_choice must be auto, none, one function, or required with one tool')
  }
  return tools.map(toolOf)
}

/** The one function the request insists on. It is answered under a grammar, so any model can do it. */
function forcedTool(body: WireObject): JobTool | null {
  const { tools, tool_choice: choice } = body
  if (!Array.isArray(tools) || tools.length === 0) return null
  if (choice === 'required' && tools.length === 1) return toolOf(tools[0])
  if (!isObject(choice) || choice.type !== 'function' || !isObject(choice.function)) return null
  const { name } = choice.function
  const tool = tools.map(toolOf).find((candidate) => candidate.name === name)
  if (tool === undefined) throw unsupported('tools', 'tool_choice must name one of the tools')
  return tool
}

/** The model is told what it is filling in; first, where every template allows a system turn. */
function withInstruction(messages: readonly JobMessage[], tool: JobTool): readonly JobMessage[] {
  const described = tool.description === null ? '' : ` (${tool.description})`
  const schema = JSON.stringify(tool.parameters ?? ANY_OBJECT)
  const text = `Call the function ${tool.name}${described}: answer with its arguments as JSON alone. Their schema: ${schema}`
  const [first, ...rest] = messages
  if (first?.role !== 'system') return [{ role: 'system', text }, ...messages]
  return [{ role: 'system', text: `${first.text}\n\n${text}` }, ...rest]
}

function toolOf(tool: unknown): JobTool {
  const described = isObject(tool) && tool.type === 'function' ? tool.function : undefined
  const name = isObject(described) ? described.name : undefined
  if (!isObject(described) || typeof name !== 'string') {
    throw unsupported('tools', 'the local model calls tools of type function only')
  }
  const { description, parameters, strict } = described
  return {
    name,
    description: typeof description === 'string' ? description : null,
    parameters: isObject(parameters) ? toGrammarSchema(parameters, strict === true) : null,
  }
}
