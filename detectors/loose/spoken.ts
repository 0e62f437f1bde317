/** Telephone numbers read aloud: numbers in words in a row, behind a word for calling, or as a number plan has them. */
import { contextWords } from '../context.ts'
import { isNationalNumber } from '../recognisers/phone.ts'
import type { Finding } from '../types.ts'
import type { Run } from './pieces.ts'
import type { Piece } from './reader.ts'

/** Words that lead to a number that is said, beside those that lead to a written one: too weak for digits. */
const CALLING = contextWords(
  (
    'phone|telephone|mobile|cell|number|call|dial|ring|text me|reach|fax|whatsapp|' +
    'telefon|nummer|handy|rufen|rufnummer|ruft|anruf|mobil|erreich|wähl|durchwahl|téléphone|portable|numéro|appel|joign|fixe|' +
    'teléfono|telefono|móvil|movil|celular|número|numero|llama|llame|llamar|llamad|llámam|llámen|llámal|marca|marque|márca|cellulare|chiam|recapito|telefoon|bel|bellen|bereik|' +
    'telefon|komórk|numer|zadzwoń|zadzwon|dzwoń|dzwon|telefone|telemóvel|ligar|liga|ligue|contacto|tel|tél|телефон|номер|позвон'
  ).split('|'),
)
/** Units in front of a number in which such a word may stand. */
const REACH = 60
const LEAST = 7
const MOST = 15
/** Digits from which a number that nobody announced has to be one of a plan. */
const LEAST_ALONE = 9
/** Fewer pieces are a sum or a year. */
const LEAST_PIECES = 3
/** Questions to the number plans for one text. */
const MOST_QUESTIONS = 40

/** Asked for each run of a text. */
export type FindSpoken = (run: Run, found: Finding[]) => void

/** Whether the numbers go up or down by the same step: somebody counts. */
function counts(values: readonly string[]): boolean {
  const step = Number(values[1]) - Number(values[0])
  return step !== 0 && values.every((value, i) => i === 0 || Number(value) - Number(values[i - 1]) === step)
}

const digitsOf = (pieces: readonly Piece[]): string => pieces.map(({ value }) => value).join('')
const digitByDigit = (pieces: readonly Piece[]): string => pieces.map(({ value, or }) => or ?? value).join('')

/** Stretches of numbers in words. */
function* stretches({ pieces }: Run): Generator<readonly Piece[]> {
  let from = 0
  for (let i = 0; i <= pieces.length; i += 1) {
    if (pieces[i]?.inWords === true) continue
    if (i - from >= LEAST_PIECES) yield pieces.slice(from, i)
    from = i + 1
  }
}

/** Finds telephone numbers in words in the runs of a text. */
export function spokenNumbers(text: string): FindSpoken {
  let questions = MOST_QUESTIONS
  const isInPlan = (number: string): boolean => {
    if (number.length < LEAST_ALONE || number.length > MOST || !number.startsWith('0')) return false
    questions -= 1
    // Past the bound, what begins with a zero and is as long as a number of a plan is taken for one.
    return questions < 0 || isNationalNumber(number)
  }
  return (run, found) => {
    for (const stretch of stretches(run)) {
      const digits = digitsOf(stretch)
      if (digits.length < LEAST || digits.length > MOST || counts(stretch.map(({ value }) => value))) continue
      const span = { start: stretch[0]?.start ?? 0, end: stretch.at(-1)?.end ?? 0 }
      if (!CALLING.isNear(text, span, REACH) && !isInPlan(digits) && !isInPlan(digitByDigit(stretch)))
        continue
      found.push({ entity: 'PHONE', subtype: 'SPOKEN', span, score: 0.6, recogniser: 'phone' })
    }
  }
}
