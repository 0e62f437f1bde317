/** The demonstration's prompt, and a cloud that answers it with nothing but the placeholders it was given. */
import { type CloudMessage, chatSteps } from './chat-script.ts'
import type { CloudScript } from './fake-cloud.ts'

/** What the client sends: invented people, a test card, the standard's example IBAN. */
export const DEMO_REQUEST = {
  model: 'cloakroom-auto',
  messages: [
    {
      role: 'system' as const,
      content:
        'You are the assistant of the support desk. Use send_email when a customer should get a message.',
    },
    {
      role: 'user' as const,
      content: [
        'Please answer this complaint and tell her by e-mail that the money is on its way.',
        '',
        'From: Maria Schneider <maria.schneider@example.com>',
        'Phone: +1 212 555 0142',
        '',
        'Hello, my name is Maria Schneider. I paid order 88-1204 twice with my card 4111 1111 1111 1111.',
        'Please refund one payment to my account DE89 3704 0044 0532 0130 00 in Berlin.',
        'My colleague John Miller saw the same problem last week.',
      ].join('\n'),
    },
  ],
  tools: [
    {
      type: 'function' as const,
      function: {
        name: 'send_email',
        description: 'Sends an e-mail to a customer.',
        parameters: {
          type: 'object',
          properties: { to: { type: 'string' }, subject: { type: 'string' }, body: { type: 'string' } },
          required: ['to', 'subject', 'body'],
        },
      },
    },
  ],
}

const PLACEHOLDER = /\b([A-Z][A-Z_]*?)_[0-9A-HJKMNP-TV-Z]{5,12}\b/g

/** A cloud that writes a letter and a tool call from whatever placeholders the request holds. */
export const demoCloud: CloudScript = (request) => {
  const found = new Map<string, string>()
  for (const [placeholder, entity = ''] of JSON.stringify(request.body).matchAll(PLACEHOLDER)) {
    if (!found.has(entity)) found.set(entity, placeholder)
  }
  const of = (entity: string, otherwise: string): string => found.get(entity) ?? otherwise
  const name = of('PERSON', 'the customer')
  const letter = `Dear ${name}, your second payment with card ${of('CREDIT_CARD', 'on file')} goes back to ${of('IBAN', 'your account')} within three days.`
  const message: CloudMessage = {
    content: `I have written to ${name} at ${of('EMAIL', 'her address')} and noted ${of('PHONE', 'the number')} for questions.`,
    toolCalls: [
      {
        name: 'send_email',
        arguments: JSON.stringify({
          to: of('EMAIL', 'unknown'),
          subject: `Your refund, ${name}`,
          body: letter,
        }),
      },
    ],
  }
  return chatSteps(request, [message], { pieceLength: 3 })
}
