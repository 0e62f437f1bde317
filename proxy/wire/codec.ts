/** The bodies of `/v1/sanitise` and `/v1/restore`. */
import type { WireObject } from '../ports.ts'
import { WireError } from './errors.ts'
import { type ReadOptions, readByRule } from './read.ts'
import { list, object, text } from './schema.ts'
import { slotsByRule, type WireSlot } from './slots.ts'

/** Most texts of one request. */
const MAX_TEXTS = 2048

const texts = list(text, { min: 1, max: MAX_TEXTS })
const SANITISE_REQUEST = object({ text, texts })
const TEXTS = object({ 'texts!': texts })
const RESTORE_REQUEST = object({ 'texts!': texts, 'restore_token!': text })

/** Texts to sanitise: an object that the slots' `write` changes. */
export interface SanitiseBody extends WireObject {
  readonly texts: readonly string[]
}

/** Reads `{text}` or `{texts}`, never both. Throws `WireError`. */
export function readSanitise(json: unknown, options: ReadOptions): SanitiseBody {
  const body = readByRule(SANITISE_REQUEST, json, options) as Partial<Record<'text' | 'texts', unknown>>
  if ((body.text === undefined) === (body.texts === undefined))
    throw new WireError('invalid_request', 'texts')
  return { texts: (body.texts ?? [body.text]) as readonly string[] }
}

/** One slot for each text. */
export function sanitiseSlots(body: SanitiseBody): readonly WireSlot[] {
  return slotsByRule(TEXTS, body)
}

/** Reads `{texts, restore_token}`. Throws `WireError`. */
export function readRestore(
  json: unknown,
  options: ReadOptions,
): { readonly texts: readonly string[]; readonly token: string } {
  const body = readByRule(RESTORE_REQUEST, json, options) as Record<string, unknown>
  return { texts: body.texts as readonly string[], token: String(body.restore_token) }
}
