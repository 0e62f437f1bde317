/**
 * What reaches the app over a raw socket, and what is refused or ends before: each row is the bytes a client sends.
 * Sources: RFC 9112 and the known ways to smuggle a request past a front proxy.
 */
import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { type Problem, renderProblem } from '../../proxy/problem.ts'
import { createHttpServer } from '../../proxy/server/http-server.ts'

const LIMITS = {
  bodyBytes: 100_000,
  connections: 1_000,
  connectionsPerClient: 100,
  headersTimeoutMs: 60_000,
  requestTimeoutMs: 60_000,
}

/** Bodies that reached the listener, in order. */
const served: string[] = []
let server: Server
const running: Server[] = []

async function start(limits: Partial<typeof LIMITS> = {}, answer = 'ok'): Promise<Server> {
  const started = createHttpServer({
    limits: { ...LIMITS, ...limits },
    loopbackHostsOnly: true,
    refusal: (problem: Problem) => ({
      status: problem.status,
      headers: { 'content-type': 'application/json' },
      body: renderProblem(problem),
    }),
    listener(incoming, outgoing) {
      let body = ''
      incoming.on('data', (chunk) => {
        body += chunk
      })
      incoming.on('error', () => undefined)
      incoming.on('end', () => {
        served.push(body)
        outgoing.end(answer)
      })
    },
  })
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  running.push(started)
  return started
}

before(async () => {
  server = await start()
})
after(() => {
  for (const one of running) {
    one.close()
    one.closeAllConnections()
  }
})

function open(to: Server = server): Socket {
  const { port } = to.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  return socket
}

/** Sends bytes; resolves with what came back once the connection is closed or an answer with `until` is there. */
function send(
  bytes: string,
  options: { readonly to?: Server; readonly until?: RegExp } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(options.to)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (options.until?.test(text) === true) socket.destroy()
    })
    socket.on('close', () => resolve(text))
    socket.write(Buffer.from(bytes, 'latin1'))
  })
}

const BODY = '{"a":1}'
const HEAD = 'POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
const HIDDEN = 'GET /hidden HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
const LENGTH = `content-length: ${BODY.length}\r\n`
const TE = 'transfer-encoding: chunked\r\n'
const plain = `${HEAD}${LENGTH}\r\n${BODY}`

const REFUSED: Readonly<Record<string, string>> = {
  'CL and TE': `${HEAD}content-length: 4\r\n${TE}\r\n${CHUNKED}${HIDDEN}`,
  'TE and CL': `${HEAD}${TE}content-length: 4\r\n\r\n${CHUNKED}${HIDDEN}`,
  'two equal content lengths': `${HEAD}${LENGTH}${LENGTH}\r\n${BODY}`,
  'two different content lengths': `${HEAD}${LENGTH}content-length: 2\r\n\r\n${BODY}`,
  'a list of content lengths': `${HEAD}content-length: 7, 7\r\n\r\n${BODY}`,
  'a content length with a sign': `${HEAD}content-length: +7\r\n\r\n${BODY}`,
  'a negative content length': `${HEAD}content-length: -1\r\n\r\n${BODY}`,
  'a hexadecimal content length': `${HEAD}content-length: 0x7\r\n\r\n${BODY}`,
  'a content length with a space inside': `${HEAD}content-length: 7 0\r\n\r\n${BODY}`,
  'a content length beyond all numbers': `${HEAD}content-length: 99999999999999999999\r\n\r\n${BODY}`,
  'an empty content length': `${HEAD}content-length:\r\n\r\n${BODY}`,
  'a space before the colon of a length': `${HEAD}content-length : 7\r\n\r\n${BODY}`,
  'a transfer coding nobody knows': `${HEAD}transfer-encoding: xchunked\r\n\r\n${CHUNKED}`,
  'the coding identity': `${HEAD}transfer-encoding: identity\r\n\r\n${BODY}`,
  'gzip before chunked': `${HEAD}transfer-encoding: gzip, chunked\r\n\r\n${CHUNKED}`,
  'gzip behind chunked': `${HEAD}transfer-encoding: chunked, gzip\r\n\r\n${CHUNKED}`,
  'identity behind chunked': `${HEAD}transfer-encoding: chunked, identity\r\n\r\n${CHUNKED}`,
  'chunked twice': `${HEAD}${TE}${TE}\r\n${CHUNKED}`,
  'chunked and identity': `${HEAD}${TE}transfer-encoding: identity\r\n\r\n${CHUNKED}`,
  'a vertical tab before chunked': `${HEAD}transfer-encoding: \x0bchunked\r\n\r\n${CHUNKED}`,
  'a quoted chunked': `${HEAD}transfer-encoding: "chunked"\r\n\r\n${CHUNKED}`,
  'a space before the colon of a coding': `${HEAD}transfer-encoding : chunked\r\n\r\n${CHUNKED}`,
  'a folded coding': `${HEAD}transfer-encoding:\r\n chunked\r\n\r\n${CHUNKED}`,
  'a NUL behind chunked': `${HEAD}transfer-encoding: chunked\0\r\n\r\n${CHUNKED}`,
  'chunked in HTTP/1.0': `${HEAD.replace('1.1', '1.0')}${TE}\r\n${CHUNKED}`,
  'bare line feeds': plain.replaceAll('\r\n', '\n'),
  'one bare line feed': `${HEAD}x: 1\n${LENGTH}\r\n${BODY}`,
  'a bare carriage return': `${HEAD}x: 1\r${LENGTH}\r\n${BODY}`,
  'a head that ends in a bare line feed': `${HEAD}${LENGTH}\n${BODY}`,
  'a folded line': `${HEAD}x: 1\r\n content-length: 5\r\n${LENGTH}\r\n${BODY}`,
  'a NUL in a value': `${HEAD}x: a\0b\r\n${LENGTH}\r\n${BODY}`,
  'an empty field name': `${HEAD}: x\r\n${LENGTH}\r\n${BODY}`,
  'a line without a colon': `${HEAD}garbage\r\n${LENGTH}\r\n${BODY}`,
  'a first field that is folded': `POST /v1/x HTTP/1.1\r\n host: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a chunk size that is no number': `${HEAD}${TE}\r\nZZ\r\n${BODY}\r\n0\r\n\r\n`,
  'a negative chunk size': `${HEAD}${TE}\r\n-7\r\n${BODY}\r\n0\r\n\r\n`,
  'a chunk size that overflows': `${HEAD}${TE}\r\nfffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`,
  'a chunk size with 0x': `${HEAD}${TE}\r\n0x7\r\n${BODY}\r\n0\r\n\r\n`,
  'a chunk size with a space': `${HEAD}${TE}\r\n7 \r\n${BODY}\r\n0\r\n\r\n`,
  'chunks that end in bare line feeds': `${HEAD}${TE}\r\n7\n${BODY}\n0\n\n`,
  'a chunk extension that ends in a bare line feed': `${HEAD}${TE}\r\n7;a\n${BODY}\r\n0\r\n\r\n`,
  'a chunk extension of 20 KB': `${HEAD}${TE}\r\n7;${'a'.repeat(20_000)}\r\n${BODY}\r\n0\r\n\r\n`,
  'a chunk without its line end': `${HEAD}${TE}\r\n7\r\n${BODY}0\r\n\r\n`,
  'a chunk longer than its size': `${HEAD}${TE}\r\n3\r\n${BODY}\r\n0\r\n\r\n`,
  'fields of the head behind the body': `${HEAD}${TE}\r\n7\r\n${BODY}\r\n0\r\ncontent-length: 3\r\n\r\n`,
  'two Hosts': `POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'two Hosts for a path that does not exist': 'GET /x HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: b\r\n\r\n',
  'no Host': `POST /v1/x HTTP/1.1\r\n${LENGTH}\r\n${BODY}`,
  'an empty Host': `POST /v1/x HTTP/1.1\r\nhost:\r\n${LENGTH}\r\n${BODY}`,
  'two Hosts in one line': `POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1, evil.example\r\n${LENGTH}\r\n${BODY}`,
  'a Host with a user name': `POST /v1/x HTTP/1.1\r\nhost: a@127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a Host of somebody else': 'GET /metrics HTTP/1.1\r\nhost: evil.example\r\n\r\n',
  'a target with another host': `POST http://evil.example/v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a target with this host': `POST http://127.0.0.1/v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a path with dot segments': `POST /a/../v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a path with escaped dot segments': `POST /a/%2e%2E/v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'a tab in the request line': `POST /v1/x\tHTTP/1.1\r\nhost: 127.0.0.1\r\n${LENGTH}\r\n${BODY}`,
  'two authorizations': `${HEAD}authorization: Bearer a\r\nauthorization: Bearer b\r\n${LENGTH}\r\n${BODY}`,
  'two content types': `${HEAD}content-type: text/plain\r\n${LENGTH}\r\n${BODY}`,
  'two content encodings': `${HEAD}content-encoding: gzip\r\ncontent-encoding: identity\r\n${LENGTH}\r\n${BODY}`,
  'a consent given twice': `${HEAD}x-cloakroom-consent: denied\r\nX-Cloakroom-Consent: granted\r\n${LENGTH}\r\n${BODY}`,
  'HTTP/0.9': 'GET /v1/x\r\n\r\n',
  'HTTP/1.2': 'GET /v1/x HTTP/1.2\r\nhost: 127.0.0.1\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a method nobody knows': 'BREW /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
  'a method in lower case': 'get /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
  'the hello of TLS': '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
  'an expectation nobody knows': `${HEAD}expect: 200-ok\r\n${LENGTH}\r\n${BODY}`,
  'two expectations': `${HEAD}expect: 100-continue\r\nexpect: 100-continue\r\n${LENGTH}\r\n${BODY}`,
}
for (const [name, bytes] of Object.entries(REFUSED)) {
  test(`${name}: refused once, closed, and nothing of it is served`, async () => {
    served.length = 0
    const answer = await send(bytes)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.match(answer, /connection: close/i)
    assert.match(answer, /"code":"invalid_request"/)
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
    assert.doesNotMatch(answer, /hidden|evil/)
    assert.deepEqual(served, [])
  })
}

const TOO_LARGE: Readonly<Record<string, string>> = {
  'a field of 20 KB': `${HEAD}x: ${'a'.repeat(20_000)}\r\n${LENGTH}\r\n${BODY}`,
  'a target of 20 KB': `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`,
  '3000 fields': `${HEAD}${Array.from({ length: 3_000 }, (_, at) => `x${at}: 1\r\n`).join('')}${LENGTH}\r\n${BODY}`,
  '300 short fields': `${HEAD}${'x: 1\r\n'.repeat(300)}${LENGTH}\r\n${BODY}`,
}
for (const [name, bytes] of Object.entries(TOO_LARGE)) {
  test(`${name}: refused as headers_too_large`, async () => {
    served.length = 0
    const answer = await send(bytes)
    assert.match(answer, /^HTTP\/1\.1 431 /)
    assert.match(answer, /"code":"headers_too_large"/)
    assert.deepEqual(served, [])
  })
}

const SERVED: Readonly<Record<string, string>> = {
  'a length': plain,
  chunks: `${HEAD}${TE}\r\n${CHUNKED}`,
  'chunks in capitals': `${HEAD}Transfer-Encoding: CHUNKED\r\n\r\n${CHUNKED}`,
  'chunks of one byte': `${HEAD}${TE}\r\n${[...BODY].map((char) => `1\r\n${char}\r\n`).join('')}0\r\n\r\n`,
  'a chunk extension': `${HEAD}${TE}\r\n7;a=b\r\n${BODY}\r\n0\r\n\r\n`,
  'an empty line before the request': `\r\n${plain}`,
  'HTTP/1.0 with a length': plain.replace('1.1', '1.0'),
  'a Host with a port': plain.replace('host: 127.0.0.1', 'host: localhost:8787'),
  'a query': plain.replace('/v1/x', '/v1/x?a=b'),
  'an upgrade that is not taken up': `${HEAD}connection: upgrade\r\nupgrade: h2c\r\n${LENGTH}\r\n${BODY}`,
}
for (const [name, bytes] of Object.entries(SERVED)) {
  test(`${name}: served`, async () => {
    served.length = 0
    const answer = await send(bytes, { until: /ok$|ok\r\n0\r\n\r\n$/ })
    assert.match(answer, /^HTTP\/1\.1 200 /)
    assert.deepEqual(served, [BODY])
  })
}

test('a body in a GET is not taken for the next request', async () => {
  served.length = 0
  const answer = await send(
    `GET /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    { until: /ok/ },
  )
  assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
  assert.deepEqual(served, [HIDDEN])
})

test('CONNECT is no way to anywhere', async () => {
  served.length = 0
  const answer = await send('CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\n\r\n')
  assert.doesNotMatch(answer, /HTTP\/1\.1 2/)
  assert.deepEqual(served, [])
})

test('requests that are sent ahead are refused, and the first is answered', async () => {
  served.length = 0
  const answer = await send(plain.repeat(4))
  assert.deepEqual(
    [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]),
    ['200', '400'],
  )
  assert.match(answer, /ok/)
  assert.deepEqual(served, [BODY])
})

test('one request after the other is answered on one connection', async () => {
  served.length = 0
  const socket = open()
  let answers = 0
  await new Promise<void>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!/ok$|0\r\n\r\n$/.test(text)) return
      assert.match(text, /^HTTP\/1\.1 200 /)
      text = ''
      answers += 1
      if (answers === 50) resolve()
      else socket.write(plain)
    })
    socket.write(plain)
  })
  socket.destroy()
  assert.equal(served.length, 50)
})

test('garbage behind a request does not stand in the middle of its answer', async () => {
  const slow = await start({}, 'x'.repeat(3_000_000))
  const answer = await send(`${plain}\0garbage\r\n\r\n`, { to: slow })
  assert.ok((answer.match(/HTTP\/1\.1/g)?.length ?? 0) <= 1)
})

test('100-continue is said for a body that will be read, and not for one that is too large', async () => {
  const head = `${HEAD}expect: 100-continue\r\n`
  assert.match(
    await send(`${head}${LENGTH}\r\n${BODY}`, { until: /ok/ }),
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
  )
  const tooLarge = await send(`${head}content-length: 100001\r\n\r\n`)
  assert.match(tooLarge, /^HTTP\/1\.1 413 /)
  assert.match(tooLarge, /"code":"body_too_large"/)
})

test('a body that is announced too large is not waited for', async () => {
  assert.match(await send(`${HEAD}content-length: 100001\r\n\r\n`), /^HTTP\/1\.1 413 /)
})

for (const [name, bytes] of [
  ['a head that never ends', `${HEAD}x: `],
  ['a head that never begins', 'P'],
  ['a body that never comes', `${HEAD}${LENGTH}\r\n`],
  ['a body that stops half-way', `${HEAD}${LENGTH}\r\n{"a"`],
  ['chunks that never end', `${HEAD}${TE}\r\n7\r\n${BODY}\r\n`],
] as const) {
  test(`${name} ends with the time for it`, async () => {
    served.length = 0
    const impatient = await start({ headersTimeoutMs: 100, requestTimeoutMs: 150 })
    const answer = await send(bytes, { to: impatient })
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /"code":"request_timeout"/)
    assert.deepEqual(served, [])
  })
}

test('a head that comes byte by byte, for ever, ends with the time for it', async () => {
  const impatient = await start({ headersTimeoutMs: 200, requestTimeoutMs: 200 })
  const socket = open(impatient)
  const drip = setInterval(() => socket.write('a'), 20)
  socket.write(`${HEAD}x: `)
  await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  clearInterval(drip)
})

test('connections of one client beyond the cap are closed unanswered, and make room when they end', async () => {
  const capped = await start({ connectionsPerClient: 3 })
  const hold = async (): Promise<Socket> => {
    const socket = open(capped)
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    return socket
  }
  // One after the other, each known to the server before the next.
  const held: Socket[] = []
  for (let at = 0; at < 3; at += 1) {
    const socket = await hold()
    const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()))
    socket.write(plain)
    await answered
    held.push(socket)
  }
  assert.equal(await send(plain, { to: capped }), '')
  const [first] = held
  const gone = new Promise<void>((resolve) => first?.once('close', () => resolve()))
  first?.end()
  await gone
  let answer = ''
  // The server may learn of the end after the client does.
  for (let at = 0; at < 1_000 && answer === ''; at += 1)
    answer = await send(plain, { to: capped, until: /ok/ })
  assert.match(answer, /^HTTP\/1\.1 200 /)
  for (const socket of held) socket.destroy()
})
