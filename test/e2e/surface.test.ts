/** The HTTP surface: what exists, what is refused and how, and the headers every answer has. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

let cloud: FakeCloud
let proxy: TestProxy

before(async () => {
  cloud = await startFakeCloud((request) => chatSteps(request, [{ content: 'ok' }]))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url }],
      limits: { body_bytes: 100_000, concurrent: 8 },
    },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
})

const body = JSON.stringify({ model: 'cloakroom-auto', messages: [{ role: 'user', content: PLANTED_TEXT }] })
const json = { 'content-type': 'application/json' }

async function post(
  path: string,
  init: RequestInit,
): Promise<{ response: Response; text: string; code: string }> {
  const response = await fetch(`${proxy.url}${path}`, { method: 'POST', ...init })
  const text = await response.text()
  let code = ''
  try {
    code = JSON.parse(text).error?.code ?? ''
  } catch {
    code = 'not json'
  }
  return { response, text, code }
}

const REFUSED: { name: string; path?: string; init: RequestInit; status: number; code: string }[] = [
  {
    name: 'an unknown endpoint',
    path: `/v1/files/${PLANTED.email}`,
    init: { headers: json, body },
    status: 404,
    code: 'unknown_endpoint',
  },
  {
    name: 'an endpoint of the cloud that is not ours',
    path: '/v1/audio/transcriptions',
    init: { headers: json, body },
    status: 404,
    code: 'unknown_endpoint',
  },
  {
    name: 'a body that is not JSON',
    init: { headers: json, body: `{"x": ${PLANTED.email}` },
    status: 400,
    code: 'invalid_json',
  },
  { name: 'an empty body', init: { headers: json, body: '' }, status: 400, code: 'invalid_json' },
  {
    name: 'a byte order mark',
    init: { headers: json, body: `\uFEFF${body}` },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'bytes that are not UTF-8',
    init: { headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'a key given twice',
    init: { headers: json, body: '{"model":"a","model":"b","messages":[]}' },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'a key given twice by an escape',
    init: { headers: json, body: '{"model":"a","m\\u006fdel":"b","messages":[]}' },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'depth beyond the limit',
    init: { headers: json, body: `${'['.repeat(65)}${']'.repeat(65)}` },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'a field nobody knows',
    init: { headers: json, body: body.replace('{', `{"x_${PLANTED.email}":1,`) },
    status: 400,
    code: 'unsupported_field',
  },
  {
    name: 'no messages',
    init: { headers: json, body: '{"model":"m"}' },
    status: 400,
    code: 'invalid_request',
  },
  {
    name: 'another media type',
    init: { headers: { 'content-type': 'text/plain' }, body },
    status: 415,
    code: 'unsupported_media',
  },
  {
    name: 'an unknown encoding',
    init: { headers: { ...json, 'content-encoding': 'br' }, body },
    status: 415,
    code: 'unsupported_media',
  },
  {
    name: 'a body over the limit',
    init: { headers: json, body: body + ' '.repeat(100_001) },
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'a small gzip of a large body',
    init: { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(body + ' '.repeat(200_000)) },
    status: 413,
    code: 'body_too_large',
  },
]
for (const row of REFUSED) {
  test(`${row.name} is refused as ${row.code}, and the answer repeats nothing of it`, async () => {
    const sent = cloud.requests.length
    const { response, text, code } = await post(row.path ?? '/v1/chat/completions', row.init)
    assert.equal(response.status, row.status)
    assert.equal(code, row.code)
    assert.doesNotMatch(text, /schneider/i)
    for (const name of ['request-id', 'action', 'destination', 'rule', 'entities']) {
      assert.ok(response.headers.has(`x-cloakroom-${name}`), name)
    }
    assert.equal(cloud.requests.length, sent)
  })
}

test('a gzip body is read', async () => {
  const { response } = await post('/v1/chat/completions', {
    headers: { ...json, 'content-encoding': 'gzip' },
    body: gzipSync(body),
  })
  assert.equal(response.status, 200)
})

test('GET on an endpoint that takes POST does not exist', async () => {
  const response = await fetch(`${proxy.url}/v1/chat/completions`)
  assert.equal(response.status, 404)
  await response.text()
})

test('models are listed with cloakroom-auto first, and read one by one', async () => {
  const models = await proxy.client.models.list()
  assert.deepEqual(
    models.data.map(({ id }) => id),
    ['cloakroom-auto', 'cloud', 'test-model'],
  )
  assert.equal((await proxy.client.models.retrieve('test-model')).id, 'test-model')
  await assert.rejects(proxy.client.models.retrieve('nothing'), { status: 404 })
})

test('a dry run decides, explains, and calls nobody', async () => {
  const sent = cloud.requests.length
  const { response, text } = await post('/v1/chat/completions', {
    headers: { ...json, 'x-cloakroom-dry-run': '1' },
    body,
  })
  assert.equal(response.status, 200)
  assert.equal(cloud.requests.length, sent)
  const record = JSON.parse(text)
  assert.equal(record.action, 'cloud')
  assert.equal(record.facts.findings.EMAIL, 1)
  assert.doesNotMatch(text, /schneider/i)
})

test('the explain record of a request is there once it is answered, and has no text', async () => {
  const { response } = await proxy.client.chat.completions
    .create({ model: 'cloakroom-auto', messages: [{ role: 'user', content: PLANTED_TEXT }] })
    .withResponse()
  const id = response.headers.get('x-cloakroom-request-id')
  const explained = await fetch(`${proxy.url}/v1/decisions/${id}`)
  const text = await explained.text()
  assert.equal(explained.status, 200)
  const record = JSON.parse(text)
  assert.match(record.id, /^d_/)
  assert.equal(record.policy, 'test-cloud-only@1')
  assert.match(record.policy_sha256, /^[0-9a-f]{64}$/)
  assert.deepEqual(Object.keys(record.facts).sort(), [
    'class',
    'detectors',
    'findings',
    'list_hits',
    'region',
    'team',
    'tokens',
  ])
  assert.doesNotMatch(text, /schneider/i)
  const unknown = await fetch(`${proxy.url}/v1/decisions/req_01ARZ3NDEKTSV4RRFFQ69G5FAV`)
  assert.equal(unknown.status, 404)
  await unknown.text()
})

test('health, readiness and metrics answer', async () => {
  assert.equal((await fetch(`${proxy.url}/healthz`)).status, 200)
  const ready = await fetch(`${proxy.url}/readyz`)
  assert.equal(ready.status, 200)
  assert.match(await ready.text(), /"audit":"ok"/)
  const metrics = await (await fetch(`${proxy.url}/metrics`)).text()
  assert.match(metrics, /^cloakroom_requests_total\{endpoint="chat",action="cloud",code="complete"\} \d+$/m)
})

/** Sends raw bytes and reads until the connection closes. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(proxy.url)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.includes('\r\n\r\n')) socket.end()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

test('two Host headers and a foreign Host are refused', async () => {
  const head = `POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  assert.match(await raw(`${head}host: 127.0.0.1\r\nhost: other.example\r\n\r\n${body}`), /^HTTP\/1.1 400/)
  assert.match(await raw(`${head}host: attacker.example\r\n\r\n${body}`), /^HTTP\/1.1 400/)
  assert.match(await raw(`${head}host: 127.0.0.1:8787\r\n\r\n${body}`), /^HTTP\/1.1 200/)
})

test('requests beyond the concurrency limit are overloaded, with a Retry-After', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => post('/v1/chat/completions', { headers: json, body })),
  )
  const statuses = new Set(answers.map(({ response }) => response.status))
  assert.ok([...statuses].every((status) => status === 200 || status === 503))
  for (const { response, code } of answers) {
    if (response.status !== 503) continue
    assert.equal(code, 'overloaded')
    assert.ok(response.headers.get('retry-after'))
  }
})
