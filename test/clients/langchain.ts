/** LangChain, on both endpoints. */
import { HumanMessage, type ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { type Client, contactSchema, PROMPT, TOOL_DESCRIPTION, TOOL_RESULT, toolSchema } from './people.ts'

export function langchain(baseURL: string, useResponsesApi: boolean): Client {
  const model = new ChatOpenAI({
    model: 'gpt-4.1',
    apiKey: 'unused',
    maxRetries: 0,
    useResponsesApi,
    configuration: { baseURL },
  })
  return {
    name: `@langchain/openai, ${useResponsesApi ? 'responses' : 'chat'}`,
    chat: async () => (await model.invoke(PROMPT)).text,
    async stream() {
      let text = ''
      for await (const chunk of await model.stream(PROMPT)) text += chunk.text
      return text
    },
    async tools() {
      let got: unknown
      const sendMail = tool(
        (given) => {
          got = given
          return TOOL_RESULT
        },
        { name: 'send_mail', description: TOOL_DESCRIPTION, schema: toolSchema },
      )
      const armed = model.bindTools([sendMail])
      const asked = new HumanMessage(PROMPT)
      const first = await armed.invoke([asked])
      const results: ToolMessage[] = []
      for (const call of first.tool_calls ?? [])
        results.push(await sendMail.invoke({ ...call, type: 'tool_call' }))
      const second = await armed.invoke([asked, first, ...results])
      return [got, second.text]
    },
    structured: () =>
      model.withStructuredOutput(contactSchema, { name: 'contact', method: 'jsonSchema' }).invoke(PROMPT),
  }
}
