/** Finds the tokens of a text that could be base-85: long ones of printable ASCII with digits or marks inside. */

/** Shortest and longest token in base-85. */
const BASE85_LENGTHS = [11, 4096] as const

const LETTER = 1
const DIGIT = 2
const MARK = 3
/** Kinds of the printable characters of ASCII; 0 for what divides tokens. */
const KINDS = (() => {
  const table = new Uint8Array(0x10000)
  for (let unit = 0x21; unit < 0x7f; unit += 1) {
    const character = String.fromCharCode(unit)
    table[unit] = /[0-9]/u.test(character) ? DIGIT : /[A-Za-z]/u.test(character) ? LETTER : MARK
  }
  return table
})()

/** Whether a token has a digit, or a mark inside. */
function isMixed(text: string, start: number, end: number): boolean {
  let hasMark = false
  for (let at = start; at < end; at += 1) {
    const kind = KINDS[text.charCodeAt(at)]
    if (kind === DIGIT || (kind === LETTER && hasMark)) return true
    hasMark ||= kind === MARK && at > start
  }
  return false
}

/** Tokens of at least eleven characters, with a digit or a mark inside. Steps over words from their far ends, as most are too short. */
export function mixedTokens(text: string): readonly (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = []
  const [least, most] = BASE85_LENGTHS
  // In front of `at` a token has just ended.
  for (let at = 0; at + least <= text.length; ) {
    let end = at + least
    while (end > at && KINDS[text.charCodeAt(end - 1)] !== 0) end -= 1
    if (end > at) {
      at = end
      continue
    }
    end = at + least
    while (end < text.length && KINDS[text.charCodeAt(end)] !== 0) end += 1
    if (isMixed(text, at, end)) found.push([at, Math.min(end, at + most)])
    at = end + 1
  }
  return found
}
