/** Enumerations over several lines, "A. …", "B. …": their letters look like initials and are none. */
import { type TokenBuffer, TokenKind } from './tokens.ts'

/** What a token is to an enumeration; 0 for nothing. */
export const ListItem = {
  /** The letter of an item, or the mark behind it. */
  letter: 1,
  /** The item's first word. */
  first: 2,
} as const

/**
 * Fills `items` for the tokens of a text. Items are lines that begin with a letter and a mark, where another such
 * line goes on with the next letter of the alphabet. Linear.
 */
export function markListItems(text: string, tokens: TokenBuffer, items: Uint8Array): void {
  items.fill(0, 0, tokens.count)
  let last = -1
  let lastLetter = 0
  for (let n = 0; n + 2 < tokens.count; n++) {
    if (tokens.kind[n] !== TokenKind.initial || !beginsItem(tokens, n)) continue
    const letter = text.charCodeAt(tokens.start[n] ?? 0)
    if (letter === lastLetter + 1) {
      markItem(items, last)
      markItem(items, n)
    }
    last = n
    lastLetter = letter
  }
}

function beginsItem(tokens: TokenBuffer, n: number): boolean {
  const mark = tokens.kind[n + 1]
  const isStart = n === 0 || tokens.kind[n - 1] === TokenKind.newline
  return isStart && (mark === TokenKind.period || mark === TokenKind.quote)
}

function markItem(items: Uint8Array, n: number): void {
  items[n] = ListItem.letter
  items[n + 1] = ListItem.letter
  items[n + 2] = ListItem.first
}
