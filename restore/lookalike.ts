/**
 * Text of a request that already looks like a placeholder. It is replaced by a placeholder of its own, so that
 * it comes back as itself whatever was issued.
 */
import {
  catalogueTypes,
  isCatalogueType,
  isChecked,
  isCodeUnit,
  isMixed,
  MAX_CODE_LENGTH,
  MIN_CODE_LENGTH,
} from './placeholder.ts'
import {
  isExact,
  isInvisible,
  isWordUnit,
  mayBegin,
  mayBeInside,
  NO_SYMBOL,
  readSeparator,
  symbolOf,
  UNDERSCORE,
} from './spelling.ts'
import { ROOT, SymbolTrie } from './trie.ts'

/** A look-alike: its range, and the code it would be, in upper case. */
export interface LookAlike {
  readonly start: number
  readonly end: number
  readonly code: string
}

/** Codes longer than this are taken for look-alikes only with a right check character. */
const MAX_UNCHECKED = 8
/** How far before its code a placeholder may begin, separators and invisible characters included. */
const MAX_BEFORE_CODE = 96
/** A placeholder's code has a digit, so this is where all of them are. */
const DIGIT = /[0-9\uff10-\uff19]/g
/** Finds look-alikes of some types besides those of the catalogue. */
export type LookAlikeFinder = (text: string) => readonly LookAlike[]

const NONE: readonly LookAlike[] = []

/**
 * A finder for the types of the catalogue and `types`. A look-alike is what restoring could take for a
 * placeholder in any tolerated spelling (a code with a right check character), and, for types of the catalogue,
 * whatever has the exact spelling of one. Ascending, disjoint. Linear; a text without digits costs one search.
 */
export function lookAlikeFinder(types: Iterable<string>): LookAlikeFinder {
  const extra = [...types].filter((type) => !isCatalogueType(type))
  const known = extra.length === 0 ? CATALOGUE : typesOf([...catalogueTypes(), ...extra])
  return (text) => findLookAlikes(text, known)
}

/** Whether a text is one look-alike of a type of the catalogue, in any spelling, and nothing else. */
export function isLookAlike(text: string): boolean {
  const exact = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
  const [first] = findLookAlikes(exact, CATALOGUE)
  return first !== undefined && first.start === 0 && first.end === exact.length
}

interface Types {
  readonly trie: SymbolTrie<string>
  /** The last words of all types: one of them stands before every code. */
  readonly tails: ReadonlySet<string>
}

function typesOf(types: readonly string[]): Types {
  const trie = new SymbolTrie<string>()
  for (const type of types) trie.add(type, type)
  return { trie, tails: new Set(types.map((type) => type.slice(type.lastIndexOf('_') + 1))) }
}

const CATALOGUE = typesOf([...catalogueTypes()])

function findLookAlikes(text: string, types: Types): readonly LookAlike[] {
  let found: LookAlike[] | undefined
  let done = 0
  DIGIT.lastIndex = 0
  for (let digit = DIGIT.exec(text); digit !== null; digit = DIGIT.exec(text)) {
    const run = wordAround(text, digit.index, done)
    done = run.end
    DIGIT.lastIndex = run.end
    if (run.end - run.start < MIN_CODE_LENGTH || run.start === 0) continue
    const alike = lookAlikeAt(text, run.start, run.end, types)
    if (alike === undefined) continue
    found ??= []
    const last = found.at(-1)
    if (last === undefined || last.end <= alike.start) found.push(alike)
  }
  return found ?? NONE
}

/** The run of letters, digits and invisible characters around a digit, beginning with a letter or digit. */
function wordAround(
  text: string,
  at: number,
  from: number,
): { readonly start: number; readonly end: number } {
  let start = at
  while (start > from && isRunUnit(text.charCodeAt(start - 1))) start--
  while (isInvisible(text.charCodeAt(start))) start++
  let end = at + 1
  while (end < text.length && isRunUnit(text.charCodeAt(end))) end++
  return { start, end }
}

function isRunUnit(unit: number): boolean {
  return isWordUnit(unit) || isInvisible(unit)
}

/** The look-alike whose code is in the run `[start, end)`, with its type before it. */
function lookAlikeAt(
  text: string,
  start: number,
  end: number,
  { trie, tails }: Types,
): LookAlike | undefined {
  // Behind an HTML escape the word before is that of the escape.
  if (text.charAt(start - 1) !== ';' && !tails.has(wordBefore(text, start))) return undefined
  const codes = codesIn(text, start, end)
  if (codes.length === 0) return undefined
  let from = start
  const limit = Math.max(0, start - MAX_BEFORE_CODE)
  while (from > limit && mayBeInside(text.charCodeAt(from - 1))) from--
  for (let at = from; at < start; at++) {
    const unit = text.charCodeAt(at)
    if (!trie.startsWith(unit) || !mayBegin(at === 0 ? -1 : text.charCodeAt(at - 1), unit)) continue
    const head = headAt(text, at, start, trie)
    if (head === undefined) continue
    const code = codes.find((candidate) => isAlike(head, candidate))
    if (code !== undefined) return { start: at, end, code: code.text }
  }
  return undefined
}

/** The word before a code, in upper-case ASCII; empty when something else stands there. */
function wordBefore(text: string, start: number): string {
  let end = start
  while (end > 0 && start - end < MAX_BEFORE_CODE && isBetween(text.charCodeAt(end - 1))) end--
  let from = end
  while (from > 0 && end - from < MAX_BEFORE_CODE && isRunUnit(text.charCodeAt(from - 1))) from--
  return normalised(text, from, end, MAX_BEFORE_CODE)
}

function isBetween(unit: number): boolean {
  return !isWordUnit(unit) && mayBeInside(unit)
}

interface Head {
  readonly type: string
  readonly exact: boolean
}

interface Code {
  readonly text: string
  readonly exact: boolean
}

function isAlike(head: Head, code: Code): boolean {
  if (isChecked(code.text)) return true
  return head.exact && code.exact && isCatalogueType(head.type) && code.text.length <= MAX_UNCHECKED
}

/** What a run can be as a code: the whole of it in any spelling, and what is in exact spelling up to a suffix. */
function codesIn(text: string, start: number, end: number): readonly Code[] {
  let exactEnd = start
  while (exactEnd < end && isExact(text.charCodeAt(exactEnd))) exactEnd++
  const codes: Code[] = []
  const whole = normalised(text, start, end, MAX_CODE_LENGTH)
  if (isCode(whole)) codes.push({ text: whole, exact: exactEnd === end })
  if (exactEnd < end) {
    const beginning = text.slice(start, exactEnd)
    if (isCode(beginning)) codes.push({ text: beginning, exact: true })
  }
  return codes
}

function isCode(text: string): boolean {
  if (text.length < MIN_CODE_LENGTH || text.length > MAX_CODE_LENGTH || !isMixed(text)) return false
  for (let i = 0; i < text.length; i++) if (!isCodeUnit(text.charCodeAt(i))) return false
  return true
}

/** A run in upper-case ASCII without invisible characters; no more of it than makes it too long. */
function normalised(text: string, start: number, end: number, most: number): string {
  let out = ''
  for (let i = start; i < end && out.length <= most; i++) {
    const symbol = symbolOf(text.charCodeAt(i))
    if (symbol === NO_SYMBOL || symbol === UNDERSCORE) continue
    out += symbol < 26 ? String.fromCharCode(0x41 + symbol) : String.fromCharCode(0x30 + symbol - 26)
  }
  return out
}

/** The type that is written from `at` on and separated from the code at `codeStart`. */
function headAt(text: string, at: number, codeStart: number, trie: SymbolTrie<string>): Head | undefined {
  let node = ROOT
  let exact = true
  let i = at
  while (i < codeStart) {
    const unit = text.charCodeAt(i)
    const symbol = symbolOf(unit)
    if (symbol !== NO_SYMBOL && symbol !== UNDERSCORE) {
      const next = trie.step(node, symbol)
      if (next === undefined) return undefined
      node = next
      exact &&= isExact(unit)
      i++
      continue
    }
    const type = trie.itemAt(node)
    const beyond = trie.step(node, UNDERSCORE)
    if (type === undefined && beyond === undefined) {
      if (!isInvisible(unit)) return undefined
      exact = false
      i++
      continue
    }
    const simple = unit === 0x5f && symbolOf(text.charCodeAt(i + 1)) !== NO_SYMBOL
    const end = simple ? i + 1 : separatorEnd(text, i)
    if (end === undefined) return undefined
    exact &&= simple
    if (end === codeStart) return type === undefined ? undefined : { type, exact }
    if (beyond === undefined) return undefined
    node = beyond
    i = end
  }
  return undefined
}

function separatorEnd(text: string, at: number): number | undefined {
  const separator = readSeparator(text, at, true)
  return separator.kind === 'underscore' || separator.kind === 'blank' ? separator.end : undefined
}
