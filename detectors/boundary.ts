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
/** What must stand behind a match, as the source of an expression. */
export const AFTER: Readonly<Record<Boundary, string>> = {
  number: `(?!${WORD}|[.,:/\\-][0-9])`,
  word: `(?!${WORD})`,
  none: '',
}
/**
 * The same where ASCII follows: what it lets through beyond that has to be asked again. Sets of all letters make an
 * expression slow to compile, and there are hundreds of expressions.
 */
export const AFTER_ASCII: Readonly<Record<Boundary, string>> = {
  number: '(?![A-Za-z0-9_]|[.,:/\\-][0-9])',
  word: '(?![A-Za-z0-9_])',
  none: '',
}

const BEGINS: Readonly<Record<'number' | 'word', RegExp>> = {
  number: new RegExp(BEFORE.number, 'uy'),
  word: new RegExp(BEFORE.word, 'uy'),
}

/** Whether the text in front of an offset lets a match begin there. */
export function beginsAt(text: string, at: number, boundary: Boundary): boolean {
  if (boundary === 'none') return true
  const regexp = BEGINS[boundary]
  regexp.lastIndex = at
  return regexp.test(text)
}
