/** `POST /v1/chat/completions`. */
import { Buffer } from 'node:buffer'
import type { WireObject } from '../ports.ts'
import { usageCounts } from './answer.ts'
import { ChatStream, chatResponseSlots, readChatResponse, wantsJson } from './chat-answer.ts'
import { CHAT_REQUEST } from './chat-request.ts'
import type { AnswerOptions, Endpoint, PromptPart } from './endpoint.ts'
import { isRecord, readByRule } from './read.ts'
import { vocabulary } from './schema.ts'
import { slotsByRule } from './slots.ts'
import { asksForUsage, setUpstreamFields } from './stream-wishes.ts'
import { textRuns } from './text-runs.ts'

type Fields = Record<string, unknown>

const { names, words } = vocabulary(CHAT_REQUEST)
/** What a message costs besides its text: role and separators. */
const TOKENS_PER_MESSAGE = 4
/** Lanes of the words of a message. */
const MESSAGE_TEXT = /^messages\.(\d+)\.content(?:\.\d+\.(?:text|refusal))?$/
const TOOL_FIELDS = ['tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call']
const SPEAKERS: Readonly<Record<string, PromptPart['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** Texts of one message's content, whether it is one string or parts. */
function contentTexts(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return []
  return content.flatMap((part: unknown) =>
    isRecord(part) && typeof part.text === 'string' ? [part.text] : [],
  )
}

function messagesOf(body: WireObject): readonly WireObject[] {
  return body.messages as readonly WireObject[]
}

function hasImages(body: WireObject): boolean {
  return messagesOf(body).some(
    ({ content }) =>
      Array.isArray(content) &&
      content.some((part) => isRecord(part) && part.type !== 'text' && part.type !== 'refusal'),
  )
}

function openChatStream(request: WireObject, options?: AnswerOptions): ChatStream {
  return new ChatStream({ json: wantsJson(request), usage: asksForUsage(request) }, options)
}

/** The chat-completions endpoint. */
export const chatEndpoint: Endpoint = {
  name: 'chat',
  path: '/v1/chat/completions',
  upstreamPath: '/chat/completions',
  request: CHAT_REQUEST,
  doneMark: '[DONE]',
  parse: (json, options) => readByRule(CHAT_REQUEST, json, options) as WireObject,
  requestSlots: (body) => slotsByRule(CHAT_REQUEST, body),
  textRuns: (body, slots) =>
    textRuns(
      // Results of tools follow each other, and each stands for itself.
      messagesOf(body).map(({ role, content }, index) => ({
        speaker: role === 'tool' ? `tool ${index}` : String(role),
        hasParts: Array.isArray(content) && content.length > 1,
      })),
      slots,
      MESSAGE_TEXT,
    ),
  promptText: (body) =>
    messagesOf(body).flatMap(({ role, content }) =>
      contentTexts(content).map((text) => ({ role: SPEAKERS[String(role)] ?? 'user', text })),
    ),
  estimateTokens(body) {
    const bytes = slotsByRule(CHAT_REQUEST, body).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
    return Math.ceil(bytes / 4) + TOKENS_PER_MESSAGE * messagesOf(body).length
  },
  hasTools: (body) => [body.tools, body.functions].some((tools) => Array.isArray(tools) && tools.length > 0),
  hasImages,
  wantsStream: (body) => body.stream === true,
  modelOf: (body) => String(body.model),
  withoutTools(body) {
    for (const field of TOOL_FIELDS) delete (body as Fields)[field]
    return body
  },
  toUpstream: setUpstreamFields,
  leafAllowance: (model) => ({ names, words, model }),
  readResponse: readChatResponse,
  responseSlots: chatResponseSlots,
  usageOf: (response) => usageCounts(response.usage),
  openStream: openChatStream,
  local: {
    toChat: (body) => body,
    readAnswer: (json, _body, options) => readChatResponse(json, options),
    openStream: openChatStream,
  },
}
