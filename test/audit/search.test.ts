import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import {
  canonicalRecord,
  createAuditLog,
  exportLines,
  searchAudit,
  writeLines,
} from '../../proxy/audit/index.ts'
import type { RecordQuery } from '../../proxy/ports.ts'
import { openInMemory, type Store } from '../../proxy/store/index.ts'
import { heldLock, intent, outcome, requestId } from './entries.ts'
import { FakeDisk, FakeStore } from './worlds.ts'

const COUNT = 1_203

let store: Store
before(async () => {
  store = await openInMemory()
  const log = await createAuditLog({ lock: heldLock('/nowhere'), store, folder: new FakeDisk() })
  const entries = Array.from({ length: COUNT }, (_, n) =>
    n % 3 === 2
      ? outcome(n, { team: 'legal', user: 'bo', action: 'local', entities: {} })
      : intent(n, { entities: n % 3 === 0 ? { IBAN: 1 } : { PERSON: 2 } }),
  )
  await Promise.all(entries.map((entry) => log.append(entry)))
  await log.flush()
  await log.close()
})
after(() => store.close())

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** A stream that takes its time, and remembers. */
function slowStream(highWaterMark: number) {
  const state = { text: '', most: 0 }
  const stream = new Writable({
    highWaterMark,
    write(chunk, _, done) {
      state.most = Math.max(state.most, stream.writableLength)
      state.text += String(chunk)
      setImmediate(done)
    },
  })
  return { stream, state }
}

describe('searching the audit log', () => {
  it('gives every record once, in order, over many pages', async () => {
    const found = await collect(searchAudit(store, {}))
    assert.deepEqual(
      found.map(({ leafIndex }) => leafIndex),
      Array.from({ length: COUNT }, (_, i) => i),
    )
    assert.deepEqual(
      found.map(({ entry }) => entry?.request_id),
      Array.from({ length: COUNT }, (_, n) => requestId(n)),
    )
  })

  it('narrows by everything that can be asked', async () => {
    const cases: [RecordQuery, number][] = [
      [{ team: 'legal' }, COUNT / 3],
      [{ user: 'ana' }, (COUNT / 3) * 2],
      [{ action: 'local' }, COUNT / 3],
      [{ entity: 'IBAN' }, COUNT / 3],
      [{ from: 1_795_000_000_010, to: 1_795_000_000_020 }, 10],
      [{ entity: 'IBAN', team: 'legal' }, 0],
    ]
    for (const [query, expected] of cases) {
      assert.equal((await collect(searchAudit(store, query))).length, expected, JSON.stringify(query))
    }
  })

  it('stops reading when nobody asks for more', async () => {
    for await (const { leafIndex } of searchAudit(store, {})) if (leafIndex === 3) break
    const abort = new AbortController()
    await assert.rejects(
      async () => {
        for await (const { leafIndex } of searchAudit(store, {}, abort.signal))
          if (leafIndex === 3) abort.abort()
      },
      { name: 'AbortError' },
    )
  })
})

describe('exporting the audit log', () => {
  it('writes JSON lines with leaf index, request id and the exact record', async () => {
    const [line = ''] = await collect(exportLines(store, { from: 1_795_000_000_003, to: 1_795_000_000_004 }))
    const record = canonicalRecord(intent(3, { entities: { IBAN: 1 } }))
    assert.equal(line, `{"leaf_index":3,"request_id":"${requestId(3)}","record":${record}}`)
    assert.deepEqual(JSON.parse(line).record, JSON.parse(record))
  })

  it('shows a record that somebody changed as text', async () => {
    const changed = new FakeStore()
    await changed.appendRecords('w', [
      {
        position: 0,
        request_id: requestId(1),
        kind: 'intent',
        time: 1,
        user: null,
        team: null,
        action: 'cloud',
        destination: null,
        entities: [],
        record: '}not a record{',
      },
    ])
    assert.deepEqual(await collect(exportLines(changed, {})), [
      '{"leaf_index":0,"request_id":null,"record":"}not a record{"}',
    ])
  })

  it('is whole in a stream that takes its time, and does not run ahead of it', async () => {
    const { stream, state } = slowStream(4_096)
    const written = await writeLines(exportLines(store, {}), stream)
    assert.equal(written, COUNT)
    const lines = state.text.split('\n')
    assert.equal(lines.length, COUNT + 1)
    assert.equal(JSON.parse(lines.at(-2) ?? '').leaf_index, COUNT - 1)
    assert.ok(state.most < 8_192, `${state.most} bytes waited`)
  })

  it('fails when its stream fails', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    broken.on('error', () => undefined)
    await assert.rejects(writeLines(exportLines(store, {}), broken))
  })
})
