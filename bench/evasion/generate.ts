/** The cases: every class with every language and every kind it makes sense for, from one seed. */
import { SeededRandom } from '../train/ner/random.ts'
import { CLASSES, type EvasionClass, PAIRED } from './classes.ts'
import { SENTENCES } from './phrases.ts'
import { CHECKED, inventedValue, type Kind, LANGUAGES, type Language } from './values.ts'

/** A text with one hidden identifier. */
export interface EvasionCase {
  readonly class: string
  readonly language: Language
  readonly kind: Kind
  /** Whether the identifier proves itself by a check digit. */
  readonly isChecked: boolean
  readonly text: string
  /** Where the hidden identifier stands, UTF-16 units. */
  readonly start: number
  readonly end: number
}

function caseOf(one: EvasionClass, language: Language, kind: Kind, random: SeededRandom): EvasionCase {
  const hidden = one.hide(inventedValue(kind, language, random), { kind, language, random })
  const sentence = random.pick(SENTENCES[language][kind])
  const at = sentence.indexOf('{}')
  // Tags and names around the first and the last part are not the identifier's.
  const lead =
    /^(?:<\w+>|part0=|\{"p0":|scan_|card|invoice-|userID|https?:\/\/|\n[ [L]{0,3}[0-9]{1,3}[\]:.)|\t ]{1,3})*/u.exec(
      hidden,
    )?.[0].length ?? 0
  const tail = /(?:<\/\w+>|\.pdf|_v2|final)*$/u.exec(hidden)?.[0].length ?? 0
  return {
    class: one.name,
    language,
    kind,
    isChecked: CHECKED.has(kind),
    text: sentence.slice(0, at) + hidden + sentence.slice(at + 2),
    start: at + lead,
    end: at + hidden.length - tail,
  }
}

/** All cases of a seed; `rounds` of each class, language and kind. */
export function generateCases(seed: number, rounds = 1): EvasionCase[] {
  const random = new SeededRandom(seed)
  const cases: EvasionCase[] = []
  for (let round = 0; round < rounds; round += 1)
    for (const one of [...CLASSES, ...PAIRED])
      for (const language of LANGUAGES)
        for (const kind of one.kinds) cases.push(caseOf(one, language, kind, random))
  return cases
}

const isHiding = (unit: number): boolean => (unit >= 0xfe00 && unit <= 0xfe0f) || unit >= 0xe0000

/** Whether a letter, digit or hidden character of the identifier is outside all findings. */
export function isLeak(
  one: EvasionCase,
  findings: readonly { readonly start: number; readonly end: number }[],
): boolean {
  const covered = new Uint8Array(one.text.length)
  for (const { start, end } of findings) covered.fill(1, start, end)
  const isInvisible = one.class.includes('written-in-tags') || one.class.includes('bytes-in-selectors')
  for (let at = one.start; at < one.end; at += 1) {
    if (covered[at] === 1) continue
    const unit = one.text.codePointAt(at) ?? 0
    if (/[\p{L}\p{N}]/u.test(String.fromCodePoint(unit)) || (isInvisible && isHiding(unit))) return true
  }
  return false
}
