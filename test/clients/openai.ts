/** The official SDK, on both endpoints. */
import OpenAI from 'openai'
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { type Client, contactSchema, PROMPT, TOOL_DESCRIPTION, TOOL_RESULT, toolSchema } from './people.ts'

const model = 'gpt-4.1'
const messages = [{ role: 'user' as const, content: PROMPT }]

export function openaiChat(baseURL: string): Client {
  const client = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 })
  return {
    name: 'openai, chat',
    chat: async () => (await client.chat.completions.create({ model, messages })).choices[0]?.message.content,
    stream: () =>
      client.chat.completions
        .stream({ model, messages, stream_options: { include_usage: true } })
        .finalContent(),
    async tools() {
      let got: unknown
      const runner = client.chat.completions.runTools({
        model,
        messages,
        stream: true,
        tools: [
          zodFunction({
            name: 'send_mail',
            description: TOOL_DESCRIPTION,
            parameters: toolSchema,
            function: (given) => {
              got = given
              return TOOL_RESULT
            },
          }),
        ],
      })
      const text = await runner.finalContent()
      return [got, text]
    },
    structured: async () =>
      (
        await client.chat.completions.parse({
          model,
          messages,
          response_format: zodResponseFormat(contactSchema, 'contact'),
        })
      ).choices[0]?.message.parsed,
  }
}

export function openaiResponses(baseURL: string): Client {
  const client = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 })
  return {
    name: 'openai, responses',
    chat: async () => (await client.responses.create({ model, input: PROMPT })).output_text,
    async stream() {
      const stream = client.responses.stream({
        model,
        input: PROMPT,
        include: ['reasoning.encrypted_content'],
      })
      let text = ''
      stream.on('response.output_text.delta', ({ delta }) => {
        text += delta
      })
      const whole = (await stream.finalResponse()).output_text
      return text === whole ? text : [text, whole]
    },
    async tools() {
      const tools = [
        {
          type: 'function' as const,
          name: 'send_mail',
          description: TOOL_DESCRIPTION,
          parameters: { type: 'object', properties: { to: { type: 'string' }, name: { type: 'string' } } },
          strict: false,
        },
      ]
      const first = await client.responses.create({ model, input: PROMPT, tools })
      const call = first.output.find((item) => item.type === 'function_call')
      if (call?.type !== 'function_call') return [first.output, null]
      const output = { type: 'function_call_output' as const, call_id: call.call_id, output: TOOL_RESULT }
      const second = await client.responses.create({
        model,
        tools,
        previous_response_id: first.id,
        input: [output],
      })
      return [JSON.parse(call.arguments), second.output_text]
    },
    structured: async () =>
      (
        await client.responses.parse({
          model,
          input: PROMPT,
          text: { format: zodTextFormat(contactSchema, 'contact') },
        })
      ).output_parsed,
  }
}
