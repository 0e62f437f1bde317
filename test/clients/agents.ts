/** The agents SDK, on both endpoints; Responses is what it takes by itself. */
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents'
import { type Client, contactSchema, PROMPT, TOOL_DESCRIPTION, TOOL_RESULT, toolSchema } from './people.ts'

export function agents(baseURL: string, useResponses: boolean): Client {
  // Traces would go to a cloud, around the proxy.
  setTracingDisabled(true)
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ baseURL, apiKey: 'unused', useResponses }),
    tracingDisabled: true,
    model: 'gpt-4.1',
  })
  const instructions = 'You write mails.'
  const plain = new Agent({ name: 'Writer', instructions })
  return {
    name: `@openai/agents, ${useResponses ? 'responses' : 'chat'}`,
    chat: async () => (await runner.run(plain, PROMPT)).finalOutput,
    async stream() {
      const result = await runner.run(plain, PROMPT, { stream: true })
      let text = ''
      for await (const piece of result.toTextStream()) text += piece
      await result.completed
      return text
    },
    async tools() {
      let got: unknown
      const sendMail = tool({
        name: 'send_mail',
        description: TOOL_DESCRIPTION,
        parameters: toolSchema,
        execute: async (given) => {
          got = given
          return TOOL_RESULT
        },
      })
      const armed = new Agent({ name: 'Sender', instructions, tools: [sendMail] })
      const result = await runner.run(armed, PROMPT, { stream: true })
      await result.completed
      return [got, result.finalOutput]
    },
    structured: async () =>
      (await runner.run(new Agent({ name: 'Finder', instructions, outputType: contactSchema }), PROMPT))
        .finalOutput,
  }
}
