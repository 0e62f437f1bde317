/** Invented identities to plant in requests, and a search for them in any encoding. */
import { Buffer } from 'node:buffer'

/** Values that must never leave. All invented: reserved domains, 555 numbers, test cards, documentation addresses. */
export const PLANTED = {
  person: 'Maria Schneider',
  email: 'maria.schneider@example.com',
  phone: '+1 212 555 0142',
  card: '4111 1111 1111 1111',
  iban: 'DE89 3704 0044 0532 0130 00',
  ip: '203.0.113.77',
} as const

/** A message that holds all of them. */
export const PLANTED_TEXT = [
  `Hello, my name is ${PLANTED.person}, you can reach me at ${PLANTED.email} or ${PLANTED.phone}.`,
  `I paid with card ${PLANTED.card}; please refund to ${PLANTED.iban}.`,
  `My computer has the address ${PLANTED.ip}.`,
].join('\n')

/** Which of the values stand in the bytes, as they are or encoded; named `value/form`. */
export function findPlanted(bytes: Uint8Array, values: readonly string[] = Object.values(PLANTED)): string[] {
  const text = Buffer.from(bytes).toString('utf8')
  const lower = text.toLowerCase()
  const bare = lower.replace(/[^\p{L}\p{N}]/gu, '')
  return values.flatMap((value) =>
    formsOf(value)
      .filter(({ form, needle }) =>
        (form === 'bare' ? bare : form === 'case' ? lower : text).includes(needle),
      )
      .map(({ form }) => `${value}/${form}`),
  )
}

function formsOf(value: string): { form: string; needle: string }[] {
  const bytes = Buffer.from(value)
  const escaped = [...value].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const aligned = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // Characters that also depend on what stands before and after the value are left out.
    return {
      form: `base64+${shift}`,
      needle: whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)),
    }
  })
  return [
    { form: 'case', needle: value.toLowerCase() },
    { form: 'bare', needle: value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') },
    { form: 'hex', needle: bytes.toString('hex') },
    { form: 'percent', needle: encodeURIComponent(value) },
    { form: 'escaped', needle: escaped },
    ...aligned,
  ]
}
