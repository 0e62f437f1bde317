/** A cloud that answers each client by what its request asks for, out of the placeholders it finds there. */
import {
  type CloudMessage,
  type CloudRequest,
  type CloudStep,
  chatSteps,
  placeholdersIn,
} from '../support/fake-cloud.ts'
import { responsesSteps } from '../support/responses-script.ts'
import { embeddingSteps } from '../support/text-script.ts'

/** Pieces this small cut every placeholder. */
const OPTIONS = { pieceLength: 3 }

interface Body {
  readonly messages?: readonly { readonly role?: string; readonly content?: unknown }[]
  readonly input?: string | readonly { readonly type?: string; readonly output?: unknown }[]
  readonly tools?: readonly unknown[]
  readonly response_format?: { readonly type?: string }
  readonly text?: { readonly format?: { readonly type?: string } }
}

/** Text, a tool call, the result of one, or JSON: in the wire format that was asked in. */
export function answerClients(request: CloudRequest): readonly CloudStep[] {
  if (request.path.endsWith('/embeddings')) return embeddingSteps(request)
  const answer = answerTo(request)
  if (!request.path.endsWith('/responses')) return chatSteps(request, [answer], OPTIONS)
  const items = [
    ...(answer.content === undefined ? [] : [{ text: answer.content }]),
    ...(answer.toolCalls ?? []).map((call) => ({ call: call.name, arguments: call.arguments })),
  ]
  return responsesSteps(request, items, OPTIONS)
}

function answerTo(request: CloudRequest): CloudMessage {
  const body = request.body as Body
  const found = placeholdersIn(request)
  const person = found.find((one) => one.startsWith('PERSON_')) ?? 'NOBODY'
  const email = found.find((one) => one.startsWith('EMAIL_')) ?? 'NOWHERE'
  const result = resultIn(body)
  if (result !== null) return { content: `Sent. The tool said: ${result}` }
  if ((body.tools ?? []).length > 0) {
    return { toolCalls: [{ name: 'send_mail', arguments: JSON.stringify({ to: email, name: person }) }] }
  }
  const format = body.response_format?.type ?? body.text?.format?.type
  if (format === 'json_schema') return { content: JSON.stringify({ name: person, email }) }
  return { content: `Dear ${person}, I wrote to ${email}.` }
}

/** What a tool said, in either wire format. */
function resultIn({ messages = [], input }: Body): string | null {
  const said = messages.findLast(({ role }) => role === 'tool')?.content
  const output = Array.isArray(input)
    ? input.findLast((item) => item.type === 'function_call_output')?.output
    : undefined
  return textOf(said ?? output)
}

function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return null
  return content.map((part: { text?: unknown }) => String(part.text ?? '')).join('')
}
