/** Text behind marks that are not its own: numbers of lines in front of it, or the dots and dashes of Morse code. */
import type { Decoded } from './encoded.ts'

const LETTERS =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'
const DIGITS = '----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.'
const SIGNS: readonly (readonly [code: string, sign: string])[] = [
  ['.-.-.-', '.'],
  ['.--.-.', '@'],
  ['-....-', '-'],
  ['.-.-.', '+'],
  ['-..-.', '/'],
  ['---...', ':'],
  ['..--.-', '_'],
]
/** ITU-R M.1677-1. */
const MORSE: ReadonlyMap<string, string> = new Map([
  ...LETTERS.split(' ').map((code, i) => [code, String.fromCharCode(65 + i)] as const),
  ...DIGITS.split(' ').map((code, i) => [code, String(i)] as const),
  ...SIGNS,
])
const MORSE_RUN = /(?<![\p{L}\p{N}.-])[.-]{1,6}(?:[ /|]{1,3}[.-]{1,6}){5,600}(?![\p{L}\p{N}])/gu

/** Adds runs of Morse code that hold digits. */
export function addMorse(text: string, found: Decoded[]): void {
  if (!text.includes('.-') && !text.includes('-.') && !text.includes('--')) return
  for (const { 0: run, index } of text.matchAll(MORSE_RUN)) {
    const signs = run.split(/[ /|]+/u).map((code) => MORSE.get(code) ?? '')
    const plain = signs.join('')
    if (plain.replace(/[^0-9]/gu, '').length >= 4)
      found.push({ start: index, size: run.length, text: plain, unitsPerByte: 0 })
  }
}

/** A number in front of a line and what sets it apart. */
const NUMBERED = /^([ \t]{0,8}[[(#L]?)([0-9]{1,5})([\])]?[ \t]{0,3}(?:[:|.)>]|->|\t|[ ]{2})[ \t|]{0,4})(.*)$/u
/** Whether what begins a line may be its number: told without a run of the pattern. */
function mayBeNumbered(text: string, start: number): boolean {
  let at = start
  while (at - start < 8 && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at += 1
  if ('[(#L'.includes(text.charAt(at))) at += 1
  const unit = text.charCodeAt(at)
  return unit >= 0x30 && unit <= 0x39
}

/** What is left of a line that holds a part of something longer. */
const LONGEST_PART = 24
const FEWEST_LINES = 2
/** Digits, or the few capitals that an identifier has beside them. */
const PART = /[0-9]|^[ \t]*[A-Z]{1,6}[ \t]*$/u

/** Takes away the numbers of short lines that have digits and are numbered one by one. */
export function addLineNumbers(text: string, found: Decoded[]): void {
  if (!text.includes('\n')) return
  let run: Decoded[] = []
  let last = Number.NaN
  const flush = (): void => {
    if (run.length >= FEWEST_LINES) found.push(...run)
    run = []
  }
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = end - start <= 80 && mayBeNumbered(text, start) ? text.slice(start, end) : ''
    const [, lead = '', number = '', mark = '', rest = ''] = NUMBERED.exec(line) ?? []
    const isPart = number !== '' && rest.trim().length <= LONGEST_PART && PART.test(rest)
    if (!isPart || (run.length > 0 && Number(number) !== last + 1)) flush()
    if (isPart) {
      run.push({ start, size: lead.length + number.length + mark.length, text: '', unitsPerByte: 0 })
      last = Number(number)
    }
    start = end + 1
  }
  flush()
}
