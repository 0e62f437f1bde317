import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contextWords } from '../../detectors/context.ts'
import { ContextIndex } from '../../detectors/loose/context-index.ts'

const LISTS: readonly (readonly string[])[] = [
  ['passport', 'id', 'id card', 'n o'],
  ['tel', 'phone number', 'e-mail', 'a b cd'],
  ['*nummer', 'ausweis', 'carta di credito'],
  ['卡号', 'card', 'número', 'тел'],
  ['#', 'n°', 'pin'],
  [],
]
const MEMBERS = LISTS.map((words) => ({ form: { context: words.length === 0 ? null : contextWords(words) } }))
const INDEX = new ContextIndex(MEMBERS)

test('all members are asked at once as each would be asked by itself', () => {
  const piece = fc.constantFrom(
    ...LISTS.flat().map((word) => word.replace(/^\*/u, '')),
    ...['s', ' ', ' ', '-', '_', '.', '4', 'x', 'passports', 'idcard', 'ab cd', '我的', 'é', '”', '\n'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const alone = MEMBERS.filter(({ form }) => form.context?.isIn(text) === true)
      assert.deepEqual(new Set(INDEX.near(text)), new Set(alone), JSON.stringify(text))
    }),
    { numRuns: 20_000 },
  )
})
