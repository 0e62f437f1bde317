import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { revealEncoded } from '../../detectors/encoded.ts'
import { createDetectors } from '../../detectors/index.ts'
import { scanText } from '../../detectors/scan.ts'

const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const values = (text: string): readonly string[] =>
  detectors.detect(text).findings.map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)

const MAIL = 'jane.doe@example.com'
const encodedCard = base64('card 4111111111111111')
const twice = base64(`{"v":"${base64(`mail ${MAIL}`)}"}`)

const CASES: readonly (readonly [name: string, text: string, found: readonly string[]])[] = [
  ['percent escapes', 'q=jane.doe%40example.com&x=1', ['EMAIL:jane.doe%40example.com']],
  [
    'HTML references',
    'mail jane&#46;doe&#x40;example&period;com now',
    ['EMAIL:jane&#46;doe&#x40;example&period;com'],
  ],
  ['string escapes', String.raw`"jane.doe\u0040example.com"`, [String.raw`EMAIL:jane.doe\u0040example.com`]],
  ['quoted-printable', 'To: jane=2Edoe=40example=2Ecom', ['EMAIL:jane=2Edoe=40example=2Ecom']],
  [
    'the escapes of markdown and of patterns',
    String.raw`to jane\.doe\_x@example\.com or 4111\-1111\-1111\-1111`,
    [String.raw`EMAIL:jane\.doe\_x@example\.com`, String.raw`CREDIT_CARD:4111\-1111\-1111\-1111`],
  ],
  ['base64', `blob ${encodedCard} end`, [`CREDIT_CARD:${encodedCard}`]],
  ['hex', `x ${Buffer.from(MAIL).toString('hex')} y`, [`EMAIL:${Buffer.from(MAIL).toString('hex')}`]],
  ['base64 in JSON in base64', `v ${twice}`, [`EMAIL:${twice}`]],
]

describe('encoded text', () => {
  for (const [name, text, found] of CASES) {
    it(`is read through ${name} and masked as it is written`, () => {
      assert.deepEqual(values(text), found)
    })
  }
  it('leaves hashes, random tokens and ordinary words alone', () => {
    for (const text of [
      'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'internationalisation of the characteristically long-winded',
      'a = 20; b = 30; 100% of 50%',
      'id 6d92078a-8246-4ba4-ae5b-76104861e7dc',
    ]) {
      assert.deepEqual(values(text), [])
    }
  })
  it('maps every range of the unescaped text to a range that holds it', () => {
    const pieces = fc.constantFrom(
      'a',
      '%40',
      '&amp;',
      '\\u00e9',
      '%C3%A9',
      '=\n',
      '=3D',
      'x y',
      '&#128512;',
      '\\n',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const view = revealEncoded(text, scanText(text))
        if (view === null) return
        let last = 0
        for (let i = 0; i < view.text.length; i += 1) {
          const { start, end } = view.toOuter({ start: i, end: i + 1 })
          assert.ok(start >= last && end > start && end <= text.length)
          last = start
        }
      }),
    )
  })
})

const CARD = '4111 1111 1111 1111'
const HIDDEN: readonly (readonly [name: string, text: string, masked: string])[] = [
  ['Ascii85 between its marks', 'card <~1bg^>+>GT*0d&2*0eje*0ekB~> here', '1bg^>+>GT*0d&2*0eje*0ekB'],
  ['Morse code', 'card ....- .---- .---- .---- / .---- .---- .---- .---- / .---- .---- .---- .---- / .---- .---- .---- .---- end', '....- .---- .---- .---- / .---- .---- .---- .---- / .---- .---- .---- .---- / .---- .---- .---- .----'],
  ['numbered lines', 'card\n1: 4111\n2: 1111\n3: 1111\n4: 1111\n', '4111\n2: 1111\n3: 1111\n4: 1111'],
  ['numbers of an editor', 'card\n  41 | 4111\n  42 | 1111\n  43 | 1111\n  44 | 1111\n', '4111\n  42 | 1111\n  43 | 1111\n  44 | 1111'],
] // biome-ignore format: a case a line

for (const [name, text, masked] of HIDDEN) {
  it(`a card is found in ${name}`, () => {
    const found = detectors.detect(text).findings
    assert.ok(
      found.some(({ span }) => text.slice(span.start, span.end).includes(masked)),
      JSON.stringify(found.map(({ span }) => text.slice(span.start, span.end))),
    )
  })
}

it('lists, rules and listings without identifiers stay as they are', () => {
  for (const text of [
    '1. 12 eggs\n2. 3 onions\n3. 500 g flour',
    '--- --- --- --- --- ---\n.......... ...... .....',
    'L1: x = 10\nL2: y = 20\nL3: z = x + y',
    `a list of ${CARD.length} characters and Ab3!cD4?eF5-gH6`,
  ])
    assert.deepEqual(detectors.detect(text).findings, [], text)
})
