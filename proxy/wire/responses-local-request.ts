/** A Responses request as a chat request, for models that speak chat completions. */
import type { WireObject } from '../ports.ts'
import { WireError } from './errors.ts'
import { isRecord } from './read.ts'

type Fields = Record<string, unknown>

const SHARED_FIELDS = ['model', 'stream', 'temperature', 'top_p', 'parallel_tool_calls']

/** Throws `WireError` code `unsupported_content` for content that is not text. */
export function responsesToChat(body: WireObject): WireObject {
  const chat: Fields = { messages: messagesOf(body) }
  for (const name of SHARED_FIELDS) if (body[name] !== undefined) chat[name] = body[name]
  if (body.max_output_tokens !== undefined) chat.max_completion_tokens = body.max_output_tokens
  if (chat.stream === true) chat.stream_options = { include_usage: true }
  if (Array.isArray(body.tools) && body.tools.length > 0) {
    chat.tools = (body.tools as readonly Fields[]).map(toolOf)
    if (body.tool_choice !== undefined) chat.tool_choice = toolChoiceOf(body.tool_choice)
  }
  if (isRecord(body.reasoning) && body.reasoning.effort !== undefined) {
    chat.reasoning_effort = body.reasoning.effort
  }
  if (isRecord(body.text)) {
    if (body.text.verbosity !== undefined) chat.verbosity = body.text.verbosity
    if (isRecord(body.text.format)) chat.response_format = formatOf(body.text.format)
  }
  return chat
}

function messagesOf(body: WireObject): readonly Fields[] {
  const messages: Fields[] = []
  if (typeof body.instructions === 'string') messages.push({ role: 'system', content: body.instructions })
  if (typeof body.input === 'string') return [...messages, { role: 'user', content: body.input }]
  for (const [index, item] of (body.input as readonly Fields[]).entries()) addItem(messages, item, index)
  return messages
}

function addItem(messages: Fields[], item: Fields, index: number): void {
  switch (item.type) {
    case 'function_call':
      addCall(messages, {
        id: item.call_id,
        type: 'function',
        function: { name: item.name, arguments: item.arguments },
      })
      return
    case 'custom_tool_call':
      addCall(messages, { id: item.call_id, type: 'custom', custom: { name: item.name, input: item.input } })
      return
    case 'function_call_output':
    case 'custom_tool_call_output':
      messages.push({
        role: 'tool',
        tool_call_id: item.call_id,
        content: textOf(item.output, `input[${index}].output`),
      })
      return
    default:
      messages.push({ role: item.role, content: textOf(item.content, `input[${index}].content`) })
  }
}

/** Calls, and the words before them, are one turn of the model. */
function addCall(messages: Fields[], call: Fields): void {
  const last = messages.at(-1)
  if (last?.role === 'assistant') last.tool_calls = [...((last.tool_calls as Fields[]) ?? []), call]
  else messages.push({ role: 'assistant', content: null, tool_calls: [call] })
}

function textOf(content: unknown, path: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw new WireError('unsupported_content', path)
  return content
    .map((part: unknown) => {
      const text = isRecord(part) ? (part.text ?? part.refusal) : undefined
      if (typeof text !== 'string') throw new WireError('unsupported_content', path)
      return text
    })
    .join('\n')
}

/** Only the fields that chat has; without a value they are left out. */
function pick(source: Readonly<Fields>, ...names: readonly string[]): Fields {
  return Object.fromEntries(
    names
      .filter((name) => source[name] !== undefined && source[name] !== null)
      .map((name) => [name, source[name]]),
  )
}

function toolOf(tool: Fields): Fields {
  if (tool.type === 'function') {
    return { type: 'function', function: pick(tool, 'name', 'description', 'parameters', 'strict') }
  }
  const custom = pick(tool, 'name', 'description')
  if (!isRecord(tool.format)) return { type: 'custom', custom }
  const { type } = tool.format
  const format = type === 'grammar' ? { type, grammar: pick(tool.format, 'definition', 'syntax') } : { type }
  return { type: 'custom', custom: { ...custom, format } }
}

function toolChoiceOf(choice: unknown): unknown {
  if (!isRecord(choice)) return choice
  if (choice.type !== 'allowed_tools') return namedTool(choice)
  const tools = (choice.tools as readonly Fields[]).map(namedTool)
  return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools } }
}

function namedTool({ type, name }: Readonly<Fields>): Fields {
  return { type, [String(type)]: { name } }
}

function formatOf(format: Readonly<Fields>): Fields {
  if (format.type !== 'json_schema') return { type: format.type }
  return { type: 'json_schema', json_schema: pick(format, 'name', 'description', 'schema', 'strict') }
}
