/** Numbers that are read aloud: in words, with tens, hundreds and thousands, in eight languages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors } from '../../detectors/index.ts'

const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })

const SAID: readonly (readonly [entity: string, before: string, said: string])[] = [
  ['NATIONAL_ID', 'My SSN is ', 'five three six, ninety, four three nine nine'],
  ['NATIONAL_ID', 'My SSN is ', 'one hundred twenty-three forty-five six thousand seven hundred eighty-nine'],
  ['PHONE', 'call me at ', 'two one two five five five zero one four three'],
  ['PHONE', 'Meine Nummer ist ', 'null eins sieben eins vier zwei acht neun drei sechs eins'],
  ['PHONE', '', 'null eins sieben eins, neun drei vier, fünf acht sieben acht'],
  ['PHONE', 'Meine Nummer: ', 'zweihundertdreizehn vierhundertfünf siebenhundertacht'],
  ['PHONE', 'Mon numéro est le ', 'zéro six douze trente-quatre cinquante-six quatre-vingt-dix'],
  ['PHONE', '', 'zéro six, douze, euh, trente-huit, cinquante-six, soixante-dix-huit'],
  ['PHONE', 'Llámame al ', 'seis doce treinta y cuatro cincuenta y seis setenta y ocho'],
  ['PHONE', 'marque el ', 'doscientos treinta y cuatro, quinientos dos, ciento veinte'],
  ['PHONE', 'chiamami al ', 'tre quattro sette, uno due otto, quattro cinque nove sette'],
  ['PHONE', 'Bel me op ', 'nul zes een twee drie acht vijf zes negen acht'],
  ['PHONE', 'Zadzwoń: ', 'pięćset jeden, dwieście trzydzieści cztery, pięćset sześćdziesiąt siedem'],
  ['PHONE', 'Liga para o ', 'nove um dois três oito cinco seis sete oito'],
  ['CREDIT_CARD', 'card ', 'four thousand one hundred eleven, eleven hundred eleven, eleven eleven, eleven eleven'],
] // biome-ignore format: a case a line

for (const [entity, before, said] of SAID) {
  test(`"${before}${said}" is ${entity}`, () => {
    const found = detectors.detect(`${before}${said} .`).findings
    const [first] = found
    assert.equal(first?.entity, entity)
    assert.equal(first?.span.start, before.length)
    assert.equal(found.at(-1)?.span.end, before.length + said.length)
  })
}

for (const text of [
  'The number of guests: one, two, three, four, five, six, seven, eight, nine, ten.',
  'ich habe drei Äpfel und vier Birnen, fünf Bananen, sechs Kiwis',
  'nineteen hundred and eighty-five was a good year, two thousand and four was not',
  'one hundred and fifty people in three hundred cars on two thousand roads',
  'we called twice: once at five, once at six, and then three of the four left',
  'deux cent mille francs, trois cents ans, mille fois merci',
]) {
  test(`"${text}" is no identifier`, () => {
    assert.deepEqual(detectors.detect(text).findings, [])
  })
}
