/** Who the clients write about, and what everybody has to bring back. All invented. */
import { z } from 'zod'

export const PERSON = 'Maria Schneider'
export const EMAIL = 'maria.schneider@example.com'
export const PHONE = '+1 212 555 0142'
export const PROMPT = `Please write to ${PERSON}, ${EMAIL}, phone ${PHONE}, about her invoice.`
/** The text of the answer, with its values. */
export const ANSWER = `Dear ${PERSON}, I wrote to ${EMAIL}.`
export const TOOL_DESCRIPTION = `Sends a mail. Ask ${PERSON} where it fails.`
/** What the tool is called with, and what comes back of what it says. */
export const TOOL_ARGUMENTS = { to: EMAIL, name: PERSON }
export const TOOL_RESULT = `queued for ${EMAIL}, call ${PHONE}`
export const FINAL = `Sent. The tool said: ${TOOL_RESULT}`
export const CONTACT = { name: PERSON, email: EMAIL }
export const toolSchema = z.object({ to: z.string(), name: z.string() })
export const contactSchema = z.object({ name: z.string(), email: z.string() })

/** One client over one endpoint. Each function resolves to what a program would read. */
export interface Client {
  readonly name: string
  chat(): Promise<unknown>
  stream(): Promise<unknown>
  /** Arguments that the tool got, then the text after it. */
  tools(): Promise<readonly [unknown, unknown]>
  structured(): Promise<unknown>
}
