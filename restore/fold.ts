/**
 * Letters and digits as they are compared: compatibility forms, case, accents and the digits of other scripts
 * folded away, what cannot be seen removed. Unit by unit, so that every folded unit knows where it stood.
 */

/** What a character is, for word boundaries. */
export const SEPARATOR = 0
export const INVISIBLE = 1
export const DIGIT = 2
/** A letter of a script that puts spaces between words. */
export const LETTER = 3
/** Katakana: a run of it is a word, next to other scripts without a space. */
export const KATAKANA = 4
/** A letter of a script that writes words, or words and particles, without a space. */
export const UNSPACED = 5

const WORD_CHARACTER = /^[\p{L}\p{N}\p{M}]$/u
const DIGIT_CHARACTER = /^\p{N}$/u
const LATIN_OR_DIGIT = /^[A-Za-z0-9]$/
// Combining accents, Hebrew and Arabic vowel points, and the Arabic stretching character: written or left out at will.
const OPTIONAL = '[\\u0300-\\u036f]|[\\u0591-\\u05c7]|[\\u064b-\\u065f]|\\u0670|\\u0640'
const HIDDEN = new RegExp(`^(?:\\p{Cf}|\\p{Default_Ignorable_Code_Point}|${OPTIONAL})$`, 'u')
const MARKS = new RegExp(OPTIONAL, 'gu')
const NOT_WORD = /[^\p{L}\p{N}\p{M}]/gu
const IN_KATAKANA = /^[\p{Script=Katakana}\u30fc\uff70]$/u
const IN_UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u
const DECIMAL = /\p{Nd}/gu

interface Folded {
  readonly kind: number
  /** Folded units; empty for separators and invisible characters. */
  readonly text: string
}

const NOTHING: Folded = { kind: SEPARATOR, text: '' }
const HIDDEN_FOLD: Folded = { kind: INVISIBLE, text: '' }

/** Folds one character (one or two UTF-16 units). */
function foldCharacter(character: string): Folded {
  if (HIDDEN.test(character)) return HIDDEN_FOLD
  const plain = character.normalize('NFKD')
  // Circled and squared letters are symbols that spell words; `™` is not.
  if (!WORD_CHARACTER.test(character) && !LATIN_OR_DIGIT.test(plain)) return NOTHING
  const text = plain
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(NOT_WORD, '')
    .replace(DECIMAL, asciiDigit)
  return text === '' ? HIDDEN_FOLD : { kind: kindOf(character, text), text }
}

function kindOf(character: string, folded: string): number {
  if (DIGIT_CHARACTER.test(character) || /^[0-9]/.test(folded)) return DIGIT
  if (IN_KATAKANA.test(character)) return KATAKANA
  return IN_UNSPACED.test(character) ? UNSPACED : LETTER
}

/** Decimal digits stand in runs of ten, from zero on; no run begins right behind another but at a multiple of ten. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--
  return String((code - zero) % 10)
}

/** Characters of the basic plane, folded once: at most 65,536 of them. */
const known = new Array<Folded | undefined>(0x10000)
for (let unit = 0; unit < 128; unit++) known[unit] = foldCharacter(String.fromCharCode(unit))

/** The ASCII characters, folded. */
export const ASCII_FOLDED: readonly (Folded | undefined)[] = known.slice(0, 128)

/** The folded unit of each ASCII character; 0 for those that are no letter or digit. */
export const ASCII_FOLD = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) ASCII_FOLD[unit] = known[unit]?.text.charCodeAt(0) || 0

/** Folds the character that begins at `at`, which may be the first half of a surrogate pair. */
export function foldAt(text: string, at: number): Folded {
  const unit = text.charCodeAt(at)
  const found = known[unit]
  if (found !== undefined) return found
  if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(at + 1))) {
    return foldCharacter(text.slice(at, at + 2))
  }
  const folded = foldCharacter(text.charAt(at))
  known[unit] = folded
  return folded
}

/** Units of the character at `at`: 2 for a surrogate pair. */
export function widthAt(text: string, at: number): 1 | 2 {
  return isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1
}

/** The start of the character before `at`. */
export function characterBefore(text: string, at: number): number {
  const one = at - 1
  return one > 0 && isLowSurrogate(text.charCodeAt(one)) && isHighSurrogate(text.charCodeAt(one - 1))
    ? one - 1
    : one
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** Whether a word may end between two visible characters of these kinds. */
export function isEdge(left: number, right: number): boolean {
  if (left === SEPARATOR || right === SEPARATOR) return true
  return left !== right || left === UNSPACED
}

/** Words end at a zero-width space or non-joiner, though neither parts the letters of a value. */
function isZeroWidthEdge(unit: number): boolean {
  return unit === 0x200b || unit === 0x200c
}

/** What kind of character stands before `at`, invisible ones left out; `SEPARATOR` at the beginning. */
export function kindBefore(text: string, at: number): number {
  for (let end = at; end > 0; ) {
    end = characterBefore(text, end)
    const { kind } = foldAt(text, end)
    if (isZeroWidthEdge(text.charCodeAt(end))) return SEPARATOR
    if (kind !== INVISIBLE) return kind
  }
  return SEPARATOR
}

/** What kind of character stands at `at` or behind it, invisible ones left out; `SEPARATOR` at the end. */
export function kindFrom(text: string, at: number): number {
  for (let start = at; start < text.length; start += widthAt(text, start)) {
    const { kind } = foldAt(text, start)
    if (isZeroWidthEdge(text.charCodeAt(start))) return SEPARATOR
    if (kind !== INVISIBLE) return kind
  }
  return SEPARATOR
}
