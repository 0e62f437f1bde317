/** Conversations and tools in the inference library's words. */
import type { ChatHistoryItem, ChatModelFunctions } from 'node-llama-cpp'
import type { JobMessage, JobTool } from './llama-job.ts'

/** The conversation, with the turn to write as its last item. */
export function historyOf(messages: readonly JobMessage[]): ChatHistoryItem[] {
  const items = messages.map(itemOf)
  const last = messages.at(-1)
  // After the result of a call the model goes on with its own turn; anything else starts a new one.
  const continues = last?.role === 'assistant' && typeof last.parts.at(-1) === 'object'
  return continues ? items : [...items, { type: 'model', response: [] }]
}

function itemOf(message: JobMessage): ChatHistoryItem {
  if (message.role !== 'assistant') return { type: message.role, text: message.text }
  return {
    type: 'model',
    response: message.parts.map((part) =>
      typeof part === 'string'
        ? part
        : { type: 'functionCall', name: part.name, params: part.arguments, result: part.result },
    ),
  }
}

/** The functions the model may call; undefined when there are none. */
export function functionsOf(tools: readonly JobTool[]): ChatModelFunctions | undefined {
  if (tools.length === 0) return undefined
  return Object.fromEntries(
    tools.map((tool) => [
      tool.name,
      {
        ...(tool.description === null ? {} : { description: tool.description }),
        ...(tool.parameters === null ? {} : { params: tool.parameters }),
      },
    ]),
  )
}
