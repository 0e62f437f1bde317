/** How deeply a position of streamed JSON text is nested in strings that hold JSON themselves. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Deeper nesting doubles the backslashes each time: 2^16 before a quote is not a text. */
const MAX_DEPTH = 16

/** What the string that is open at a depth has turned out to be. */
type Content = 'unknown' | 'json' | 'prose' | 'literal'

/**
 * Follows JSON text unit by unit. A quote of level n is preceded by 2^n - 1 backslashes (plus literal ones,
 * which make an even number of them at the level where they are written), so its level is the number of
 * trailing one bits of the count. A quote opens a nested string only where the string it stands in holds JSON:
 * one that begins with a brace, a bracket or a quote. In prose it is a quotation mark and changes nothing.
 */
export class JsonNesting {
  #depth = 0
  #backslashes = 0
  readonly #content: Content[] = ['json']

  /** How many strings are open: how often a value written here must be escaped. */
  get depth(): number {
    return this.#depth
  }

  /** Takes the units `[from, to)` of `text`. */
  advance(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const unit = text.charCodeAt(i)
      if (unit === BACKSLASH) this.#backslashes++
      else if (unit === QUOTE) this.#quote()
      else {
        if (this.#depth > 0) this.#see(unit)
        this.#backslashes = 0
      }
    }
  }

  #quote(): void {
    const level = trailingOnes(this.#backslashes)
    const isBehindBackslash = level > this.#depth || this.#backslashes > 2 ** level - 1
    this.#backslashes = 0
    if (level < this.#depth) {
      this.#depth = level
      return
    }
    const content = this.#content[this.#depth]
    if (content === 'prose' || this.#depth >= MAX_DEPTH) return
    if (content !== 'json') this.#content[this.#depth] = isBehindBackslash ? 'prose' : 'literal'
    if (isBehindBackslash) return
    this.#depth++
    this.#content[this.#depth] = 'unknown'
  }

  #see(unit: number): void {
    const content = this.#content[this.#depth]
    if (content === 'json' || content === 'prose' || this.#isWhiteSpace(unit)) return
    // Behind a string literal that is a whole document, nothing else can stand.
    const isBracket = (unit === 0x7b || unit === 0x5b) && this.#backslashes === 0
    const opens = content === 'unknown' && isBracket
    this.#content[this.#depth] = opens ? 'json' : 'prose'
  }

  /** Also an escaped line break or tab; more backslashes before it, or some before a space, are backslashes. */
  #isWhiteSpace(unit: number): boolean {
    if (unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d) return this.#backslashes === 0
    const isEscape = unit === 0x6e || unit === 0x72 || unit === 0x74
    return isEscape && this.#backslashes === 2 ** (this.#depth - 1)
  }
}

function trailingOnes(count: number): number {
  let ones = 0
  for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) ones++
  return ones
}

/** A value as it is written inside `depth` nested JSON strings, without quotes around it. */
export function escapeForJson(value: string, depth: number): string {
  let escaped = value
  for (let level = 0; level < depth; level++) escaped = JSON.stringify(escaped).slice(1, -1)
  return escaped
}
