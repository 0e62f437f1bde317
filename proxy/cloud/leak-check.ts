/**
 * The last look at what is about to leave: no value of the request's vault may be in the exact bytes, the URL or the
 * headers, in any form. It knows nothing of detectors, findings or slots, only values and bytes; what counts as a
 * value found again is defined in `restore/value-rules.ts`, which replacing follows too, so that an ordinary request
 * never fails here.
 */
import { Buffer } from 'node:buffer'
import type { VaultEntry } from '../../restore/index.ts'
import { type Sought, ValueSearch } from '../../restore/value-search.ts'
import { decodedViews, type View } from '../../restore/views.ts'
import { checksumsIn } from './leak-checksums.ts'
import { BOUNDARY, leavesOf } from './leak-leaves.ts'
import { WIRE_WORDS } from './leak-words.ts'

/** How a value was found. */
export type LeakForm =
  | 'raw'
  | 'letters_and_digits'
  | 'compatibility'
  | 'base64'
  | 'hex'
  | 'percent'
  | 'html'
  | 'escaped'
  | 'card_number'
  | 'iban'

/** Everything that is about to leave. */
export interface LeakParts {
  readonly bytes: Uint8Array | string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the check may know besides the values. */
export interface LeakCheckOptions {
  /** Strings that are not data, compared as a whole: names of models and fields of an endpoint. */
  readonly words?: ReadonlySet<string>
  /** Numbers with right check digits that may leave, as listed in `detectors.allow`; separators do not matter. */
  readonly allow?: readonly string[]
}

/** The form in which a value is about to leave, never the value; null when none is. Throws nothing. */
export type LeakCheck = (parts: LeakParts) => { readonly form: LeakForm } | null

/** Shorter values are in every text by chance. */
const MIN_LENGTH = 5
const NO_WORDS: ReadonlySet<string> = new Set()
const NO_CUTS: ReadonlySet<number> = new Set()

/**
 * A check against some values: letters and digits with any separators (see `value-rules.ts`), base64 and base64url
 * at three alignments, hexadecimal, all of that also behind percent, HTML and backslash escapes nested up to four
 * times, and card and account numbers by their check digits. Values under five units are not looked for. Linear in
 * the bytes, whatever the number of values.
 */
export function createLeakCheck(entries: Iterable<VaultEntry>, options: LeakCheckOptions = {}): LeakCheck {
  const check = new ValueCheck(entries, options.allow ?? [])
  return ({ bytes, url, headers }) => {
    const body = typeof bytes === 'string' ? bytes : textOf(bytes)
    const leaves = leavesOf(body, options.words ?? NO_WORDS)
    const form = check.formIn([leaves, ...urlLeaves(url), ...headerLeaves(headers)].join(BOUNDARY))
    return form === null ? null : { form }
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Path and query; the host is one of the configuration, and may be called like an organisation of the request. */
function urlLeaves(url: string): readonly string[] {
  const scheme = url.indexOf('://')
  const rest = scheme < 0 ? url : url.slice(scheme + 3)
  const path = scheme < 0 ? url : rest.slice(rest.search(/[/?#]|$/))
  return path.split(/[/?#&=]/).filter((part) => part.length >= MIN_LENGTH && !WIRE_WORDS.has(part))
}

const KNOWN_HEADERS: ReadonlySet<string> = new Set(
  'authorization content-type content-length accept accept-encoding user-agent x-api-key api-key'.split(' '),
)

/** Header values and unknown names; a length is no text of the request, whatever number it is. */
function headerLeaves(headers: Readonly<Record<string, string>>): readonly string[] {
  const leaves: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (!KNOWN_HEADERS.has(lower)) leaves.push(name)
    if (lower !== 'content-length' && !WIRE_WORDS.has(value)) leaves.push(value)
  }
  return leaves
}

/** The values of one vault, ready to be looked for in texts. */
class ValueCheck {
  readonly #search: ValueSearch
  readonly #codes = new Map<string, string>()
  readonly #allowed: ReadonlySet<string>

  constructor(entries: Iterable<VaultEntry>, allow: readonly string[]) {
    const sought: Sought[] = []
    for (const entry of entries) {
      this.#codes.set(entry.placeholder.slice(entry.entity.length + 1), entry.placeholder)
      if (entry.value.length >= MIN_LENGTH) sought.push(entry)
    }
    this.#search = new ValueSearch(sought)
    this.#allowed = new Set(allow.map(numberOf))
  }

  /** The form of the first value found in a text or behind its escapes. */
  formIn(text: string): LeakForm | null {
    const found = this.#hitIn(text)
    if (found !== null) return found.form
    for (const view of decodedViews(text)) {
      const behind = this.#hitIn(view.text)
      if (behind !== null) return formBehind(text, view, behind)
    }
    return null
  }

  #hitIn(text: string): Hit | null {
    let hit: Hit | null = null
    this.#search.each(text, { boundary: BOUNDARY.charCodeAt(0), cuts: NO_CUTS }, (found) => {
      const { start, end, form, sought } = found
      if (form !== 'base64' && this.#touchesPlaceholder(text, start, end)) return 'pass'
      hit = { form: form === 'value' ? formOf(text.slice(start, end), sought.value) : form, start, end }
      return 'done'
    })
    return hit ?? this.#checksumIn(text)
  }

  #checksumIn(text: string): Hit | null {
    const found = checksumsIn(text).find(([, number]) => !this.#allowed.has(number))
    return found === undefined ? null : { form: found[0], start: 0, end: 0 }
  }

  /**
   * A placeholder is not what it looks like: its type may be a word of the request (`Person`), its code may go on in
   * the digits behind it, and redaction leaves a type in brackets.
   */
  #touchesPlaceholder(text: string, start: number, end: number): boolean {
    let from = start
    while (from > 0 && start - from < MAX_PLACEHOLDER && PLACEHOLDER_UNIT.test(text.charAt(from - 1))) from--
    let to = end
    while (to < text.length && to - end < MAX_PLACEHOLDER && PLACEHOLDER_UNIT.test(text.charAt(to))) to++
    const run = text.slice(from, to)
    if (text.charAt(from - 1) === '[' && text.charAt(to) === ']' && /^[A-Z][A-Z0-9_]*$/.test(run)) return true
    return [...this.#placeholdersIn(run)].some(
      (place) => from + place.start < end && start < from + place.end,
    )
  }

  *#placeholdersIn(run: string): Generator<{ readonly start: number; readonly end: number }> {
    for (let at = run.indexOf('_'); at >= 0; at = run.indexOf('_', at + 1)) {
      for (let end = at + 6; end <= Math.min(run.length, at + 17); end++) {
        const placeholder = this.#codes.get(run.slice(at + 1, end))
        const start = end - (placeholder?.length ?? 0)
        if (placeholder !== undefined && run.startsWith(placeholder, start)) yield { start, end }
      }
    }
  }
}

interface Hit {
  readonly form: LeakForm
  readonly start: number
  readonly end: number
}

const MAX_PLACEHOLDER = 64
const PLACEHOLDER_UNIT = /[A-Za-z0-9_]/

function numberOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
}

function formOf(surface: string, value: string): LeakForm {
  if (surface.toLowerCase() === value.toLowerCase()) return 'raw'
  return /^[\x00-\x7f]*$/.test(surface) ? 'letters_and_digits' : 'compatibility'
}

/** Which escape the value was behind: the first one inside it, or that of the form it was in. */
function formBehind(text: string, view: View, hit: Hit): LeakForm {
  if (hit.form === 'base64' || hit.form === 'hex' || hit.start === hit.end) return hit.form
  const { start, end } = view.toOriginal(hit)
  const mark = /[%&\\]/.exec(text.slice(start, end))?.[0]
  if (mark === '%') return 'percent'
  return mark === '&' ? 'html' : 'escaped'
}
