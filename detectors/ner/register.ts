/** How a text is written: as prose, as people type on the run, or as machines and programmers write. */
import { CharClass, charClass } from './characters.ts'
import type { TokenBuffer } from './tokens.ts'
import { TokenKind } from './tokens.ts'
import { wordSet } from './word-set.ts'

/** The registers. */
export const Register = { prose: 0, informal: 1, technical: 2 } as const

/** One sign of carelessness in so many tokens makes a text informal. */
const TOKENS_PER_SIGN = 40
/** Brackets, signs and slashes that touch a word are at least this share of a technical text's tokens. */
const TECHNICAL_SHARE = 0.2
const FEW = 3

/** The register of the text that the tokens are of. Linear. */
export function registerOf(text: string, tokens: TokenBuffer): number {
  let careless = 0
  let technical = 0
  let words = 0
  let count = 0
  for (let n = 0; n < tokens.count; n++) {
    count++
    if (isWebAddress(tokens, n)) {
      n = endOfRun(tokens, n)
      continue
    }
    const kind = tokens.kind[n] ?? 0
    if (kind >= TokenKind.lower && kind <= TokenKind.mixed) words++
    if (isCareless(text, tokens, n)) careless++
    else if (isTechnical(text, tokens, n)) technical++
    if (isMention(text, tokens, n)) n = endOfRun(tokens, n)
  }
  if (technical >= FEW && technical >= count * TECHNICAL_SHARE) return Register.technical
  return careless > 0 && careless * TOKENS_PER_SIGN >= words ? Register.informal : Register.prose
}

const hosts = wordSet('http https www')

/** Whether an address of the web begins with a token: its marks say nothing of the text. */
function isWebAddress(tokens: TokenBuffer, n: number): boolean {
  if (n + 1 >= tokens.count || tokens.start[n + 1] !== tokens.end[n]) return false
  if (!hosts().has(tokens.word[n] ?? 0)) return false
  return tokens.kind[n + 1] === TokenKind.colon || tokens.kind[n + 1] === TokenKind.period
}

/** The last of the tokens that touch each other from one on. */
function endOfRun(tokens: TokenBuffer, from: number): number {
  let n = from
  while (n + 1 < tokens.count && tokens.start[n + 1] === tokens.end[n]) n++
  return n
}

/** Whether a token is the sign of `@jane` or `#topic`. */
function isMention(text: string, tokens: TokenBuffer, n: number): boolean {
  const at = tokens.start[n] ?? 0
  const unit = text.charCodeAt(at)
  if (unit !== AT && unit !== HASH) return false
  if (n + 1 >= tokens.count || tokens.start[n + 1] !== at + 1) return false
  const isFirst = at === 0 || text.charCodeAt(at - 1) <= 32
  return isFirst && tokens.kind[n + 1] !== TokenKind.digits
}

function isCareless(text: string, tokens: TokenBuffer, n: number): boolean {
  const kind = tokens.kind[n] ?? 0
  const at = tokens.start[n] ?? 0
  if (kind === TokenKind.lower) return beginsSentence(text, tokens, n)
  if (kind !== TokenKind.other && kind !== TokenKind.period) return false
  const unit = text.charCodeAt(at)
  if (unit >= 0xd83c && unit <= 0xd83e) return true
  if (unit >= 0x2600 && unit <= 0x27bf) return true
  if (isMention(text, tokens, n)) return true
  const touchesNext = n + 1 < tokens.count && tokens.start[n + 1] === at + 1
  if (!touchesNext) return false
  return (unit === EXCLAMATION || unit === QUESTION) && text.charCodeAt(at + 1) === unit
}

/** A small letter right behind the end of a sentence, or at the beginning of the text. */
function beginsSentence(text: string, tokens: TokenBuffer, n: number): boolean {
  if (n === 0) return tokens.count > FEW
  const before = tokens.kind[n - 1] ?? 0
  const end = tokens.end[n - 1] ?? 0
  if ((tokens.start[n] ?? 0) === end || n < 2) return false
  const unit = text.charCodeAt(end - 1)
  const isEnd = before === TokenKind.period || unit === EXCLAMATION || unit === QUESTION
  const earlier = tokens.kind[n - 2] ?? 0
  const earlierLength = (tokens.end[n - 2] ?? 0) - (tokens.start[n - 2] ?? 0)
  return isEnd && earlier === TokenKind.lower && earlierLength > ABBREVIATION
}

/** Words of up to this many letters in front of a full stop may be abbreviations. */
const ABBREVIATION = 4

function isTechnical(text: string, tokens: TokenBuffer, n: number): boolean {
  const kind = tokens.kind[n] ?? 0
  if (kind === TokenKind.mixed) return isIdentifier(text, tokens.start[n] ?? 0)
  if (kind < TokenKind.other || kind === TokenKind.uncased || kind === TokenKind.ideograph) return false
  return TECHNICAL_MARKS.includes(text[tokens.start[n] ?? 0] ?? ' ')
}

/** A word that begins with a small letter and has capitals inside. */
function isIdentifier(text: string, start: number): boolean {
  return charClass(text.charCodeAt(start)) === CharClass.lower
}

const TECHNICAL_MARKS = '{}[]()<>=_/\\|;:$%&*+"#`^~'
const AT = 0x40
const HASH = 0x23
const EXCLAMATION = 0x21
const QUESTION = 0x3f
