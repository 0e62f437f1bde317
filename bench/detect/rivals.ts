/**
 * Two npm libraries that find personal data, for comparison. They are no dependencies: install them with
 * `npm install --ignore-scripts --prefix bench/detect/rivals`.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { TypedSpan } from './score.ts'

/** Finds spans in a text; offsets in UTF-16 units. */
export type FindSpans = (text: string) => Promise<readonly TypedSpan[]> | readonly TypedSpan[]

const FOLDER = join(import.meta.dirname, 'rivals/package.json')

function load(name: string): unknown {
  try {
    return createRequire(FOLDER)(name)
  } catch {
    throw new RangeError(
      `${name} is not installed: npm install --ignore-scripts --prefix bench/detect/rivals`,
    )
  }
}

/** Names of types by the beginning of what the libraries call them; the first that fits. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:NAME|PERSON)/u, 'PERSON'],
  [/^EMAIL/u, 'EMAIL'],
  [/^PHONE/u, 'PHONE'],
  [/^(?:SSN|US_SOCIAL)/u, 'US_SSN'],
  [/^(?:ADDRESS|STREET|ZIP|POSTCODE|PO_BOX)/u, 'ADDRESS'],
  [/^CREDIT_CARD/u, 'CREDIT_CARD'],
  [/^IBAN/u, 'IBAN'],
  [/^(?:DATE|DOB)/u, 'DATE_TIME'],
  [/^(?:IP_|IPV)/u, 'IP_ADDRESS'],
  [/^URL/u, 'URL'],
  [/^USERNAME/u, 'USERNAME'],
  [/^PASSWORD/u, 'PASSWORD'],
  [/PASSPORT/u, 'PASSPORT'],
  [/DRIV/u, 'DRIVER_LICENSE'],
  [/^(?:COMPANY|ORG)/u, 'ORG'],
]

function typeOf(label: string): string {
  return TYPES.find(([pattern]) => pattern.test(label))?.[1] ?? 'MISC'
}

interface OpenRedaction {
  detect(text: string): Promise<{ detections: { type: string; position: [number, number] }[] }>
}

/** `openredaction` with its defaults. Throws `RangeError` when it is not installed. */
export function openRedaction(): FindSpans {
  const { OpenRedaction } = load('openredaction') as { OpenRedaction: new () => OpenRedaction }
  const redactor = new OpenRedaction()
  return async (text) =>
    (await redactor.detect(text)).detections.map(({ type, position: [start, end] }) => ({
      start,
      end,
      type: typeOf(type),
    }))
}

/** What `redact-pii` writes in place of values. */
const MARKS =
  /PERSON_NAME|EMAIL_ADDRESS|STREET_ADDRESS|US_SOCIAL_SECURITY_NUMBER|PHONE_NUMBER|CREDIT_CARD_NUMBER|IP_ADDRESS|USERNAME|PASSWORD|ZIPCODE|URL|DIGITS|CREDENTIALS/gu

/** `redact-pii` with its defaults. Throws `RangeError` when it is not installed. */
export function redactPii(): FindSpans {
  const { SyncRedactor } = load('redact-pii') as { SyncRedactor: new () => { redact(text: string): string } }
  const redactor = new SyncRedactor()
  return (text) => gaps(text, redactor.redact(text))
}

/** It says no offsets: what stands between the pieces that stayed is what it replaced. */
export function gaps(text: string, redacted: string): TypedSpan[] {
  const spans: TypedSpan[] = []
  const marks = [...redacted.matchAll(MARKS)]
  let at = marks[0]?.index ?? 0
  for (const [n, mark] of marks.entries()) {
    const from = mark.index + mark[0].length
    const next = marks[n + 1]
    const kept = redacted.slice(from, next?.index ?? redacted.length)
    const end = next === undefined ? text.length - kept.length : kept === '' ? at : text.indexOf(kept, at)
    if (end < at) return spans
    if (end > at) spans.push({ start: at, end, type: typeOf(mark[0]) })
    at = end + kept.length
  }
  return spans
}
