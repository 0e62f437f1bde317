import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type ConversationStoreOptions, openConversations } from '../proxy/conversations.ts'
import { keyringOf } from '../proxy/keyring.ts'
import type { ConversationStore } from '../proxy/ports.ts'

const NOW = 1_700_000_000_000
const HOUR = 3_600_000
const keyring = keyringOf(new Uint8Array(32).fill(7))
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function freshDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-conversations-'))
  folders.push(folder)
  return join(folder, 'conversations')
}

const open = (dir: string, more: Partial<ConversationStoreOptions> = {}, now = NOW): ConversationStore =>
  openConversations({ dir, keyring, ...more }, now)

const TALK = { input: [{ role: 'user', content: 'I am Maria Schneider' }], output: [{ type: 'message' }] }

test('a conversation is there for its owner, also after a restart, and for nobody else', async () => {
  const dir = freshDir()
  const store = open(dir)
  await store.save('resp_1', 'alice', TALK, NOW)
  for (const one of [store, open(dir)]) {
    assert.deepEqual(await one.load('resp_1', 'alice', NOW), TALK)
    assert.equal(await one.load('resp_1', 'bob', NOW), null)
    assert.equal(await one.load('resp_2', 'alice', NOW), null)
  }
})

test('it lies encrypted in a file that others cannot read and whose name says nothing', async () => {
  const dir = freshDir()
  await open(dir).save('resp_1', 'alice', TALK, NOW)
  const [file = ''] = readdirSync(dir)
  assert.match(file, /^[0-9a-f]{64}\.\d+$/)
  assert.doesNotMatch(readFileSync(join(dir, file)).toString('latin1'), /Maria|Schneider|message/)
  assert.equal(statSync(join(dir, file)).mode & 0o777, 0o600)
  assert.equal(statSync(dir).mode & 0o777, 0o700)
})

test('it is gone after a day, and its file with the next one that is kept or the next start', async () => {
  const dir = freshDir()
  const store = open(dir)
  await store.save('resp_1', 'alice', TALK, NOW)
  assert.deepEqual(await store.load('resp_1', 'alice', NOW + 24 * HOUR - 1), TALK)
  assert.equal(await store.load('resp_1', 'alice', NOW + 24 * HOUR), null)
  await store.save('resp_2', 'alice', TALK, NOW + 24 * HOUR)
  assert.equal(readdirSync(dir).length, 1)
  open(dir, {}, NOW + 48 * HOUR)
  assert.equal(readdirSync(dir).length, 0)
})

test('a file that was renamed to live longer, changed or swapped does not open', async () => {
  const dir = freshDir()
  const store = open(dir)
  await store.save('resp_1', 'alice', TALK, NOW)
  await store.save('resp_2', 'alice', TALK, NOW)
  const [first = '', second = ''] = readdirSync(dir)
  const bytes = readFileSync(join(dir, first))
  renameSync(join(dir, first), join(dir, first.replace(/\d+$/, String(NOW + 99 * HOUR))))
  writeFileSync(join(dir, second), bytes)
  const again = open(dir)
  assert.equal(await again.load('resp_1', 'alice', NOW), null)
  assert.equal(await again.load('resp_2', 'alice', NOW), null)
  const changed = Buffer.from(bytes)
  changed[40] = (changed[40] ?? 0) ^ 1
  writeFileSync(join(dir, first), changed)
  assert.equal(await open(dir).load('resp_1', 'alice', NOW), null)
})

test('another installation’s key opens nothing', async () => {
  const dir = freshDir()
  await open(dir).save('resp_1', 'alice', TALK, NOW)
  const other = open(dir, { keyring: keyringOf(new Uint8Array(32).fill(8)) })
  assert.equal(await other.load('resp_1', 'alice', NOW), null)
})

test('the folder has a size: the oldest conversations go, and one that is too long is not kept', async () => {
  const dir = freshDir()
  const store = open(dir, { maxBytes: 1000, maxConversationBytes: 5000 })
  for (let at = 0; at < 40; at += 1) await store.save(`resp_${at}`, 'alice', TALK, NOW + at)
  const bytes = readdirSync(dir).reduce((sum, file) => sum + statSync(join(dir, file)).size, 0)
  assert.ok(bytes <= 1000 && bytes > 500, String(bytes))
  assert.equal(await store.load('resp_0', 'alice', NOW), null)
  assert.deepEqual(await store.load('resp_39', 'alice', NOW), TALK)
  await store.save('resp_long', 'alice', { input: ['x'.repeat(6000)], output: [] }, NOW)
  assert.equal(await store.load('resp_long', 'alice', NOW), null)
})

test('keeping an answer again replaces it', async () => {
  const dir = freshDir()
  const store = open(dir)
  await store.save('resp_1', 'alice', TALK, NOW)
  const other = { input: [], output: [] }
  await store.save('resp_1', 'alice', other, NOW)
  await store.save('resp_1', 'alice', other, NOW + 1)
  assert.deepEqual(await store.load('resp_1', 'alice', NOW + 1), other)
  assert.equal(readdirSync(dir).length, 1)
})

test('files that a crash left half-way are removed at the start', () => {
  const dir = freshDir()
  open(dir)
  writeFileSync(join(dir, `${'a'.repeat(64)}.${NOW + HOUR}.1.new`), 'half')
  writeFileSync(join(dir, 'notes.txt'), 'x')
  open(dir)
  assert.deepEqual(readdirSync(dir), [])
})
