import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { AuditRow } from '../../proxy/ports.ts'
import {
  createLazyStore,
  type HeldLock,
  lockDirectory,
  openEmbedded,
  openStore,
} from '../../proxy/store/index.ts'
import * as schema from '../../proxy/store/schema.ts'

const ROW: AuditRow = {
  position: 0,
  request_id: 'req_1',
  kind: 'intent',
  time: 1,
  user: null,
  team: null,
  action: 'cloud',
  destination: null,
  entities: [],
  record: '{"n":1}',
}

let dir: string
let lock: HeldLock
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cloakroom-embedded-'))
  lock = await lockDirectory(dir)
})
after(async () => {
  await lock.release()
  await rm(dir, { recursive: true, force: true })
})

async function openToOthers(): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (((await stat(path)).mode & 0o077) !== 0) found.push(path)
  }
  return found
}

describe('the embedded database', () => {
  it('opens in the background, keeps its files private and its rows over a restart', async () => {
    const first = openStore({ lock })
    assert.equal(first.kind, 'embedded')
    await first.appendRecords('w', [ROW])
    await first.persist()
    assert.deepEqual(await openToOthers(), [])
    await first.close()
    await assert.rejects(first.appendRecords('w', [ROW]), { code: 'closed' })

    const second = openStore({ lock })
    await second.ready()
    await second.appendRecords('w', [ROW, { ...ROW, position: 1, record: '{"n":2}' }])
    assert.deepEqual(await second.findRecords({}, -1, 10), [
      { seq: 0, record: '{"n":1}' },
      { seq: 1, record: '{"n":2}' },
    ])
    await second.close()
    assert.deepEqual(await openToOthers(), [])
  })

  it('has exactly the tables, columns and indices of the schema', async () => {
    // The store of the test above is closed, and the lock is ours.
    const db = new PGlite(join(dir, 'db'))
    const { rows } = await db.query<{ place: string }>(
      `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as place
       from information_schema.columns where table_schema = 'public' order by 1`,
    )
    const wanted = Object.values(schema).flatMap((table) => {
      const { name, columns } = getTableConfig(table)
      return columns.map((column) => {
        const type = column.getSQLType()
        return `${name}.${column.name} ${type.endsWith('[]') ? 'ARRAY' : type} ${column.notNull ? 'NO' : 'YES'}`
      })
    })
    assert.deepEqual(
      rows.map(({ place }) => place),
      wanted.sort(),
    )
    const indices = await db.query<{ name: string }>(
      `select indexname as name from pg_indexes where schemaname = 'public' and indexname not like '%_pkey' order by 1`,
    )
    const named = Object.values(schema).flatMap((table) =>
      getTableConfig(table).indexes.map((i) => i.config.name),
    )
    assert.deepEqual(
      indices.rows.map(({ name }) => name),
      named.sort(),
    )
    await db.close()
  })

  it('is opened again by the next call when its thread dies, and has what it acknowledged', async () => {
    const threadFile = new URL('./support/crashing-thread.ts', import.meta.url)
    let opened = 0
    const store = createLazyStore('embedded', (onLost) => {
      opened += 1
      return openEmbedded({ lock, onLost, threadFile })
    })
    const start = await store.recordCount()
    const rows = [0, 1, 2].map((position) => ({ ...ROW, position, record: `{"crash":${position}}` }))
    await store.appendRecords('crash', rows.slice(0, 2))
    const [crash, waiting] = await Promise.allSettled([store.findKey('crash'), store.recordCount()])
    assert.equal(crash.status === 'rejected' && crash.reason.code, 'unavailable')
    assert.equal(waiting.status === 'rejected' && waiting.reason.code, 'unavailable')
    assert.equal(opened, 1)
    // The batch is sent again, as the audit log does after an answer that did not come.
    await store.appendRecords('crash', rows)
    assert.equal(opened, 2)
    const found = await store.findRecords({}, start - 1, 10)
    assert.deepEqual(
      found.map(({ record }) => record),
      rows.map(({ record }) => record),
    )
    await store.close()
    await assert.rejects(store.ready(), { code: 'closed' })
  })

  it('does not open without the lock', async () => {
    const released = { dir, isHeld: () => false, release: async () => undefined }
    await assert.rejects(openEmbedded({ lock: released }), { code: 'locked' })
  })
})
