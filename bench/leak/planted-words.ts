/** What is planted, and the parts that requests of both chat endpoints are made of. */
import { Buffer } from 'node:buffer'
import { PLANTED } from '../../test/support/planted.ts'

/** A request with a value at its place. */
export type Build = (value: string) => object

/** What is planted where any text may stand, with as many words around it as people write. */
export const IN_TEXT: readonly (readonly [string, string])[] = [
  ['e-mail', `Please write to ${PLANTED.email} today.`],
  ['name', `Her name is ${PLANTED.person}, as you know.`],
  ['phone', `You can call ${PLANTED.phone} any time.`],
  ['card', `The card is ${PLANTED.card}, valid.`],
  ['account', `Refund to IBAN ${PLANTED.iban} please.`],
  ['address', `The server is ${PLANTED.ip} now.`],
]
/** What is planted in short fields. */
export const IN_WORDS: readonly (readonly [string, string])[] = [
  ['e-mail', PLANTED.email],
  ['card', PLANTED.card],
]

/** As base64. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64')
/** As JSON escapes. */
export const escaped = (text: string): string =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** Values in other clothes, inside a sentence. */
export const DRESSED: readonly (readonly [string, string])[] = [
  ['percent', encodeURIComponent(PLANTED.email)],
  ['a link', `https://example.com/?mail=${encodeURIComponent(PLANTED.email)}`],
  ['HTML', PLANTED.email.replace('@', '&#64;')],
  ['base64', base64(`mail ${PLANTED.email} end`)],
  ['hexadecimal', Buffer.from(PLANTED.email).toString('hex')],
  ['full-width digits', PLANTED.card.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))],
  ['zero-width spaces', [...PLANTED.email].join('\u200b')],
  ['capitals', PLANTED.email.toUpperCase()],
  ['JSON in text', JSON.stringify({ mail: PLANTED.email })],
  ['JSON twice', JSON.stringify(JSON.stringify({ mail: PLANTED.email }))],
  ['no-break spaces', PLANTED.card.replaceAll(' ', '\u00a0')],
  ['dashes', PLANTED.card.replaceAll(' ', '-')],
]

/** A tool schema with these fields at its one property. */
export const schema = (fields: object): object => ({
  type: 'object',
  properties: { q: { type: 'string', ...fields } },
  required: ['q'],
})
/** Places of a schema. */
export const SCHEMAS: readonly (readonly [string, (value: string) => object])[] = [
  ['description', (value) => schema({ description: value })],
  ['title', (value) => schema({ title: value })],
  ['enum', (value) => schema({ enum: ['x', value] })],
  ['const', (value) => schema({ const: value })],
  ['default', (value) => schema({ default: value })],
  ['examples', (value) => schema({ examples: [value] })],
  ['deep default', (value) => schema({ default: { a: [{ b: value }] } })],
  ['definition', (value) => ({ type: 'object', $defs: { thing: { description: value } } })],
]

/** A message that says nothing. */
export const user = { role: 'user', content: 'Hello' }
