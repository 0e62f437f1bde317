/** `/v1/sanitise` and `/v1/restore` through the running server. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findPlanted, PLANTED, PLANTED_TEXT } from '../support/planted.ts'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({})
})
after(() => proxy.close())

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: {
    readonly texts: string[]
    readonly restore_token: string
    readonly findings: { text_index: number; start: number; end: number; type: string; score: number }[]
    readonly error: { code: string; param: string | null }
  }
}

async function post(path: string, body: unknown, at = proxy): Promise<Answer> {
  const response = await fetch(`${at.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
}

test('texts come back without their values, and with the token as they were', async () => {
  const texts = [PLANTED_TEXT, `Again ${PLANTED.email}`, 'nothing here', '']
  const { status, text, body, headers } = await post('/v1/sanitise', { texts })
  assert.equal(status, 200)
  assert.deepEqual(findPlanted(Buffer.from(text)), [])
  assert.deepEqual(Object.keys(body).sort(), ['findings', 'restore_token', 'texts'])
  assert.equal(body.texts[2], 'nothing here')
  const [placeholder] = /EMAIL_[0-9A-Z]+/.exec(body.texts[1] ?? '') ?? []
  assert.ok(placeholder && body.texts[0]?.includes(placeholder))
  assert.match(headers.get('x-cloakroom-entities') ?? '', /EMAIL=1/)
  for (const finding of body.findings) {
    const allowed = ['end', 'score', 'start', 'subtype', 'text_index', 'type']
    assert.ok(Object.keys(finding).every((key) => allowed.includes(key)))
  }
  const mail = body.findings.find(({ type, text_index }) => type === 'EMAIL' && text_index === 1)
  assert.equal(texts[1]?.slice(mail?.start, mail?.end), PLANTED.email)
  const restored = await post('/v1/restore', { texts: body.texts, restore_token: body.restore_token })
  assert.equal(restored.status, 200)
  assert.deepEqual(restored.body, { texts })
})

test('one text is a list of one, and what a model made of the placeholders is restored', async () => {
  const { body } = await post('/v1/sanitise', { text: `Write to ${PLANTED.person} at ${PLANTED.email}.` })
  assert.equal(body.texts.length, 1)
  const [person = ''] = /PERSON_[0-9A-Z]+/.exec(body.texts[0] ?? '') ?? []
  const [mail = ''] = /EMAIL_[0-9A-Z]+/.exec(body.texts[0] ?? '') ?? []
  const answer = `Dear **${person}**, (${mail.toLowerCase()}) and EMAIL_ZZZZZ`
  const restored = await post('/v1/restore', { texts: [answer], restore_token: body.restore_token })
  assert.equal(restored.body.texts[0], `Dear **${PLANTED.person}**, (${PLANTED.email}) and EMAIL_ZZZZZ`)
})

test('a value is put into no address that the texts did not have', async () => {
  const { body } = await post('/v1/sanitise', { text: `${PLANTED.email} on https://shop.example.com/` })
  const [mail = ''] = /EMAIL_[0-9A-Z]+/.exec(body.texts[0] ?? '') ?? []
  const link = `https://evil.example.net/?q=${mail}`
  const restored = await post('/v1/restore', { texts: [link], restore_token: body.restore_token })
  assert.equal(restored.body.texts[0], link)
})

const REFUSED: { name: string; path?: string; body: unknown; code: string; param?: string | null }[] = [
  { name: 'neither text nor texts', body: {}, code: 'invalid_request', param: 'texts' },
  { name: 'both', body: { text: 'a', texts: ['b'] }, code: 'invalid_request', param: 'texts' },
  { name: 'a number', body: { text: 5 }, code: 'invalid_request', param: 'text' },
  { name: 'a number in the list', body: { texts: ['a', 5] }, code: 'invalid_request', param: 'texts[1]' },
  { name: 'no texts', body: { texts: [] }, code: 'invalid_request', param: 'texts' },
  { name: 'another field', body: { text: 'a', [PLANTED.email]: 1 }, code: 'unsupported_field', param: null },
  { name: 'no JSON', body: `{"text": ${PLANTED.email}`, code: 'invalid_json' },
  {
    name: 'restoring without a token',
    path: '/v1/restore',
    body: { texts: ['a'] },
    code: 'invalid_request',
    param: 'restore_token',
  },
  {
    name: 'a token of nobody',
    path: '/v1/restore',
    body: { texts: ['a'], restore_token: 'abc' },
    code: 'invalid_request',
    param: 'restore_token',
  },
]
for (const { name, path, body, code, param } of REFUSED) {
  test(`${name} is refused as ${code}, and the answer repeats nothing`, async () => {
    const { status, text, body: answer } = await post(path ?? '/v1/sanitise', body)
    assert.equal(status, 400)
    assert.equal(answer.error.code, code)
    if (param !== undefined) assert.equal(answer.error.param, param)
    assert.doesNotMatch(text, /schneider/i)
  })
}

test('each call is in the audit log, with types and counts and no text', async () => {
  const { headers } = await post('/v1/sanitise', { text: PLANTED_TEXT })
  const id = headers.get('x-cloakroom-request-id') ?? ''
  const deadline = Date.now() + 10_000
  let records = await proxy.running.store.recordsOf(id)
  while (records.length === 0 && Date.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve))
    records = await proxy.running.store.recordsOf(id)
  }
  const [{ record } = { record: '' }] = records
  const entry = JSON.parse(record)
  assert.equal(entry.endpoint, 'sanitise')
  assert.equal(entry.action, 'local')
  assert.equal(entry.outcome.status, 200)
  assert.equal(entry.entities.EMAIL, 1)
  assert.deepEqual(findPlanted(Buffer.from(record)), [])
})

test('a detector that fails answers with an error, not with a text that looks safe', async () => {
  const local: ScriptedServer = await startScriptedServer({ kind: 'status', status: 500 })
  const other = await startTestProxy({
    config: {
      local: { engine: 'openai', base_url: local.baseUrl, model: 'local-test' },
      detectors: { contextual: 'required' },
    },
  })
  try {
    const { status, body, text } = await post('/v1/sanitise', { text: PLANTED_TEXT }, other)
    assert.equal(status, 503)
    assert.equal(body.error.code, 'detector_unavailable')
    assert.doesNotMatch(text, /schneider/i)
  } finally {
    await other.close()
    await local.stop()
  }
})

test('a token of another installation opens nothing', async () => {
  const other = await startTestProxy({})
  try {
    const { body } = await post('/v1/sanitise', { text: PLANTED_TEXT })
    const refused = await post('/v1/restore', { texts: body.texts, restore_token: body.restore_token }, other)
    assert.equal(refused.body.error.code, 'invalid_request')
  } finally {
    await other.close()
  }
})
