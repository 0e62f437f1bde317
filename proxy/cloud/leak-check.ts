/**
 * The last look at what is about to leave: no value of the request's vault may be in the exact bytes, the URL or the
 * headers, in any form. It knows nothing of detectors, findings or slots, only values and bytes; what counts as a
 * value found again is defined in `restore/value-rules.ts`, which replacing follows too, so that an ordinary request
 * never fails here.
 */
import { Buffer } from 'node:buffer'
import { Automaton } from '../../restore/automaton.ts'
import type { VaultEntry } from '../../restore/index.ts'
import { Base64Needles } from '../../restore/needles.ts'
import { hexRulesOf, rulesOf, type ValueRules } from '../../restore/value-rules.ts'
import { decodedViews, type View } from '../../restore/views.ts'
import { checksumsIn } from './leak-checksums.ts'
import { BOUNDARY, leavesOf } from './leak-leaves.ts'
import { FoldedText } from './leak-text.ts'
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
/** From here on one automaton is cheaper than one search for each value. */
const MANY_VALUES = 24
const NO_WORDS: ReadonlySet<string> = new Set()

/**
 * A check against some values: letters and digits with any separators (see `value-rules.ts`), base64 and base64url
 * at three alignments, hexadecimal, all of that also behind percent, HTML and backslash escapes nested up to four
 * times, and card and account numbers by their check digits. Values under five units are not looked for. Linear in
 * the bytes, whatever the number of values.
 */
export function createLeakCheck(entries: Iterable<VaultEntry>, options: LeakCheckOptions = {}): LeakCheck {
  const search = new ValueSearch(entries, options.allow ?? [])
  return ({ bytes, url, headers }) => {
    const body = typeof bytes === 'string' ? bytes : textOf(bytes)
    const leaves = leavesOf(body, options.words ?? NO_WORDS)
    const form = search.formIn([leaves, ...urlLeaves(url), ...headerLeaves(headers)].join(BOUNDARY))
    return form === null ? null : { form }
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Path and query; the host is one of the configuration, and may be called like an organisation of the request. */
function urlLeaves(url: string): readonly string[] {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  return path.split(/[/?#&=]/).filter((part) => part.length >= MIN_LENGTH && !WIRE_WORDS.has(part))
}

/** Header values; a length is no text of the request, whatever number it is. */
function headerLeaves(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name, value]) => name.toLowerCase() !== 'content-length' && !WIRE_WORDS.has(value))
    .flat()
    .filter((part) => !HEADER_NAME.test(part))
}

const HEADER_NAME =
  /^(?:authorization|content-(?:type|length)|accept(?:-encoding)?|user-agent|x-api-key|api-key)$/i

/** The values of one vault, ready to be looked for in texts. */
class ValueSearch {
  readonly #rules: ValueRules[] = []
  readonly #hex = new Set<ValueRules>()
  readonly #needles: Base64Needles
  readonly #codes = new Map<string, string>()
  readonly #allowed: ReadonlySet<string>
  readonly #automaton: Automaton | undefined
  readonly #byWord = new Map<string, ValueRules[]>()

  constructor(entries: Iterable<VaultEntry>, allow: readonly string[]) {
    const values: string[] = []
    const entities: string[] = []
    for (const { placeholder, entity, value } of entries) {
      this.#codes.set(placeholder.slice(entity.length + 1), placeholder)
      if (value.length < MIN_LENGTH) continue
      values.push(value)
      entities.push(entity)
      const rules = rulesOf(entity, value)
      if (rules !== undefined) this.#rules.push(rules)
    }
    for (const [index, value] of values.entries()) {
      const rules = hexRulesOf(entities[index] ?? '', value)
      this.#rules.push(rules)
      this.#hex.add(rules)
    }
    this.#needles = new Base64Needles(values)
    this.#allowed = new Set(allow.map(numberOf))
    if (values.length >= MANY_VALUES) this.#automaton = this.#wordsToAutomaton()
  }

  #wordsToAutomaton(): Automaton {
    for (const rules of this.#rules) {
      const same = this.#byWord.get(rules.folded)
      if (same === undefined) this.#byWord.set(rules.folded, [rules])
      else same.push(rules)
    }
    this.#byWord.delete('')
    return new Automaton([...this.#byWord.keys()])
  }

  /** The form of the first value found in a text or behind its escapes. */
  formIn(text: string): LeakForm | null {
    const found = this.#formAsIs(text)
    if (found !== null) return found.form
    for (const view of decodedViews(text)) {
      const behind = this.#formAsIs(view.text)
      if (behind !== null) return formBehind(text, view, behind)
    }
    return null
  }

  #formAsIs(text: string): Hit | null {
    return this.#valueIn(text) ?? this.#base64In(text) ?? this.#checksumIn(text)
  }

  #base64In(text: string): Hit | null {
    const hit = this.#needles.find(text)[0]
    return hit === undefined ? null : { form: 'base64', start: hit.start, end: hit.end }
  }

  #checksumIn(text: string): Hit | null {
    const found = checksumsIn(text).find(([, number]) => !this.#allowed.has(number))
    return found === undefined ? null : { form: found[0], start: 0, end: 0 }
  }

  #valueIn(text: string): Hit | null {
    if (this.#rules.length === 0) return null
    const folded = new FoldedText(text, BOUNDARY)
    const hit = this.#automaton === undefined ? this.#compare(folded) : this.#scan(folded, this.#automaton)
    return hit ?? this.#literalIn(text)
  }

  #literalIn(text: string): Hit | null {
    for (const { isLiteral, value } of this.#rules) {
      const start = isLiteral ? text.indexOf(value) : -1
      if (start >= 0) return { form: 'raw', start, end: start + value.length }
    }
    return null
  }

  #compare(folded: FoldedText): Hit | null {
    for (const rules of this.#rules) {
      if (rules.folded === '') continue
      for (
        let at = folded.units.indexOf(rules.folded);
        at >= 0;
        at = folded.units.indexOf(rules.folded, at + 1)
      ) {
        const hit = this.#hitAt(folded, at, rules)
        if (hit !== null) return hit
      }
    }
    return null
  }

  #scan(folded: FoldedText, automaton: Automaton): Hit | null {
    const words = [...this.#byWord.values()]
    let state = 0
    for (let at = 0; at < folded.units.length; at++) {
      state = automaton.step(state, folded.units.charCodeAt(at))
      let ending = automaton.longestEnding(state)
      for (; ending !== 0; ending = automaton.nextEnding(ending)) {
        const start = at + 1 - automaton.depthOf(ending)
        for (const rules of words[automaton.wordAt(ending)] ?? []) {
          const hit = this.#hitAt(folded, start, rules)
          if (hit !== null) return hit
        }
      }
    }
    return null
  }

  /** A value whose letters and digits are at `at` of the folded text, if they stand there as one value would. */
  #hitAt(folded: FoldedText, at: number, rules: ValueRules): Hit | null {
    const span = folded.occurrenceAt(at, rules)
    if (span === undefined || this.#touchesPlaceholder(folded.text, span.start, span.end)) return null
    const surface = folded.text.slice(span.start, span.end)
    return { form: this.#hex.has(rules) ? 'hex' : formOf(surface, rules.value), ...span }
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
