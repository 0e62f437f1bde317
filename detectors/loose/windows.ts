/** Asks stretches of a run whether they are an identifier: as they are, with letters read as digits, backwards. */
import { AFTER, BEFORE } from '../context.ts'
import type { Finding, Recogniser } from '../types.ts'
import { ContextIndex } from './context-index.ts'
import { isLookAlike, type Run } from './pieces.ts'
import type { Piece } from './reader.ts'
import { COUNTING, PLAIN_DIGITS, type Steps, stepsOf } from './steps.ts'
import type { LooseForm } from './types.ts'

const LONGEST = 34
const SHORTEST = 7

/** A recogniser and its form. */
export interface Member {
  readonly form: LooseForm
  readonly recogniser: Recogniser
}

/** The forms of some recognisers by the lengths they may have. */
export interface LooseForms {
  readonly byLength: readonly (readonly Member[])[]
  /** Those of them that need no word near. */
  readonly strongByLength: readonly (readonly Member[])[]
  /** Finds those with a word of theirs near. */
  readonly index: ContextIndex<Member>
}

const tableOf = (members: readonly Member[]): readonly (readonly Member[])[] => {
  const table: Member[][] = Array.from({ length: LONGEST + 1 }, () => [])
  for (const member of members)
    for (const length of member.form.lengths) if (length >= SHORTEST) table[length]?.push(member)
  return table
}

/** Compiles the forms of those recognisers that have one. */
export function looseForms(recognisers: readonly Recogniser[]): LooseForms {
  const members = recognisers.flatMap((recogniser): Member[] =>
    recogniser.loose === undefined ? [] : [{ form: recogniser.loose, recogniser }],
  )
  return {
    byLength: tableOf(members),
    strongByLength: tableOf(members.filter(({ form }) => form.isStrong)),
    index: new ContextIndex(members),
  }
}

/** Letters read as the digits they look like. */
const LEET: Readonly<Record<string, string>> = {
  ...{ O: '0', o: '0', Q: '0', D: '0', I: '1', l: '1', i: '1', L: '1', Z: '2', z: '2', E: '3', A: '4' },
  ...{ S: '5', s: '5', G: '6', b: '6', T: '7', B: '8', g: '9', q: '9' },
}
const unleet = (text: string): string => {
  let digits = ''
  for (const unit of text) digits += LEET[unit] ?? unit
  return digits
}

/** Keeps the letters of some ranges `[from, to)` as letters. */
const keeping =
  (...ranges: readonly (readonly [from: number, to: number])[]) =>
  (compact: string): string => {
    let meant = ''
    let done = 0
    for (const [from, to] of ranges) {
      meant += unleet(compact.slice(done, from)) + compact.slice(from, to)
      done = to
    }
    return meant + unleet(compact.slice(done))
  }

/** Where identifiers have letters between their digits: of none, of those with one or two, of IBANs, of the codice fiscale. */
const SHAPES: readonly {
  readonly lengths: readonly [number, number]
  readonly read: (compact: string) => string
}[] = [
  { lengths: [SHORTEST, LONGEST], read: unleet },
  { lengths: [SHORTEST, 14], read: keeping([0, 1]) },
  { lengths: [SHORTEST, 14], read: (compact) => unleet(compact.slice(0, -1)) + compact.slice(-1) },
  { lengths: [SHORTEST, LONGEST], read: keeping([0, 2]) },
  { lengths: [15, LONGEST], read: keeping([0, 2], [4, 8]) },
  { lengths: [15, LONGEST], read: keeping([0, 2], [4, 5]) },
  { lengths: [16, 16], read: keeping([0, 6], [8, 9], [11, 12], [15, 16]) },
]

/** Questions that may still be asked about a text: in proportion to its length, so that hostile text stays linear. */
export interface Budget {
  left: number
}

/** How a window's letters and digits are read. */
type Reading = 'plain' | 'leet' | 'backwards'

/** What is known of a stretch of a run. */
interface Window {
  readonly start: number
  readonly end: number
  /** No digits of the run stand outside it. */
  readonly isRest: boolean
  /** Hidden on purpose: in words. */
  readonly isOdd: boolean
  /** The same stands between all of its pieces, or they are words. */
  readonly isEven: boolean
  /** Two groups of digits with a dot between them: a decimal number. */
  readonly isDecimal: boolean
}

/** What is asked of a run. */
interface Search {
  readonly text: string
  readonly run: Run
  readonly steps: Steps
  /** Those with a word of theirs near. */
  readonly near: ReadonlySet<Member>
  readonly candidates: Candidates
  readonly budget: Budget
  readonly reading: Reading
  /** The first and the last piece with a digit. */
  readonly firstDigits: number
  readonly lastDigits: number
  /** Which of the pieces that mean two things are read the second way. */
  readonly second: ReadonlySet<Piece>
}

function isMatch({ form, recogniser }: Member, compact: string, window: Window, text: string): boolean {
  if (!(form.isChecked || window.isEven) || !form.test(compact)) return false
  if (form.context?.isNear(text, window) === true) return form.isChecked || window.isRest
  return (
    form.isStrong &&
    !window.isDecimal &&
    mayStandAlone(compact, window) &&
    (window.isEven || window.isOdd || PROVEN.has(recogniser.id))
  )
}

const LETTERS = /[A-Za-z]{2}/u

/** Whether a strong form needs no word near: a stretch of a longer list of numbers does. */
const mayStandAlone = (compact: string, window: Window): boolean =>
  window.isRest || window.isOdd || LETTERS.test(compact)

/** Who is asked about a window of some length: those with a word near, and the strong ones where they may be. */
class Candidates {
  readonly #forms: LooseForms
  readonly #near: ReadonlySet<Member>
  readonly #nearOnly: (readonly Member[] | undefined)[] = []
  readonly #withStrong: (readonly Member[] | undefined)[] = []

  constructor(forms: LooseForms, near: ReadonlySet<Member>) {
    this.#forms = forms
    this.#near = near
  }

  /** In the order of the recognisers. */
  of(length: number, asksStrong: boolean): readonly Member[] {
    if (this.#near.size === 0) return asksStrong ? (this.#forms.strongByLength[length] ?? []) : NO_MEMBERS
    const lists = asksStrong ? this.#withStrong : this.#nearOnly
    const known = lists[length]
    if (known !== undefined) return known
    const list = (this.#forms.byLength[length] ?? []).filter(
      (member) => this.#near.has(member) || (asksStrong && member.form.isStrong),
    )
    lists[length] = list
    return list
  }
}

const NO_MEMBERS: readonly Member[] = []

function findAs(compact: string, window: Window, search: Search): Member | null {
  const { candidates, text, budget } = search
  for (const member of candidates.of(compact.length, mayStandAlone(compact, window))) {
    if (search.reading !== 'plain' && !member.form.isChecked) continue
    if (--budget.left < 0) return null
    if (isMatch(member, compact, window, text)) return member
  }
  return null
}

/** Letters read as digits, wherever an identifier has digits. */
function meanings(compact: string): ReadonlySet<string> {
  const all = new Set<string>()
  for (const { lengths, read } of SHAPES)
    if (compact.length >= lengths[0] && compact.length <= lengths[1]) all.add(read(compact))
  all.delete(compact)
  return all
}

/** Read backwards, an identifier with letters ends in them; one without needs its word. */
function findBackwards(compact: string, window: Window, search: Search): Member | null {
  if (!/[A-Za-z]{2}$/u.test(compact) && (search.near.size === 0 || /[A-Za-z]/u.test(compact))) return null
  const backwards = [...compact].reverse().join('')
  const member = findAs(backwards, { ...window, isOdd: true }, search)
  if (member === null || !member.form.isStrong) return null
  return /[A-Za-z]/u.test(compact) || member.form.context?.isNear(search.text, window) === true
    ? member
    : null
}

/** Identifiers whose check digits and structure leave the least to chance. */
const PROVEN: ReadonlySet<string> = new Set(['card', 'iban', 'it_codice_fiscale'])

function findWindow(compact: string, window: Window, search: Search): Member | null {
  if (search.reading === 'plain') return findAs(compact, window, search)
  // What is disguised or turned round is written evenly; a line of prose with numbers is not.
  if (!window.isEven) return null
  if (search.reading === 'backwards') return findBackwards(compact, window, search)
  if (!/[A-Za-z]/u.test(compact)) return null
  if (!window.isRest && search.candidates.of(compact.length, false).length === 0) return null
  for (const meant of meanings(compact)) {
    // With letters for digits too many numbers would pass: a word near, or one of the two that prove the most.
    const member = findAs(meant, { ...window, isOdd: false }, search)
    if (member === null) continue
    if (search.near.has(member) || (window.isRest && PROVEN.has(member.recogniser.id))) return member
  }
  return null
}

/** Whether no digits of the run stand outside a stretch of it. */
const isRest = ({ firstDigits, lastDigits }: Search, from: number, to: number): boolean =>
  from <= firstDigits && to >= lastDigits

/** An identifier has no more kinds of gaps than this between its groups. */
const MOST_GAPS = 3

/** How many bits are set. */
function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** The widest window from a piece on that is an identifier. */
function widestAt(search: Search, from: number): { readonly to: number; readonly member: Member } | null {
  const { pieces } = search.run
  const { steps, reading } = search
  const first = pieces[from]
  if (first === undefined || (reading !== 'leet' && steps.isWord[from] === true)) return null
  let compact = ''
  let isOdd = false
  let kinds = 0
  let best: { to: number; member: Member } | null = null
  for (let to = from; to < pieces.length; to += 1) {
    const piece = pieces[to] as Piece
    compact += search.second.has(piece) ? (piece.or ?? '') : piece.value
    isOdd ||= piece.inWords
    if (to > from) kinds |= steps.kinds[to] ?? 0
    if (to > from && steps.isOperator[to] === true) break
    if (to - from >= COUNTING - 1 && steps.isCounting[to] === true) break
    const count = bitCount(kinds)
    if (compact.length > LONGEST || search.budget.left < 0 || count > MOST_GAPS) break
    // One group of digits as it is written is what the patterns look for.
    if (compact.length < SHORTEST || (to === from && reading === 'plain' && steps.isWritten[to] === true))
      continue
    const isDecimal =
      to === from + 1 &&
      search.run.gaps[to] === '.' &&
      steps.isWritten[from] === true &&
      steps.isWritten[to] === true
    const member = findWindow(
      compact,
      {
        start: first.start,
        end: piece.end,
        isRest: isRest(search, from, to),
        isOdd,
        isEven: count <= 1,
        isDecimal,
      },
      search,
    )
    if (member !== null) best = { to, member }
  }
  return best
}

const findingOf = (member: Member, start: number, end: number): Finding => {
  const { recogniser, form } = member
  const subtype = recogniser.about?.subtype
  return {
    entity: recogniser.entities[0] ?? 'MISC',
    span: { start, end },
    score: form.isChecked ? 0.9 : 0.75,
    recogniser: recogniser.id,
    ...(subtype === undefined ? {} : { subtype }),
  }
}

/**
 * Finds the widest identifier from every piece on; they may overlap. True when one of them is all that the run holds:
 * then nothing else has to be asked. By chance a part of a number may pass for another one, so the search goes on
 * behind the start of what was found, not behind its end.
 */
function findWide(search: Search, found: Finding[]): boolean {
  const { text, run } = search
  for (let from = 0; from < run.pieces.length && search.budget.left >= 0; from += 1) {
    const widest = widestAt(search, from)
    if (widest === null) continue
    const start = run.pieces[from]?.start ?? 0
    const isPlus = widest.member.recogniser.id === 'phone' && text.charAt(start - 1) === '+'
    found.push(findingOf(widest.member, isPlus ? start - 1 : start, run.pieces[widest.to]?.end ?? 0))
    if (isRest(search, from, widest.to)) return true
  }
  return false
}

/** Among so many pieces that mean two things, every one and every pair is read the second way. */
const MOST_PAIRED = 14

/** Ways to read the pieces of a run that mean two things; the first is the likeliest. */
function* choices({ pieces }: Run): Generator<ReadonlySet<Piece>> {
  yield new Set()
  const open = pieces.filter(({ or }) => or !== undefined)
  if (open.length === 0) return
  yield new Set(open)
  const few = open.slice(0, MOST_PAIRED)
  for (const [i, one] of few.entries()) {
    yield new Set([one])
    for (const other of few.slice(i + 1)) yield new Set([one, other])
  }
}

const NOBODY: ReadonlySet<Member> = new Set()
/** More surroundings than this are not remembered: a text that has them is not one that repeats itself. */
const MOST_REMEMBERED = 500

/** Who has a word near, by surroundings with their digits left out: lines of a log differ in nothing else. */
export type NearMemory = Map<string, ReadonlySet<Member>>

/** Those whose words stand near a run. */
function nearForms(text: string, run: Run, forms: LooseForms, memory: NearMemory): ReadonlySet<Member> {
  const start = run.pieces[0]?.start ?? 0
  const end = run.pieces.at(-1)?.end ?? 0
  const around = `${text.slice(Math.max(0, start - BEFORE), end)} ${text.slice(end, end + AFTER)}`
  if (!/\p{L}{2}/u.test(around)) return NOBODY
  const key = around.replace(/[0-9]+/gu, '0').toLowerCase()
  const known = memory.get(key)
  if (known !== undefined) return known
  const near = forms.index.near(key)
  if (memory.size < MOST_REMEMBERED) memory.set(key, near)
  return near
}

/** What a run's pieces are like, taken together. */
interface Profile {
  readonly length: number
  readonly firstDigits: number
  readonly lastDigits: number
  readonly hasWords: boolean
  readonly hasLetters: boolean
  /** Some letters may be digits: beside digits in one group, or like digits all of them. */
  readonly isDisguised: boolean
}

const DISGUISE = /[0-9][A-Za-z]|[A-Za-z][0-9]|^[OolIiSsZBGgqQ]+$/u

function profileOf({ pieces }: Run): Profile {
  const profile = {
    length: 0,
    firstDigits: -1,
    lastDigits: -1,
    hasWords: false,
    hasLetters: false,
    isDisguised: false,
  }
  for (const [i, { value, inWords }] of pieces.entries()) {
    profile.length += value.length
    profile.hasWords ||= inWords
    const isDigits = PLAIN_DIGITS.test(value)
    if (isDigits || /[0-9]/u.test(value)) {
      if (profile.firstDigits < 0) profile.firstDigits = i
      profile.lastDigits = i
    }
    if (isDigits) continue
    profile.hasLetters = true
    profile.isDisguised ||= DISGUISE.test(value) || isLookAlike(value)
  }
  return profile
}

/** Reads a run in every way until one explains it all. */
export function findInRun(
  text: string,
  run: Run,
  forms: LooseForms,
  budget: Budget,
  memory: NearMemory,
): readonly Finding[] {
  const { length, hasWords, hasLetters, isDisguised, firstDigits, lastDigits } = profileOf(run)
  if (length < SHORTEST) return []
  const near = nearForms(text, run, forms, memory)
  // Plain digits and no word near: only the run as a whole can be something.
  if (length > LONGEST && near.size === 0 && !hasLetters && !hasWords) return []
  const found: Finding[] = []
  const readings: readonly Reading[] = isDisguised ? ['plain', 'leet', 'backwards'] : ['plain', 'backwards']
  const candidates = new Candidates(forms, near)
  const known = { text, run, steps: stepsOf(run), near, candidates, budget, firstDigits, lastDigits }
  for (const reading of readings)
    for (const second of choices(run)) {
      if (budget.left < 0 || findWide({ ...known, reading, second }, found)) return found
    }
  return found
}
