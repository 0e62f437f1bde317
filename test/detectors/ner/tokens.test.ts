import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TokenBuffer, TokenKind } from '../../../detectors/ner/tokens.ts'

function tokensOf(text: string): { text: string; kind: number }[] {
  const buffer = new TokenBuffer()
  buffer.fill(text)
  return Array.from({ length: buffer.count }, (_, n) => ({
    text: text.slice(buffer.start[n], buffer.end[n]),
    kind: buffer.kind[n] ?? -1,
  }))
}

const ROWS: readonly { name: string; text: string; tokens: readonly string[] }[] = [
  { name: 'words and marks', text: 'Hi, Ann!', tokens: ['Hi', ',', 'Ann', '!'] },
  { name: 'an apostrophe in a name', text: "O'Neill's", tokens: ['O', "'", 'Neill', "'", 's'] },
  { name: 'combining marks stay with their letter', text: 'Jose\u0301 x', tokens: ['Jose\u0301', 'x'] },
  { name: 'letters and digits of one word', text: 'SW1A 2AA', tokens: ['SW1A', '2AA'] },
  { name: 'ideographs are tokens of their own', text: '王小明Tom', tokens: ['王', '小', '明', 'Tom'] },
  { name: 'blank lines are one token', text: 'a\n \n b', tokens: ['a', '\n \n ', 'b'] },
  { name: 'nothing', text: '', tokens: [] },
]

for (const { name, text, tokens } of ROWS) {
  test(`a text is split into tokens: ${name}`, () => {
    assert.deepEqual(
      tokensOf(text).map((token) => token.text),
      tokens,
    )
  })
}

const KINDS: readonly { text: string; kind: number }[] = [
  { text: 'word', kind: TokenKind.lower },
  { text: 'Word', kind: TokenKind.title },
  { text: 'WORD', kind: TokenKind.upper },
  { text: 'W', kind: TokenKind.initial },
  { text: 'McGill', kind: TokenKind.mixed },
  { text: '2024', kind: TokenKind.digits },
  { text: 'B2B', kind: TokenKind.alphanumeric },
  { text: 'محمد', kind: TokenKind.uncased },
  { text: '王', kind: TokenKind.ideograph },
  { text: ':', kind: TokenKind.colon },
]

for (const { text, kind } of KINDS) {
  test(`the token ${text} has its kind`, () => {
    assert.deepEqual(tokensOf(text), [{ text, kind }])
  })
}

test('words that differ in case and accents have one hash', () => {
  const buffer = new TokenBuffer()
  buffer.fill('José JOSÉ jose Jose\u0301 josef')
  const [first, ...others] = buffer.word.subarray(0, 4)
  for (const other of others) assert.equal(other, first)
  assert.notEqual(buffer.word[4], first)
})

test('tokens are ordered, disjoint, not empty, and cover every letter and digit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const buffer = new TokenBuffer()
      buffer.fill(text)
      let end = 0
      let rest = ''
      for (let n = 0; n < buffer.count; n++) {
        assert.ok((buffer.start[n] ?? 0) >= end)
        assert.ok((buffer.end[n] ?? 0) > (buffer.start[n] ?? 0))
        rest += text.slice(end, buffer.start[n])
        end = buffer.end[n] ?? 0
      }
      assert.doesNotMatch(rest + text.slice(end), /[\p{L}\p{N}]/u)
    }),
  )
})
