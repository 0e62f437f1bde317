/**
 * What a UTF-16 unit is to the tokeniser, and the folded form that words are compared in: lower case without
 * diacritics, so that "JOSÉ", "José" and "jose" are one word. Both tables fill themselves as units are met.
 */

/** Character classes; `0` means "not classified yet". */
export const CharClass = {
  space: 1,
  newline: 2,
  lower: 3,
  upper: 4,
  digit: 5,
  other: 6,
  /** Letters of scripts without case: Arabic, Hebrew, Devanagari. */
  uncased: 7,
  /** Scripts that write without spaces, or glue particles to names: every unit is a token of its own. */
  ideograph: 8,
  /** Combining marks belong to the letter before them. */
  mark: 9,
} as const

const LETTER = /^\p{L}$/u
const UPPER = /^[\p{Lu}\p{Lt}]$/u
const LOWER = /^\p{Ll}$/u
const DIGIT = /^\p{Nd}$/u
const MARK = /^\p{M}$/u
const SPACE = /^[\s\p{Zs}\p{Cf}]$/u
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u
const BASE_SCRIPT = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]$/u

/** Letters that do not decompose, with what people type instead of them. Source: Unicode CLDR Latin-ASCII. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
}

const classes = new Uint8Array(65536)
const folds = new Uint16Array(65536)

function classify(unit: number): number {
  if (unit === 10 || unit === 13) return CharClass.newline
  const char = String.fromCharCode(unit)
  if (SPACE.test(char)) return CharClass.space
  if (MARK.test(char)) return CharClass.mark
  if (DIGIT.test(char)) return CharClass.digit
  if (UNSPACED.test(char)) return CharClass.ideograph
  if (UPPER.test(char)) return CharClass.upper
  if (LOWER.test(char)) return CharClass.lower
  return LETTER.test(char) ? CharClass.uncased : CharClass.other
}

function fold(unit: number): number {
  const char = String.fromCharCode(unit)
  const lower = char.toLowerCase()
  const plain = UNDECOMPOSED[lower]
  if (plain !== undefined) return plain.charCodeAt(0)
  const base = lower.normalize('NFD')
  return (BASE_SCRIPT.test(base[0] ?? '') ? base : lower).charCodeAt(0)
}

/** The class of a UTF-16 unit: a value of `CharClass`. Lone surrogate halves are `other`. */
export function charClass(unit: number): number {
  const known = classes[unit] ?? 0
  if (known !== 0) return known
  folds[unit] = fold(unit)
  const found = classify(unit)
  classes[unit] = found
  return found
}

/** The folded form of a unit that `charClass` has seen. */
export function foldedUnit(unit: number): number {
  return folds[unit] ?? unit
}
