/** Strings made to make a pattern work hard, read off its own source and its examples. */
import type { Recogniser } from '../../detectors/index.ts'

/** A set of characters, or a property of them. */
const SET = /\[(?:\\.|[^\]\\])+\]|\\p\{[A-Za-z=]+\}/gu
/** One character of every kind that patterns tell apart. */
const KINDS = [
  'a',
  'A',
  '1',
  'é',
  '号',
  ' ',
  '-',
  '.',
  '/',
  '_',
  "'",
  ',',
  '@',
  ':',
  '+',
  '(',
  '"',
  '=',
  '\n',
]
const WORDLIKE = /[\p{L}\p{N}]/u

/** Characters that the sets of a pattern accept, one of each kind. */
function accepted(source: string): readonly string[] {
  const sets = [...source.matchAll(SET)]
    .map(([set]) => set)
    .filter((set) => !set.startsWith('[^'))
    .map((set) => new RegExp(set.startsWith('[') ? set : `[${set}]`, 'u'))
  return KINDS.filter((character) => sets.some((set) => set.test(character)))
}

/** What stands in front of the values of some examples, and the values' own beginnings. */
function beginnings({ examples }: Recogniser): readonly string[] {
  const found = new Set<string>()
  for (const { text, finds } of examples.filter((one) => one.finds.length > 0).slice(0, 2)) {
    const value = finds[0] ?? ''
    const label = text.slice(0, text.indexOf(value)).slice(-24)
    found.add(label)
    found.add(label + value.slice(0, Math.ceil(value.length / 2)))
  }
  return [...found].slice(0, 3)
}

/** So often a piece stands behind a beginning: longer than the bounds of most repeats. */
const RUN = 48

/**
 * Pieces to be repeated: values whose last character is wrong, and runs of what the pattern accepts, one by one and in
 * pairs, behind its own beginnings. Deterministic.
 */
export function attacksOn(recogniser: Recogniser): readonly string[] {
  const characters = accepted(recogniser.wholePattern?.().source ?? '[A-Za-z0-9][-. ]')
  const words = characters.filter((one) => WORDLIKE.test(one))
  const marks = characters.filter((one) => !WORDLIKE.test(one))
  const pairs = words.flatMap((word) => [...marks, ...words].map((mark) => word + mark)).slice(0, 16)
  const heads = beginnings(recogniser)
  const pieces = new Set<string>(['', ...heads])
  for (const { finds } of recogniser.examples)
    for (const value of finds.slice(0, 1)) {
      pieces.add(value.slice(0, -1))
      pieces.add(`${value.slice(0, -1)}~ `)
    }
  for (const run of [...characters, ...pairs]) {
    pieces.add(run)
    for (const head of heads) pieces.add(head + run.repeat(RUN))
  }
  pieces.delete('')
  return [...pieces]
}

/** Beginnings with a run of each accepted character behind them that goes on to the end of the text. */
export function endlessAttacksOn(recogniser: Recogniser, length: number): readonly string[] {
  const characters = accepted(recogniser.wholePattern?.().source ?? '[A-Za-z0-9]')
  return beginnings(recogniser)
    .slice(0, 1)
    .flatMap((head) => characters.map((one) => (head + one.repeat(length)).slice(0, length)))
}
