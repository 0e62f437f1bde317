import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createAuditLog } from '../../proxy/audit/index.ts'
import { heldLock, requestId } from './entries.ts'
import { FakeStore } from './worlds.ts'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cloakroom-crash-'))
})
after(() => rm(dir, { recursive: true, force: true }))

/** Runs the appender until it has acknowledged `enough` records, kills it, and gives the acknowledged numbers. */
async function appendUntilKilled(first: number, enough: number): Promise<number[]> {
  const script = join(import.meta.dirname, 'support/appender.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.split('\n').length > enough) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return text.split('\n').slice(0, -1).map(Number)
}

describe('a process that is killed while it appends', () => {
  it('loses no acknowledged record, has none twice, and keeps the order, over several lives', async () => {
    const acknowledged: number[] = []
    let first = 0
    for (const enough of [1, 137, 1_500]) {
      const numbers = await appendUntilKilled(first, enough)
      assert.ok(numbers.length >= enough)
      acknowledged.push(...numbers)
      // Beyond what was in flight when it died.
      first = Math.max(...numbers) + 100
    }
    const store = new FakeStore()
    const log = await createAuditLog({ lock: heldLock(dir), store })
    await log.close()
    const found = store.ids()
    assert.equal(new Set(found).size, found.length, 'none twice')
    assert.deepEqual(found, [...found].sort(), 'in the order they were appended')
    const have = new Set(found)
    const lost = acknowledged.filter((n) => !have.has(requestId(n)))
    assert.deepEqual(lost, [])
    assert.deepEqual(log.recovered.damaged, [])
  })
})
