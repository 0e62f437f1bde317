import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import postgres from 'postgres'
import type { ApiKeyRecord, AuditRow } from '../../proxy/ports.ts'
import { openInMemory, openPostgres, type Store, StoreError } from '../../proxy/store/index.ts'

/** Every test works under a prefix of its own, so that one database serves them all. */
let serial = 0
const fresh = () => {
  serial += 1
  return `t${serial}`
}

function row(position: number, change: Partial<AuditRow> = {}): AuditRow {
  return {
    position,
    request_id: `req_${position}`,
    kind: 'intent',
    time: 1_000 + position,
    user: 'ana',
    team: 'engineering',
    action: 'cloud',
    destination: 'us-cloud',
    entities: ['EMAIL', 'PERSON'],
    record: `{"position":${position}}`,
    ...change,
  }
}

function key(id: string, change: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id,
    hash: 'ab'.repeat(32),
    team: 'legal',
    user: 'bo',
    region: 'eu',
    scopes: ['chat', 'audit'],
    created: 5,
    revoked: null,
    ...change,
  }
}

function suite(name: string, open: () => Promise<Store>, cleanUp: () => Promise<void>) {
  describe(`the store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
    })
    after(async () => {
      await store.close()
      await store.close()
      await assert.rejects(store.recordCount(), { code: 'closed' })
      await cleanUp()
    })

    it('adds up what several proxies count, and reads it back', async () => {
      const name = fresh()
      const change = (counter: string, amount: number, expires = 1_000) => ({
        counter: `${name} ${counter}`,
        expires,
        amount,
      })
      const sums = async (counters: readonly string[]) => {
        const rows = await store.readUsage(counters.map((counter) => `${name} ${counter}`))
        return Object.fromEntries(rows.map(({ counter, amount }) => [counter.slice(name.length + 1), amount]))
      }
      assert.deepEqual(await sums(['a', 'b']), {})
      assert.deepEqual(await store.readUsage([]), [])
      await store.addUsage([change('b', 2), change('a', 0.25)], 1)
      const more = await Promise.all(
        [1, 2, 3].map((amount) => store.addUsage([change('a', amount), change('b', amount)], 1)),
      )
      assert.deepEqual(await sums(['a', 'b', 'c']), { a: 6.25, b: 8 })
      assert.ok(more.flat().some(({ counter, amount }) => counter === `${name} a` && amount === 6.25))
      // What is said of a counter is a caller's name: it must not be read as SQL.
      await store.addUsage([change(`'; drop table usage_counters; --`, 1)], 1)
      assert.deepEqual(await sums([`'; drop table usage_counters; --`]), {
        "'; drop table usage_counters; --": 1,
      })
    })

    it('forgets counters whose window is over', async () => {
      const name = fresh()
      await store.addUsage([{ counter: `${name} old`, expires: 50, amount: 1 }], 1)
      await store.addUsage([{ counter: `${name} new`, expires: 5_000, amount: 1 }], 50)
      const left = await store.readUsage([`${name} old`, `${name} new`])
      assert.deepEqual(left, [{ counter: `${name} new`, amount: 1 }])
    })

    const all = async (query = {}) => {
      const found = await store.findRecords(query, -1, 1_000)
      return found.map(({ record }) => record)
    }

    it('gives leaf indices in order, without gaps, over several writers', async () => {
      const [a, b] = [fresh(), fresh()]
      const start = await store.recordCount()
      await store.appendRecords(a, [row(0, { record: `${a}0` }), row(1, { record: `${a}1` })])
      await store.appendRecords(b, [row(0, { record: `${b}0` })])
      await store.appendRecords(a, [row(2, { record: `${a}2` })])
      const found = await store.findRecords({}, start - 1, 10)
      assert.deepEqual(
        found,
        [`${a}0`, `${a}1`, `${b}0`, `${a}2`].map((record, i) => ({ seq: start + i, record })),
      )
      assert.equal(await store.recordCount(), start + 4)
    })

    it('stores a replayed row once, and what follows it', async () => {
      const writer = fresh()
      const start = await store.recordCount()
      const rows = [0, 1, 2, 3].map((position) => row(position, { record: `${writer}-${position}` }))
      await store.appendRecords(writer, rows.slice(0, 3))
      await store.appendRecords(writer, rows.slice(1))
      await store.appendRecords(writer, rows)
      const found = await store.findRecords({}, start - 1, 10)
      assert.deepEqual(
        found.map(({ record }) => record),
        rows.map(({ record }) => record),
      )
    })

    it('takes writers that append at the same time one after the other', async () => {
      const start = await store.recordCount()
      const writers = Array.from({ length: 6 }, fresh)
      await Promise.all(
        writers.map(async (writer) => {
          for (const position of [0, 1, 2]) {
            await store.appendRecords(writer, [row(position, { record: `${writer}/${position}` })])
          }
        }),
      )
      const found = await store.findRecords({}, start - 1, 100)
      assert.deepEqual(
        found.map(({ seq }) => seq),
        Array.from({ length: 18 }, (_, i) => start + i),
      )
      for (const writer of writers) {
        const own = found.filter(({ record }) => record.startsWith(`${writer}/`)).map(({ record }) => record)
        assert.deepEqual(
          own,
          [0, 1, 2].map((position) => `${writer}/${position}`),
        )
      }
    })

    it('keeps the bytes of a record as they are', async () => {
      const writer = fresh()
      const id = `req_${writer}`
      const record = `{"a":"\\"quoted\\" ü 漢 😀 \\\\ ' $1 {x}","b":[1,2.5e-7],"c":null}`
      await store.appendRecords(writer, [row(0, { request_id: id, record })])
      const [found] = await store.recordsOf(id)
      assert.equal(found?.record, record)
    })

    it('takes a row whose names hold what a database or a list of lines cannot', async () => {
      const writer = fresh()
      const odd = row(0, { request_id: `odd-${writer}`, user: 'a\nb', team: 'c\0d', entities: ['E\nF'] })
      await store.appendRecords(writer, [odd, row(1, { request_id: `even-${writer}` })])
      for (const [id, position] of [
        [`odd-${writer}`, 0],
        [`even-${writer}`, 1],
      ] as const) {
        const records = await store.recordsOf(id)
        assert.deepEqual(
          records.map(({ record }) => record),
          [`{"position":${position}}`],
        )
      }
    })

    it('takes a batch of a thousand rows, and none', async () => {
      const writer = fresh()
      const start = await store.recordCount()
      await store.appendRecords(writer, [])
      await store.appendRecords(
        writer,
        Array.from({ length: 1_000 }, (_, i) => row(i)),
      )
      assert.equal(await store.recordCount(), start + 1_000)
      assert.equal((await store.findRecords({}, start - 1, 5_000)).length, 1_000)
    })

    it('finds all records of a request, in order, and none of another', async () => {
      const writer = fresh()
      const id = `req_${writer}`
      await store.appendRecords(writer, [
        row(0, { request_id: id, record: 'intent' }),
        row(1),
        row(2, { request_id: id, kind: 'outcome', record: 'outcome' }),
      ])
      assert.deepEqual(
        (await store.recordsOf(id)).map(({ record }) => record),
        ['intent', 'outcome'],
      )
      assert.deepEqual(await store.recordsOf("req_' or 1=1 --"), [])
    })

    it('narrows by time, user, team, action and entity, alone and together', async () => {
      const team = fresh()
      await store.appendRecords(team, [
        row(0, { team, time: 10, user: 'ana', action: 'cloud', entities: ['EMAIL'], record: `${team}a` }),
        row(1, { team, time: 20, user: 'bo', action: 'local', entities: [], record: `${team}b` }),
        row(2, {
          team,
          time: 30,
          user: null,
          action: 'blocked',
          entities: ['EMAIL', 'IBAN'],
          record: `${team}c`,
        }),
      ])
      const cases: [string, object, string][] = [
        ['team', { team }, 'abc'],
        ['from is inclusive', { team, from: 20 }, 'bc'],
        ['to is exclusive', { team, to: 20 }, 'a'],
        ['from and to', { team, from: 15, to: 25 }, 'b'],
        ['user', { team, user: 'bo' }, 'b'],
        ['action', { team, action: 'blocked' }, 'c'],
        ['entity', { team, entity: 'EMAIL' }, 'ac'],
        ['entity and time', { team, entity: 'EMAIL', from: 11 }, 'c'],
        ['nothing', { team, user: 'cy' }, ''],
        ['a quote', { team, user: "bo' or '1'='1" }, ''],
      ]
      for (const [name, query, expected] of cases) {
        const found = await all(query)
        assert.deepEqual(
          found,
          [...expected].map((letter) => team + letter),
          name,
        )
      }
    })

    it('pages forward without missing or repeating a record', async () => {
      const team = fresh()
      await store.appendRecords(
        team,
        Array.from({ length: 23 }, (_, i) => row(i, { team, record: `${team}:${i}` })),
      )
      const seen: string[] = []
      for (let after = -1; ; ) {
        const page = await store.findRecords({ team }, after, 5)
        seen.push(...page.map(({ record }) => record))
        after = page.at(-1)?.seq ?? after
        if (page.length < 5) break
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 23 }, (_, i) => `${team}:${i}`),
      )
    })

    it('gives a key back as it was stored', async () => {
      const stored = key(fresh())
      const bare = key(fresh(), { region: null, scopes: [], created: 6 })
      await store.addKey(stored)
      await store.addKey(bare)
      assert.deepEqual(await store.findKey(stored.id), stored)
      assert.deepEqual(await store.findKey(bare.id), bare)
      assert.equal(await store.findKey('nobody'), null)
      const listed = (await store.listKeys()).filter(({ id }) => id === stored.id || id === bare.id)
      assert.deepEqual(listed, [stored, bare])
    })

    it('refuses a second key of the same id', async () => {
      const first = key(fresh())
      await store.addKey(first)
      await assert.rejects(store.addKey(key(first.id, { team: 'other' })), { code: 'conflict' })
      assert.deepEqual(await store.findKey(first.id), first)
    })

    it('revokes a key once', async () => {
      const stored = key(fresh())
      await store.addKey(stored)
      assert.equal(await store.revokeKey(stored.id, 77), true)
      assert.equal(await store.revokeKey(stored.id, 88), false)
      assert.equal(await store.revokeKey('nobody', 77), false)
      assert.equal((await store.findKey(stored.id))?.revoked, 77)
    })

    it('says nothing about rows or parameters in an error', async () => {
      const stored = key(fresh(), { user: 'private-name' })
      await store.addKey(stored)
      const error = await store.addKey(stored).then(
        () => assert.fail('should reject'),
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof StoreError)
      assert.equal(error.cause, undefined)
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /private-name|abababab/)
    })

    it('is ready, and persists on request', async () => {
      await store.ready()
      await store.persist()
    })
  })
}

suite('PGlite', openInMemory, async () => undefined)

const url = process.env.TEST_DATABASE_URL
if (url) {
  const schema = `test_${randomBytes(6).toString('hex')}`
  suite(
    'PostgreSQL',
    async () => {
      // Two that start together must not both migrate.
      const own = new URL(url)
      own.searchParams.set('schema', schema)
      const [store, second] = await Promise.all([
        openPostgres({ url: own.href }),
        openPostgres({ url: own.href }),
      ])
      await second.close()
      return store
    },
    async () => {
      const client = postgres(url, { max: 1, onnotice: () => undefined })
      await client`drop schema ${client(schema)} cascade`
      await client.end()
    },
  )
} else {
  it('the store on PostgreSQL', { skip: 'TEST_DATABASE_URL is not set' }, () => undefined)
}
