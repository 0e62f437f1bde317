/** Makes pieces of tokens: what repeats a digit, the marks that are said, hundreds and thousands of what stands in front. */
import type { Reading } from './number-words.ts'

/** One group. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** Its letters and digits, case as written; of a number in words, its digits. */
  readonly value: string
  /** The same where one word means two things; else undefined. */
  readonly or?: string
  readonly inWords: boolean
}

/** Where something may begin: offset, end, and what a word means. */
export interface Seed {
  readonly start: number
  readonly end: number
  readonly reading: Reading | null
}

/** The number that is being said: `total` are its thousands, `part` is what follows them. */
interface Sum {
  readonly total: number
  readonly part: number
  /** The same digit by digit, as another reader may write it. */
  readonly apart: string
}

const NOT_ASCII = /[^\x20-\x7e]/u
/** What may stand between hundreds and what is added to them. */
const JOINT = /^(?:[\s-]|\b(?:and|und|et|y|e|en|i)\b){0,8}$/iu

const plainOf = (text: string): string =>
  NOT_ASCII.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '') : text

/** Hundreds or thousands of a sum; null where it has these already. */
function scaled({ total, part, apart }: Sum, factor: 100 | 1000): Sum | null {
  if (factor === 100 && part > 0 && part < 100) return { total, part: part * 100, apart: `${apart}00` }
  if (factor === 1000 && total === 0 && part > 0 && part < 1000)
    return { total: part * 1000, part: 0, apart: `${apart}000` }
  return null
}

/** A sum with a number below a thousand at its end; null where nothing is left open. */
function added({ total, part, apart }: Sum, digits: string): Sum | null {
  const isOpen = part % 100 === 0 && (part > 0 ? digits.length < 3 : total > 0 && digits.length <= 3)
  if (!isOpen || digits.startsWith('0')) return null
  return { total, part: part + Number(digits), apart: apart + digits }
}

/** Reads the tokens of a run one after the other. */
export class Reader {
  readonly pieces: Piece[] = []
  readonly gaps: string[] = []
  readonly #text: string
  /** Where the gap in front of the next piece begins. */
  #gapFrom: number
  /** How often the next digit is meant, and where the word that says so begins. */
  #times = 1
  #timesFrom = -1
  /** Where a plus was said since the last piece, or -1. */
  #plusAt = -1
  /** Marks said since the last piece. */
  #said = ''
  /** What the last piece says, where it is a number in words. */
  #sum: Sum | null = null

  constructor(text: string, start: number) {
    this.#text = text
    this.#gapFrom = start
  }

  /** Takes the next token. */
  take(token: Seed): void {
    const { reading, start, end } = token
    // A single letter is said between numbers (`e`, `y`) or is one of the identifier's own.
    const isLetter = reading?.kind === 'mark' && end - start === 1 && !this.#isOpen()
    if (reading?.kind === 'mark' && !isLetter) {
      this.#said += reading.mark
      // A plus is the first character of a telephone number.
      if (reading.mark === '+') this.#plusAt = start
      return
    }
    if (reading?.kind === 'repeat') {
      this.#times = reading.times
      this.#timesFrom = start
      return
    }
    if (reading?.kind === 'scale') this.#scale(token, reading.factor)
    else if (reading?.kind !== 'digits')
      this.#push(token, plainOf(this.#text.slice(start, end)), false, isLetter ? '' : undefined)
    else if (!this.#add(token, reading.digits)) this.#push(token, reading.digits, true, reading.or)
    this.#gapFrom = end
  }

  #push({ start, end }: Seed, written: string, inWords: boolean, or: string | undefined): void {
    const value = this.#times > 1 ? written.charAt(0).repeat(this.#times) + written.slice(1) : written
    const from = this.#plusAt >= 0 ? this.#plusAt : this.#times > 1 ? this.#timesFrom : start
    this.gaps.push(this.pieces.length === 0 ? this.#said : this.#text.slice(this.#gapFrom, from) + this.#said)
    this.pieces.push({ start: from, end, value, inWords, ...(or === undefined ? {} : { or }) })
    this.#sum =
      inWords && this.#times === 1 && !value.startsWith('0')
        ? { total: 0, part: Number(value), apart: value }
        : null
    this.#times = 1
    this.#said = ''
    this.#plusAt = -1
  }

  /** Whether hundreds or thousands wait for what is added to them. */
  #isOpen(): boolean {
    return this.#sum !== null && this.#sum.part % 100 === 0 && this.#sum.total + this.#sum.part > 0
  }

  /** Whether nothing but a joint stands between the last piece and an offset. */
  #isJoined(start: number): boolean {
    return this.#times === 1 && this.#plusAt < 0 && JOINT.test(this.#text.slice(this.#gapFrom, start))
  }

  #replaceLast(end: number, sum: Sum): void {
    const last = this.pieces.pop()
    if (last === undefined) return
    const value = String(sum.total + sum.part)
    this.pieces.push({ ...last, end, value, ...(value === sum.apart ? {} : { or: sum.apart }) })
    this.#sum = sum
    this.#said = ''
  }

  #scale(token: Seed, factor: 100 | 1000): void {
    const sum = this.#sum !== null && this.#isJoined(token.start) ? scaled(this.#sum, factor) : null
    if (sum !== null) this.#replaceLast(token.end, sum)
    else if (!this.#add(token, String(factor))) this.#push(token, String(factor), true, undefined)
    if (sum === null && factor === 1000 && this.#sum?.part === 1000)
      this.#sum = { total: 1000, part: 0, apart: '1000' }
  }

  #add({ start, end }: Seed, digits: string): boolean {
    const sum = this.#sum !== null && this.#isJoined(start) ? added(this.#sum, digits) : null
    if (sum === null) return false
    this.#replaceLast(end, sum)
    return true
  }
}
