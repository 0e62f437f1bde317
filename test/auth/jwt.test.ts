import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import {
  AuthError,
  createAuthenticator,
  createJwtAuthenticator,
  type JwtConfig,
} from '../../proxy/auth/index.ts'

const NOW = Date.UTC(2026, 10, 20)
const SECONDS = NOW / 1000
const ISSUER = 'https://idp.example.com'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

let server: Server
let base: string
let fetches = 0
let answer: (response: ServerResponse) => void
const pairs: Record<string, Pair> = {}

function pairOf(kid: string): Pair {
  const pair = pairs[kid]
  assert.ok(pair)
  return pair
}

async function keySet(...names: string[]): Promise<string> {
  const keys = await Promise.all(
    names.map(async (kid) => {
      return { ...(await exportJWK(pairOf(kid).publicKey)), kid, use: 'sig' }
    }),
  )
  return JSON.stringify({ keys })
}

async function serveKeys(...names: string[]): Promise<void> {
  const body = await keySet(...names)
  answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

before(async () => {
  for (const [kid, algorithm] of [
    ['rs', 'RS256'],
    ['es', 'ES256'],
    ['ed', 'EdDSA'],
    ['next', 'RS256'],
    ['stranger', 'RS256'],
  ] as const) {
    pairs[kid] = await generateKeyPair(algorithm, { extractable: true })
  }
  server = createServer((_, response) => {
    fetches += 1
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())
beforeEach(async () => {
  await serveKeys('rs', 'es', 'ed')
  fetches = 0
})

function config(change: Partial<JwtConfig> = {}): JwtConfig {
  return {
    issuer: ISSUER,
    audience: 'cloakroom',
    jwks_url: `${base}/jwks`,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    ...change,
  }
}

const CLAIMS: Readonly<JWTPayload> = {
  iss: ISSUER,
  aud: ['other', 'cloakroom'],
  sub: 'ana',
  iat: SECONDS - 10,
  nbf: SECONDS - 10,
  exp: SECONDS + 600,
}

async function token(
  change: Record<string, unknown> = {},
  kid = 'rs',
  alg = 'RS256',
  header: object = {},
): Promise<string> {
  // Imported anew, so that a key can be made to sign with an algorithm it was not made for.
  const key = await importJWK(await exportJWK(pairOf(kid).privateKey), alg)
  return new SignJWT({ ...CLAIMS, ...change }).setProtectedHeader({ alg, kid, ...header }).sign(key)
}

async function codeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
    return 'passed'
  } catch (error) {
    assert.ok(error instanceof AuthError, String(error))
    assert.equal(error.cause, undefined)
    return error.code
  }
}

describe('authentication by token', () => {
  it('knows whom a token is for', async () => {
    const auth = createAuthenticator({ mode: 'jwt', jwt: config() }, { store: { findKey: async () => null } })
    const text = await token({
      team: 'legal',
      region: 'eu',
      roles: ['counsel'],
      scope: 'openid audit chat',
      jti: 't-1',
    })
    assert.deepEqual(await auth.authenticate(`Bearer ${text}`, NOW), {
      user: 'ana',
      team: 'legal',
      region: 'eu',
      roles: ['counsel'],
      key: 't-1',
      scopes: ['audit', 'chat'],
    })
  })

  it('accepts every pinned algorithm', async () => {
    const auth = createJwtAuthenticator(config())
    for (const [kid, alg] of [
      ['rs', 'RS256'],
      ['es', 'ES256'],
      ['ed', 'EdDSA'],
    ] as const) {
      const text = await token({}, kid, alg)
      assert.equal(await codeOf(() => auth.authenticate(`Bearer ${text}`, NOW)), 'passed', alg)
    }
  })

  it('lets no other token in', async () => {
    const auth = createJwtAuthenticator(config())
    const publicPem = await exportSPKI(pairOf('rs').publicKey)
    const confused = (secret: string) =>
      new SignJWT(CLAIMS)
        .setProtectedHeader({ alg: 'HS256', kid: 'rs' })
        .sign(new TextEncoder().encode(secret))
    const good = await token()
    const [head = '', body = '', signature = ''] = good.split('.')
    const otherBody = (await token({ sub: 'bo' })).split('.')[1]
    const embedded = { jwk: await exportJWK(pairOf('stranger').publicKey) }
    const cases: [string, string | undefined, string][] = [
      ['no header', undefined, 'missing'],
      ['not a token', 'Bearer abc', 'invalid'],
      ['two dots and nothing', 'Bearer ..', 'invalid'],
      ['alg none', `Bearer ${new UnsecuredJWT(CLAIMS).encode()}`, 'invalid'],
      ['alg none with a key id', `Bearer ${b64({ alg: 'none', kid: 'rs' })}.${body}.`, 'invalid'],
      ['alg in another case', `Bearer ${b64({ alg: 'nOnE', kid: 'rs' })}.${body}.`, 'invalid'],
      ['HS256 signed with the public key', `Bearer ${await confused(publicPem)}`, 'invalid'],
      ['HS256 signed with the key set', `Bearer ${await confused(await keySet('rs'))}`, 'invalid'],
      ['an algorithm of the key that is not pinned', `Bearer ${await token({}, 'rs', 'RS512')}`, 'invalid'],
      ['signed by a stranger', `Bearer ${await token({}, 'stranger', 'RS256', { kid: 'rs' })}`, 'invalid'],
      [
        'signed by the key it brings along',
        `Bearer ${await token({}, 'stranger', 'RS256', { ...embedded, kid: 'rs' })}`,
        'invalid',
      ],
      ['an unknown key', `Bearer ${await token({}, 'stranger')}`, 'invalid'],
      ['a body that was exchanged', `Bearer ${head}.${otherBody}.${signature}`, 'invalid'],
      ['no signature', `Bearer ${head}.${body}.`, 'invalid'],
      ['an unknown critical header', `Bearer ${await signedWithCrit()}`, 'invalid'],
      ['another issuer', `Bearer ${await token({ iss: 'https://idp.example.org' })}`, 'invalid'],
      [
        'an issuer that only begins like it',
        `Bearer ${await token({ iss: `${ISSUER}.example.org` })}`,
        'invalid',
      ],
      ['no issuer', `Bearer ${await token({ iss: undefined })}`, 'invalid'],
      ['another audience', `Bearer ${await token({ aud: 'other' })}`, 'invalid'],
      ['no audience', `Bearer ${await token({ aud: undefined })}`, 'invalid'],
      ['expired', `Bearer ${await token({ exp: SECONDS - 31 })}`, 'expired'],
      ['no expiry', `Bearer ${await token({ exp: undefined })}`, 'invalid'],
      ['not valid yet', `Bearer ${await token({ nbf: SECONDS + 31 })}`, 'invalid'],
      ['no user', `Bearer ${await token({ sub: undefined })}`, 'invalid'],
      ['a sentence as user', `Bearer ${await token({ sub: 'Jane Doe lives here' })}`, 'invalid'],
      ['a list as team', `Bearer ${await token({ team: ['a'] })}`, 'invalid'],
      ['an object as roles', `Bearer ${await token({ roles: { admin: true } })}`, 'invalid'],
      ['a sentence among the roles', `Bearer ${await token({ roles: ['a b'] })}`, 'invalid'],
    ]
    for (const [name, authorization, expected] of cases) {
      assert.equal(await codeOf(() => auth.authenticate(authorization, NOW)), expected, name)
    }
  })

  it('forgives clocks that differ by half a minute, and a missing nbf', async () => {
    const auth = createJwtAuthenticator(config())
    for (const change of [{ exp: SECONDS - 29 }, { nbf: SECONDS + 29 }, { nbf: undefined }]) {
      const text = await token(change)
      assert.equal(
        await codeOf(() => auth.authenticate(`Bearer ${text}`, NOW)),
        'passed',
        JSON.stringify(change),
      )
    }
  })

  it('believes a verified token until it expires, for five minutes at most', async () => {
    const auth = createJwtAuthenticator(config())
    const short = `Bearer ${await token({ exp: SECONDS + 60 })}`
    const long = `Bearer ${await token({ exp: SECONDS + 3_600 })}`
    const first = await auth.authenticate(short, NOW)
    assert.equal(auth.authenticate(short, NOW + 59_999), first, 'answered from memory, without a promise')
    assert.equal(await codeOf(() => auth.authenticate(short, NOW + 91_000)), 'expired')
    await auth.authenticate(long, NOW)
    assert.ok(!(auth.authenticate(long, NOW + 299_999) instanceof Promise))
    assert.ok(auth.authenticate(long, NOW + 300_000) instanceof Promise)
    assert.equal(fetches, 1)
  })

  it('reads claims under other names, with dots as a path or as part of the name', async () => {
    const claims = {
      user: 'email',
      team: 'https://example.com/team',
      roles: 'realm_access.roles',
      scopes: 'scp',
    }
    const auth = createJwtAuthenticator(config({ claims }))
    const text = await token({
      email: 'ana@example.com',
      'https://example.com/team': 'legal',
      realm_access: { roles: ['counsel'] },
      scp: ['admin', 'mail.read'],
    })
    const principal = await auth.authenticate(`Bearer ${text}`, NOW)
    assert.equal(principal.user, 'ana@example.com')
    assert.equal(principal.team, 'legal')
    assert.deepEqual(principal.roles, ['counsel'])
    assert.deepEqual(principal.scopes, ['admin'])
  })
})

describe("the issuer's keys", () => {
  it('are fetched once and again when an unknown key appears', async () => {
    const auth = createJwtAuthenticator(config(), { cooldownMs: 0 })
    for (let n = 0; n < 5; n += 1) {
      const text = await token({ jti: `a${n}` })
      await auth.authenticate(`Bearer ${text}`, NOW)
    }
    assert.equal(fetches, 1)
    await serveKeys('next')
    const rotated = await token({}, 'next')
    assert.equal(await codeOf(() => auth.authenticate(`Bearer ${rotated}`, NOW)), 'passed')
    assert.equal(fetches, 2)
    const withdrawn = await token({ jti: 'late' })
    assert.equal(await codeOf(() => auth.authenticate(`Bearer ${withdrawn}`, NOW)), 'invalid')
  })

  it('are not fetched for every token with an invented key', async () => {
    const auth = createJwtAuthenticator(config())
    await auth.authenticate(`Bearer ${await token()}`, NOW)
    for (let n = 0; n < 20; n += 1) {
      const text = await token({ jti: `b${n}` }, 'stranger')
      assert.equal(await codeOf(() => auth.authenticate(`Bearer ${text}`, NOW)), 'invalid')
    }
    assert.equal(fetches, 1)
  })

  const failures: [string, (response: ServerResponse) => void][] = [
    ['an error', (response) => response.writeHead(500).end()],
    ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a reset connection', (response) => response.destroy()],
    ['no JSON', (response) => response.writeHead(200).end('<html>')],
    ['JSON that is no key set', (response) => response.writeHead(200).end('{"keys":1}')],
    ['two megabytes', (response) => response.writeHead(200).end(`{"keys":[${'"x",'.repeat(500_000)}1]}`)],
  ]
  for (const [name, respond] of failures) {
    it(`that come as ${name} let nobody pass`, async () => {
      answer = respond
      const auth = createJwtAuthenticator(config())
      const text = await token()
      assert.equal(await codeOf(() => auth.authenticate(`Bearer ${text}`, NOW)), 'unavailable')
    })
  }

  it('that cannot be fetched are not asked for by every request', async () => {
    answer = (response) => response.writeHead(503).end()
    const auth = createJwtAuthenticator(config())
    for (let n = 0; n < 20; n += 1) {
      const text = await token({ jti: `c${n}` })
      assert.equal(await codeOf(() => auth.authenticate(`Bearer ${text}`, NOW)), 'unavailable')
    }
    assert.ok(fetches <= 2, `${fetches} fetches`)
  })

  it('may be fetched by somebody else', async () => {
    const body = await keySet('rs')
    const urls: string[] = []
    const auth = createJwtAuthenticator(config({ jwks_url: 'https://idp.example.com/jwks' }), {
      fetch: async (url, options) => {
        urls.push(url)
        assert.equal(options.redirect, 'manual')
        return new Response(body, { status: 200 })
      },
    })
    assert.equal(await codeOf(async () => auth.authenticate(`Bearer ${await token()}`, NOW)), 'passed')
    assert.deepEqual(urls, ['https://idp.example.com/jwks'])
  })
})

describe('a configuration that is not safe', () => {
  const cases: [string, Partial<JwtConfig>][] = [
    ['alg none', { algorithms: ['none'] }],
    ['a shared secret', { algorithms: ['RS256', 'HS256'] }],
    ['no algorithm', { algorithms: [] }],
    ['plain http to another machine', { jwks_url: 'http://idp.example.com/jwks' }],
    ['a host that only begins like this machine', { jwks_url: 'http://127.0.0.1.example.com/jwks' }],
    ['a file', { jwks_url: 'file:///etc/keys' }],
    ['no address', { jwks_url: 'jwks' }],
  ]
  for (const [name, change] of cases) {
    it(`is refused at start: ${name}`, () => {
      assert.throws(() => createJwtAuthenticator(config(change)), TypeError)
    })
  }
})

function b64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function signedWithCrit(): Promise<string> {
  return new SignJWT(CLAIMS)
    .setProtectedHeader({ alg: 'RS256', kid: 'rs', crit: ['urn:example:x'], 'urn:example:x': true })
    .sign(pairOf('rs').privateKey, { crit: { 'urn:example:x': true } })
}
