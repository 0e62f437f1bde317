/** The AI SDK, on both endpoints; Responses is what it takes by itself. */
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai'
import { type Client, contactSchema, PROMPT, TOOL_DESCRIPTION, TOOL_RESULT, toolSchema } from './people.ts'

function clientOf(name: string, model: LanguageModel): Client {
  return {
    name,
    chat: async () => (await generateText({ model, prompt: PROMPT, maxRetries: 0 })).text,
    async stream() {
      let text = ''
      for await (const piece of streamText({ model, prompt: PROMPT, maxRetries: 0 }).textStream) text += piece
      return text
    },
    async tools() {
      let got: unknown
      const result = streamText({
        model,
        prompt: PROMPT,
        maxRetries: 0,
        stopWhen: stepCountIs(3),
        tools: {
          send_mail: tool({
            description: TOOL_DESCRIPTION,
            inputSchema: toolSchema,
            execute: async (given) => {
              got = given
              return TOOL_RESULT
            },
          }),
        },
      })
      const text = await result.text
      return [got, text]
    },
    structured: async () =>
      (
        await generateText({
          model,
          prompt: PROMPT,
          maxRetries: 0,
          output: Output.object({ schema: contactSchema }),
        })
      ).output,
  }
}

export function aiSdk(baseURL: string): readonly Client[] {
  const provider = createOpenAI({ baseURL, apiKey: 'unused' })
  return [
    clientOf('ai + @ai-sdk/openai, responses', provider('gpt-4.1')),
    clientOf('ai + @ai-sdk/openai, responses, a reasoning model', provider('gpt-5')),
    clientOf('ai + @ai-sdk/openai, chat', provider.chat('gpt-4.1')),
    clientOf('ai + @ai-sdk/openai, chat, a reasoning model', provider.chat('o3')),
  ]
}
