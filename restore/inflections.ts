/**
 * Names with the endings of cases: `Schmidts`, `Anny Kowalskiej`, `Иванову`. A word that is a found part of a name
 * with one of a closed list of endings stands for the same person. Where the ending was only added, the name in front
 * of it is taken, so that its placeholder is the same; where the name itself has changed, the whole word.
 */
import type { Span } from '../detectors/index.ts'
import { ASCII_FOLD, foldAt, SEPARATOR, widthAt } from './fold.ts'
import { isAlsoWord } from './names.ts'

/** Endings that are added to a name as it is: Germanic, Slavic, Baltic, Hungarian, Finnish, Romanian. Folded. */
const ADDED = new Set(
  (
    's es a u y i e em om ow owi ovi ove ego emu iego iemu iem ie im ym ich ych ej ou ova ovou ami ach ' +
    'nak nek val vel ban ben bol tol rol hoz hez ra re nal nel t ot et at ert n lle lla lta ssa sta ui ului lui ei ' +
    'а у ом ем ым е и ы ой ев ов ову ова ого ому им ою ові'
  ).split(' '),
)

/** What a last vowel, or a last syllable, gives way to. */
const CHANGED: readonly (readonly [ending: string, others: string])[] = [
  ['ova', 'ove ovou'],
  ['ий', 'ого ому им ом ая ую ои его ему'],
  ['ый', 'ого ому ым ом ая ую ои'],
  ['ая', 'ои ую ею ои'],
  ['ский', 'ская скои скую'],
  ['ka', 'ce ki ke ko ku'],
  ['ga', 'dze gi ge go gu'],
  ['ra', 'rze ry re ro ru rou'],
  ['nen', 'sen sta selle sella'],
  ['os', 'ou o e'],
  ['ος', 'ου ο ε'],
  ['ης', 'η'],
  ['ας', 'α'],
  ['a', 'y i e ie ii o u ou ei ej ii iej om am ami as at'],
  ['o', 'a u em ie om owi'],
  ['а', 'ы и е у ои ою о'],
  ['я', 'и е ю еи ею ии'],
  ['и', 'я ю ем е'],
  ['ь', 'я ю ем е и'],
  ['α', 'ας'],
  ['η', 'ης'],
]

/** `Marek`, `Pavel`: the vowel in front of the last consonant goes when an ending comes. */
const FLEETING = /^(.+)e([kclrn])$/u
const FLEETING_ENDINGS = 'a u em om ovi owi iem'.split(' ')

const LONGEST_ENDING = 5
/** Letters of a name as it is, and of what is left of one, that say enough; fewer only in a capitalised word. */
const ENOUGH_OF_NAME = 4
const ENOUGH_LOWER = 5
const LEAST_STEM = 3

const WORD = /(?<![\p{L}\p{M}\p{N}])\p{L}[\p{L}\p{M}]{2,31}(?![\p{L}\p{M}\p{N}])/uy
/** Places in the table of beginnings: few enough to stay near, many enough that most words are in none. */
const PLACES = 1 << 14

/** A word as it is compared: see `fold.ts`. */
function folded(word: string): string {
  let out = ''
  for (let at = 0; at < word.length; at += widthAt(word, at)) out += foldAt(word, at).text
  return out
}

const FOLDED_CHANGES = CHANGED.map(
  ([ending, others]) => [folded(ending), others.split(' ').map(folded)] as const,
)

/** The endings of names, ready to be asked. */
export class Inflections {
  /** Folded beginnings of words, each with the endings that make it a form of a name. */
  readonly #stems = new Map<string, Set<string>>()
  readonly #known = new Set<string>()
  /** Which three folded units a beginning has, by a hash: most words of a text are told by it to be no form. */
  readonly #starts = new Uint8Array(PLACES)

  get isEmpty(): boolean {
    return this.#stems.size === 0
  }

  /** Takes in a part of a name: one word. */
  add(part: string): void {
    const name = folded(part)
    if (this.#known.has(name) || !/^\p{L}+$/u.test(name)) return
    this.#known.add(name)
    if (name.length >= ENOUGH_OF_NAME) for (const ending of ADDED) this.#stem(name, ending)
    else if (name.length === LEAST_STEM) this.#stem(name, 's')
    for (const [ending, others] of FOLDED_CHANGES)
      if (name.endsWith(ending)) for (const other of others) this.#stem(name.slice(0, -ending.length), other)
    const [, front = '', last = ''] = FLEETING.exec(name) ?? []
    if (front !== '') for (const ending of FLEETING_ENDINGS) this.#stem(front + last, ending)
  }

  #stem(stem: string, ending: string): void {
    if (stem.length < LEAST_STEM) return
    const endings = this.#stems.get(stem)
    if (endings === undefined) this.#stems.set(stem, new Set([ending]))
    else endings.add(ending)
    this.#starts[placeOf(stem.charCodeAt(0), stem.charCodeAt(1), stem.charCodeAt(2))] = 1
  }

  /** Where forms of names stand in a text, ascending. Linear in the text. */
  *in(text: string): Generator<Span> {
    if (this.isEmpty) return
    const seen = new Map<string, number>()
    for (let at = this.#startFrom(text, 0); at < text.length; at = this.#startFrom(text, at)) {
      WORD.lastIndex = at
      const found = WORD.exec(text)
      if (found === null) {
        at++
        continue
      }
      const { 0: word, index: start } = found
      const units = seen.get(word) ?? this.#unitsOf(word)
      seen.set(word, units)
      if (units > 0) yield { start, end: start + units }
      at = start + word.length
    }
  }

  /** The next place where a word that begins like a form may begin; the length of the text when there is none. */
  #startFrom(text: string, from: number): number {
    let isInWord = from > 0 && isAsciiWord(text.charCodeAt(from - 1))
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const wasInWord = isInWord
      // What other characters are is asked of those places only whose beginning is known.
      isInWord = unit < 128 && ASCII_FOLD[unit] !== 0
      if (wasInWord || (unit < 128 && !isInWord)) continue
      if (this.#mayStart(text, at)) return at
    }
    return text.length
  }

  #mayStart(text: string, at: number): boolean {
    const first = text.charCodeAt(at)
    const second = text.charCodeAt(at + 1)
    const third = text.charCodeAt(at + 2)
    // NaN at the end of the text is no ASCII either.
    const isAscii = first < 128 && second < 128 && third < 128
    return this.#starts[isAscii ? asciiPlace(first, second, third) : foldedPlace(text, at)] === 1
  }

  /** So many units of a word stand for a name; 0: it is no form of one. */
  #unitsOf(word: string): number {
    const form = folded(word)
    if (this.#known.has(form)) return 0
    const isLower = /^\p{Ll}/u.test(word)
    if (isLower && isAlsoWord(form)) return 0
    for (
      let length = form.length - 1;
      length >= Math.max(LEAST_STEM, form.length - LONGEST_ENDING);
      length--
    ) {
      const stem = form.slice(0, length)
      if (this.#stems.get(stem)?.has(form.slice(length)) !== true) continue
      if (isLower && (length < ENOUGH_LOWER || isAlsoWord(stem))) continue
      return this.#known.has(stem) ? unitsUpTo(word, length) : word.length
    }
    return 0
  }
}

function isAsciiWord(unit: number): boolean {
  return unit < 128 && ASCII_FOLD[unit] !== 0
}

function placeOf(first: number, second: number, third: number): number {
  return (Math.imul((first << 16) ^ (second << 8) ^ third, 0x9e3779b1) >>> 18) & (PLACES - 1)
}

function asciiPlace(first: number, second: number, third: number): number {
  return placeOf(ASCII_FOLD[first] ?? 0, ASCII_FOLD[second] ?? 0, ASCII_FOLD[third] ?? 0)
}

/** The place of the three folded units from `at` on, as far as the word goes. */
function foldedPlace(text: string, from: number): number {
  let units = ''
  for (let at = from; at < text.length && units.length < LEAST_STEM; at += widthAt(text, at)) {
    const { text: folded, kind } = foldAt(text, at)
    if (kind === SEPARATOR) break
    units += folded
  }
  return placeOf(units.charCodeAt(0), units.charCodeAt(1), units.charCodeAt(2))
}

/** Units of a word that hold so many folded ones. */
function unitsUpTo(word: string, length: number): number {
  let units = 0
  for (let at = 0; at < word.length && units < length; ) {
    units += foldAt(word, at).text.length
    at += widthAt(word, at)
    if (units === length) return endOfMarks(word, at)
  }
  return word.length
}

const MARK = /^\p{M}/u

function endOfMarks(word: string, at: number): number {
  let end = at
  while (end < word.length && MARK.test(word.charAt(end))) end++
  return end
}
