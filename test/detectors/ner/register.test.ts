import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Register, registerOf } from '../../../detectors/ner/register.ts'
import { TokenBuffer } from '../../../detectors/ner/tokens.ts'

const TEXTS: readonly { text: string; register: keyof typeof Register }[] = [
  { text: 'The committee met on Monday. It approved the report.', register: 'prose' },
  { text: 'Der Antrag wurde abgelehnt. Die Gründe folgen (siehe unten).', register: 'prose' },
  { text: 'She asked why? Nobody knew, e.g. the board vs. the staff.', register: 'prose' },
  { text: 'omg this is so good', register: 'informal' },
  { text: 'Best day ever!!! See you there', register: 'informal' },
  { text: 'RT @somebody: nice one', register: 'informal' },
  { text: 'Great show #throwback', register: 'informal' },
  { text: 'Ich komme morgen. bring bitte den kuchen mit', register: 'informal' },
  { text: 'New video http://example.com/a/b_c?d=1 http://example.org/x/y omg', register: 'prose' },
  { text: 'RT @some_body_: new post http://example.com/a/b/c', register: 'informal' },
  { text: '@some_one_ @an_other_ hello', register: 'informal' },
  { text: 'Well done \u{1f602}', register: 'informal' },
  {
    text: 'const total = items.map((item) => item.price).reduce((a, b) => a + b, 0);',
    register: 'technical',
  },
  { text: '{"id": 7, "state": "open", "tags": ["a", "b"], "ok": true}', register: 'technical' },
  { text: '', register: 'prose' },
]

test('the text before says nothing of the next one', () => {
  const tokens = new TokenBuffer()
  tokens.fill('x @jane')
  tokens.fill('x @')
  assert.equal(registerOf('x @', tokens), Register.prose)
})

for (const { text, register } of TEXTS) {
  test(`the register is ${register}: ${JSON.stringify(text)}`, () => {
    const tokens = new TokenBuffer()
    tokens.fill(text)
    assert.equal(registerOf(text, tokens), Register[register])
  })
}
