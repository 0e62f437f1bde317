/**
 * Strings of the wire that say nothing about anybody: names of fields and enumerated values. As whole strings they
 * are no leak, even where somebody's title is `assistant`. Sources: OpenAI API reference; JSON Schema 2020-12.
 */
export const WIRE_WORDS: ReadonlySet<string> = new Set(
  // Fields of requests
  (
    'messages role content name model tools tool_choice tool_calls tool_call_id function functions function_call ' +
    'arguments type text input instructions parallel_tool_calls response_format json_schema schema strict stream ' +
    'stream_options include_usage include_obfuscation temperature top_p n stop seed max_tokens ' +
    'max_completion_tokens max_output_tokens frequency_penalty presence_penalty logit_bias logprobs top_logprobs ' +
    'user store metadata prediction reasoning reasoning_effort effort summary verbosity service_tier modalities ' +
    'prompt suffix echo best_of dimensions encoding_format image_url url detail refusal custom input_text ' +
    'output_text input_image input_file output format grammar definition syntax previous_response_id include item ' +
    'items id call_id status truncation allowed_tools mode index description parameters audio annotations ' +
    'reasoning_content parsed safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options ' +
    'prompt_cache_breakpoint moderation web_search_options ' +
    // Values
    'system developer assistant tool auto none required low medium high minimal xhigh max default flex scale ' +
    'priority json_object lark regex message function_call_output custom_tool_call custom_tool_call_output ' +
    'reasoning_summary completed incomplete in_progress base64 float disabled enabled concise detailed ' +
    'phase parsed_arguments caller namespace output_schema allowed_callers defer_loading max_tool_calls ' +
    'generate_summary context background context_management conversation commentary final_answer direct ' +
    'programmatic current_turn all_turns standard ' +
    // JSON Schema
    '$schema $id $ref $defs $anchor $comment $dynamicRef $dynamicAnchor $vocabulary definitions title examples ' +
    'deprecated readOnly writeOnly enum const allOf anyOf oneOf not if then else nullable properties ' +
    'patternProperties additionalProperties propertyNames dependentSchemas dependentRequired dependencies ' +
    'minProperties maxProperties unevaluatedProperties unevaluatedItems prefixItems additionalItems contains ' +
    'minContains maxContains minItems maxItems uniqueItems minLength maxLength pattern contentEncoding ' +
    'contentMediaType contentSchema minimum maximum exclusiveMinimum exclusiveMaximum multipleOf string number ' +
    'integer boolean object array null date-time date time duration email idn-email hostname idn-hostname ipv4 ' +
    'ipv6 uri uri-reference iri iri-reference uuid uri-template json-pointer binary int32 int64 double byte ' +
    'password ' +
    // Headers
    'application/json text/event-stream identity cloakroom chat completions responses embeddings v1'
  ).split(' '),
)
