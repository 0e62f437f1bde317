/**
 * Names that an e-mail address in the text gives away: whoever writes "agnieszka.wrzos@…" and "Wrzos" means one person.
 * Looked for where the tagger saw nothing.
 */
import { Flag } from './context.ts'
import { addUnit, HASH_SEED } from './hash.ts'
import { beginLabel, NER_TYPES, OUTSIDE } from './labels.ts'
import { LANGUAGE_SHIFT, LexiconBit } from './lexicon.ts'
import type { Tagger } from './tagger.ts'
import { type TokenBuffer, TokenKind } from './tokens.ts'

const AT_SIGN = addUnit(HASH_SEED, 0x40)
const PERSON = NER_TYPES.indexOf('PERSON')
const MIN_PART = 3
/** Tokens of the local part that are looked at. */
const MAX_PARTS = 8
const ANY_NAME = LexiconBit.given | LexiconBit.givenRare | LexiconBit.family | LexiconBit.familyRare

/** Labels the words of the text that are parts of the local part of an address in it. Linear. */
export function nameFromMail(tagger: Tagger): void {
  const { tokens, labels, margins } = tagger
  const parts = new Set<number>()
  /** First and last token of every address, in order. */
  const addresses: number[] = []
  for (let n = 1; n < tokens.count; n++) if (isAtSign(tokens, n)) n = readAddress(tagger, n, parts, addresses)
  if (parts.size === 0) return
  let address = 0
  for (let n = 0; n < tokens.count; n++) {
    if (n > (addresses[address + 1] ?? tokens.count)) address += 2
    const isInAddress = n >= (addresses[address] ?? tokens.count)
    if (
      isInAddress ||
      labels[n] !== OUTSIDE ||
      !parts.has(tokens.word[n] ?? 0) ||
      !isWrittenAsName(tagger, n)
    )
      continue
    labels[n] = beginLabel(PERSON)
    margins[n] = 0
  }
}

/** An at sign that touches what stands before and after it. */
function isAtSign(tokens: TokenBuffer, n: number): boolean {
  return tokens.word[n] === AT_SIGN && touches(tokens, n) && n + 1 < tokens.count && touches(tokens, n + 1)
}

function touches(tokens: TokenBuffer, n: number): boolean {
  return tokens.start[n] === tokens.end[n - 1]
}

/** Adds the parts of the local part in front of the at sign at `at`; the last token of the address. */
function readAddress(tagger: Tagger, at: number, parts: Set<number>, addresses: number[]): number {
  const { tokens } = tagger
  let first = at
  while (first > 0 && at - first < MAX_PARTS && touches(tokens, first)) {
    first--
    if (isNamePart(tagger, first)) parts.add(tokens.word[first] ?? 0)
  }
  let last = at + 1
  while (last + 1 < tokens.count && touches(tokens, last + 1)) last++
  addresses.push(first, last)
  return last
}

/** Not a plain word: "info", "support" and "sales" name nobody. */
function isNamePart({ tokens, context }: Tagger, n: number): boolean {
  const kind = tokens.kind[n] ?? 0
  if (kind < TokenKind.lower || kind > TokenKind.mixed) return false
  if ((tokens.end[n] ?? 0) - (tokens.start[n] ?? 0) < MIN_PART) return false
  const mask = context.mask[n] ?? 0
  return mask >>> LANGUAGE_SHIFT === 0 || (mask & ANY_NAME) !== 0
}

/** Plain words that are names too ("will", "mark") have a capital in mid-sentence then. */
function isWrittenAsName({ tokens, context }: Tagger, n: number): boolean {
  if ((context.mask[n] ?? 0) >>> LANGUAGE_SHIFT === 0) return true
  const isStart = ((context.flags[n] ?? 0) & Flag.sentenceStart) !== 0
  return tokens.kind[n] === TokenKind.title && !isStart
}
