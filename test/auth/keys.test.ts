import assert from 'node:assert/strict'
import crypto, { createHash, randomBytes } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bearerOf } from '../../proxy/auth/bearer.ts'
import {
  AuthError,
  addKey,
  createAuthenticator,
  createKeyAuthenticator,
  listKeys,
  revokeKey,
} from '../../proxy/auth/index.ts'
import { hashKey, keyId, makeKey } from '../../proxy/auth/key-format.ts'
import type { ApiKeyRecord, KeyStore } from '../../proxy/ports.ts'

class FakeKeys implements KeyStore {
  readonly rows = new Map<string, ApiKeyRecord>()
  lookups = 0
  fails = false
  gate: Promise<void> | null = null

  async addKey(key: ApiKeyRecord) {
    this.rows.set(key.id, key)
  }

  async findKey(id: string) {
    this.lookups += 1
    await this.gate
    if (this.fails) throw new Error('private detail')
    return this.rows.get(id) ?? null
  }

  async listKeys() {
    return [...this.rows.values()]
  }

  async revokeKey(id: string, now: number) {
    const row = this.rows.get(id)
    if (!row || row.revoked !== null) return false
    this.rows.set(id, { ...row, revoked: now })
    return true
  }
}

const WORLD = { now: 1_000, randomBytes }
const NEW = { team: 'legal', user: 'ana@example.com', region: 'eu', scopes: ['chat', 'audit'] }
const header = (key: string) => `Bearer ${key}`

async function set() {
  const store = new FakeKeys()
  const made = await addKey(store, NEW, WORLD)
  return { store, made, auth: createKeyAuthenticator(store) }
}

/** Whether the authenticator throws or rejects, what matters is the code. */
async function codeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
    return 'passed'
  } catch (error) {
    assert.ok(error instanceof AuthError)
    return error.code
  }
}

describe('authentication by key', () => {
  it('knows whom a key is for', async () => {
    const { auth, made } = await set()
    assert.deepEqual(await auth.authenticate(header(made.key), 2_000), {
      user: 'ana@example.com',
      team: 'legal',
      region: 'eu',
      roles: [],
      key: made.id,
      scopes: ['chat', 'audit'],
    })
    assert.deepEqual(
      await auth.authenticate(`bearer  ${made.key}`, 2_000),
      await auth.authenticate(header(made.key), 2_000),
    )
  })

  it('lets nothing else in', async () => {
    const { auth, made, store } = await set()
    const other = makeKey(randomBytes)
    const forged = `${made.key.slice(0, 20)}${other.key.slice(20)}`
    // Right id and right check over a secret of somebody's own.
    const sameId = makeKey((size) => (size === 8 ? idBytes(made.id) : randomBytes(size)))
    assert.equal(sameId.id, made.id)
    const cases: [string, string | undefined, string][] = [
      ['no header', undefined, 'missing'],
      ['an empty header', '', 'missing'],
      ['another scheme', `Basic ${made.key}`, 'invalid'],
      ['no token', 'Bearer ', 'invalid'],
      ['two tokens', `Bearer ${made.key} ${made.key}`, 'invalid'],
      ['two headers joined', `Bearer ${made.key}, Bearer ${made.key}`, 'invalid'],
      ['a control character', `Bearer ${made.key}\u0000`, 'invalid'],
      ['a key of another service', header('sk-not-a-real-key'), 'invalid'],
      ['an unknown key', header(other.key), 'invalid'],
      ['the id with another secret', header(forged), 'invalid'],
      ['the id with another well-formed secret', header(sameId.key), 'invalid'],
      ['the stored hash', header(String(store.rows.get(made.id)?.hash)), 'invalid'],
      ['upper case', header(made.key.toUpperCase()), 'invalid'],
      ['one character less', header(made.key.slice(0, -1)), 'invalid'],
      ['one character more', header(`${made.key}0`), 'invalid'],
      ['a megabyte', header('x'.repeat(1_000_000)), 'invalid'],
    ]
    for (const [name, authorization, expected] of cases) {
      assert.equal(await codeOf(() => auth.authenticate(authorization, 2_000)), expected, name)
    }
  })

  it('accepts no key that differs in one character', async () => {
    const { auth, made } = await set()
    for (let at = 0; at < made.key.length; at += 1) {
      const changed = `${made.key.slice(0, at)}${made.key[at] === 'a' ? 'b' : 'a'}${made.key.slice(at + 1)}`
      assert.equal(
        await codeOf(() => auth.authenticate(header(changed), 2_000)),
        'invalid',
        `character ${at}`,
      )
    }
  })

  it('compares hashes in constant time, once, whether the id is known, unknown or revoked', async (context) => {
    const { auth, made, store } = await set()
    const revoked = await addKey(store, NEW, WORLD)
    await revokeKey(store, revoked.id, 1_500)
    const compare = context.mock.method(crypto, 'timingSafeEqual')
    syncBuiltinESMExports()
    try {
      for (const key of [made.key, revoked.key, makeKey(randomBytes).key]) {
        compare.mock.resetCalls()
        await codeOf(() => auth.authenticate(header(key), 2_000))
        assert.equal(compare.mock.callCount(), 1)
        assert.deepEqual(compare.mock.calls[0]?.arguments[0], hashKey(key))
      }
    } finally {
      compare.mock.restore()
      syncBuiltinESMExports()
    }
  })

  it('asks the database once in five seconds, and notices a revocation then', async () => {
    const { auth, made, store } = await set()
    for (const now of [2_000, 2_001, 6_999]) await auth.authenticate(header(made.key), now)
    assert.equal(store.lookups, 1)
    assert.equal(await revokeKey(store, made.id, 3_000), true)
    assert.equal(await revokeKey(store, made.id, 3_000), false)
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 7_000)), 'invalid')
    assert.equal(store.lookups, 2)
  })

  it('notices a revocation at once when told to forget, and never trusts a clock that ran backwards', async () => {
    const { auth, made, store } = await set()
    await auth.authenticate(header(made.key), 2_000)
    await revokeKey(store, made.id, 2_000)
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 2_001)), 'passed')
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 1_999)), 'invalid')
    const second = await set()
    await second.auth.authenticate(header(second.made.key), 2_000)
    await revokeKey(second.store, second.made.id, 2_000)
    second.auth.forget(second.made.id)
    assert.equal(await codeOf(() => second.auth.authenticate(header(second.made.key), 2_001)), 'invalid')
  })

  it('lets nobody pass while the database cannot be asked, but those it just knew', async () => {
    const { auth, made, store } = await set()
    await auth.authenticate(header(made.key), 2_000)
    store.fails = true
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 3_000)), 'passed')
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 8_000)), 'unavailable')
    store.fails = false
    assert.equal(await codeOf(() => auth.authenticate(header(made.key), 8_000)), 'passed')
  })

  it('asks once for callers of the same moment, and not at all for an id that was unknown just now', async () => {
    const { auth, made, store } = await set()
    await Promise.all(Array.from({ length: 20 }, () => auth.authenticate(header(made.key), 2_000)))
    assert.equal(store.lookups, 1)
    const unknown = header(makeKey(randomBytes).key)
    for (const now of [2_000, 2_500, 2_999]) await codeOf(() => auth.authenticate(unknown, now))
    assert.equal(store.lookups, 2)
    await codeOf(() => auth.authenticate(unknown, 3_000))
    assert.equal(store.lookups, 3)
  })

  it('keeps a flood of invented keys from the database, and known keys working meanwhile', async () => {
    const { auth, made, store } = await set()
    await auth.authenticate(header(made.key), 2_000)
    let open: () => void = () => undefined
    store.gate = new Promise((resolve) => {
      open = resolve
    })
    const flood = Array.from({ length: 500 }, () =>
      codeOf(() => auth.authenticate(header(makeKey(randomBytes).key), 9_000)),
    )
    const known = codeOf(() => auth.authenticate(header(made.key), 9_000))
    open()
    const codes = await Promise.all(flood)
    assert.ok(store.lookups <= 34, `${store.lookups} look-ups`)
    assert.ok(codes.every((code) => code === 'invalid' || code === 'unavailable'))
    assert.equal(await known, 'passed')
  })

  it('never shows a key or what the database said', async () => {
    const { auth, made, store } = await set()
    store.fails = true
    for (const key of [made.key, makeKey(randomBytes).key, 'something-else']) {
      const error = await Promise.resolve()
        .then(() => auth.authenticate(header(key), 2_000))
        .then(
          () => assert.fail('should not pass'),
          (reason: unknown) => reason,
        )
      assert.ok(error instanceof AuthError)
      assert.ok(!`${error.stack}${JSON.stringify(error)}${String(error.cause)}`.includes(key))
      assert.doesNotMatch(String(error.stack), /private detail/)
    }
  })
})

describe('a key', () => {
  it('is shown once and stored as its hash', async () => {
    const { store, made } = await set()
    const [row] = [...store.rows.values()]
    assert.equal(row?.hash, createHash('sha256').update(made.key).digest('hex'))
    assert.ok(!JSON.stringify(row).includes(made.key.slice(16)))
    assert.deepEqual(await listKeys(store), [
      {
        id: made.id,
        team: 'legal',
        user: 'ana@example.com',
        region: 'eu',
        scopes: ['chat', 'audit'],
        created: 1_000,
        revoked: null,
      },
    ])
  })

  it('may only name teams, users, regions and scopes that the audit log can keep', async () => {
    const cases: [string, object][] = [
      ['an empty team', { team: '' }],
      ['a team of two words', { team: 'two words' }],
      ['a user with a line break', { user: 'a\nb' }],
      ['a long region', { region: 'x'.repeat(129) }],
      ['an unknown scope', { scopes: ['chat', 'root'] }],
    ]
    for (const [name, change] of cases) {
      const store = new FakeKeys()
      await assert.rejects(addKey(store, { ...NEW, ...change }, WORLD), { code: 'invalid' }, name)
      assert.equal(store.rows.size, 0)
    }
    const bare = await addKey(new FakeKeys(), { team: 'a', user: 'b' }, WORLD)
    assert.deepEqual([bare.region, bare.scopes], [null, ['chat']])
  })

  it('has an id, 256 random bits and a check over both', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const { id, key } = makeKey((size) => bytes.subarray(0, size))
        assert.match(key, /^ck_[0-9a-z]{12}_[A-Za-z0-9_-]{43}[0-9a-z]{4}$/)
        assert.equal(keyId(key), id)
        assert.equal(hashKey(key).length, 32)
      }),
    )
    assert.equal(keyId(''), null)
    assert.equal(keyId('ck_'), null)
  })

  it('cannot be revoked by an id that is none', async () => {
    const { store } = await set()
    assert.equal(await revokeKey(store, "' or 1=1", 1), false)
  })
})

describe('the bearer credential', () => {
  it('is read in linear time, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          assert.match(bearerOf(text), /^[!-~]+$/)
        } catch (error) {
          assert.ok(error instanceof AuthError)
        }
      }),
    )
    const start = performance.now()
    for (const text of [
      `Bearer ${' '.repeat(1_000_000)}`,
      `Bearer ${'x'.repeat(1_000_000)}`,
      'B'.repeat(1_000_000),
    ]) {
      assert.throws(() => bearerOf(text), AuthError)
    }
    assert.ok(performance.now() - start < 200)
  })
})

describe('the modes', () => {
  it('know everybody as anonymous where there is no authentication', async () => {
    const auth = createAuthenticator({ mode: 'none' }, { store: new FakeKeys() })
    const principal = await auth.authenticate('Bearer whatever', 1)
    assert.deepEqual(principal, await auth.authenticate(undefined, 1))
    assert.equal(principal.user, 'anonymous')
    assert.deepEqual(principal.scopes, ['chat'])
  })

  it('ask for a key where keys are on', async () => {
    const auth = createAuthenticator({ mode: 'keys' }, { store: new FakeKeys() })
    assert.equal(await codeOf(() => auth.authenticate(undefined, 1)), 'missing')
  })

  it('refuse to start with tokens and no issuer', () => {
    assert.throws(() => createAuthenticator({ mode: 'jwt' }, { store: new FakeKeys() }), TypeError)
  })
})

/** The random bytes that lead to an id: 12 characters are 60 bits, so the last four do not matter. */
function idBytes(id: string): Uint8Array {
  let value = 0n
  for (const character of id)
    value = value * 32n + BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(character))
  return Buffer.from((value << 4n).toString(16).padStart(16, '0'), 'hex')
}
