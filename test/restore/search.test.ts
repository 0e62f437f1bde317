/** The engines under replacing, each against the plainest way to do the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Automaton, NO_WORD } from '../../restore/automaton.ts'
import { foldAt, isEdge, kindBefore, kindFrom } from '../../restore/fold.ts'
import { Grams } from '../../restore/grams.ts'
import { partsOfName } from '../../restore/names.ts'
import { needlesOf, runAround } from '../../restore/needles.ts'
import { ShortWords } from '../../restore/short-words.ts'
import { ValueSearch } from '../../restore/value-search.ts'
import { decodedViews } from '../../restore/views.ts'
import { cpuMs } from './support.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '李'), minLength: 1, maxLength: 6 })
const haystack = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '李', ' '), maxLength: 60 })

test('the automaton finds every word at every place, like comparing each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 12 }), haystack, (words, text) => {
      const automaton = new Automaton(words)
      const found: string[] = []
      let state = 0
      for (let at = 0; at < text.length; at++) {
        state = automaton.step(state, text.charCodeAt(at))
        for (
          let ending = automaton.longestEnding(state);
          ending !== 0;
          ending = automaton.nextEnding(ending)
        ) {
          const index = automaton.wordAt(ending)
          assert.notEqual(index, NO_WORD)
          assert.equal(automaton.depthOf(ending), words[index]?.length)
          found.push(`${at + 1 - automaton.depthOf(ending)}:${words[index]}`)
        }
      }
      const expected: string[] = []
      for (let end = 1; end <= text.length; end++) {
        const here = words.filter((candidate) => text.slice(0, end).endsWith(candidate))
        for (const one of here.sort((a, b) => b.length - a.length))
          expected.push(`${end - one.length}:${one}`)
      }
      assert.deepEqual(found, expected)
    }),
    { numRuns: 1000 },
  )
})

test('the few-words search finds every word of four units or more at every place', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 8 }), haystack, (words, text) => {
      const found: string[] = []
      new Grams(words).each(text, undefined, (index, start) => {
        found.push(`${start}:${words[index]}`)
        return 'pass'
      })
      const expected: string[] = []
      for (let start = 0; start < text.length; start++) {
        for (const one of words)
          if (one.length >= 4 && text.startsWith(one, start)) expected.push(`${start}:${one}`)
      }
      assert.deepEqual(found.sort(), expected.sort())
    }),
    { numRuns: 1000 },
  )
})

test('the short-words search finds every word of one to three units at every place', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), haystack, (words, text) => {
      const found: string[] = []
      new ShortWords(words).each(text, (index, start) => {
        found.push(`${start}:${index}`)
        return 'pass'
      })
      const expected: string[] = []
      for (let start = 0; start < text.length; start++) {
        for (const [index, one] of words.entries())
          if (one !== '' && one.length < 4 && text.startsWith(one, start)) expected.push(`${start}:${index}`)
      }
      assert.deepEqual(found.sort(), expected.sort())
    }),
    { numRuns: 1000 },
  )
})

test('a search gives up on words that begin alike where their beginning is everywhere', () => {
  const words = Array.from({ length: 100 }, (_, i) => `aaaa${i}`)
  const places = (text: string) => {
    let compared = 0
    const ended = new Grams(words).each(text, undefined, () => {
      compared++
      return 'pass'
    })
    return { ended, compared }
  }
  assert.deepEqual(places(`${'b'.repeat(50_000)}aaaa7`), { ended: 'whole', compared: 1 })
  assert.equal(places('a'.repeat(50_000)).ended, 'costly')
})

test('values are found among thousands that begin alike, in texts of nothing else', () => {
  const sought = Array.from({ length: 3000 }, (_, i) => ({
    entity: 'MISC',
    value: `beginning${String(i).padStart(5, '0')}`,
  }))
  const search = new ValueSearch(sought)
  const found = new Set<string>()
  const text = Array.from({ length: 3000 }, (_, i) => `beginning${String(2999 - i).padStart(5, '0')}`).join(
    ' ',
  )
  search.each(text, { boundary: -1, cuts: new Set() }, ({ start, end, form }) => {
    if (form === 'value') found.add(text.slice(start, end))
    return 'pass'
  })
  assert.equal(found.size, 3000)
})

test('base64 of a value is found behind and before any bytes, in both alphabets', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 5, maxLength: 20 }),
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
      fc.constantFrom<BufferEncoding>('base64', 'base64url'),
      (value, before, behind, encoding) => {
        const text = `x.${Buffer.concat([before, Buffer.from(value, 'utf8'), behind]).toString(encoding)} y`
        const needle = needlesOf([{ value }]).find((candidate) => text.includes(candidate.text))
        assert.ok(needle !== undefined)
        const start = text.indexOf(needle.text)
        const run = runAround(text, { start, end: start + needle.text.length })
        assert.equal(text.slice(0, run.start), 'x.')
        assert.equal(text.slice(run.end), ' y')
      },
    ),
  )
})

const VIEWS: readonly [text: string, views: readonly string[]][] = [
  ['plain 100% & \\', []],
  ['a%20b%2', ['a b%2']],
  ['caf%C3%A9', ['café']],
  ['%F0%9F%98%80', ['😀']],
  ['%E9%20', ['é ']],
  ['a%2540b', ['a%40b', 'a@b']],
  ['&#65;&#x42;&eacute;&Uuml;&commat;&unknown;', ['ABéÜ@&unknown;']],
  ['&#65 &amp;#65;', ['A &#65;', 'A A']],
  ['\\u0041\\x42\\u{1F600}\\n\\"\\q', ['AB😀\n"\\q']],
  ['\\ud83d\\ude00', ['😀']],
]
for (const [text, views] of VIEWS) {
  test(`the views of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      decodedViews(text).map((view) => view.text),
      views,
    )
  })
}

test('a range of a view leads back to the whole escapes it was written as', () => {
  const text = 'x %2541%6e&#110;a\\u0020y'
  const last = decodedViews(text).at(-1)
  const start = last?.text.indexOf('Anna') ?? -1
  const span = last?.toOriginal({ start, end: start + 4 })
  assert.equal(text.slice(span?.start, span?.end), '%2541%6e&#110;a')
})

test('views shrink, their ranges lie inside the text, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc
        .array(
          fc.constantFrom(
            '%',
            '4',
            '1',
            'f',
            '&',
            '#',
            'x',
            ';',
            '\\',
            'u',
            'a',
            '%41',
            '&#65;',
            '\\u0041',
            '\0',
            '😀',
          ),
          { maxLength: 40 },
        )
        .map((parts) => parts.join('')),
      (text) => {
        let length = text.length
        for (const view of decodedViews(text)) {
          assert.ok(view.text.length < length)
          length = view.text.length
          for (let start = 0; start < length; start++) {
            const span = view.toOriginal({ start, end: start + 1 })
            assert.ok(span.start >= 0 && span.start < span.end && span.end <= text.length)
          }
        }
      },
    ),
    { numRuns: 1000 },
  )
})

const FOLDS: readonly [character: string, folded: string][] = [
  ['A', 'a'],
  ['É', 'e'],
  ['ß', 'ss'],
  ['ẞ', 'ss'],
  ['İ', 'i'],
  ['ı', 'i'],
  ['ς', 'σ'],
  ['Ａ', 'a'],
  ['ﬁ', 'fi'],
  ['Ⓐ', 'a'],
  ['٤', '4'],
  ['４', '4'],
  ['𝟒', '4'],
  ['\u0301', ''],
  ['\u200b', ''],
  ['\u00ad', ''],
  ['-', ''],
  ['™', ''],
  ['😀', ''],
  ['\ud800', ''],
]
for (const [character, folded] of FOLDS) {
  test(`${JSON.stringify(character)} folds to ${JSON.stringify(folded)}`, () => {
    assert.equal(foldAt(character, 0).text, folded)
  })
}

const EDGES: readonly [left: string, right: string, isEdge: boolean][] = [
  ['a', 'b', false],
  ['a', 'é', false],
  ['a', 'б', false],
  ['a', '1', true],
  ['1', '2', false],
  ['a', ' ', true],
  ['a', '_', true],
  ['田', '中', true],
  ['ア', 'ン', false],
  ['ア', '田', true],
  ['a', '田', true],
  ['김', '는', true],
  ['ก', 'ข', true],
  ['ع', 'ر', false],
]
for (const [left, right, expected] of EDGES) {
  test(`a word ${expected ? 'may' : 'may not'} end between ${left} and ${right}`, () => {
    assert.equal(isEdge(kindBefore(left, left.length), kindFrom(right, 0)), expected)
    assert.equal(
      isEdge(kindBefore(`${left}\u2060`, left.length + 1), kindFrom(`\u0301${right}`, 0)),
      expected,
    )
  })
}

test('a zero-width space and non-joiner end a word', () => {
  for (const character of ['\u200b', '\u200c']) {
    assert.ok(isEdge(kindBefore(`a${character}`, 2), kindFrom('b', 0)))
    assert.ok(isEdge(kindBefore('a', 1), kindFrom(`${character}b`, 0)))
  }
})

const NAMES: readonly [name: string, parts: readonly string[]][] = [
  ['Anna', []],
  ['Anna Schmidt', ['Anna', 'Schmidt']],
  ['Dr. Anna M. Schmidt, PhD', ['Anna', 'Schmidt']],
  ['Vincent van Gogh', ['Vincent', 'Gogh']],
  ['anna schmidt', ['anna', 'schmidt']],
  ['Schmidt, Anna', ['Schmidt', 'Anna']],
  [
    'Eva-Maria Müller-Lüdenscheidt',
    ['Eva-Maria', 'Eva', 'Maria', 'Müller-Lüdenscheidt', 'Müller', 'Lüdenscheidt'],
  ],
  ["Anna Schmidt's", ['Anna', 'Schmidt']],
  ['Bo Li', []],
  ['محمد علي', ['محمد', 'علي']],
  ['Herr Schmidt', ['Schmidt']],
  ["Conan O'Brien", ['Conan', "O'Brien"]],
]
for (const [name, parts] of NAMES) {
  test(`the parts of ${name}`, () => {
    assert.deepEqual(partsOfName(name), parts)
  })
}

test('the parts of 1 MB of a name are found in linear time', () => {
  for (const unit of ['Anna ', 'A', "'", '-', 'A-', 'é\u0301']) {
    assert.ok(cpuMs(() => partsOfName(unit.repeat(1_000_000 / unit.length))) < 500)
  }
})

test('a search inside of another one leaves it as it was', () => {
  const outer = new ValueSearch([{ entity: 'PERSON', value: 'Ada Novak' }])
  const inner = new ValueSearch([{ entity: 'PHONE', value: '+1 212 555 0142' }])
  const place = { boundary: -1, cuts: new Set<number>() }
  const text = 'Ada Novak, ada-novak, and A d a Novak again: Ada Novak'
  const hits = (nested: boolean): string[] => {
    const found: string[] = []
    outer.each(text, place, ({ start, end }) => {
      found.push(text.slice(start, end))
      if (nested) inner.each('call 2125550142 or +1 (212) 555-0142 or 0142 now', place, () => 'pass')
      return 'pass'
    })
    return found
  }
  assert.ok(hits(false).length > 1)
  assert.deepEqual(hits(true), hits(false))
})
