/** Who has a context word in a text: all recognisers are asked at once, word by word, instead of one after the other. */
import { asciiWordPattern, type ContextWords, isUnspacedWord, wordPattern } from '../context.ts'
import type { TextScan } from '../scan.ts'

/** Somebody with context words, or none. */
interface Asking {
  readonly form: { readonly context: ContextWords | null | undefined }
}

/** A word and whose it is. */
interface Entry<Member> {
  readonly word: string
  /** Tried at the beginning of a word; right where ASCII follows. */
  readonly pattern: RegExp
  /** Right anywhere; made when it is needed. */
  exact: RegExp | null
  readonly members: Set<Member>
}

const TOKEN = /\p{L}+/gu
const ENDS_IN_DIGIT = /\p{N}$/u
const UNSPACED_TEXT = /[\u0590-\u07ff\u0e00-\uffff]/u
/** Units of the beginnings by which words are kept. */
const KEY_LENGTH = 3
const NOT_ASCII = /[^\x00-\x7f]/
const KEY = /^\p{L}+/u
const MARKS = /\p{M}/u

/** A number of twelve bits for the letters that a word begins with, at most three. */
function keyBits(text: string, start: number, end: number): number {
  let bits = 0
  for (let at = start; at < end && at < start + KEY_LENGTH; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x30 && unit <= 0x39) break
    bits = (Math.imul(bits, 31) + unit) & 0xfff
  }
  return bits
}

/** The same for a text in lower case and ASCII, whose words end where its letters do. */
function asciiKeyBits(text: string, start: number): number {
  let bits = 0
  for (let at = start; at < start + KEY_LENGTH; at += 1) {
    const unit = text.charCodeAt(at)
    if (!(unit >= 0x61 && unit <= 0x7a)) break
    bits = (Math.imul(bits, 31) + unit) & 0xfff
  }
  return bits
}

function standsAt<Member>(entry: Entry<Member>, lowered: string, start: number): boolean {
  const { pattern } = entry
  pattern.lastIndex = start
  if (!pattern.test(lowered)) return false
  if (!(lowered.charCodeAt(pattern.lastIndex) >= 0x80)) return true
  entry.exact ??= new RegExp(wordPattern(entry.word), 'uy')
  entry.exact.lastIndex = start
  return entry.exact.test(lowered)
}

/** Members by the beginnings of their context words. */
export class ContextIndex<Member extends Asking> {
  readonly #byKey = new Map<string, Entry<Member>[]>()
  /** Which beginnings there are: most words are passed over without a look into the map. */
  readonly #keys = new Uint8Array(0x1000)
  /** Members with a word that may stand inside another one, as the end of a compound does. */
  readonly #inside: Member[] = []
  /** Members with a word of a script without spaces. */
  readonly #unspaced: Member[] = []

  constructor(members: readonly Member[]) {
    const entries = new Map<string, Entry<Member>>()
    for (const member of members) {
      const words = (member.form.context?.words ?? []).map((word) => word.normalize('NFKC').toLowerCase())
      if (words.some((word) => word.startsWith('*') || !/^\p{L}/u.test(word))) this.#inside.push(member)
      else if (words.some(isUnspacedWord)) this.#unspaced.push(member)
      for (const word of words)
        if (/^\p{L}/u.test(word) && !isUnspacedWord(word)) this.#add(entries, word, member)
    }
  }

  #add(entries: Map<string, Entry<Member>>, word: string, member: Member): void {
    const known = entries.get(word)
    if (known !== undefined) {
      known.members.add(member)
      return
    }
    const entry = {
      word,
      pattern: new RegExp(asciiWordPattern(word), 'uy'),
      exact: null,
      members: new Set([member]),
    }
    entries.set(word, entry)
    // A space may stand for nothing, and then the first word of a text is that of the phrase and the next ones.
    const tokens = word.match(TOKEN) ?? []
    const keys = new Set(
      tokens.map((_, i) =>
        tokens
          .slice(0, i + 1)
          .join('')
          .slice(0, KEY_LENGTH),
      ),
    )
    for (const key of keys) {
      this.#keys[keyBits(key, 0, key.length)] = 1
      const list = this.#byKey.get(key)
      if (list === undefined) this.#byKey.set(key, [entry])
      else list.push(entry)
    }
  }

  /**
   * Those that may have a word of theirs in a text, told by its scan: all that have one, and some whose words are in
   * scripts without spaces or may stand inside others.
   */
  present(text: string, scan: TextScan): ReadonlySet<Member> {
    const lowered = text.toLowerCase()
    if (lowered.length !== text.length || MARKS.test(lowered)) return this.near(lowered)
    const found = new Set<Member>(this.#inside)
    if (UNSPACED_TEXT.test(lowered)) for (const member of this.#unspaced) found.add(member)
    const { starts, ends, count } = scan.words
    for (let i = 0; i < count; i += 1) {
      const start = starts[i] ?? 0
      if (this.#keys[keyBits(lowered, start, ends[i] ?? 0)] === 1) this.#addAt(lowered, start, found)
    }
    return found
  }

  #addTokens(lowered: string, found: Set<Member>): void {
    for (const { 0: token, index } of lowered.matchAll(TOKEN)) {
      if (this.#keys[keyBits(token, 0, token.length)] !== 1) continue
      if (!ENDS_IN_DIGIT.test(lowered.slice(Math.max(0, index - 2), index)))
        this.#addAt(lowered, index, found)
    }
  }

  #addAscii(lowered: string, found: Set<Member>): void {
    let isInside = false
    for (let at = 0; at < lowered.length; at += 1) {
      const unit = lowered.charCodeAt(at)
      const isLetter = unit >= 0x61 && unit <= 0x7a
      if (isLetter && !isInside && this.#keys[asciiKeyBits(lowered, at)] === 1)
        this.#addAt(lowered, at, found)
      isInside = isLetter || (unit >= 0x30 && unit <= 0x39)
    }
  }

  #addAt(lowered: string, start: number, found: Set<Member>): void {
    const key = KEY.exec(lowered.slice(start, start + KEY_LENGTH))?.[0] ?? ''
    for (const entry of this.#byKey.get(key) ?? [])
      if (standsAt(entry, lowered, start)) for (const member of entry.members) found.add(member)
  }

  /** The members with a word of theirs in a text in lower case. */
  near(lowered: string): ReadonlySet<Member> {
    const found = new Set<Member>()
    if (NOT_ASCII.test(lowered)) this.#addTokens(lowered, found)
    else this.#addAscii(lowered, found)
    const others = UNSPACED_TEXT.test(lowered) ? [...this.#inside, ...this.#unspaced] : this.#inside
    for (const member of others)
      if (!found.has(member) && member.form.context?.isIn(lowered) === true) found.add(member)
    return found
  }
}
