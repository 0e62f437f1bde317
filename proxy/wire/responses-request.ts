/** The request of `/v1/responses`: what every field is. Source: OpenAI API reference, `openai@6` types. */
import {
  boolean,
  type CaseRule,
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
  type SetRule,
  setBoolean,
  setString,
  spare,
  type TextRule,
  tagged,
  text,
} from './schema.ts'
import { MAX_TOKENS } from './shared-rules.ts'

const casesOf = (rule: CaseRule, types: readonly string[]): Readonly<Record<string, CaseRule>> =>
  Object.fromEntries(types.map((type) => [type, rule]))
const refusedTypes = (...types: readonly string[]): Readonly<Record<string, CaseRule>> =>
  casesOf(refused, types)
const spareTypes = (...types: readonly string[]): Readonly<Record<string, CaseRule>> => casesOf(spare, types)

/** Read here, answered from the proxy's own store, and taken out before anything leaves. */
const ownStore: SetRule = { ...setString, treatment: "looked up in the proxy's own store, never sent" }
const neverStored: SetRule = { ...setBoolean, treatment: 'set by the proxy: false' }

// What the cloud called an item says nothing here, and items of answers come back as they were given.
const ITEM = { id: dropped, status: dropped }

const inputPart = (inner: Rule = text): CaseRule =>
  object({ 'text!': inner, prompt_cache_breakpoint: dropped })
const MEDIA_PARTS = { input_image: media, input_file: media, input_audio: media }

const asked = object({
  'content!': either({
    string: text,
    list: list(tagged('type', { input_text: inputPart(), ...MEDIA_PARTS })),
  }),
  ...ITEM,
})

const answered = object({
  'content!': either({
    string: text,
    list: list(
      tagged('type', {
        output_text: object({ 'text!': text, annotations: dropped, logprobs: dropped, parsed: dropped }),
        refusal: object({ 'refusal!': text }),
        input_text: inputPart(),
      }),
    ),
  }),
  phase: choice('commentary', 'final_answer'),
  ...ITEM,
})

const output = (inner: TextRule | typeof escapedJsonText): Rule =>
  either({ string: inner, list: list(tagged('type', { input_text: inputPart(inner), ...MEDIA_PARTS })) })

const CALLER = { caller: dropped, namespace: label }

/** Everything that a conversation may be made of. */
const item = tagged(
  'type',
  {
    message: tagged('role', { user: asked, system: asked, developer: asked, assistant: answered }),
    function_call: object({
      'call_id!': id,
      'name!': label,
      'arguments!': jsonText,
      parsed_arguments: dropped,
      ...CALLER,
      ...ITEM,
    }),
    function_call_output: object({
      'call_id!': id,
      'output!': output(escapedJsonText),
      name: label,
      ...CALLER,
      ...ITEM,
    }),
    custom_tool_call: object({ 'call_id!': id, 'name!': label, 'input!': text, ...CALLER, ...ITEM }),
    custom_tool_call_output: object({ 'call_id!': id, 'output!': output(text), ...CALLER, ...ITEM }),
    // What a model thought is not part of a prompt; what a cloud encrypted cannot be looked into.
    reasoning: dropped,
    // References are answered from the proxy's own store before this table is read.
    ...refusedTypes('item_reference', 'compaction', 'compaction_trigger', 'additional_tools', 'program'),
    ...refusedTypes('program_output', 'file_search_call', 'web_search_call', 'image_generation_call'),
    ...refusedTypes('computer_call', 'computer_call_output', 'code_interpreter_call', 'local_shell_call'),
    ...refusedTypes('local_shell_call_output', 'shell_call', 'shell_call_output', 'apply_patch_call'),
    ...refusedTypes('apply_patch_call_output', 'mcp_list_tools', 'mcp_approval_request', 'mcp_call'),
    ...refusedTypes('mcp_approval_response', 'tool_search_call', 'tool_search_output'),
  },
  { fallback: 'message' },
)

const CALLERS = { allowed_callers: list(choice('direct', 'programmatic')), defer_loading: boolean }

/** Tools of the client. Those that run elsewhere would read what this proxy never sees. */
const tool = tagged('type', {
  function: object({
    'name!': label,
    description: text,
    'parameters?': jsonSchema,
    'strict?': boolean,
    output_schema: jsonSchema,
    ...CALLERS,
  }),
  custom: object({
    'name!': label,
    description: text,
    format: tagged('type', {
      text: object({}),
      grammar: object({ 'definition!': text, 'syntax!': choice('lark', 'regex') }),
    }),
    ...CALLERS,
  }),
  ...spareTypes('web_search', 'web_search_2025_08_26', 'web_search_preview', 'file_search', 'computer'),
  ...spareTypes('web_search_preview_2025_03_11', 'computer_use_preview', 'code_interpreter', 'mcp'),
  ...spareTypes('image_generation', 'local_shell', 'shell', 'apply_patch', 'tool_search', 'namespace'),
  ...spareTypes('programmatic_tool_calling'),
})

const named = object({ 'name!': label })

const toolChoice = either({
  string: choice('none', 'auto', 'required'),
  object: tagged('type', {
    function: named,
    custom: named,
    allowed_tools: object({
      'mode!': choice('auto', 'required'),
      'tools!': list(tagged('type', { function: named, custom: named })),
    }),
    ...refusedTypes('file_search', 'web_search_preview', 'web_search_preview_2025_03_11', 'computer', 'mcp'),
    ...refusedTypes('computer_use', 'computer_use_preview', 'image_generation', 'code_interpreter', 'shell'),
    ...refusedTypes('apply_patch', 'programmatic_tool_calling'),
  }),
})

const textFormat = tagged('type', {
  text: object({}),
  json_object: object({}),
  json_schema: object({ 'name!': label, description: text, 'schema!': jsonSchema, 'strict?': boolean }),
})

const summary = choice('auto', 'concise', 'detailed')

/** Every field of a Responses request. */
export const RESPONSES_REQUEST: ObjectRule = object({
  'model!': setString,
  'input!': either({ string: text, list: list(item, { min: 1 }) }),
  instructions: text,
  previous_response_id: ownStore,
  store: neverStored,
  stream: setBoolean,
  stream_options: object({ include_obfuscation: boolean }),

  tools: list(tool),
  tool_choice: toolChoice,
  parallel_tool_calls: boolean,
  max_tool_calls: integer(0, 10_000),

  text: object({ format: textFormat, verbosity: choice('low', 'medium', 'high') }),
  reasoning: object({
    effort: choice('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    summary,
    generate_summary: summary,
    context: choice('auto', 'current_turn', 'all_turns'),
    mode: choice('standard', 'pro'),
  }),

  temperature: number(0, 2),
  top_p: number(0, 1),
  max_output_tokens: integer(0, MAX_TOKENS),
  truncation: choice('auto', 'disabled'),
  service_tier: choice('auto', 'default', 'flex', 'scale', 'priority'),

  // Tokens of an answer spell placeholders, so they could not be given back as they came.
  top_logprobs: dropped,
  // Encrypted thoughts and results of tools that run elsewhere cannot be looked into.
  include: dropped,
  // The answer is given at once: nothing is left to run, or to lie, at the cloud.
  background: dropped,
  // Who is asking is nobody's business outside.
  user: dropped,
  client_metadata: dropped,
  safety_identifier: dropped,
  prompt_cache_key: dropped,
  prompt_cache_retention: dropped,
  prompt_cache_options: dropped,
  metadata: dropped,
  moderation: dropped,
  context_management: dropped,

  // Texts that lie at the cloud: nobody here can look into them.
  conversation: refused,
  prompt: refused,
})
