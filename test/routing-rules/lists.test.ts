import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countListHits } from '../../routing-rules/index.ts'
import { compileLists } from '../../routing-rules/lists.ts'

function hits(terms: readonly string[], ...texts: readonly string[]): number {
  return countListHits({ lists: compileLists(new Map([['words', terms]])) }, texts).words ?? Number.NaN
}

const table: readonly [string, string, string, number][] = [
  ['a word', 'ITAR', 'under ITAR rules', 1],
  ['a word in other letters', 'ITAR', 'Itar, itar and iTAR.', 3],
  ['no part of a word', 'ITAR', 'a guitar, ITARS and xITAR', 0],
  ['a word beside signs', 'ITAR', '(ITAR) "itar" itar, itar; ITAR-controlled itar_x', 6],
  ['a word at both ends', 'ITAR', 'itar', 1],
  ['a possessive', 'Bluebird', 'Bluebird’s wings', 1],
  ['several words', 'export controlled', 'it is export controlled', 1],
  ['several words over spaces and lines', 'export controlled', 'export \t\n  controlled', 1],
  ['several words with a hyphen', 'export controlled', 'Export-Controlled and export_controlled', 2],
  ['a hyphen written as a space', 'T-72', 'the T 72, T‑72 and T–72', 3],
  ['several words with another between', 'export controlled', 'export is controlled', 0],
  ['a term with a sign', 'C++', 'C++ and c ++ but not C or C+', 2],
  ['a term with an ampersand', 'R&D', 'our r&d and R & D', 2],
  ['an apostrophe of either kind', "L'Oréal", 'L’ORÉAL', 1],
  ['a letter composed or not', 'Élan', 'e\u0301lan ÉLAN', 2],
  ['sharp s', 'Straße', 'STRASSE strasse', 2],
  ['Greek with a final sigma', 'οδος', 'ΟΔΟΣ οδοσ', 2],
  ['Cyrillic', 'Проект', 'наш проект, проекты', 1],
  ['Arabic', 'سري', 'ملف سري جدا', 1],
  ['Chinese inside a sentence', '机密', '这是机密文件', 1],
  ['Japanese inside a sentence', '極秘プラン', '社内の極秘プランです', 1],
  ['Thai inside a sentence', 'ลับ', 'เอกสารลับมาก', 1],
  ['Korean, which has spaces', '기밀', '기밀 문서', 1],
  ['full-width letters', 'ITAR', 'ＩＴＡＲ', 1],
  ['invisible characters inside', 'Bluebird', 'Blue\u200bbird blue\u00adbird', 2],
  ['digits', 'EAR99', 'EAR99 but not EAR991', 1],
  ['a term of signs alone', '***', 'a *** b', 1],
  ['an empty term', ' ', 'anything', 0],
  ['an empty text', 'x', '', 0],
]

describe('word lists', () => {
  for (const [name, term, text, expected] of table) {
    it(`match ${name}`, () => {
      assert.equal(hits([term], text), expected)
    })
  }

  it('count each list apart, zero included, and a term of two lists in both', () => {
    const lists = compileLists(
      new Map([
        ['a', ['one', 'two']],
        ['b', ['two', 'three four']],
        ['c', ['five']],
      ]),
    )
    assert.deepEqual(countListHits({ lists }, ['One two', 'three  FOUR two']), { a: 3, b: 3, c: 0 })
  })

  it('count a term inside a longer one too', () => {
    assert.equal(hits(['export', 'export control', 'export control list'], 'the export control list'), 3)
  })

  it('do not match across two texts', () => {
    assert.equal(hits(['export controlled'], 'export', 'controlled'), 0)
  })

  it('give nothing for a policy without lists', () => {
    assert.deepEqual(countListHits({ lists: compileLists(new Map()) }, ['text']), {})
  })

  it('find every term wherever it stands between spaces', () => {
    const term = fc.stringMatching(/^[A-Za-z]{1,8}( [A-Za-z]{1,8}){0,2}$/)
    fc.assert(
      fc.property(
        term,
        fc.array(fc.stringMatching(/^[0-9]{1,5}$/)),
        fc.array(fc.stringMatching(/^[0-9]{1,5}$/)),
        (one, before, after) => {
          assert.equal(hits([one], [...before, one.toUpperCase(), ...after].join('\n')), 1)
        },
      ),
    )
  })

  const hostile: Readonly<Record<string, string>> = {
    'combining marks out of order': `a${'\u0301\u0316'.repeat(500_000)}`,
    'one long word': 'x'.repeat(1_000_000),
    'one long word beyond ASCII': 'ü'.repeat(1_000_000),
    'the first word of a long term over and over': 'a '.repeat(500_000),
    'invisible characters': '\u200b'.repeat(1_000_000),
    'half characters': '\ud800'.repeat(1_000_000),
    signs: '+-'.repeat(500_000),
  }
  for (const [name, text] of Object.entries(hostile)) {
    it(`stay linear on 1 MB of ${name}`, () => {
      const lists = compileLists(new Map([['d', [`${'a '.repeat(30)}b`, 'x', '+']]]))
      const started = process.cpuUsage()
      countListHits({ lists }, [text])
      const { user } = process.cpuUsage(started)
      assert.ok(user < 8_000_000, `${user} us`)
    })
  }

  it('cost the same for many terms as for few', () => {
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(2000)
    const cost = (count: number): number => {
      const terms = Array.from({ length: count }, (_, i) => `term${i} more`)
      const lists = compileLists(new Map([['d', terms]]))
      countListHits({ lists }, [text])
      const started = process.cpuUsage()
      for (let i = 0; i < 10; i++) countListHits({ lists }, [text])
      return process.cpuUsage(started).user
    }
    const few = cost(10)
    const many = cost(20_000)
    assert.ok(many < few * 5 + 100_000, `${few} us for 10 terms, ${many} us for 20,000`)
  })
})
