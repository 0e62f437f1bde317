/** A recogniser from a pattern: where it may start, what it looks like, what proves it, what must stand near. */

import { AFTER, AFTER_ASCII, BEFORE, type Boundary, beginsAt } from './boundary.ts'
import { type ContextWords, contextWords } from './context.ts'
import { isCount, isSurelyCount } from './counts.ts'
import type { KnownEntityType } from './entities.ts'
import { firstRuns } from './first-run.ts'
import { compactLengths } from './loose/lengths.ts'
import type { LooseForm } from './loose/types.ts'
import { mayBeginAt, type NumberPattern } from './numbers.ts'
import { type TextScan, WordTable } from './scan.ts'
import { scanOf } from './text.ts'
import type { Example, Finding, Recogniser, RecogniserAbout, Span } from './types.ts'

/** Findings below this are dropped: a weak match without its context. */
export const MIN_SCORE = 0.5

/** How sure a match is, 0..1. A kind that is absent counts as 0: the match is dropped. */
export interface Scores {
  /** Wherever it stands. */
  readonly plain?: number
  /** With a context word near. */
  readonly context?: number
  /** Where the text is nothing but the match: a form field, a table cell, an argument of a call. */
  readonly alone?: number
}

/** One pattern. Exactly one of `digits`, `words`, `starts` says where it may start. */
export interface PatternRow {
  readonly id: string
  readonly entity: KnownEntityType
  /**
   * Bounded repeats only. Run sticky at each start; flags `u` (and `i` if given) are used. The group `value`, if
   * there is one, is the finding; else the whole match.
   */
  readonly pattern: RegExp
  /** Starts at tokens from which a chain of at least so many digits goes on. */
  readonly digits?: number
  /** Starts at these words or phrases. */
  readonly words?: readonly string[]
  /** Starts at offsets of the scan. */
  readonly starts?: (scan: TextScan, text: string) => readonly number[]
  readonly boundary?: Boundary
  /** Whether the value can be one: the checksum, the calendar, reserved ranges. Gets the match as written. */
  readonly validate?: (value: string, match: RegExpExecArray) => boolean
  /** Words one of which must be near for `scores.context`; see `contextWords`. */
  readonly context?: readonly string[]
  readonly scores: Scores
  /** A fixed structure that is as good as a checksum, such as the prefix of a vendor's keys. */
  readonly structured?: boolean
  readonly about?: RecogniserAbout
  readonly examples: readonly Example[]
}

/** `DOC-201210-1034`: a number that goes on from a word is a part of something else's name. */
const JOINED_TO_WORD = /\p{L}-$/u

interface Compiled {
  readonly row: PatternRow
  readonly boundary: Boundary
  /** Runs of digits or letters that a match may start with: see `firstRuns`. */
  readonly runs: number
  /** Right where ASCII follows; see `AFTER_ASCII`. */
  readonly quick: RegExp
  /** Right anywhere; made when it is needed. */
  exact: RegExp | null
  readonly context: ContextWords | null
  readonly table: WordTable<true> | null
  readonly hasValue: boolean
}

function sticky({ pattern }: PatternRow, after: string, hasValue: boolean): RegExp {
  return new RegExp(
    `(?:${pattern.source})${after}`,
    `yu${pattern.ignoreCase ? 'i' : ''}${hasValue ? 'd' : ''}`,
  )
}

function compile(row: PatternRow): Compiled {
  const boundary = row.boundary ?? (row.digits === undefined ? 'word' : 'number')
  const hasValue = row.pattern.source.includes('(?<value>')
  return {
    row,
    boundary,
    runs: firstRuns(row.pattern, boundary === 'none'),
    quick: sticky(row, AFTER_ASCII[boundary], hasValue),
    exact: null,
    context: row.context === undefined ? null : contextWords(row.context),
    table: row.words === undefined ? null : new WordTable(row.words.map((word) => [word, true])),
    hasValue,
  }
}

/** Calls `visit` with every offset where the pattern may start, ascending. */
function eachStart(compiled: Compiled, scan: TextScan, text: string, visit: (at: number) => void): void {
  const { row, table } = compiled
  if (row.digits !== undefined) {
    const { starts, digits, runs } = scan.numbers
    for (let i = 0; i < starts.length; i += 1) {
      if ((digits[i] ?? 0) < row.digits || ((runs[i] ?? 0) & compiled.runs) === 0) continue
      if (mayBeginAt(scan.numbers, i, text, compiled.boundary)) visit(starts[i] ?? 0)
    }
  } else if (table !== null) {
    table.each(text, scan.words, visit)
  } else {
    for (const at of row.starts?.(scan, text) ?? []) visit(at)
  }
}

const EDGE = /^[\s"'`([{<]*$|^[\s"'`)\]}>.,;]*$/

/** Whether a text holds nothing but the span, quotes and brackets aside. */
export function isAlone(text: string, span: Span): boolean {
  if (span.start > 8 || text.length - span.end > 8) return false
  return EDGE.test(text.slice(0, span.start)) && EDGE.test(text.slice(span.end))
}

/** How sure a match is, after its surroundings are looked at. */
function scoreOf(compiled: Compiled, text: string, span: Span): number {
  const { plain = 0, context = 0, alone = 0 } = compiled.row.scores
  const isJoined =
    compiled.row.digits !== undefined &&
    JOINED_TO_WORD.test(text.slice(Math.max(0, span.start - 3), span.start))
  const value = compiled.row.digits === undefined ? '' : text.slice(span.start, span.end)
  let score = isJoined || isSurelyCount(value) ? 0 : plain
  if (alone > score && isAlone(text, span) && !isCount(value)) score = alone
  if (context > score && compiled.context?.isNear(text, span) === true) score = context
  return score
}

/** The match at an offset. At the starts of numbers the boundary in front is asked once for all patterns. */
function matchAt(compiled: Compiled, text: string, at: number): RegExpExecArray | null {
  const { row, boundary, quick, hasValue } = compiled
  if (row.digits === undefined && !beginsAt(text, at, boundary)) return null
  quick.lastIndex = at
  const match = quick.exec(text)
  if (match === null || boundary === 'none' || !(text.charCodeAt(at + match[0].length) >= 0x80)) return match
  compiled.exact ??= sticky(row, AFTER[boundary], hasValue)
  compiled.exact.lastIndex = at
  return compiled.exact.exec(text)
}

function findAt(compiled: Compiled, text: string, at: number): { finding: Finding; end: number } | null {
  const { row } = compiled
  const match = matchAt(compiled, text, at)
  if (match === null) return null
  const indices = compiled.hasValue ? match.indices?.groups?.value : undefined
  const span =
    indices === undefined ? { start: at, end: at + match[0].length } : { start: indices[0], end: indices[1] }
  if (span.end <= span.start) return null
  if (row.validate !== undefined && !row.validate(text.slice(span.start, span.end), match)) return null
  const score = scoreOf(compiled, text, span)
  if (score < MIN_SCORE) return null
  const subtype = row.about?.subtype
  const finding = {
    entity: row.entity,
    span,
    score,
    recogniser: row.id,
    ...(subtype === undefined ? {} : { subtype }),
  }
  return { finding, end: at + match[0].length }
}

/** Without a word near, a number that is read through odd separators needs at least this plain score. */
const STRONG = 0.75

/** What a row says about its identifiers' letters and digits alone; undefined where too little proves them. */
function looseForm({ row, context }: Compiled): LooseForm | undefined {
  const isChecked = row.about?.checksum !== undefined
  if (row.digits === undefined) return undefined
  if ((!isChecked && context === null) || row.pattern.source.includes('(?<value>')) return undefined
  const whole = new RegExp(`^(?:${row.pattern.source})$`, row.pattern.ignoreCase ? 'ui' : 'u')
  return {
    test: (compact) => {
      const match = whole.exec(compact)
      return match !== null && row.validate?.(compact, match) !== false
    },
    context,
    isChecked,
    isStrong: isChecked && (row.scores.plain ?? 0) >= STRONG,
    lengths: compactLengths(row.pattern),
  }
}

/** What the engine has to know to ask it together with others. */
function numberPattern(compiled: Compiled, digits: number): NumberPattern {
  const { plain = 0, alone = 0, context = 0 } = compiled.row.scores
  return {
    digits,
    runs: compiled.runs,
    boundary: compiled.boundary,
    context: plain >= MIN_SCORE ? null : context >= MIN_SCORE ? compiled.context : null,
    needsWord: plain < MIN_SCORE,
    mayBeAlone: alone >= MIN_SCORE,
    findAt: (text, at) => findAt(compiled, text, at),
  }
}

const NONE: readonly Finding[] = []

/**
 * Makes a recogniser of one pattern. Its findings are disjoint and in order. Linear as long as the pattern's repeats
 * are bounded: it runs at the candidate places of the scan only.
 */
export function definePattern(row: PatternRow): Recogniser {
  const compiled = compile(row)
  const loose = looseForm(compiled)
  return {
    id: row.id,
    layer: 'pattern',
    entities: [row.entity],
    examples: row.examples,
    checked: row.structured === true || row.about?.checksum !== undefined,
    ...(row.digits === undefined
      ? {}
      : { minDigits: row.digits, atNumbers: numberPattern(compiled, row.digits) }),
    ...(row.about === undefined ? {} : { about: row.about }),
    ...(loose === undefined ? {} : { loose }),
    wholePattern: () => {
      const { boundary } = compiled
      const source = `${BEFORE[boundary]}(?:${row.pattern.source})${AFTER[boundary]}`
      return new RegExp(source, row.pattern.ignoreCase ? 'giu' : 'gu')
    },
    analyse: (analysed) => {
      const scan = scanOf(analysed)
      if (row.digits !== undefined) {
        const { most, anyRun } = scan.numbers
        if (most < row.digits || (anyRun & compiled.runs) === 0) return NONE
      }
      const text = analysed.canonical
      const findings: Finding[] = []
      let done = 0
      eachStart(compiled, scan, text, (at) => {
        if (at < done) return
        const found = findAt(compiled, text, at)
        if (found === null) return
        findings.push(found.finding)
        done = found.end
      })
      return findings
    },
  }
}

/** A positive or negative example in short: the text, then what must be found in it. */
export function example(text: string, ...finds: readonly string[]): Example {
  return { text, finds }
}
