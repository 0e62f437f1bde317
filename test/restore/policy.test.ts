/** Where values may be put back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createVault,
  mayRestore,
  RESTORE_ALL,
  type RestoreRules,
  restoreText,
  sanitise,
} from '../../restore/index.ts'

const rules = (given: Partial<RestoreRules>): RestoreRules => ({ ...RESTORE_ALL, ...given })

/** Rules, entity, tool (undefined: text), and whether the value is put back. */
const ROWS: readonly (readonly [string, Partial<RestoreRules>, string, string | undefined, boolean])[] = [
  ['nothing said, text', {}, 'PERSON', undefined, true],
  ['nothing said, tool', {}, 'PERSON', 'send', true],
  ['default never', { default: 'never' }, 'PERSON', undefined, false],
  ['default text_only, text', { default: 'text_only' }, 'PERSON', undefined, true],
  ['default text_only, tool', { default: 'text_only' }, 'PERSON', 'send', false],
  [
    'a type looser than the default',
    { default: 'never', types: { PERSON: 'always' } },
    'PERSON',
    'send',
    true,
  ],
  ['a type stricter than the default', { types: { IBAN: 'never' } }, 'IBAN', undefined, false],
  ['another type', { types: { IBAN: 'never' } }, 'PERSON', undefined, true],
  ['a tool that gets nothing', { tools: { send: 'never' } }, 'PERSON', 'send', false],
  ['the same in text', { tools: { send: 'never' } }, 'PERSON', undefined, true],
  ['another tool', { tools: { send: 'never' } }, 'PERSON', 'find', true],
  ['every tool', { tools: { '*': 'never' } }, 'PERSON', 'find', false],
  ['every tool but one', { tools: { '*': 'never', find: 'always' } }, 'PERSON', 'find', true],
  [
    'a tool never loosens a type',
    { types: { IBAN: 'text_only' }, tools: { pay: 'always' } },
    'IBAN',
    'pay',
    false,
  ],
  ['a tool without a name, one forbidden', { tools: { send: 'never', '*': 'always' } }, 'PERSON', '', false],
  ['a tool without a name, none forbidden', { tools: { send: 'always' } }, 'PERSON', '', true],
  ['names of tools in another case', { tools: { Send: 'never' } }, 'PERSON', 'send', true],
  ['a tool called constructor', { tools: {} }, 'PERSON', 'constructor', true],
  ['a type called like a method', {}, 'TOSTRING', undefined, true],
]
for (const [name, given, entity, tool, expected] of ROWS) {
  test(`${name}: ${expected ? 'put back' : 'kept out'}`, () => {
    assert.equal(mayRestore(rules(given), entity, tool), expected)
  })
}

/** `text` with `PHONE` found at the first digits of it, sanitised and restored by rules that put nothing back. */
function roundTrip(text: string, withFinding: boolean): string {
  const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
  const start = text.search(/\d/)
  const finding = { entity: 'PHONE', span: { start, end: start + 7 }, score: 1, recogniser: 'test' } as const
  const body = { text }
  const slot = {
    lane: 'a',
    text,
    write: (now: string) => {
      body.text = now
    },
  }
  sanitise(body, [{ slot, findings: withFinding ? [finding] : [] }], vault)
  assert.ok(!body.text.includes(text))
  return restoreText(body.text, vault, { rules: rules({ default: 'never' }) })
}

test('what a user typed that looks like a placeholder comes back under any rules', () => {
  assert.equal(roundTrip('PERSON_7KQ2F', false), 'PERSON_7KQ2F')
  assert.equal(
    roundTrip('see phone 7kq2f and PHONE_7KQ2F there', false),
    'see phone 7kq2f and PHONE_7KQ2F there',
  )
})

test('a value inside of what looks like a placeholder keeps its type, and is kept out', () => {
  assert.ok(!roundTrip('PHONE_5550123', true).includes('5550123'))
  assert.ok(!roundTrip('see PERSON_5550123 there', true).includes('5550123'))
})
