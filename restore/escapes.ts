/** Reads the Unicode escapes of JSON text unit by unit, at any depth of nesting. */

/** The beginning of a Unicode escape, and a whole one. */
const ESCAPE = /^\\+(?:u[0-9a-f]{0,4})?$/i
const ESCAPED = /^\\+u([0-9a-f]{4})$/i
const MAX_ESCAPE = 64

/** Whether a text is the escape of white space in a JSON string, as it stands: `\n`. */
export function isEscapedSpace(text: string): boolean {
  return /^\\[bfnrt]$/.test(text)
}

/**
 * Gives the units of JSON text as they are read: `known.example\\u002eevil.example` is another host than
 * `known.example`. Only Unicode escapes are decoded; other escapes come out as they went in.
 */
export class EscapeReader {
  #held = ''

  /** Whether what came last may go on. */
  get isOpen(): boolean {
    return this.#held !== ''
  }

  /** Takes a unit and gives what can be read now. */
  read(char: string): string {
    const longer = this.#held + char
    if (longer.length > MAX_ESCAPE || !ESCAPE.test(longer)) {
      const before = this.settle()
      if (char !== '\\') return before + char
      this.#held = char
      return before
    }
    const digits = ESCAPED.exec(longer)?.[1]
    this.#held = digits === undefined ? longer : ''
    return digits === undefined ? '' : String.fromCharCode(Number.parseInt(digits, 16))
  }

  /** Gives what was held back: it is no escape. */
  settle(): string {
    const held = this.#held
    this.#held = ''
    return held
  }
}
