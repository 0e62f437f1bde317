/** Who has a context word in a text: all recognisers are asked at once, word by word, instead of one after the other. */
import { type ContextWords, isUnspacedWord, wordPattern } from '../context.ts'

/** Somebody with context words, or none. */
interface Asking {
  readonly form: { readonly context: ContextWords | null | undefined }
}

/** A word and whose it is. */
interface Entry<Member> {
  /** Tried at the beginning of a word. */
  readonly pattern: RegExp
  readonly members: Set<Member>
}

const TOKEN = /\p{L}+/gu
const ENDS_IN_DIGIT = /\p{N}$/u
const UNSPACED_TEXT = /[\u0e00-\uffff]/u
/** Units of the beginnings by which words are kept. */
const KEY_LENGTH = 3

/** Members by the beginnings of their context words. */
export class ContextIndex<Member extends Asking> {
  readonly #byKey = new Map<string, Entry<Member>[]>()
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
    const entry = { pattern: new RegExp(wordPattern(word), 'uy'), members: new Set([member]) }
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
      const list = this.#byKey.get(key)
      if (list === undefined) this.#byKey.set(key, [entry])
      else list.push(entry)
    }
  }

  /** The members with a word of theirs in a text in lower case. */
  near(lowered: string): ReadonlySet<Member> {
    const found = new Set<Member>()
    TOKEN.lastIndex = 0
    for (let match = TOKEN.exec(lowered); match !== null; match = TOKEN.exec(lowered)) {
      const entries = this.#byKey.get(match[0].slice(0, KEY_LENGTH))
      if (
        entries === undefined ||
        ENDS_IN_DIGIT.test(lowered.slice(Math.max(0, match.index - 2), match.index))
      )
        continue
      for (const { pattern, members } of entries) {
        pattern.lastIndex = match.index
        if (pattern.test(lowered)) for (const member of members) found.add(member)
      }
    }
    const others = UNSPACED_TEXT.test(lowered) ? [...this.#inside, ...this.#unspaced] : this.#inside
    for (const member of others)
      if (!found.has(member) && member.form.context?.isIn(lowered) === true) found.add(member)
    return found
  }
}
