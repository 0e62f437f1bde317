/** How many letters and digits the matches of a pattern have, read from its source. */

/** Longest that is of interest. */
const MOST = 40

type Lengths = ReadonlySet<number>

const ZERO: Lengths = new Set([0])
const ONE: Lengths = new Set([1])

function sums(a: Lengths, b: Lengths): Lengths {
  const all = new Set<number>()
  for (const x of a) for (const y of b) if (x + y <= MOST) all.add(x + y)
  return all
}

function repeated(unit: Lengths, least: number, most: number): Lengths {
  let total: Lengths = ZERO
  for (let i = 0; i < least; i += 1) total = sums(total, unit)
  const all = new Set(total)
  for (let i = least; i < Math.min(most, MOST); i += 1) {
    total = sums(total, unit)
    for (const length of total) all.add(length)
  }
  return all
}

/** Reads the source from left to right; `at` is where it stands. */
class SourceReader {
  readonly source: string
  at = 0

  constructor(source: string) {
    this.source = source
  }

  alternatives(): Lengths {
    const all = new Set<number>()
    for (;;) {
      for (const length of this.#sequence()) all.add(length)
      if (this.source.charAt(this.at) !== '|') return all
      this.at += 1
    }
  }

  #sequence(): Lengths {
    let total: Lengths = ZERO
    while (this.at < this.source.length && !'|)'.includes(this.source.charAt(this.at))) {
      const unit = this.#unit()
      const [least, most] = this.#quantifier()
      total = sums(total, repeated(unit, least, most))
    }
    return total
  }

  #unit(): Lengths {
    const unit = this.source.charAt(this.at)
    if (unit === '(') return this.#group()
    if (unit === '[') return this.#characterClass()
    if (unit === '\\') {
      const escaped =
        /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9A-Fa-f]{4}|.)/u.exec(this.source.slice(this.at))?.[0] ?? '\\'
      this.at += escaped.length
      return /^\\[pdwPDWS]/u.test(escaped) ? ONE : ZERO
    }
    this.at += 1
    return /[\p{L}\p{N}.]/u.test(unit) ? ONE : ZERO
  }

  #group(): Lengths {
    const head = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/u.exec(this.source.slice(this.at))?.[0] ?? '('
    this.at += head.length
    const inner = this.alternatives()
    this.at += 1
    return /^\(\?<?[=!]/u.test(head) ? ZERO : inner
  }

  /** A class with any letter or digit stands for one; the rest are separators. */
  #characterClass(): Lengths {
    const text = /^\[(?:\\.|[^\]])*\]/u.exec(this.source.slice(this.at))?.[0] ?? '['
    this.at += text.length
    return /[0-9A-Za-z]|\\[pdw]/u.test(text.replace(/\\[nrtsbv]/gu, '')) ? ONE : ZERO
  }

  #quantifier(): readonly [least: number, most: number] {
    const text = /^(?:[?*+]|\{\d+(?:,\d*)?\})\??/u.exec(this.source.slice(this.at))?.[0] ?? ''
    this.at += text.length
    if (text.startsWith('?')) return [0, 1]
    if (text.startsWith('*')) return [0, MOST]
    if (text.startsWith('+')) return [1, MOST]
    const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/u.exec(text) ?? []
    if (least === undefined) return [1, 1]
    return [Number(least), comma === '' ? Number(least) : most === '' ? MOST : Number(most)]
  }
}

/** All lengths up to 40, ascending, that matches have when only letters and digits are counted. */
export function compactLengths(pattern: RegExp): readonly number[] {
  return [...new SourceReader(pattern.source).alternatives()].sort((a, b) => a - b)
}
