/**
 * The strings of what is about to leave, read from the exact bytes by an own tokeniser: `JSON.parse` would keep one
 * of two members of the same name and say nothing.
 */
import { WIRE_WORDS } from './leak-words.ts'

/** Stands between two strings; no value is looked for across it. */
export const BOUNDARY = '\0'

/** JSON inside strings inside JSON is opened this often; what is deeper is read as text. */
const MAX_NESTING = 6
/** Shorter numbers are settings (`max_tokens`), not data. */
const LONG_NUMBER = /[0-9](?:[0-9.]|[eE+-](?=[0-9])){6,}/g
const JSON_BETWEEN = /^(?:[\s{}[\],:0-9.eE+-]|true|false|null)*$/
/** Numbers that calls are given in place of the ids they came with. */
const CALL_ID = /^call_?[0-9]{1,12}$/

/**
 * All strings, names and long numbers of a JSON text, joined by `BOUNDARY`; the words of the wire itself are left
 * out, and so is the top-level `model`, which comes from the configuration. A text that is no JSON is one string.
 * `words`: more strings that are not data, compared as a whole.
 */
export function leavesOf(body: string, words: ReadonlySet<string>): string {
  const leaves: string[] = []
  new LeafReader(leaves, words).read(body, 0)
  return leaves.join(BOUNDARY)
}

class LeafReader {
  readonly #leaves: string[]
  readonly #words: ReadonlySet<string>

  constructor(leaves: string[], words: ReadonlySet<string>) {
    this.#leaves = leaves
    this.#words = words
  }

  read(json: string, nesting: number): void {
    let at = 0
    let depth = 0
    let name = ''
    for (;;) {
      const open = json.indexOf('"', at)
      const between = json.slice(at, open < 0 ? json.length : open)
      depth += depthOf(between)
      this.#addBetween(between)
      if (open < 0) return
      const close = closingQuote(json, open + 1)
      const text = unescaped(json, open + 1, close)
      const isModel = nesting === 0 && depth === 1 && name === 'model' && between.trim() === ':'
      if (!isModel) this.#add(text, nesting)
      name = text
      at = close + 1
    }
  }

  /** Outside of strings JSON has numbers alone that say something; anything else is no JSON. */
  #addBetween(between: string): void {
    if (between.length < 5) return
    if (!JSON_BETWEEN.test(between)) {
      this.#leaves.push(between)
      return
    }
    for (const number of between.match(LONG_NUMBER) ?? []) this.#leaves.push(number)
  }

  #add(text: string, nesting: number): void {
    if (text.length < 2 || WIRE_WORDS.has(text) || this.#words.has(text) || CALL_ID.test(text)) return
    if (nesting < MAX_NESTING && holdsJson(text)) this.read(text, nesting + 1)
    else this.#leaves.push(text)
  }
}

function depthOf(between: string): number {
  let depth = 0
  for (let i = 0; i < between.length; i++) {
    const unit = between.charCodeAt(i)
    if (unit === 0x7b || unit === 0x5b) depth++
    else if (unit === 0x7d || unit === 0x5d) depth--
  }
  return depth
}

/** The offset of the quote that ends a string, or the end of the text. */
function closingQuote(json: string, from: number): number {
  for (let quote = json.indexOf('"', from); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (quote - backslashes > from && json.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return quote
  }
  return json.length
}

function unescaped(json: string, from: number, to: number): string {
  const raw = json.slice(from, to)
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(`"${raw}"`)
  } catch {
    // Not a JSON string: read as it stands, and once more with its escapes by the check itself.
    return raw
  }
}

/** Only a text that is JSON as a whole is opened: outside of quotes nothing else of it would be looked at. */
function holdsJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
