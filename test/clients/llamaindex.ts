/** LlamaIndex, on both endpoints. */
import { OpenAI, OpenAIResponses } from '@llamaindex/openai'
import { tool } from 'llamaindex'
import { zodTextFormat } from 'openai/helpers/zod'
import { type Client, contactSchema, PROMPT, TOOL_DESCRIPTION, TOOL_RESULT, toolSchema } from './people.ts'

const messages = [{ role: 'user' as const, content: PROMPT }]

function isTextDelta(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'type' in raw && raw.type === 'response.output_text.delta'
}

export function llamaIndex(baseURL: string, useResponses: boolean): Client {
  const settings = { model: 'gpt-4.1', apiKey: 'unused', baseURL, maxRetries: 0 }
  const llm = useResponses ? new OpenAIResponses(settings) : new OpenAI(settings)
  return {
    name: `llamaindex, ${useResponses ? 'responses' : 'chat'}`,
    chat: async () => (await llm.chat({ messages })).message.content,
    async stream() {
      let text = ''
      for await (const { raw, delta } of await llm.chat({ messages, stream: true })) {
        // Over Responses it gives a chunk for every event, each with the last piece of text again.
        if (!useResponses || isTextDelta(raw)) text += delta
      }
      return text
    },
    async tools() {
      let got: unknown
      const sendMail = tool({
        name: 'send_mail',
        description: TOOL_DESCRIPTION,
        parameters: toolSchema,
        execute: (given) => {
          got = given
          return TOOL_RESULT
        },
      })
      const first = await llm.exec({ messages, tools: [sendMail] })
      const second = await llm.chat({ messages: [...messages, ...first.newMessages], tools: [sendMail] })
      return [got, second.message.content]
    },
    structured: async () => {
      // Over Responses it leaves the format to the options of that endpoint.
      const format = zodTextFormat(contactSchema, 'contact')
      const answer = await llm.chat(
        llm instanceof OpenAIResponses
          ? { messages, additionalChatOptions: { text: { format } } }
          : { messages, responseFormat: contactSchema },
      )
      return JSON.parse(String(answer.message.content))
    },
  }
}
