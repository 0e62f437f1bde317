/**
 * Identifiers that are broken apart, spelled out or written with look-alike letters: the pieces are put together and
 * asked whether they prove themselves by a check digit, or by the words that stand near.
 */
import { isLikelyFraction } from '../counts.ts'
import { labelEnds } from '../recognisers/labelled-ids.ts'
import { scanOf } from '../text.ts'
import type { AnalysedText, Finding, Span } from '../types.ts'
import { findBrokenEmails } from './email.ts'
import { eachRun, type Run } from './pieces.ts'
import { type FindSpoken, spokenNumbers } from './spoken.ts'
import { type Budget, findInRun, type LooseForms, looseForms, type NearMemory } from './windows.ts'

export { type LooseForms, looseForms }

/** A card number between letters or underscores, as in the name of a file; or with one letter between its groups. */
const GLUED = /[0-9]{14,19}/gu
const LETTERED = /^[0-9]{1,6}([A-Za-z])[0-9]{1,6}(?:\1[0-9]{1,6})+$/u
const TOKEN = /[\p{L}\p{N}_]+/uy

/** Cards inside longer tokens, which patterns leave alone because most such digits are something else. */
function findGlued(text: string, starts: readonly number[], forms: LooseForms, found: Finding[]): void {
  const card = forms.byLength[16]?.find(({ recogniser }) => recogniser.id === 'card')
  if (card === undefined) return
  let done = 0
  for (const start of starts) {
    if (start < done) continue
    let from = start
    while (from > done && start - from < 40 && text.charCodeAt(from - 1) === 0x5f) from -= 1
    TOKEN.lastIndex = from
    const token = TOKEN.exec(text)?.[0] ?? ''
    done = from + Math.max(1, token.length)
    if (token.length < 15 || token.length > 200 || isLikelyFraction(text, from, card.form.test)) continue
    const add = (at: number, length: number): void => {
      found.push({
        entity: 'CREDIT_CARD',
        span: { start: from + at, end: from + at + length },
        score: 0.6,
        recogniser: 'card',
      })
    }
    if (LETTERED.test(token) && card.form.test(token.replace(/[^0-9]/gu, ''))) add(0, token.length)
    else if (!/^[0-9]+$/u.test(token))
      for (const { 0: digits, index } of token.matchAll(GLUED))
        if (card.form.test(digits)) add(index, digits.length)
  }
}

/** Fewest digits an identifier has that is looked for here. */
const LEAST_DIGITS = 6

const OCTET = /^(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$/u

/** A number between two dots. */
interface Octet {
  readonly start: number
  readonly end: number
  readonly value: string
  /** In words, or behind a dot that is not simply written. */
  readonly isOdd: boolean
}

/** A dot that is said, bracketed or spaced. */
const DOT_GAP = /^(?:[\s[({<]{0,3}\.[\s\])}>]{0,3}|[^.]*\p{L}[^.]*\.)$/u

/** The numbers of a run as dots divide them; null in place of what is none. */
function octets({ pieces, gaps }: Run): readonly (Octet | null)[] {
  const all: (Octet | null)[] = []
  pieces.forEach((piece, i) => {
    const gap = gaps[i] ?? ''
    const dots = DOT_GAP.test(gap) ? 1 : gap.includes('.') ? 2 : 0
    const last = all.at(-1) ?? null
    if (!/^[0-9]{1,3}$/u.test(piece.value)) all.push(null)
    else if (i > 0 && dots === 0 && last !== null && piece.inWords && /^\s*$/u.test(gap))
      all[all.length - 1] = { ...last, value: last.value + piece.value, end: piece.end }
    else {
      if (dots !== 1) all.push(null)
      all.push({ ...piece, isOdd: piece.inWords || (i > 0 && gap !== '.') })
    }
  })
  return all
}

/** Four numbers with dots that are said, bracketed or spaced between them. */
function findAddresses(run: Run, found: Finding[]): void {
  if (run.pieces.length < 4) return
  const all = octets(run)
  for (let i = 0; i + 4 <= all.length; i += 1) {
    const four = all.slice(i, i + 4).filter((octet) => octet !== null)
    const [first, last] = [four[0], four[3]]
    if (first === undefined || last === undefined) continue
    if (!four.every(({ value }) => OCTET.test(value)) || !four.slice(1).some(({ isOdd }) => isOdd)) continue
    const span = { start: first.start, end: last.end }
    found.push({ entity: 'IP_ADDRESS', subtype: 'IPV4', span, score: 0.8, recogniser: 'ipv4' })
    i += 3
  }
}

/** Of a run with numbers in words, from its first number to its last; null for any other. */
function saidPart({ pieces }: Run): Span | null {
  if (!pieces.some(({ inWords }) => inWords)) return null
  const numbers = pieces.filter(({ value }) => /[0-9]/u.test(value))
  const [first, last] = [numbers[0], numbers.at(-1)]
  return first === undefined || last === undefined ? null : { start: first.start, end: last.end }
}

/** A word in small letters beside a number is no part of it. */
const WORD = /^[a-z]{3,}$/u

/** Answers whether a run, words at its ends aside, stands in one of some spans. */
function coveredBy(spans: readonly Span[]): (run: Run) => boolean {
  const sorted = spans.toSorted((a, b) => a.start - b.start)
  let reach = 0
  const reaches = sorted.map(({ end }) => {
    reach = Math.max(reach, end)
    return reach
  })
  return ({ pieces }) => {
    const isWord = (i: number): boolean => WORD.test(pieces[i]?.value ?? '')
    let first = 0
    let last = pieces.length - 1
    while (first < last && isWord(first)) first += 1
    while (last > first && isWord(last)) last -= 1
    const start = pieces[first]?.start ?? 0
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle]?.start ?? 0) > start) high = middle
      else low = middle + 1
    }
    return low > 0 && (reaches[low - 1] ?? 0) >= (pieces[last]?.end ?? 0)
  }
}

/**
 * Identifiers of a canonical text that only show when their pieces are put together. `forms` are those of the
 * recognisers that are asked; what stands in the spans of `sure` is known already. Linear but for sorting these; throws
 * nothing.
 */
export function findLoose(
  analysed: AnalysedText,
  forms: LooseForms,
  sure: readonly Span[],
): readonly Finding[] {
  const scan = scanOf(analysed)
  const text = analysed.canonical
  const found: Finding[] = []
  const budget: Budget = { left: 50_000 + text.length * 6 }
  const memory: NearMemory = new Map()
  let labels: ReturnType<typeof labelEnds> | null = null
  let findSpoken: FindSpoken | null = null
  const isCovered = coveredBy(sure)
  eachRun(text, scan, LEAST_DIGITS, (run) => {
    if (isCovered(run)) return
    for (const one of findInRun(text, run, forms, budget, memory)) found.push(one)
    findAddresses(run, found)
    const said = saidPart(run)
    if (said === null) return
    findSpoken ??= spokenNumbers(text)
    findSpoken(run, found)
    labels ??= labelEnds(text, scan)
    const labelled = labels.findBefore(text, said.start)
    if (labelled === null) return
    const { entity, subtype } = labelled
    found.push({ entity, subtype, span: said, score: 0.75, recogniser: 'labelled_id' })
  })
  if (scan.numbers.most >= 14) findGlued(text, scan.numbers.starts, forms, found)
  for (const email of findBrokenEmails(text, scan.ats)) found.push(email)
  return found
}
