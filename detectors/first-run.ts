/**
 * What a pattern can begin with: the lengths of the run of digits, or of letters, that its matches start with. A
 * place whose run no match has is left out by one bit test instead of a run of the pattern. Never leaves out a place
 * where the pattern matches: what is not understood here counts as able to match anything.
 */

/** A run of `length` digits (bit 1 to 15) or letters (bit 17 to 31); longer ones share the last bit. */
export function runBit(isDigits: boolean, length: number): number {
  return 1 << (Math.min(length, LONGEST) + (isDigits ? 0 : 16))
}

const LONGEST = 15
/** Characters of such scripts, or a property that may stand for them. */
const UNSPACED = /[\u0e00-\u0e7f\u2e80-\u{10ffff}]|\\p\{S/u
const DIGIT = 1
const LETTER = 2
const OTHER = 4
const ANY = DIGIT | LETTER | OTHER

/** What one character of a match may be, or a choice of ways on. A state without any is where a match ends. */
interface State {
  /** Kinds of character that lead to `next`; 0: none does. */
  kinds: number
  next: State | null
  /** Ways on that take no character. */
  ways: State[]
}

/**
 * Bits (`runBit`) of the runs that a match may start with. `mayEndInside`: whether a match may end before its run
 * does, because nothing limits it on the right.
 */
export function firstRuns(pattern: RegExp, mayEndInside: boolean): number {
  // Scripts without spaces end a token of the others at any character.
  if (UNSPACED.test(pattern.source)) return -1
  const end: State = { kinds: 0, next: null, ways: [] }
  const start = new Reader(pattern.source).read(end)
  return runsOf(start, end, DIGIT, mayEndInside) | runsOf(start, end, LETTER, mayEndInside)
}

function runsOf(start: State, end: State, kind: number, mayEndInside: boolean): number {
  let bits = 0
  let hasEnded = false
  let states = closure([start])
  for (let length = 1; length <= LONGEST; length++) {
    states = closure([...states].flatMap(({ kinds, next }) => ((kinds & kind) !== 0 && next ? [next] : [])))
    if (states.size === 0 && !hasEnded) break
    hasEnded ||= mayEndInside && states.has(end)
    const goesOn = [...states].some((state) => state === end || (state.kinds & ~kind) !== 0)
    if (goesOn || hasEnded || length === LONGEST) bits |= runBit(kind === DIGIT, length)
  }
  return bits
}

function closure(from: readonly State[]): Set<State> {
  const all = new Set(from)
  for (const state of all) for (const way of state.ways) all.add(way)
  return all
}

/** Repeats beyond these are taken as unlimited: no run is longer. */
const MOST_REPEATS = LONGEST + 1

/** One part of a pattern: builds the states from which it leads to `next`. */
type Part = (next: State) => State

const branch = (...ways: State[]): State => ({ kinds: 0, next: null, ways })
const one =
  (kinds: number): Part =>
  (next) => ({ kinds, next, ways: [] })
const nothing: Part = (next) => next

/** Reads the source of a regular expression with the flag `u`. */
class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  read(end: State): State {
    return this.#choice()(end)
  }

  #peek(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    const isThere = this.#peek(text)
    if (isThere) this.#at += text.length
    return isThere
  }

  #choice(): Part {
    const choices = [this.#sequence()]
    while (this.#take('|')) choices.push(this.#sequence())
    const [only] = choices
    if (choices.length === 1 && only !== undefined) return only
    return (next) => branch(...choices.map((choice) => choice(next)))
  }

  #sequence(): Part {
    const parts: Part[] = []
    while (this.#at < this.#source.length && !this.#peek('|') && !this.#peek(')'))
      parts.push(this.#repeated())
    return (next) => parts.reduceRight((after, part) => part(after), next)
  }

  #repeated(): Part {
    const part = this.#atom()
    const [least, most] = this.#quantifier()
    if (least === 1 && most === 1) return part
    return (next) => {
      let after = next
      if (most > MOST_REPEATS) {
        const loop = branch(next)
        loop.ways.push(part(loop))
        after = loop
      } else for (let i = least; i < most; i++) after = branch(part(after), next)
      for (let i = 0; i < Math.min(least, MOST_REPEATS); i++) after = part(after)
      return after
    }
  }

  #quantifier(): readonly [least: number, most: number] {
    const match = /^(?:([*+?])|\{([0-9]+)(,?)([0-9]*)\})\??/u.exec(
      this.#source.slice(this.#at, this.#at + 24),
    )
    if (match === null) return [1, 1]
    this.#at += match[0].length
    const [, sign, least = '', comma, most = ''] = match
    if (sign !== undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY]
    const limit = most === '' ? Number.POSITIVE_INFINITY : Number(most)
    return [Number(least), comma === '' ? Number(least) : limit]
  }

  #atom(): Part {
    if (this.#take('(')) return this.#group()
    if (this.#peek('[')) return one(this.#set())
    if (this.#peek('\\')) return this.#escape()
    const point = this.#source.codePointAt(this.#at) ?? 0
    const character = String.fromCodePoint(point)
    this.#at += character.length
    if (character === '^' || character === '$') return nothing
    return one(character === '.' ? ANY : kindOf(character))
  }

  /** What only looks takes no character, and is taken to agree. */
  #group(): Part {
    const looks = this.#take('?=') || this.#take('?!') || this.#take('?<=') || this.#take('?<!')
    if (!looks && !this.#take('?:') && this.#take('?<')) this.#at = this.#source.indexOf('>', this.#at) + 1
    const inside = this.#choice()
    this.#take(')')
    return looks ? nothing : inside
  }

  #escape(): Part {
    const reference = /^\\(?:[1-9][0-9]*|k<[^>]*>)/u.exec(this.#source.slice(this.#at, this.#at + 40))
    if (reference !== null) {
      this.#at += reference[0].length
      return (next) => {
        const loop = branch(next)
        loop.ways.push(one(ANY)(loop))
        return loop
      }
    }
    if (this.#take('\\b') || this.#take('\\B')) return nothing
    return one(this.#escapedKind())
  }

  /** A set of characters. Of a range its ends are looked at, and whether it lies within digits or letters. */
  #set(): number {
    this.#at += 1
    const isNegated = this.#take('^')
    let kinds = 0
    let before: string | null = null
    while (this.#at < this.#source.length && !this.#take(']')) {
      if (before !== null && this.#peek('-') && !this.#peek('-]')) {
        this.#at += 1
        const to = this.#peek('\\') ? null : String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)
        if (to === null) kinds |= this.#escapedKind() | ANY
        else this.#at += to.length
        kinds |= to === null ? ANY : rangeKind(before, to)
        before = null
        continue
      }
      if (this.#peek('\\')) {
        kinds |= this.#escapedKind()
        before = null
        continue
      }
      before = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)
      this.#at += before.length
      kinds |= kindOf(before)
    }
    return isNegated ? ANY : kinds
  }

  #escapedKind(): number {
    const match = /^\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c.|.)/su.exec(
      this.#source.slice(this.#at, this.#at + 60),
    )
    const text = match?.[0] ?? '\\'
    this.#at += text.length
    if (text === '\\d') return DIGIT
    if (text === '\\s' || text === '\\t' || text === '\\n' || text === '\\r') return OTHER
    if (/^\\[\^$\\.*+?()[\]{}|/-]$/u.test(text)) return OTHER
    // Letters beyond ASCII are letters of the scan, or none.
    return /^\\p\{(?:L|Lu|Ll|Lt|Lm|Lo|M)\}$/u.test(text) ? LETTER | OTHER : ANY
  }
}

function kindOf(character: string): number {
  if (character >= '0' && character <= '9') return DIGIT
  if (/^[A-Za-z]$/u.test(character)) return LETTER
  return character < '\x80' ? OTHER : LETTER | OTHER
}

function rangeKind(from: string, to: string): number {
  if (from >= '0' && to <= '9') return DIGIT
  if ((from >= 'A' && to <= 'Z') || (from >= 'a' && to <= 'z')) return LETTER
  return ANY
}
