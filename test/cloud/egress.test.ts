import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import {
  CLOUD_PROVIDERS,
  createEgress,
  EgressError,
  type EgressOptions,
  type EgressTimeouts,
  type Outgoing,
  readUpstreamError,
} from '../../proxy/cloud/index.ts'
import type { Egress, EgressErrorCode, SendOptions, UpstreamResponse, WireObject } from '../../proxy/ports.ts'
import { decodeSse, readAll } from '../../proxy/wire/index.ts'
import type { Sanitised, Vault } from '../../restore/index.ts'
import type { Destination } from '../../routing-rules/index.ts'
import {
  type CloudScript,
  FAILURES,
  type FakeCloud,
  head,
  httpChunk,
  inTurn,
  replyWith,
  startFakeCloud,
} from '../support/fake-cloud.ts'

const provider = CLOUD_PROVIDERS[0]
assert.ok(provider)
const KEY = 'not-a-real-key'
const BODY = {
  model: 'm',
  messages: [{ role: 'user', content: 'héllo PERSON_7KQ2F' }],
} as WireObject as Sanitised<WireObject>
const VAULT: Vault = { size: 0, issue: () => '', valueOf: () => undefined, entries: () => [] }
const DESTINATION: Destination = {
  name: 'fake',
  kind: 'cloud',
  provider: 'fake',
  model: 'm',
  regions: [],
  endpoints: ['chat'],
  sanitise: true,
}
const SEND: SendOptions = { destination: DESTINATION, path: '/chat/completions', stream: false, vault: VAULT }
const durable = async (): Promise<void> => undefined
const never = (): AbortSignal => new AbortController().signal

interface Setting extends Partial<Omit<EgressOptions, 'providers'>> {
  readonly timeouts?: Partial<EgressTimeouts>
  readonly apiKey?: string | null
}

function doorTo(url: string, setting: Setting = {}): Egress {
  const { timeouts, apiKey, ...rest } = setting
  const configured = { name: 'fake', baseUrl: url, apiKey: apiKey === undefined ? KEY : apiKey, provider }
  return createEgress({
    leakCheck: () => false,
    ...rest,
    providers: [timeouts === undefined ? configured : { ...configured, timeouts }],
  } as EgressOptions)
}

/** Runs `play` with a fake cloud and a door to it, and closes both. */
async function withCloud(
  script: CloudScript,
  setting: Setting,
  play: (egress: Egress, cloud: FakeCloud) => Promise<void>,
): Promise<void> {
  const cloud = await startFakeCloud(script)
  const egress = doorTo(cloud.url, setting)
  try {
    await play(egress, cloud)
  } finally {
    await egress.close()
    await cloud.close()
  }
}

const failsWith = (code: EgressErrorCode) => (error: unknown) => {
  assert.ok(error instanceof EgressError)
  assert.equal(error.code, code)
  assert.equal(error.message, code)
  return true
}

async function textOf(response: UpstreamResponse): Promise<string> {
  return (await readAll(response.body, 1_000_000)).toString()
}

const hello = replyWith(() => ({ content: 'Hello PERSON_7KQ2F' }))

test('a body is sent as it is, with the fixed headers and no others', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    const response = await egress.send(BODY, SEND, durable, never())
    assert.equal(response.status, 200)
    assert.equal(response.mediaType, 'application/json')
    assert.match(await textOf(response), /PERSON_7KQ2F/)
    const request = cloud.requests[0]
    assert.ok(request)
    assert.equal(`${request.method} ${request.path}`, 'POST /v1/chat/completions')
    assert.deepEqual(request.body, BODY)
    assert.deepEqual(Object.keys(request.headers).sort(), [
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ])
    assert.equal(request.headers.authorization, `Bearer ${KEY}`)
    assert.equal(request.headers['accept-encoding'], 'identity')
    assert.equal(request.headers['user-agent'], 'cloakroom')
  })
})

test('the leak check sees exactly what arrives', async () => {
  const seen: Outgoing[] = []
  const leakCheck: EgressOptions['leakCheck'] = (outgoing) => {
    seen.push(outgoing)
    return false
  }
  await withCloud(hello, { leakCheck }, async (egress, cloud) => {
    await textOf(await egress.send(BODY, SEND, durable, never()))
    const raw = cloud.requests[0]?.raw.toString('latin1') ?? ''
    assert.equal(seen.length, 1)
    assert.equal(raw.split('\r\n\r\n')[1], Buffer.from(seen[0]?.bytes ?? []).toString('latin1'))
    assert.equal(seen[0]?.url, `${cloud.url}/chat/completions`)
    for (const [name, value] of Object.entries(seen[0]?.headers ?? {})) {
      assert.equal(cloud.requests[0]?.headers[name], value)
    }
  })
})

for (const [name, leakCheck] of [
  ['finds something', () => true],
  ['fails', () => assert.fail('broken')],
] as const) {
  test(`nothing is sent and nothing recorded when the leak check ${name}`, async () => {
    await withCloud(hello, { leakCheck }, async (egress, cloud) => {
      let recorded = false
      const record = async (): Promise<void> => {
        recorded = true
      }
      await assert.rejects(egress.send(BODY, SEND, record, never()), failsWith('violation'))
      assert.equal(recorded, false)
      assert.equal(cloud.requests.length, 0)
      assert.equal(cloud.openConnections, 0)
    })
  })
}

test('nothing is sent when the intent cannot be recorded, and its error is passed on', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    const failure = new Error('disk full')
    await assert.rejects(
      egress.send(BODY, SEND, () => Promise.reject(failure), never()),
      (error) => error === failure,
    )
    assert.equal(cloud.requests.length, 0)
    assert.equal(cloud.openConnections, 0)
  })
})

test('no byte is sent before the intent is durable', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    let release = (): void => assert.fail('not yet')
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const sending = egress.send(BODY, SEND, () => gate, never())
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(cloud.openConnections, 0)
    release()
    await textOf(await sending)
    assert.equal(cloud.requests.length, 1)
  })
})

test('only configured providers, cloud destinations and known paths can be asked', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    const wrong: readonly Partial<SendOptions>[] = [
      { destination: { ...DESTINATION, provider: 'other' } },
      { destination: { ...DESTINATION, provider: null } },
      { destination: { ...DESTINATION, kind: 'local' } },
      { path: '/files' },
      { path: '/chat/completions?x=1' },
      { path: '/../admin' },
      { path: '@evil.example/chat/completions' },
      { path: '' },
    ]
    for (const change of wrong) {
      await assert.rejects(
        egress.send(BODY, { ...SEND, ...change }, durable, never()),
        failsWith('unknown_destination'),
      )
    }
    assert.equal(cloud.requests.length, 0)
  })
})

test('a base URL must be https, or http to this machine, and nothing else', () => {
  const refused = [
    'http://api.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://10.0.0.1/v1',
    'https://user:pass@api.example.com/v1',
    'https://api.example.com/v1?key=1',
    'https://api.example.com/v1#x',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'api.example.com',
    '',
  ]
  for (const url of refused) assert.throws(() => doorTo(url), failsWith('not_configured'), url)
  for (const url of [
    'https://api.example.com/v1',
    'http://localhost:1/v1',
    'http://[::1]:1/',
    'http://127.0.0.1:1',
  ]) {
    assert.doesNotThrow(() => doorTo(url), url)
  }
})

test('a provider without a key is not configured', async () => {
  await withCloud(hello, { apiKey: null }, async (egress, cloud) => {
    await assert.rejects(egress.send(BODY, SEND, durable, never()), failsWith('not_configured'))
    assert.equal(cloud.requests.length, 0)
  })
})

const HEADER_FAILURES: readonly (readonly [keyof typeof FAILURES, EgressErrorCode])[] = [
  ['redirect', 'redirect'],
  ['redirectToGet', 'redirect'],
  ['neverAnswers', 'timeout'],
  ['slowHeaders', 'timeout'],
  ['resetAtOnce', 'connection'],
  ['closesAtOnce', 'connection'],
  ['notHttp', 'connection'],
  ['gzip', 'connection'],
]

for (const [name, code] of HEADER_FAILURES) {
  test(`a cloud that fails by "${name}" gives ${code}, once, without a second try`, async () => {
    await withCloud(FAILURES[name], { timeouts: { headersMs: 200 } }, async (egress, cloud) => {
      await assert.rejects(egress.send(BODY, SEND, durable, never()), failsWith(code))
      assert.equal(cloud.requests.length, 1)
    })
  })
}

test('a connection that nobody accepts gives connection', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  await new Promise((resolve) => server.close(resolve))
  const egress = doorTo(`http://127.0.0.1:${address.port}/v1`)
  await assert.rejects(egress.send(BODY, SEND, durable, never()), failsWith('connection'))
  await egress.close()
})

const BODY_FAILURES: readonly (readonly [keyof typeof FAILURES, EgressErrorCode])[] = [
  ['resetMidStream', 'connection'],
  ['closesMidStream', 'connection'],
  ['stallsMidStream', 'timeout'],
]

for (const [name, code] of BODY_FAILURES) {
  test(`a stream that fails by "${name}" gives what it had and then ${code}`, async () => {
    await withCloud(FAILURES[name], { timeouts: { idleMs: 200 } }, async (egress) => {
      const response = await egress.send(BODY, { ...SEND, stream: true }, durable, never())
      let text = ''
      await assert.rejects(async () => {
        for await (const bytes of response.body) text += Buffer.from(bytes).toString()
      }, failsWith(code))
      assert.match(text, /Hello/)
    })
  })
}

test('the whole exchange has a limit, however lively the stream is', async () => {
  async function* lively(): AsyncGenerator<{ send: string | Uint8Array }> {
    yield { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) }
    for (;;) {
      yield { send: httpChunk(Buffer.from(': ping\n\n')) }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await withCloud(lively, { timeouts: { totalMs: 150 } }, async (egress) => {
    const response = await egress.send(BODY, { ...SEND, stream: true }, durable, never())
    await assert.rejects(readAll(response.body, Number.POSITIVE_INFINITY), failsWith('timeout'))
  })
})

test('an abort before sending sends nothing', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    await assert.rejects(egress.send(BODY, SEND, durable, AbortSignal.abort()), failsWith('aborted'))
    const controller = new AbortController()
    const abortInside = async (): Promise<void> => controller.abort()
    await assert.rejects(egress.send(BODY, SEND, abortInside, controller.signal), failsWith('aborted'))
    assert.equal(cloud.requests.length, 0)
  })
})

test('an abort while waiting for headers closes the connection', async () => {
  await withCloud(FAILURES.neverAnswers, {}, async (egress, cloud) => {
    const controller = new AbortController()
    const sending = egress.send(BODY, SEND, durable, controller.signal)
    while (cloud.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const closed = cloud.nextClose()
    controller.abort()
    await assert.rejects(sending, failsWith('aborted'))
    await closed
  })
})

test('an abort in the middle of a stream closes the connection at once', async () => {
  await withCloud(FAILURES.stallsMidStream, {}, async (egress, cloud) => {
    const controller = new AbortController()
    const response = await egress.send(BODY, { ...SEND, stream: true }, durable, controller.signal)
    const body = response.body[Symbol.asyncIterator]()
    assert.equal((await body.next()).done, false)
    const closed = cloud.nextClose()
    const start = performance.now()
    const next = body.next()
    controller.abort()
    await assert.rejects(next, failsWith('aborted'))
    await closed
    assert.ok(performance.now() - start < 250)
  })
})

for (const when of ['before the first byte', 'after some bytes'] as const) {
  test(`leaving the body ${when} closes the connection`, async () => {
    await withCloud(FAILURES.stallsMidStream, {}, async (egress, cloud) => {
      const response = await egress.send(BODY, { ...SEND, stream: true }, durable, never())
      const body = response.body[Symbol.asyncIterator]()
      if (when === 'after some bytes') await body.next()
      const closed = cloud.nextClose()
      await body.return?.()
      await closed
    })
  })
}

test('leaving the body while a pull is waiting closes the connection', async () => {
  await withCloud(FAILURES.stallsMidStream, {}, async (egress, cloud) => {
    const response = await egress.send(BODY, { ...SEND, stream: true }, durable, never())
    const body = response.body[Symbol.asyncIterator]()
    await body.next()
    const waiting = body.next()
    const closed = cloud.nextClose()
    await body.return?.()
    await assert.rejects(waiting, EgressError)
    await closed
  })
})

test('a connection serves again after a whole answer and after a stream that was read to its mark', async () => {
  await withCloud(hello, {}, async (egress, cloud) => {
    for (const stream of [false, true, true, false, true]) {
      const body = { ...BODY, stream } as WireObject as Sanitised<WireObject>
      const response = await egress.send(body, { ...SEND, stream }, durable, never())
      let events = 0
      if (!stream) await textOf(response)
      else for await (const event of decodeSse(response.body)) events += event.data === '' ? 0 : 1
      assert.equal(events > 3, stream)
      for (let wait = 0; wait < 300; wait += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(cloud.requests.length, 5)
    assert.equal(cloud.allConnections, 1)
  })
})

test('nothing is read ahead of the consumer but what fits the buffers', async () => {
  let sent = 0
  const block = Buffer.alloc(64 * 1024, 0x20)
  async function* endless(): AsyncGenerator<{ send: string | Uint8Array }> {
    yield { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) }
    for (;;) {
      yield { send: httpChunk(block) }
      sent += block.length
    }
  }
  await withCloud(endless, {}, async (egress) => {
    const response = await egress.send(BODY, { ...SEND, stream: true }, durable, never())
    let before = -1
    for (let still = 0; still < 200; still = sent === before ? still + 1 : 0) {
      before = sent
      await new Promise((resolve) => setImmediate(resolve))
    }
    // Socket buffers of the system take some megabytes on loopback; an unread stream stops there.
    assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes`)
    await response.body[Symbol.asyncIterator]().return?.()
  })
})

test('an answer that is not a stream has a largest size', async () => {
  const big: CloudScript = () => [
    { send: head(200, { 'content-type': 'application/json', 'content-length': '5000' }) },
    { send: 'x'.repeat(5000) },
  ]
  await withCloud(big, { maxResponseBytes: 4999 }, async (egress) => {
    const response = await egress.send(BODY, SEND, durable, never())
    await assert.rejects(textOf(response), failsWith('connection'))
  })
})

test('of an error answer only the status and a known code are read', async () => {
  const unknown: CloudScript = () => FAILURES.html()
  const script = inTurn(
    FAILURES.rateLimited,
    FAILURES.badRequest,
    FAILURES.wrongKey,
    FAILURES.serverError,
    unknown,
  )
  await withCloud(script, {}, async (egress) => {
    const reports: unknown[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const response = await egress.send(BODY, SEND, durable, never())
      reports.push(await readUpstreamError(response, provider))
    }
    assert.deepEqual(reports, [
      { status: 429, code: 'rate_limit_exceeded', retryAfterSeconds: 7 },
      { status: 400, code: 'context_length_exceeded', retryAfterSeconds: null },
      { status: 401, code: 'invalid_api_key', retryAfterSeconds: null },
      { status: 500, code: 'server_error', retryAfterSeconds: null },
      { status: 200, code: null, retryAfterSeconds: null },
    ])
  })
})

test('a code that is not on the list is not repeated', () => {
  for (const body of [{ error: { code: 'alice@example.com' } }, { error: 'text' }, null, [], 'x', {}]) {
    assert.equal(provider.errorCode(body), null)
  }
})

test('no error says anything about the request or the answer', async () => {
  const script = inTurn(FAILURES.notHttp, FAILURES.resetAtOnce)
  await withCloud(script, {}, async (egress) => {
    for (let turn = 0; turn < 2; turn += 1) {
      await assert.rejects(egress.send(BODY, SEND, durable, never()), (error: Error) => {
        const all = JSON.stringify([error.message, error.stack, error.cause, Object.entries(error)])
        return !all.includes('SSH-2.0') && !all.includes('PERSON_7KQ2F') && !all.includes(KEY)
      })
    }
  })
})
