/** The request of `/v1/chat/completions`: what every field is. Source: OpenAI API reference, `openai@6` types. */
import {
  boolean,
  choice,
  dropped,
  either,
  escapedJsonText,
  id,
  integer,
  jsonSchema,
  jsonText,
  label,
  list,
  media,
  number,
  type ObjectRule,
  object,
  type Rule,
  refused,
  setBoolean,
  setString,
  spare,
  type TextRule,
  tagged,
  text,
} from './schema.ts'
import { logitBias, MAX_TOKENS, stopTexts, streamOptions } from './shared-rules.ts'

/** Somebody's name by its place alone. */
const speaker: TextRule = { kind: 'text', maxLength: 256, always: 'USERNAME' }

/** Marks for a cache of the cloud, in the words of several clouds. */
const CACHE = { prompt_cache_breakpoint: dropped, cache_control: dropped }

const textPart = object({ 'text!': text, ...CACHE })
const textOrParts = (inParts: Rule = text): Rule =>
  either({
    string: inParts,
    list: list(tagged('type', { text: object({ 'text!': inParts, ...CACHE }) })),
  })

const userPart = tagged('type', {
  text: textPart,
  image_url: media,
  input_audio: media,
  file: media,
})

// Clouds sign their thoughts in it; nobody can look into that.
const CALL = { 'id!': id, index: dropped, extra_content: dropped }

const toolCall = tagged(
  'type',
  {
    function: object({ 'function!': object({ 'name!': label, 'arguments!': jsonText }), ...CALL }),
    custom: object({ 'custom!': object({ 'name!': label, 'input!': text }), ...CALL }),
  },
  { fallback: 'function' },
)

const assistant = object({
  'content?': either({
    string: text,
    list: list(tagged('type', { text: textPart, refusal: object({ 'refusal!': text }) })),
  }),
  refusal: text,
  name: speaker,
  tool_calls: list(toolCall),
  function_call: object({ 'name!': label, 'arguments!': jsonText }),
  audio: refused,
  // What an answer had and a client sends back: not part of a prompt.
  annotations: dropped,
  reasoning_content: dropped,
  reasoning: dropped,
  reasoning_details: dropped,
  parsed: dropped,
})

const message = tagged('role', {
  system: object({ 'content!': textOrParts(), name: speaker }),
  developer: object({ 'content!': textOrParts(), name: speaker }),
  user: object({ 'content!': either({ string: text, list: list(userPart) }), name: speaker }),
  assistant,
  tool: object({ 'content!': textOrParts(escapedJsonText), 'tool_call_id!': id, name: label }),
  function: object({ 'content?': escapedJsonText, 'name!': label }),
})

const functionDefinition = object({
  'name!': label,
  description: text,
  parameters: jsonSchema,
  strict: boolean,
})

const customTool = object({
  'name!': label,
  description: text,
  format: tagged('type', {
    text: object({}),
    grammar: object({ 'grammar!': object({ 'definition!': text, 'syntax!': choice('lark', 'regex') }) }),
  }),
})

const named = object({ 'name!': label })
const toolReference = tagged('type', {
  function: object({ 'function!': named }),
  custom: object({ 'custom!': named }),
})

const toolChoice = either({
  string: choice('none', 'auto', 'required'),
  object: tagged('type', {
    function: object({ 'function!': named }),
    custom: object({ 'custom!': named }),
    allowed_tools: object({
      'allowed_tools!': object({ 'mode!': choice('auto', 'required'), 'tools!': list(toolReference) }),
    }),
  }),
})

const responseFormat = tagged('type', {
  text: object({}),
  json_object: object({}),
  json_schema: object({
    'json_schema!': object({ 'name!': label, description: text, schema: jsonSchema, strict: boolean }),
  }),
})

/** Every field of a chat-completion request. */
export const CHAT_REQUEST: ObjectRule = object({
  'model!': setString,
  'messages!': list(message, { min: 1 }),
  stream: setBoolean,
  stream_options: streamOptions,

  tools: list(
    tagged('type', {
      function: object({ 'function!': functionDefinition, cache_control: dropped }),
      custom: object({ 'custom!': customTool, cache_control: dropped }),
    }),
  ),
  tool_choice: toolChoice,
  parallel_tool_calls: boolean,
  functions: list(functionDefinition),
  function_call: either({ string: choice('none', 'auto'), object: named }),

  response_format: responseFormat,
  stop: stopTexts,
  prediction: tagged('type', { content: object({ 'content!': textOrParts() }) }),

  temperature: number(0, 2),
  top_p: number(0, 1),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  n: integer(1, 128),
  max_tokens: integer(0, MAX_TOKENS),
  max_completion_tokens: integer(0, MAX_TOKENS),
  seed: integer(-(2 ** 31), 2 ** 31 - 1),
  logit_bias: logitBias,
  reasoning_effort: choice('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  verbosity: choice('low', 'medium', 'high'),
  service_tier: choice('auto', 'default', 'flex', 'scale', 'priority'),
  modalities: list(choice('text'), { max: 1 }),

  // Tokens of an answer spell placeholders, so they could not be given back as they came.
  logprobs: dropped,
  top_logprobs: dropped,
  // Who is asking is nobody's business outside, and nothing may be stored there.
  user: dropped,
  safety_identifier: dropped,
  prompt_cache_key: dropped,
  prompt_cache_retention: dropped,
  prompt_cache_options: dropped,
  metadata: dropped,
  store: dropped,
  moderation: dropped,

  audio: refused,
  web_search_options: spare,
})
