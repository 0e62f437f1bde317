import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { analyseText } from '../../detectors/text.ts'

/** What stands in the original where `needle` stands in the canonical text. */
function originalOf(original: string, needle: string): string {
  const text = analyseText(original)
  const start = text.canonical.indexOf(needle)
  assert.ok(start >= 0, `${JSON.stringify(needle)} is not in ${JSON.stringify(text.canonical)}`)
  const span = text.toOriginal({ start, end: start + needle.length })
  return original.slice(span.start, span.end)
}

const CASES: readonly (readonly [
  name: string,
  original: string,
  canonical: string,
  needle: string,
  covers: string,
])[] = [
  ['plain ASCII', 'a b\tc\r\n', 'a b\tc\r\n', 'b', 'b'],
  ['full-width letters and digits', 'ＡＢ１２', 'AB12', 'B1', 'Ｂ１'],
  ['mathematical digits', 'n𝟜𝟚', 'n42', '42', '𝟜𝟚'],
  ['circled and keycap digits', '①② 3️⃣④', '12 34', '34', '3️⃣④'],
  ['negative circled digits', '❶➋➌⓿', '1230', '23', '➋➌'],
  ['Arabic-Indic and Devanagari digits', '٤٢ ४२', '42 42', '42 42', '٤٢ ४२'],
  ['zero-width and soft-hyphen characters', 'jo\u200bh\u00adn@x', 'john@x', 'john', 'jo\u200bh\u00adn'],
  ['bidi controls and tags', 'a\u202eb\u{e0041}c', 'abc', 'bc', 'b\u{e0041}c'],
  ['C0 controls', 'a\u0000b\u0008c', 'abc', 'ab', 'a\u0000b'],
  ['variation selectors', 'a\ufe0fb', 'ab', 'a', 'a\ufe0f'],
  ['a ligature', 'oﬃce', 'office', 'f', 'ﬃ'],
  ['a combining sequence', 'Rene\u0301 x', 'René x', 'René', 'Rene\u0301'],
  ['spaces of all kinds', 'a\u00a0b\u3000c\u2009d', 'a b c d', 'b c', 'b\u3000c'],
  ['line separators', 'a\u2028b\nc', 'a\nb\nc', 'a\nb', 'a\u2028b'],
  ['hyphens and minus signs', '1‑2–3−4', '1-2-3-4', '2-3', '2–3'],
  ['Cyrillic letters in a Latin word', 'jоhn АBC', 'john ABC', 'john', 'jоhn'],
  ['Hangul jamo', '\u1100\u1161\u11a8 x', '각 x', '각', '\u1100\u1161\u11a8'],
  ['a surrogate pair', 'x😀y', 'x😀y', '😀', '😀'],
]

describe('the canonical view', () => {
  for (const [name, original, canonical, needle, covers] of CASES) {
    it(`folds ${name} and maps back`, () => {
      assert.equal(analyseText(original).canonical, canonical)
      assert.equal(originalOf(original, needle), covers)
    })
  }

  it('leaves a word of one script alone', () => {
    assert.equal(analyseText('Москва Αθήνα').canonical, 'Москва Αθήνα')
  })

  it('is the very same string for printable ASCII', () => {
    const text = 'plain text, 100 %.'
    const analysed = analyseText(text)
    assert.equal(analysed.canonical, text)
    assert.deepEqual(analysed.toOriginal({ start: 2, end: 5 }), { start: 2, end: 5 })
  })

  it('maps every span of any text to a range that grows with it', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(
          'a',
          '1',
          '\u0301',
          '\u200b',
          'ﬃ',
          '\ud83d',
          '\ude00',
          'о',
          '①',
          '\u1161',
          '\u1100',
          '\ufdfa',
        ),
        maxLength: 60,
      }),
    )
    fc.assert(
      fc.property(anyText, (original) => {
        const text = analyseText(original)
        let last = 0
        for (let i = 0; i < text.canonical.length; i += 1) {
          const { start, end } = text.toOriginal({ start: i, end: i + 1 })
          assert.ok(start >= last && end > start && end <= original.length)
          const wide = text.toOriginal({ start: 0, end: i + 1 })
          assert.ok(wide.end >= end)
          last = start
        }
        const all = text.toOriginal({ start: 0, end: text.canonical.length })
        assert.ok(all.end <= original.length)
      }),
    )
  })

  it('gives a canonical text that is its own canonical text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (original) => {
        const once = analyseText(original).canonical
        assert.equal(analyseText(once).canonical.normalize('NFKC'), once.normalize('NFKC'))
      }),
      { numRuns: 50 },
    )
  })

  it('takes linear time for a base with 200,000 combining marks', () => {
    const start = performance.now()
    analyseText(`e${'\u0301\u0323'.repeat(100_000)}`)
    assert.ok(performance.now() - start < 2000)
  })
})
