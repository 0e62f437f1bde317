/** Where an identifier may begin and end. */

/**
 * What limits a match on both sides. `number`: no letter or digit, nor a further group of digits; `word`: no letter
 * or digit; `none`: the pattern says it itself.
 */
export type Boundary = 'number' | 'word' | 'none'

/** Scripts written without spaces: an identifier may touch their letters on both sides. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}'
/** A unit that no identifier touches, as the source of an expression. */
export const WORD = `(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_]`
/** What must stand in front of a match, as the source of an expression. */
export const BEFORE: Readonly<Record<Boundary, string>> = {
  number: `(?<!${WORD}|[0-9][.,:/\\-])(?<![$€£¥] ?)`,
  word: `(?<!${WORD})`,
  none: '',
}
/** A number goes on. Behind a comma it is the next cell of a line, unless two digits and what is counted follow. */
export const GOES_ON = '[.:/\\-][0-9]|,[0-9]{1,2} ?[€$£%A-Za-z]'
/** What must stand behind a match, as the source of an expression. */
export const AFTER: Readonly<Record<Boundary, string>> = {
  number: `(?!${WORD}|${GOES_ON})`,
  word: `(?!${WORD})`,
  none: '',
}
/**
 * The same where ASCII follows: what it lets through beyond that has to be asked again. Sets of all letters make an
 * expression slow to compile, and there are hundreds of expressions.
 */
export const AFTER_ASCII: Readonly<Record<Boundary, string>> = {
  number: `(?![A-Za-z0-9_]|${GOES_ON})`,
  word: '(?![A-Za-z0-9_])',
  none: '',
}

const BEGINS: Readonly<Record<'number' | 'word', RegExp>> = {
  number: new RegExp(BEFORE.number, 'uy'),
  word: new RegExp(BEFORE.word, 'uy'),
}

/** Longest number of a line or cell that something may follow without a space. */
const LONGEST_CELL = 12
/** What a cell begins behind. */
const CELL_START = '\n,;"|\t[({'

const isDigitAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0x30 && unit <= 0x39
}

/**
 * Whether a number and a mark in front of an offset are a cell or the number of a line, as in `17,536-90-4399` and
 * `3.DE89…`: they stand at the beginning of their line, or of a cell. What reads as a decimal or as thousands is neither.
 */
export function beginsCell(text: string, at: number): boolean {
  const mark = text.charAt(at - 1)
  if (mark !== ',' && mark !== '.') return false
  let start = at - 1
  while (start > 0 && at - start <= LONGEST_CELL && isDigitAt(text, start - 1)) start -= 1
  if (start === at - 1) return false
  const before = start === 0 ? '\n' : text.charAt(start - 1)
  if (mark === '.' ? before !== '\n' : !CELL_START.includes(before)) return false
  if (text.charAt(at) === '+' || text.charAt(at) === '(') return true
  let end = at
  while (end - at <= LONGEST_CELL && isDigitAt(text, end)) end += 1
  const isGrouped = /^(?:[ /-][0-9]|[A-Za-z])/u.test(text.slice(end, end + 2))
  return isGrouped || (mark === ',' && end - at > 3)
}

/** Whether the text in front of an offset lets a match begin there. */
export function beginsAt(text: string, at: number, boundary: Boundary): boolean {
  if (boundary === 'none') return true
  const regexp = BEGINS[boundary]
  regexp.lastIndex = at
  return regexp.test(text) || (boundary === 'number' && beginsCell(text, at))
}
