/** The known traps of restoring streams, each by its name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRestorer, type RestoreOptions, restoreText } from '../../restore/index.ts'
import { placeholderOf, vaultOf } from './support.ts'

function unitByUnit(text: string, vault: ReturnType<typeof vaultOf>, options: RestoreOptions = {}): string {
  const restorer = createRestorer(vault, options)
  return [...text].map((unit) => restorer.push(unit)).join('') + restorer.end()
}

function everySplit(text: string, vault: ReturnType<typeof vaultOf>, expected: string): void {
  assert.equal(restoreText(text, vault), expected)
  assert.equal(unitByUnit(text, vault), expected)
  for (let first = 0; first <= text.length; first += 1) {
    for (let second = first; second <= text.length; second += 1) {
      const restorer = createRestorer(vault)
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)]
      assert.equal(pieces.map((piece) => restorer.push(piece)).join('') + restorer.end(), expected)
    }
  }
}

test('a placeholder whose last character could begin another one is not cut by the hold-back', () => {
  // Some code ends with the letter that a type begins with: search until there is one for each.
  const vault = vaultOf(['PERSON', 'Ann'], ['EMAIL', 'a@example.com'], ['ADDRESS', '1 Main St'])
  const wanted = new Set(['P', 'E', 'A'])
  const endings: string[] = []
  for (let number = 0; wanted.size > 0; number += 1) {
    const placeholder = vault.issue('PERSON', `person ${number}`)
    const last = placeholder.at(-1) ?? ''
    if (wanted.delete(last)) endings.push(placeholder)
  }
  for (const placeholder of endings) {
    const value = vault.valueOf(placeholder)
    everySplit(`${placeholder} ${placeholder}`, vault, `${value} ${value}`)
    everySplit(`${placeholder}`, vault, `${value}`)
    const next = placeholderOf(vault, 'Ann')
    everySplit(`${placeholder}${next}`, vault, `${value}Ann`)
  }
})

test('a placeholder that is the last thing of a stream comes out', () => {
  const vault = vaultOf(['PERSON', 'Ann'])
  everySplit(`to ${placeholderOf(vault, 'Ann')}`, vault, 'to Ann')
})

test('the beginning of a placeholder that goes on otherwise comes out as it is', () => {
  const vault = vaultOf(['PERSON', 'Ann'])
  const person = placeholderOf(vault, 'Ann')
  for (let length = 1; length < person.length; length += 1) {
    const start = `${person.slice(0, length)}!`
    everySplit(start, vault, start)
  }
})

test('20,000 values in one request: no expression has to hold them all', () => {
  const vault = vaultOf(...Array.from({ length: 20_000 }, (_, at) => ['PERSON', `person ${at}`] as const))
  const entries = [...vault.entries()]
  const text = entries.map(({ placeholder }) => placeholder).join(' ')
  assert.equal(restoreText(text, vault), entries.map(({ value }) => value).join(' '))
})

test('streamed JSON needs its escapes, at the depth where a value stands', () => {
  const value = 'Zoë "Zed" O\'Brien\\\n'
  const vault = vaultOf(['PERSON', value])
  const person = placeholderOf(vault, value)
  const deep = { a: person, b: JSON.stringify({ c: JSON.stringify([person]) }) }
  const restored = JSON.parse(unitByUnit(JSON.stringify(deep), vault, { json: 1 }))
  assert.equal(restored.a, value)
  assert.deepEqual(JSON.parse(JSON.parse(restored.b).c), [value])
})

test('a value that contains a placeholder is not restored a second time', () => {
  const vault = vaultOf(['PERSON', 'Ann'])
  const person = placeholderOf(vault, 'Ann')
  const nested = vault.issue('ORG', `the ${person} company`)
  everySplit(nested, vault, `the ${person} company`)
})

test('the first token is shown at once, and only a true beginning is held back', () => {
  const vault = vaultOf(['PERSON', 'Ann'])
  const restorer = createRestorer(vault)
  assert.equal(restorer.push('Dear '), 'Dear ')
  assert.equal(restorer.push('P'), '')
  assert.equal(restorer.push('lease'), 'Please')
  assert.equal(restorer.push(' wait'), ' wait')
})
