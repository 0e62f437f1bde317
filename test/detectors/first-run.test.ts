import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstRuns, runBit } from '../../detectors/first-run.ts'

const digits = (...lengths: number[]): number =>
  lengths.reduce((bits, length) => bits | runBit(true, length), 0)
const letters = (...lengths: number[]): number =>
  lengths.reduce((bits, length) => bits | runBit(false, length), 0)

const ROWS: readonly [pattern: RegExp, runs: number][] = [
  [/[0-9]{3}-[0-9]{2}-[0-9]{4}/u, digits(3)],
  [/[0-9]{9}|[0-9]{3} [0-9]{6}/u, digits(3, 9)],
  [/[A-Z]{2}[0-9]{6}[A-D]?/u, letters(2)],
  [/[A-Z]{1,2} ?[0-9]{6}/u, letters(1, 2)],
  [/(?:DE)? ?[0-9]{9}/u, letters(2) | digits(9)],
  [/(?<value>[1-9][0-9]{2,3})(?=x)/u, digits(3, 4)],
  [/[0-9]{2}([ .])[0-9]{2}\1[0-9]{2}/u, digits(2)],
  [/[0-9]{20}/u, digits(15)],
  [/[0-9]+/u, digits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)],
]
for (const [pattern, runs] of ROWS) {
  test(`the runs that ${pattern} begins with`, () => {
    assert.equal(firstRuns(pattern, false), runs)
  })
}

test('a match that may end inside a run begins with every longer one too', () => {
  assert.equal(firstRuns(/[0-9]{14}/u, true), digits(14, 15))
})

/** Everything the shipped patterns are made of; each is run at the beginning of random texts. */
const PATTERNS: readonly RegExp[] = [
  /[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}/uy,
  /[A-CEGHJ-PR-TW-Z]{2}[ ]?(?:[0-9]{2}[ ]?){3}[A-D]/iuy,
  /(?:[0-9]{1,3}\.){1,3}[0-9]{1,3}/uy,
  /\p{L}{1,3}[ -]?[0-9]{1,4}/uy,
  /[^\s0-9][0-9]{2}|\d{2}[^a]/uy,
  /(?!0)[0-9]{2,4}(?<=[0-9])[aA]?/uy,
  /(?:[0-9](?:[ .\-/]?[0-9]){2,5}|x[\w.]{1,3})/iuy,
  /([0-9]{2})[-/]\1?a*b+c{2,}?/uy,
  /[\]\-a][0-9][\u0030-9]?|\u{41}b/uy,
]

test('no text that a pattern matches has a run that is left out', () => {
  const unit = fc.constantFrom(...'0123aAbBcx .-/]é李')
  fc.assert(
    fc.property(
      fc.string({ unit, minLength: 1, maxLength: 14 }),
      fc.constantFrom(...PATTERNS),
      (text, pattern) => {
        const run = /^(?:[0-9]+|[A-Za-z]+)/u.exec(text)?.[0]
        pattern.lastIndex = 0
        const match = pattern.exec(text)
        // Another letter or digit behind a match is what the boundary refuses.
        const next = match === null ? '' : text.charAt(match[0].length)
        if (run === undefined || match === null || /[\p{L}\p{N}_]/u.test(next)) return
        const bit = runBit(/[0-9]/u.test(run), run.length)
        assert.notEqual(firstRuns(pattern, false) & bit, 0, `${pattern} on ${JSON.stringify(text)}`)
      },
    ),
    { numRuns: 20_000 },
  )
})
