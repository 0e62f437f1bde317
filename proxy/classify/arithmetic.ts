/** Checks the sums in a text: `5 * 3 = 15` holds, `25 + 2 = 28` does not. */

/** Units looked at on the left of an equals sign. */
const REACH = 64

/** What the equations of a text come to. */
export interface Sums {
  readonly right: number
  readonly wrong: number
}

/**
 * Checks every `expression = number` of plain arithmetic (+ - * / x × ÷, brackets, per cent, thousands commas,
 * currency signs). What cannot be read is not counted. Linear: at most 64 units per equals sign.
 */
export function checkSums(text: string): Sums {
  let right = 0
  let wrong = 0
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    const left = readLeft(text, at)
    const stated = left === null ? null : readNumberAfter(text, at + 1)
    if (left === null || stated === null) continue
    if (isClose(left, stated)) right++
    else wrong++
  }
  return { right, wrong }
}

/** Equal up to how a person rounds: half a per cent, or two decimals. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(0.011, Math.abs(b) * 0.005)
}

const PART = /[0-9.,+\-*/x×÷()%$€£ ]/
const NUMBER_AFTER = /^[ $€£]*(-?\d[\d,]*(?:\.\d+)?)/

function readNumberAfter(text: string, start: number): number | null {
  const match = NUMBER_AFTER.exec(text.slice(start, start + 24))
  return match?.[1] === undefined ? null : Number(match[1].replaceAll(',', ''))
}

/** The value of the expression that ends before `end`, or null when there is none with an operator. */
function readLeft(text: string, end: number): number | null {
  let start = end
  while (start > 0 && end - start < REACH && PART.test(text[start - 1] ?? '')) start--
  const tokens = text
    .slice(start, end)
    .replace(/[ ,$€£]/g, '')
    .replace(/^[.)x×÷*/%]+/, '')
  if (!/\d[-+*/x×÷]/.test(tokens) && !/%[-+*/x×÷]/.test(tokens)) return null
  const reader = new ExpressionReader(tokens)
  const value = reader.sum()
  return reader.isDone() && Number.isFinite(value) ? value : null
}

/** Sums of products of numbers and brackets. Nesting is bounded by the 64 units it reads. */
class ExpressionReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  isDone(): boolean {
    return this.#at === this.#text.length
  }

  sum(): number {
    let value = this.#product()
    for (;;) {
      if (this.#take('+')) value += this.#product()
      else if (this.#take('-')) value -= this.#product()
      else return value
    }
  }

  #product(): number {
    let value = this.#factor()
    for (;;) {
      if (this.#take('*') || this.#take('x') || this.#take('×')) value *= this.#factor()
      else if (this.#take('/') || this.#take('÷')) value /= this.#factor()
      else return value
    }
  }

  #factor(): number {
    if (this.#take('-')) return -this.#factor()
    if (this.#take('(')) {
      const value = this.sum()
      return this.#take(')') ? this.#percent(value) : Number.NaN
    }
    const start = this.#at
    while (/[0-9.]/.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#at === start ? Number.NaN : this.#percent(Number(this.#text.slice(start, this.#at)))
  }

  #percent(value: number): number {
    return this.#take('%') ? value / 100 : value
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }
}
