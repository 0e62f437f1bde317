import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asStoreError, errorCode } from '../../proxy/store/errors.ts'
import { createLazyStore, openPostgres, openStore, type Store, StoreError } from '../../proxy/store/index.ts'

function fakeStore(count: number): Store {
  const unused = async () => assert.fail('not used')
  return {
    kind: 'embedded',
    ready: async () => undefined,
    appendRecords: unused,
    persist: unused,
    recordsOf: unused,
    findRecords: unused,
    recordCount: async () => count,
    addKey: unused,
    findKey: unused,
    listKeys: unused,
    revokeKey: unused,
    readUsage: unused,
    addUsage: unused,
    close: async () => undefined,
  }
}

describe('a store that opens in the background', () => {
  it('starts opening at once, and once, for all callers', async () => {
    let opened = 0
    const store = createLazyStore('embedded', async () => {
      opened += 1
      return fakeStore(7)
    })
    assert.equal(opened, 1)
    assert.deepEqual(await Promise.all([store.recordCount(), store.recordCount()]), [7, 7])
    assert.equal(opened, 1)
  })

  it('tells every waiting caller of a failure, and tries again at the next call', async () => {
    let attempts = 0
    const store = createLazyStore('postgres', async () => {
      attempts += 1
      if (attempts < 3) throw new StoreError('unavailable', 'not yet')
      return fakeStore(1)
    })
    const waiting = await Promise.allSettled([store.ready(), store.recordCount()])
    assert.deepEqual(
      waiting.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    await assert.rejects(store.ready(), { code: 'unavailable' })
    await store.ready()
    assert.equal(attempts, 3)
  })

  it('is closed for good, even while it opens', async () => {
    let closed = 0
    let finish: (store: Store) => void = () => undefined
    const opening = new Promise<Store>((resolve) => {
      finish = resolve
    })
    const store = createLazyStore('embedded', () => opening)
    const closing = store.close()
    const close = async () => {
      closed += 1
    }
    finish({ ...fakeStore(1), close })
    await closing
    assert.equal(closed, 1)
    await assert.rejects(store.recordCount(), { code: 'closed' })
  })
})

describe('a PostgreSQL that cannot be used', () => {
  const secret = 'very-private-word'
  const cases: [string, string][] = [
    ['nobody listens', `postgres://user:${secret}@127.0.0.1:1/database`],
    ['not an address', `not an address ${secret}`],
    ['a schema that needs quotes', `postgres://user:${secret}@127.0.0.1:1/database?schema=a%22b`],
    ["a schema of the server's own", `postgres://user:${secret}@127.0.0.1:1/database?schema=pg_catalog`],
  ]
  for (const [name, url] of cases) {
    it(`is reported without its address: ${name}`, async () => {
      const error = await openPostgres({ url }).then(
        () => assert.fail('should reject'),
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof StoreError)
      assert.equal(error.code, 'unavailable')
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, new RegExp(secret))
    })
  }

  it('is what an address leads to', async () => {
    const lock = { dir: '/nowhere', isHeld: () => true, release: async () => undefined }
    const store = openStore({ lock, databaseUrl: cases[0]?.[1] ?? '' })
    assert.equal(store.kind, 'postgres')
    await assert.rejects(store.ready(), { code: 'unavailable' })
    await store.close()
  })
})

describe('an error of the database', () => {
  it('keeps its code and nothing else', () => {
    const cause = Object.assign(new Error('duplicate key (id)=(private)'), { code: '23505' })
    const outer = new Error('Failed query: insert … params: private', { cause })
    assert.equal(errorCode(outer), '23505')
    const known = asStoreError(outer, 'adding a key')
    assert.equal(known.code, 'conflict')
    assert.doesNotMatch(String(known.stack), /private/)
    assert.equal(
      asStoreError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'asking').code,
      'unavailable',
    )
    assert.equal(asStoreError('odd', 'asking').message, 'asking: the database answered with an error')
    assert.equal(errorCode(Object.assign(new Error('x'), { code: 'some text of a row' })), undefined)
  })
})
