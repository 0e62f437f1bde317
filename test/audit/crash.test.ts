import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createAuditLog } from '../../proxy/audit/index.ts'
import { heldLock, requestId } from './entries.ts'
import { appendUntilKilled } from './killed.ts'
import { FakeStore } from './worlds.ts'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cloakroom-crash-'))
})
after(() => rm(dir, { recursive: true, force: true }))

describe('a process that is killed while it appends', () => {
  it('loses no acknowledged record, has none twice, and keeps the order, over several lives', async () => {
    const acknowledged: number[] = []
    let first = 0
    for (const enough of [1, 137, 1_500]) {
      const numbers = await appendUntilKilled(dir, first, enough)
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
