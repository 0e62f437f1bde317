/**
 * Documents that were written for training, with their entities marked inline: `{{P Ada Novak}} lives in {{L Brno}}`.
 * A line that begins with `%%` ends a document.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NER_TYPES, type NerType } from '../../../detectors/ner/labels.ts'
import type { LabelledDocument, LabelledSpan } from './corpus.ts'
import type { SeededRandom } from './random.ts'
import { strangeName } from './strange-names.ts'

const TYPES: Readonly<Record<string, NerType | 'free'>> = {
  P: 'PERSON',
  O: 'ORG',
  L: 'LOCATION',
  A: 'ADDRESS',
  J: 'TITLE_OR_JOB',
  N: 'NRP',
  D: 'DATE_TIME',
  '?': 'free',
}

const DOCUMENT_END = /^%%.*\n?/mu
const MARK = /\{\{([POLAJND?]) ([^{}\n]+)\}\}/gu

const WORD = /[\p{L}\p{M}]{3,}/gu

/** Jobs and dates are marked where they were noticed; a document without any mark names nothing. */
const MARKED_TYPES = NER_TYPES.filter((type) => type !== 'TITLE_OR_JOB' && type !== 'DATE_TIME')

/** Names to put in the place of those that somebody thought of, who thinks of the same ones over and over. */
export interface NameStock {
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly cities: readonly string[]
}

/** Reads every file of the folder, in name order: `en-chat.txt` is English. Throws `SyntaxError` for a wrong mark. */
export function readWritten(folder: string, weight: number): LabelledDocument[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split(DOCUMENT_END)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => parseMarked(part, `generated.written.${file.slice(0, -'.txt'.length)}`, weight)),
    )
}

/** Documents that stand together are alike, so that parts of the whole are made of so many in a row. */
const BLOCK = 20

/** Whether a written document, by its place among all, is in part `part` of `parts`. */
export function isInPart(place: number, part: number, parts: number): boolean {
  return Math.floor(place / BLOCK) % parts === part
}

/** The document behind marked text. Throws `SyntaxError` for a wrong mark. */
export function parseMarked(marked: string, source: string, weight: number): LabelledDocument {
  let text = ''
  let at = 0
  const spans: LabelledSpan[] = []
  for (const match of marked.matchAll(MARK)) {
    const [mark, letter = '', value = ''] = match
    text += marked.slice(at, match.index)
    spans.push({ start: text.length, end: text.length + value.length, type: TYPES[letter] ?? 'free' })
    text += value
    at = match.index + mark.length
  }
  text += marked.slice(at)
  if (/\{\{[POLAJND?] /u.test(text)) throw new SyntaxError(`a mark without an end in ${source}`)
  return { source, text, spans, scope: spans.length === 0 ? NER_TYPES : MARKED_TYPES, weight }
}

/** Words of all written documents that stand in small letters outside of every mark, and inside none. */
export function plainWordsOfWritten(folder: string): Set<string> {
  const plain = new Set<string>()
  const named = new Set<string>()
  for (const { text, spans } of readWritten(folder, 1)) {
    let at = 0
    for (const { start, end } of [...spans, { start: text.length, end: text.length }]) {
      for (const [word] of text.slice(at, start).matchAll(WORD))
        if (word === word.toLowerCase()) plain.add(word)
      for (const [word] of text.slice(start, end).matchAll(WORD)) named.add(word.toLowerCase())
      at = end
    }
  }
  for (const name of named) plain.delete(name)
  return plain
}

/** What has become of the names of one copy, and whether they become strange ones. */
interface Copying {
  readonly chosen: Map<string, string>
  readonly isStrange: boolean
}

/** A copy of the document in which other people live in other towns; null where it names none that could be changed. */
export class Renamer {
  private readonly random: SeededRandom
  private readonly stock: NameStock
  private readonly given: ReadonlySet<string>
  private readonly family: ReadonlySet<string>
  private readonly cities: ReadonlySet<string>

  constructor(random: SeededRandom, stock: NameStock) {
    this.random = random
    this.stock = stock
    this.given = new Set(stock.given.map((name) => name.toLowerCase()))
    this.family = new Set(stock.family.map((name) => name.toLowerCase()))
    this.cities = new Set(stock.cities.map((name) => name.toLowerCase()))
  }

  /** One copy; the same name becomes the same other name everywhere in it. Strange names are on no list, but for chance. */
  copy(document: LabelledDocument, isStrange = false): LabelledDocument | null {
    const copying: Copying = { chosen: new Map(), isStrange }
    let text = ''
    let at = 0
    let isChanged = false
    const spans: LabelledSpan[] = []
    for (const span of document.spans) {
      text += document.text.slice(at, span.start)
      const old = document.text.slice(span.start, span.end)
      const value = this.other(old, span.type, copying)
      if (value !== old) isChanged = true
      spans.push({ start: text.length, end: text.length + value.length, type: span.type })
      text += value
      at = span.end
    }
    return isChanged ? { ...document, text: text + document.text.slice(at), spans } : null
  }

  private other(old: string, type: LabelledSpan['type'], copying: Copying): string {
    if (type === 'PERSON') return old.replace(/[\p{L}\p{M}]{2,}/gu, (word) => this.otherName(word, copying))
    if (type !== 'LOCATION' || !this.cities.has(old.toLowerCase())) return old
    return inCaseOf(old, this.remembered(old, this.stock.cities, copying))
  }

  private otherName(word: string, copying: Copying): string {
    const lower = word.toLowerCase()
    if (this.given.has(lower)) return inCaseOf(word, this.remembered(lower, this.stock.given, copying))
    if (this.family.has(lower)) return inCaseOf(word, this.remembered(lower, this.stock.family, copying))
    return word
  }

  private remembered(old: string, names: readonly string[], { chosen, isStrange }: Copying): string {
    const key = old.toLowerCase()
    const known = chosen.get(key)
    if (known !== undefined) return known
    const picked = this.random.pick(names)
    const value = isStrange ? strangeName(picked, this.random) : picked
    chosen.set(key, value)
    return value
  }
}

function inCaseOf(old: string, value: string): string {
  if (old === old.toLowerCase()) return value.toLowerCase()
  return old.length > 1 && old === old.toUpperCase() ? value.toUpperCase() : value
}
