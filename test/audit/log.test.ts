import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AuditLogOptions, createAuditLog, type OpenedAuditLog } from '../../proxy/audit/index.ts'
import { readSegment } from '../../proxy/audit/segment.ts'
import { decision, heldLock, intent, outcome, requestId } from './entries.ts'
import { type DiskFaults, FakeDisk, FakeStore, HandTimers, settle } from './worlds.ts'

interface World {
  readonly disk: FakeDisk
  readonly store: FakeStore
  readonly timers: HandTimers
  readonly log: OpenedAuditLog
}

async function world(
  change: Partial<AuditLogOptions> & { disk?: FakeDisk; store?: FakeStore } = {},
): Promise<World> {
  const { disk = new FakeDisk(), store = new FakeStore(), ...rest } = change
  const timers = new HandTimers()
  const log = await createAuditLog({ lock: heldLock('/nowhere'), store, folder: disk, timers, ...rest })
  return { disk, store, timers, log }
}

/** Ids on the disk that a reader finds, in order. */
function onDisk(disk: FakeDisk): string[] {
  return [...disk.files.keys()]
    .sort()
    .flatMap((name) => readSegment(disk.files.get(name)?.written ?? Buffer.alloc(0)).records)
    .map(({ record }) => JSON.parse(record).request_id)
}

const ids = (...numbers: number[]) => numbers.map(requestId)
const unavailable = { name: 'AuditError', code: 'unavailable' }

describe('the audit log', () => {
  it('has a record on the disk before append resolves, and in the database soon after', async () => {
    const { log, disk, store, timers } = await world()
    await log.append(intent(1))
    assert.deepEqual(onDisk(disk), ids(1))
    assert.ok([...disk.files.values()].every(({ written, synced }) => written.length === synced))
    assert.deepEqual(store.ids(), [])
    await timers.run(250)
    assert.deepEqual(store.ids(), ids(1))
    assert.equal(log.status(), 'ok')
    await log.close()
    assert.equal(disk.files.size, 0)
    assert.equal(store.persists, 1)
  })

  it('lets a record that may wait share the write of the next one that may not', async () => {
    const { log, disk, timers } = await world()
    const soon = log.append(intent(1), 'soon')
    await settle()
    assert.deepEqual(onDisk(disk), [])
    await log.append(intent(2))
    await soon
    assert.equal(disk.syncs, 1)
    assert.deepEqual(onDisk(disk), ids(1, 2))
    const alone = log.append(intent(3), 'soon')
    await timers.run(30)
    await alone
    assert.deepEqual(onDisk(disk), ids(1, 2, 3))
    await log.close()
  })

  it('does not let waiting records be missed: not by a search, an explanation or the end', async () => {
    const { log, disk, store } = await world()
    void log.append(intent(1), 'soon')
    await log.flush()
    assert.deepEqual(store.ids(), ids(1))
    void log.append(intent(2), 'soon')
    await log.findDecision(ids(2)[0] ?? '')
    assert.ok(onDisk(disk).includes(ids(2)[0] ?? ''))
    void log.append(intent(3), 'soon')
    await log.close()
    assert.deepEqual(store.ids(), ids(1, 2, 3))
  })

  it('shares one sync among all records that arrive while another runs', async () => {
    const { log, disk, store } = await world()
    let open: () => void = () => undefined
    disk.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = log.append(intent(1))
    await settle()
    const rest = Array.from({ length: 50 }, (_, i) => log.append(intent(i + 2)))
    await settle()
    assert.equal(disk.syncs, 1)
    open()
    await Promise.all([first, ...rest])
    assert.equal(disk.syncs, 2)
    await log.close()
    assert.deepEqual(store.ids(), ids(...Array.from({ length: 51 }, (_, i) => i + 1)))
  })

  it('does not resolve while the sync runs', async () => {
    const { log, disk } = await world()
    disk.gate = new Promise(() => undefined)
    let isDone = false
    void log.append(intent(1)).then(() => {
      isDone = true
    })
    await settle()
    assert.equal(isDone, false)
  })

  it('takes records again after it went idle at any moment', async () => {
    const { log, store } = await world()
    for (let n = 0; n < 200; n += 1) {
      const appended = log.append(intent(n))
      // A different number of turns each time, so that an append meets every state of the writer.
      for (let turn = 0; turn < n % 7; turn += 1) await Promise.resolve()
      if (n % 3 === 0) await appended
    }
    await log.close()
    assert.equal(store.rows.length, 200)
  })

  it('refuses what is not metadata without touching the disk', async () => {
    const { log, disk } = await world()
    await assert.rejects(log.append(intent(1, { user: 'two words' })), { code: 'invalid' })
    assert.equal(disk.files.size, 0)
    assert.equal(log.status(), 'ok')
  })

  // A broken sync comes with the first: the segment that is open works on when no new one can be made.
  const faults: [string, DiskFaults][] = [
    ['the disk is read-only', { create: true, sync: true }],
    ['the disk is full', { room: 0 }],
    ['a write ends half-way', { room: 700 }],
    ['a write ends half-way and cannot be taken back', { room: 700, truncate: true }],
    ['a sync fails', { sync: true }],
    ['a sync fails and the file cannot be cut', { sync: true, truncate: true }],
  ]
  for (const [name, broken] of faults) {
    it(`refuses records while ${name}, and takes them again by itself`, async () => {
      const { log, disk, store, timers } = await world()
      await log.append(intent(1))
      disk.faults = { ...broken }
      const refused = await Promise.allSettled([log.append(intent(2)), log.append(intent(3))])
      for (const result of refused) {
        assert.equal(result.status, 'rejected')
        assert.equal(result.status === 'rejected' && result.reason.code, 'unavailable')
      }
      assert.equal(log.status(), 'down')
      await assert.rejects(log.append(intent(4)), unavailable)
      await timers.run(60_000)
      assert.equal(log.status(), 'down', 'probes do not help while the disk is broken')
      disk.faults = {}
      await timers.run(6_000)
      assert.equal(log.status(), 'ok')
      await log.append(intent(5))
      await log.append(intent(6))
      await timers.run(1_000)
      assert.deepEqual(store.ids(), ids(1, 5, 6))
      await log.close()
      assert.equal(disk.files.size, 0, 'no segment is left')
    })
  }

  it('is read back whole after a crash that follows any of these faults', async () => {
    for (const [name, broken] of faults) {
      const { log, disk, timers, store } = await world({
        store: Object.assign(new FakeStore(), { fails: true }),
      })
      await log.append(intent(1))
      disk.faults = { ...broken }
      await assert.rejects(log.append(intent(2)), unavailable, name)
      disk.faults = {}
      await timers.run(300)
      if (log.status() === 'ok') await log.append(intent(3))
      // The crash: nothing is closed, the database never got a record.
      assert.deepEqual(store.ids(), [])
      const after = await world({ disk })
      await after.log.flush()
      const found = after.store.ids()
      assert.equal(new Set(found).size, found.length, `${name}: none twice`)
      assert.equal(found[0], requestId(1), name)
      // A refused record may be there when it could not be taken off the disk; an acknowledged one must be.
      assert.deepEqual(after.log.recovered.damaged, [], name)
    }
  })

  it('reads back after a crash what the database does not have, in order and once', async () => {
    const disk = new FakeDisk()
    const store = new FakeStore()
    const first = await world({ disk, store, segmentBytes: 4_000 })
    for (let n = 0; n < 10; n += 1) await first.log.append(intent(n))
    await first.timers.run(250)
    const inDatabase = store.rows.length
    assert.ok(inDatabase > 0)
    for (let n = 10; n < 20; n += 1) await first.log.append(intent(n))
    // The crash: the first log is simply left.
    const second = await world({ disk, store, segmentBytes: 4_000 })
    assert.ok(second.log.recovered.records >= 10)
    await second.log.append(intent(20))
    await second.log.flush()
    assert.deepEqual(store.ids(), ids(...Array.from({ length: 21 }, (_, i) => i)))
    await second.log.close()
    assert.equal(disk.files.size, 0)
    const third = await world({ disk, store })
    assert.equal(third.log.recovered.records, 0)
  })

  it('puts nothing in twice when an answer of the database was lost', async () => {
    const { log, store, timers } = await world()
    const append = store.appendRecords.bind(store)
    let lost = 2
    store.appendRecords = async (writer, rows) => {
      await append(writer, rows)
      if (lost > 0) {
        lost -= 1
        throw new Error('the connection was lost after the commit')
      }
    }
    await log.append(intent(1))
    await log.append(outcome(1))
    await timers.run(10_000)
    assert.equal(store.rows.length, 2)
    assert.equal(log.status(), 'ok')
  })

  it('is down while the database refuses, after one quick retry, until it works again', async () => {
    const { log, store, timers } = await world()
    store.fails = true
    await log.append(intent(1))
    await timers.run(210)
    assert.equal(log.status(), 'ok', 'one failure is followed by a quick retry')
    await timers.run(150)
    assert.equal(log.status(), 'down')
    await assert.rejects(log.append(intent(2)), unavailable)
    await assert.rejects(log.flush(), unavailable)
    store.fails = false
    await timers.run(5_000)
    assert.equal(log.status(), 'ok')
    await log.append(intent(3))
    await log.close()
    assert.deepEqual(store.ids(), ids(1, 3))
  })

  it('takes records while the database opens', async () => {
    const store = new FakeStore()
    let open: () => void = () => undefined
    store.opening = new Promise((resolve) => {
      open = resolve
    })
    const { log, timers } = await world({ store })
    for (let n = 0; n < 20; n += 1) await log.append(intent(n))
    await timers.run(20_000)
    assert.equal(log.status(), 'ok')
    assert.equal((await log.findDecision(requestId(3)))?.decision.request_id, requestId(3))
    open()
    await timers.run(1_000)
    assert.equal(store.rows.length, 20)
  })

  it('slows down before it refuses when the database is slower than the requests', async () => {
    const store = new FakeStore()
    store.opening = new Promise(() => undefined)
    const { log, timers } = await world({ store, maxBacklog: 4_000 })
    await log.append(intent(1))
    await log.append(intent(2))
    let isDone = false
    const third = log.append(intent(3)).then(() => {
      isDone = true
    })
    await timers.run(1_000)
    assert.equal(isDone, false)
    store.opening = null
    const quick = await world({ maxBacklog: 4_000 })
    for (const n of [1, 2]) await quick.log.append(intent(n))
    const waiting = quick.log.append(intent(3))
    await quick.timers.run(1_000)
    await waiting
    await quick.log.close()
    assert.deepEqual(quick.store.ids(), ids(1, 2, 3))
    void third
  })

  it('loses no record that waits for the database when it is closed, or searched for', async () => {
    const store = new FakeStore()
    store.opening = new Promise(() => undefined)
    const { log, disk } = await world({ store, maxBacklog: 4_000 })
    for (const n of [1, 2]) await log.append(intent(n))
    const waiting = log.append(outcome(2))
    await settle()
    assert.deepEqual(onDisk(disk), ids(1, 2))
    void log.close()
    await waiting
    assert.deepEqual(onDisk(disk), ids(1, 2, 2))

    const searched = await world({ maxBacklog: 4_000 })
    for (const n of [1, 2]) await searched.log.append(intent(n))
    void searched.log.append(intent(3))
    const found = searched.log.findDecision(requestId(3))
    await searched.timers.run(1_000)
    assert.equal((await found)?.decision.request_id, requestId(3))
  })

  it('writes nothing once the directory’s lock is lost', async () => {
    let isHeld = true
    const lock = { ...heldLock('/nowhere'), isHeld: () => isHeld }
    const { log, disk } = await world({ lock })
    await log.append(intent(1))
    isHeld = false
    assert.equal(log.status(), 'down')
    await assert.rejects(log.append(intent(2)), unavailable)
    assert.deepEqual(onDisk(disk), ids(1))
  })

  it('keeps a segment until the database’s copy is safe', async () => {
    const { log, disk, store, timers } = await world({ segmentBytes: 100 })
    store.persistFails = true
    await log.append(intent(1))
    await timers.run(1_000)
    assert.equal(store.rows.length, 1)
    assert.equal(disk.files.size, 1)
    assert.equal(log.status(), 'ok')
    store.persistFails = false
    await timers.run(10_000)
    assert.equal(disk.files.size, 0)
  })

  it('tries again to remove a segment that could not be removed', async () => {
    const { log, disk, timers } = await world({ segmentBytes: 100 })
    disk.faults = { remove: true }
    await log.append(intent(1))
    await log.append(intent(2))
    await timers.run(1_000)
    assert.equal(disk.files.size, 2)
    disk.faults = {}
    await timers.run(10_000)
    assert.equal(disk.files.size, 0)
  })

  it('puts a damaged segment aside, and loses nothing that can be read', async () => {
    const disk = new FakeDisk()
    const first = await world({ disk, store: Object.assign(new FakeStore(), { fails: true }) })
    for (const n of [1, 2, 3]) await first.log.append(intent(n))
    const [name = ''] = await disk.list()
    const file = disk.files.get(name)
    assert.ok(file)
    const at = file.written.indexOf(requestId(2))
    file.written.write('X', at)
    const second = await world({ disk })
    assert.deepEqual(second.log.recovered, { records: 2, damaged: [name] })
    await second.log.close()
    assert.deepEqual(second.store.ids(), ids(1, 3))
    assert.deepEqual(disk.aside, [name])
  })

  it('leaves to the next start what the database does not take at the end', async () => {
    const { log, disk, store } = await world()
    await log.append(intent(1))
    store.fails = true
    await log.close()
    assert.deepEqual(onDisk(disk), ids(1))
    const next = await world({ disk })
    await next.log.close()
    assert.deepEqual(next.store.ids(), ids(1))
  })

  it('does not wait for ever for a database at the end', async () => {
    const store = new FakeStore()
    store.opening = new Promise(() => undefined)
    const { log, timers } = await world({ store })
    await log.append(intent(1))
    const closing = log.close()
    await timers.run(10_000)
    await closing
  })

  it('finishes what was begun when it is closed, and takes nothing afterwards', async () => {
    const { log, store } = await world()
    const pending = [1, 2, 3].map((n) => log.append(intent(n)))
    const closing = log.close()
    await assert.rejects(log.append(intent(4)), { code: 'closed' })
    await Promise.all([...pending, closing, log.close()])
    assert.deepEqual(store.ids(), ids(1, 2, 3))
    assert.equal(log.status(), 'down')
  })

  it('finds a decision before and after it is in the database, and who asked', async () => {
    const { log, store, timers } = await world()
    await log.append(intent(1))
    await log.append(outcome(1))
    await log.append(outcome(2, { decision: decision(2), user: null }))
    await log.append(outcome(3))
    const expected = { decision: decision(1), user: 'ana', team: 'engineering', key: '0123456789ab' }
    assert.deepEqual(await log.findDecision(requestId(1)), expected)
    await timers.run(1_000)
    assert.deepEqual(await log.findDecision(requestId(1)), expected)
    const later = await world({ store })
    assert.deepEqual(await later.log.findDecision(requestId(1)), expected)
    assert.equal((await later.log.findDecision(requestId(2)))?.user, null)
    assert.equal(await later.log.findDecision(requestId(3)), null)
    assert.equal(await later.log.findDecision(requestId(4)), null)
    store.fails = true
    assert.equal(await later.log.findDecision("req_' or 1=1"), null)
    await assert.rejects(later.log.findDecision(requestId(1)))
  })

  it('says at start when its folder cannot be used', async () => {
    const disk = new FakeDisk()
    disk.list = async () => {
      throw Object.assign(new Error('/var/ana/secret'), { code: 'EACCES' })
    }
    await assert.rejects(world({ disk }), (error: Error) => {
      assert.match(error.message, /EACCES/)
      assert.doesNotMatch(String(error.stack), /secret/)
      return true
    })
  })
})
