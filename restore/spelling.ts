/**
 * The closed list of changes a model makes to a placeholder without meaning another one: case, full-width
 * letters, invisible characters, and around the underscore an escape (`\_`), markup (`**`, `*`, a backtick),
 * spaces, a no-break space, an HTML escape or a hyphen in its place. Nothing here measures similarity.
 */

/** Symbols of a placeholder: 0-25 letters, 26-35 digits, then the underscore. */
export const UNDERSCORE = 36
/** A unit that is no symbol. */
export const NO_SYMBOL = -1

/** Most UTF-16 units that may stand around an underscore. */
const MAX_SEPARATOR = 24
/** Most invisible characters in a row inside a word. */
export const MAX_INVISIBLE = 8

const LOW_LINE = 0x5f
const BACKSLASH = 0x5c
const AMPERSAND = 0x26

const SYMBOLS = new Int8Array(128).fill(NO_SYMBOL)
for (let i = 0; i < 26; i++) {
  SYMBOLS[0x41 + i] = i
  SYMBOLS[0x61 + i] = i
}
for (let i = 0; i < 10; i++) SYMBOLS[0x30 + i] = 26 + i
SYMBOLS[LOW_LINE] = UNDERSCORE

/** The symbol a UTF-16 unit stands for, in any case and width; `NO_SYMBOL` for all others. */
export function symbolOf(unit: number): number {
  if (unit < 128) return SYMBOLS[unit] ?? NO_SYMBOL
  // Full-width forms U+FF01..FF5E are ASCII moved by 0xFEE0.
  if (unit >= 0xff10 && unit <= 0xff5a) return SYMBOLS[unit - 0xfee0] ?? NO_SYMBOL
  return NO_SYMBOL
}

/** Whether a unit is written exactly as placeholders are issued: ASCII, letters in upper case. */
export function isExact(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39) || unit === LOW_LINE
}

export function isUpper(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a
}

export function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a
}

/** A letter or digit, ASCII or full-width. */
export function isWordUnit(unit: number): boolean {
  const symbol = symbolOf(unit)
  return symbol >= 0 && symbol !== UNDERSCORE
}

/** Zero-width and other characters that show nothing. */
export function isInvisible(unit: number): boolean {
  if (unit < 0xad) return false
  return (
    unit === 0xad ||
    unit === 0x34f ||
    unit === 0x61c ||
    unit === 0x180e ||
    (unit >= 0x200b && unit <= 0x200f) ||
    (unit >= 0x202a && unit <= 0x202e) ||
    (unit >= 0x2060 && unit <= 0x2064) ||
    (unit >= 0xfe00 && unit <= 0xfe0f) ||
    unit === 0xfeff
  )
}

function isBlank(unit: number): boolean {
  if (unit === 0x20 || unit === 0xa0) return true
  return (unit >= 0x2000 && unit <= 0x200a) || unit === 0x202f || unit === 0x205f || unit === 0x3000
}

function isHyphen(unit: number): boolean {
  if (unit === 0x2d) return true
  return (unit >= 0x2010 && unit <= 0x2015) || unit === 0x2212 || unit === 0xfe63 || unit === 0xff0d
}

/** Whether a unit may stand somewhere inside a placeholder in a tolerated spelling. */
export function mayBeInside(unit: number): boolean {
  if (symbolOf(unit) !== NO_SYMBOL || isBlank(unit) || isHyphen(unit) || isInvisible(unit)) return true
  // Markup, escapes: * ` \ & # ;
  return (
    unit === 0x2a ||
    unit === 0x60 ||
    unit === BACKSLASH ||
    unit === AMPERSAND ||
    unit === 0x23 ||
    unit === 0x3b
  )
}

/** HTML escapes, and whether each stands for an underscore, a space, or nothing visible. */
const ESCAPES: readonly (readonly [text: string, means: 'underscore' | 'blank' | 'invisible'])[] = [
  ['&#95;', 'underscore'],
  ['&#095;', 'underscore'],
  ['&#x5f;', 'underscore'],
  ['&lowbar;', 'underscore'],
  ['&underbar;', 'underscore'],
  ['&nbsp;', 'blank'],
  ['&#160;', 'blank'],
  ['&#xa0;', 'blank'],
  ['&zwsp;', 'invisible'],
  ['&zerowidthspace;', 'invisible'],
  ['&#8203;', 'invisible'],
  ['&#x200b;', 'invisible'],
  ['&shy;', 'invisible'],
  ['&#173;', 'invisible'],
]
const LONGEST_ESCAPE = 16

/** What stands between two parts of a placeholder. */
export interface Separator {
  /** `more`: the text ended where it could still go on; `none`: this is no separator. */
  readonly kind: 'underscore' | 'blank' | 'more' | 'none'
  /** Offset behind it. */
  readonly end: number
  /** Markup before and behind the underscore, which belongs to the text around the placeholder. */
  readonly before: string
  readonly after: string
}

const NONE: Separator = { kind: 'none', end: 0, before: '', after: '' }
const MORE: Separator = { kind: 'more', end: 0, before: '', after: '' }

/**
 * Reads what stands in place of an underscore, from `start` up to the next letter or digit. One space alone
 * counts too (`blank`). `final` says that no text follows. Reads at most 24 units.
 */
export function readSeparator(text: string, start: number, final: boolean): Separator {
  return new SeparatorReader(text, start, final).read()
}

class SeparatorReader {
  readonly #text: string
  readonly #start: number
  readonly #final: boolean
  #at: number
  #underscores = 0
  #blanks = 0
  #escaped = false
  #before = ''
  #after = ''

  constructor(text: string, start: number, final: boolean) {
    this.#text = text
    this.#start = start
    this.#final = final
    this.#at = start
  }

  read(): Separator {
    while (this.#at - this.#start <= MAX_SEPARATOR) {
      if (this.#at >= this.#text.length) return this.#final ? NONE : MORE
      const unit = this.#text.charCodeAt(this.#at)
      if (isWordUnit(unit)) return this.#result()
      const taken = unit === AMPERSAND ? this.#takeEscape() : this.#take(unit)
      if (taken === 'more') return MORE
      if (!taken) return NONE
    }
    return NONE
  }

  #take(unit: number): boolean {
    this.#at++
    if (symbolOf(unit) === UNDERSCORE || isHyphen(unit)) {
      this.#escaped = false
      return ++this.#underscores === 1
    }
    // A backslash escapes what follows it; only an underscore is worth escaping.
    if (unit === BACKSLASH) {
      this.#escaped = true
      return this.#underscores === 0
    }
    if (this.#escaped) return false
    if (isInvisible(unit)) return true
    if (isBlank(unit)) {
      this.#blanks++
      return true
    }
    return this.#takeMarkup(unit)
  }

  #takeMarkup(unit: number): boolean {
    if (unit !== 0x2a && unit !== 0x60) return false
    if (this.#underscores === 0) this.#before += String.fromCharCode(unit)
    else this.#after += String.fromCharCode(unit)
    return true
  }

  #takeEscape(): boolean | 'more' {
    if (this.#escaped) return false
    const rest = this.#text.slice(this.#at, this.#at + LONGEST_ESCAPE).toLowerCase()
    for (const [written, means] of ESCAPES) {
      if (rest.startsWith(written)) {
        this.#at += written.length
        if (means === 'blank') this.#blanks++
        return means !== 'underscore' || ++this.#underscores === 1
      }
    }
    const cut = !this.#final && this.#at + rest.length === this.#text.length
    return cut && ESCAPES.some(([written]) => written.startsWith(rest)) ? 'more' : false
  }

  #result(): Separator {
    const found = { end: this.#at, before: this.#before, after: this.#after }
    if (this.#escaped) return NONE
    if (this.#underscores === 1) return { kind: 'underscore', ...found }
    const blank = this.#blanks === 1 && this.#before === ''
    return blank ? { kind: 'blank', ...found } : NONE
  }
}

/**
 * Whether a placeholder may begin at a unit that follows `previous` (-1 at the beginning of the text). In exact
 * spelling it may follow anything but an upper-case letter, so that `\nPERSON_…` in source text is one; in other
 * spellings it must not follow a letter or digit.
 */
export function mayBegin(previous: number, first: number): boolean {
  if (previous < 0) return true
  return isUpper(first) ? !isUpper(previous) : !isWordUnit(previous)
}

/**
 * Whether a placeholder may end before `next`. In exact spelling a lower-case letter may follow, which is a
 * suffix (`PERSON_7KQ2Fs`): codes have none, and no code is the beginning of another.
 */
export function mayEnd(next: number, exact: boolean): boolean {
  return exact ? !isUpper(next) && !(next >= 0x30 && next <= 0x39) : !isWordUnit(next)
}
