/** The leak benchmark has as many shapes and scripts as it says, and a few of its streams come back exact. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../../bench/leak/play.ts'
import { streamScripts } from '../../bench/leak/scripts.ts'
import { leakShapes } from '../../bench/leak/shapes.ts'
import { createVault } from '../../restore/index.ts'

const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const BACK = { person: 'Zoë "Zed" O\'Brien\n', mail: 'zoe@example.com', card: '4111 1111 1111 1111' }
const OUT = {
  person: vault.issue('PERSON', BACK.person),
  mail: vault.issue('EMAIL', BACK.mail),
  card: vault.issue('CREDIT_CARD', BACK.card),
}
const SAME = { stray: 'PERSON_ZZZZZ', half: OUT.person.slice(0, -2) }
const SCRIPTS = streamScripts({ ...OUT, ...SAME }, { ...BACK, ...SAME })

test('there are at least 200 shapes over all endpoints and 60 scripts, each with a name of its own', () => {
  const shapes = leakShapes()
  assert.ok(shapes.length >= 200)
  assert.ok(SCRIPTS.length >= 60)
  for (const list of [shapes, SCRIPTS]) assert.equal(new Set(list.map(({ name }) => name)).size, list.length)
  const paths = new Set(shapes.map(({ path }) => path.replace(/\?.*/, '')))
  assert.deepEqual([...paths].sort(), [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/embeddings',
    '/v1/responses',
  ])
})

test('every script comes back exact in one piece, byte by byte, and cut in the middle', async () => {
  for (const script of SCRIPTS) {
    const { bytes } = script
    const middle = bytes.length >> 1
    const cuts = [
      [bytes],
      [...bytes].map((byte) => Uint8Array.of(byte)),
      [bytes.subarray(0, middle), bytes.subarray(middle)],
    ]
    for (const chunks of cuts)
      assert.deepEqual(await play(script, chunks, vault), script.expected, script.name)
  }
})
