/** OpenAI chat messages as turns of a job. */
import { LocalModelError } from './errors.ts'
import type { JobCall, JobMessage } from './llama-job.ts'

type JsonObject = { readonly [name: string]: unknown }

/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface OpenCall {
  readonly name: string
  readonly arguments: unknown
  result: string
}

type OpenMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly parts: (string | OpenCall)[] }

/**
 * The turns of a conversation; results of tools are joined to the calls they answer.
 * Throws `LocalModelError` (`unsupported`): content that is not text, unknown roles, a result without its call.
 */
export function jobMessages(messages: unknown): readonly JobMessage[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw historyError('messages must be a list with an entry')
  const turns: OpenMessage[] = []
  const open = new Map<string, OpenCall>()
  for (const message of messages) {
    if (!isObject(message)) throw historyError('a message must be an object')
    addMessage(turns, open, message)
  }
  return turns
}

function historyError(message: string): LocalModelError {
  return new LocalModelError('unsupported', message, { reason: 'history' })
}

function addMessage(turns: OpenMessage[], open: Map<string, OpenCall>, message: JsonObject): void {
  switch (message.role) {
    case 'system':
    case 'developer':
      turns.push({ role: 'system', text: textOf(message.content) })
      return
    case 'user':
      turns.push({ role: 'user', text: textOf(message.content) })
      return
    case 'assistant':
      addAnswer(turns, open, message)
      return
    case 'tool':
      addResult(open, message)
      return
    default:
      throw historyError('a message must be of role system, developer, user, assistant or tool')
  }
}

function addAnswer(turns: OpenMessage[], open: Map<string, OpenCall>, message: JsonObject): void {
  const calls = message.tool_calls ?? []
  if (!Array.isArray(calls)) throw historyError('tool_calls must be a list')
  const text = textOf(message.content ?? '')
  const parts: (string | OpenCall)[] = text === '' ? [] : [text]
  for (const call of calls) {
    const [id, opened] = openCall(call)
    open.set(id, opened)
    parts.push(opened)
  }
  const last = turns.at(-1)
  // Calls, their results and the words after them are one turn of the model.
  const goesOn = last?.role === 'assistant' && typeof last.parts.at(-1) === 'object'
  if (goesOn) last.parts.push(...parts)
  else turns.push({ role: 'assistant', parts })
}

function openCall(call: unknown): readonly [id: string, call: OpenCall] {
  const described = isObject(call) ? call.function : undefined
  const id = isObject(call) ? call.id : undefined
  const name = isObject(described) ? described.name : undefined
  const text = isObject(described) ? described.arguments : undefined
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') {
    throw historyError('a tool call must have an id, a function name and its arguments as text')
  }
  return [id, { name, arguments: parsedOr(text), result: '' } satisfies JobCall]
}

/** Models write arguments that are not JSON; the text itself is then the best record of what was called. */
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function addResult(open: Map<string, OpenCall>, message: JsonObject): void {
  const call = open.get(String(message.tool_call_id))
  if (call === undefined) throw historyError('a tool message must follow the call it answers')
  call.result = textOf(message.content)
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw historyError('the content of a message must be text or a list of parts')
  return content.map(partText).join('\n')
}

function partText(part: unknown): string {
  if (isObject(part) && part.type === 'text' && typeof part.text === 'string') return part.text
  if (isObject(part) && part.type === 'refusal' && typeof part.refusal === 'string') return part.refusal
  throw new LocalModelError('unsupported', 'the local model reads text only, no images, audio or files', {
    reason: 'images',
  })
}
