import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyringOf, openKeyring } from '../proxy/keyring.ts'

const DAY = 86_400_000

test('hashes of content differ between tenants and installations, and are no plain hashes', () => {
  const one = keyringOf(new Uint8Array(32).fill(1))
  const other = keyringOf(new Uint8Array(32).fill(2))
  const hash = one.contentHmac('team-a', ['yes'])
  assert.equal(hash, one.contentHmac('team-a', ['yes']))
  assert.notEqual(hash, one.contentHmac('team-b', ['yes']))
  assert.notEqual(hash, other.contentHmac('team-a', ['yes']))
  assert.notEqual(hash, createHash('sha256').update('yes').digest('base64url'))
})

test('texts cut differently have different hashes', () => {
  const keys = keyringOf(new Uint8Array(32))
  assert.notEqual(keys.contentHmac('t', ['ab', 'c']), keys.contentHmac('t', ['a', 'bc']))
  assert.notEqual(keys.contentHmac('t', ['3:abc']), keys.contentHmac('t', ['3', 'abc']))
})

test('placeholder keys change with the period and not within it', () => {
  const keys = keyringOf(new Uint8Array(32))
  const start = 30 * DAY * 100
  assert.deepEqual(keys.placeholderKey(start, 30), keys.placeholderKey(start + 30 * DAY - 1, 30))
  assert.notDeepEqual(keys.placeholderKey(start, 30), keys.placeholderKey(start + 30 * DAY, 30))
})

test('the key file is made once, private, and read again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-keys-'))
  try {
    const file = join(folder, 'keys', 'master.key')
    assert.throws(() => openKeyring(file, false), { name: 'KeyringError' })
    const made = openKeyring(file, true)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n$/)
    assert.deepEqual(openKeyring(file, true).derive('x'), made.derive('x'))
    writeFileSync(file, 'short')
    assert.throws(() => openKeyring(file, true), { name: 'KeyringError' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
