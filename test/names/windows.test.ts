import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { windowsOf } from '../../proxy/names/windows.ts'

test('a text that fits is one window', () => {
  assert.deepEqual(windowsOf('short', 1000, 100), [{ start: 0, text: 'short' }])
  assert.deepEqual(windowsOf('', 1000, 100), [{ start: 0, text: '' }])
})

test('windows cover the text, stand where they say, and overlap', () => {
  const words = fc.array(fc.constantFrom('Ann', 'a', 'Großvater', '😀', 'x'.repeat(700), '\n'), {
    maxLength: 900,
  })
  fc.assert(
    fc.property(words, (list) => {
      const text = list.join(' ')
      let reach = 0
      for (const { start, text: part } of windowsOf(text, 1000, 150)) {
        assert.equal(text.slice(start, start + part.length), part)
        assert.ok(part.length <= 1000)
        assert.ok(start <= reach)
        reach = start + part.length
      }
      assert.equal(reach, text.length)
    }),
  )
})

test('a window ends between words where it can, and never inside a pair', () => {
  const text = 'word '.repeat(1000)
  for (const { text: part } of windowsOf(text, 1000, 100)) assert.match(part, /^word .*word $/s)
  const pairs = '😀'.repeat(2000)
  for (const { text: part } of windowsOf(pairs, 1001, 101)) assert.doesNotMatch(part, /[\ud800-\udbff]$/)
})
