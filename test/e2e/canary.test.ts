/** Fifty invented people go through every path; afterwards nothing of them is in any file, log line, metric or row. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { searchAudit } from '../../proxy/audit/index.ts'
import { chatSteps, head, jsonSteps } from '../../proxy/demo/chat-script.ts'
import { lockDirectory, openStore } from '../../proxy/store/index.ts'
import { type CloudScript, type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { type Identity, identities, messageOf } from '../support/identities.ts'
import { plantedSearch } from '../support/planted.ts'
import { dropTestDatabase, startTestProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'

const PEOPLE = identities(50)
const search = plantedSearch(PEOPLE.flatMap((person) => Object.values(person)))
const POLICY = `
version: 1
policy: canary
revision: "1"
destinations:
  local: { kind: local, model: local-test }
  cloud: { kind: cloud, provider: cloud, model: test-model }
guards:
  - { id: restricted, when: { headers.x-cloakroom-data-class: { eq: restricted } }, then: { ceiling: block } }
  - { id: stays, when: { headers.x-cloakroom-data-class: { eq: internal } }, then: { ceiling: local } }
routes: []
default: { to: [cloud, local] }
`

const dir = mkdtempSync(join(tmpdir(), 'cloakroom-canary-'))
let cloud: FakeCloud
let local: ScriptedServer
let proxy: TestProxy
let script: CloudScript = () => []
const echo: CloudScript = (request) => {
  const { messages } = request.body as { messages: { content: string }[] }
  return chatSteps(request, [{ content: messages.at(-1)?.content ?? '' }])
}

before(async () => {
  cloud = await startFakeCloud((request, index) => script(request, index))
  local = await startScriptedServer({
    kind: 'reply',
    text: (body) => String(body.messages?.at(-1)?.content ?? ''),
  })
  proxy = await startTestProxy({
    dir,
    policy: POLICY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url, timeout_ms: 1000 }],
      local: { engine: 'openai', base_url: local.baseUrl, model: 'local-test' },
      detectors: { contextual: 'off' },
    },
  })
})
after(async () => {
  await cloud.close()
  await local.stop()
  await dropTestDatabase(dir)
  rmSync(dir, { recursive: true, force: true })
})

const PATHS: {
  name: string
  send: (person: Identity) => { body?: string; headers?: Record<string, string>; path?: string }
  script: CloudScript
}[] = [
  { name: 'cloud, whole', send: (person) => ({ body: chat(person) }), script: echo },
  { name: 'cloud, streamed', send: (person) => ({ body: chat(person, { stream: true }) }), script: echo },
  {
    name: 'local, whole',
    send: (person) => ({ body: chat(person), headers: { 'x-cloakroom-data-class': 'internal' } }),
    script: echo,
  },
  {
    name: 'local, streamed',
    send: (person) => ({
      body: chat(person, { stream: true }),
      headers: { 'x-cloakroom-data-class': 'internal' },
    }),
    script: echo,
  },
  {
    name: 'blocked',
    send: (person) => ({ body: chat(person), headers: { 'x-cloakroom-data-class': 'restricted' } }),
    script: echo,
  },
  {
    name: 'dry run',
    send: (person) => ({ body: chat(person), headers: { 'x-cloakroom-dry-run': '1' } }),
    script: echo,
  },
  {
    name: 'unknown field named after a person',
    send: (person) => ({ body: chat(person, { [person.email]: person.phone }) }),
    script: echo,
  },
  {
    name: 'broken JSON',
    send: (person) => ({ body: `{"model": "${person.name}", ${person.card}` }),
    script: echo,
  },
  {
    name: 'identity in the model, the headers and the path',
    send: (person) => ({
      body: chat(person, { model: person.email }),
      headers: {
        authorization: `Bearer ${person.iban}`,
        'x-cloakroom-conversation': person.email,
        'x-other': person.phone,
      },
      path: `/v1/chat/completions?user=${encodeURIComponent(person.email)}`,
    }),
    script: echo,
  },
  {
    name: 'an endpoint that does not exist',
    send: (person) => ({ body: chat(person), path: `/v1/users/${encodeURIComponent(person.email)}` }),
    script: echo,
  },
  {
    name: 'the cloud repeats it in an error',
    send: (person) => ({ body: chat(person) }),
    script: (request) => jsonSteps(400, { error: { message: request.raw.toString('latin1') } }),
  },
  { name: 'the cloud resets', send: (person) => ({ body: chat(person) }), script: () => [{ reset: true }] },
  {
    name: 'the cloud redirects',
    send: (person) => ({ body: chat(person) }),
    script: (request) => [
      { send: head(302, { location: `http://127.0.0.1:9/${String(request.path)}`, 'content-length': '0' }) },
    ],
  },
]

function chat(person: Identity, more: object = {}): string {
  return JSON.stringify({
    model: 'cloakroom-auto',
    messages: [{ role: 'user', content: messageOf(person) }],
    ...more,
  })
}

/** Every file below a folder, as bytes. */
function* filesBelow(folder: string): Generator<{ path: string; bytes: Buffer }> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) yield { path, bytes: readFileSync(path) }
  }
}

test('nothing of fifty people is left anywhere after every path, and the cloud saw none of it', async () => {
  for (const path of PATHS) {
    script = path.script
    for (const person of PEOPLE) {
      const { body, headers, path: where } = path.send(person)
      const response = await fetch(`${proxy.url}${where ?? '/v1/chat/completions'}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body }),
      })
      await response.text()
      for (const [name, value] of response.headers) {
        assert.deepEqual(search(Buffer.from(value)), [], `${path.name}: response header ${name}`)
      }
    }
  }
  for (const request of cloud.requests) assert.deepEqual(search(request.raw), [])
  assert.ok(cloud.requests.length >= 5 * PEOPLE.length, `the cloud got ${cloud.requests.length} requests`)

  const metrics = await (await fetch(`${proxy.url}/metrics`)).text()
  assert.deepEqual(search(Buffer.from(metrics)), [], 'metrics')
  await proxy.close()
  const rows = await auditRecords()
  assert.ok(rows.length >= PATHS.length * PEOPLE.length, `the audit log has ${rows.length} records`)
  assert.deepEqual(search(Buffer.from(rows.join('\n'))), [], 'audit rows')
  assert.deepEqual(search(Buffer.from(proxy.log.join(''))), [], 'log lines')
  let files = 0
  for (const { path, bytes } of filesBelow(dir)) {
    files++
    assert.deepEqual(search(bytes), [], path)
  }
  assert.ok(files > 3)
})

/** The audit log as it is in the database after a stop. */
async function auditRecords(): Promise<string[]> {
  const lock = await lockDirectory(join(dir, 'data'))
  const store = openStore({
    lock,
    ...(proxy.databaseUrl === null ? {} : { databaseUrl: proxy.databaseUrl }),
  })
  try {
    const rows: string[] = []
    for await (const { record } of searchAudit(store, {})) rows.push(record)
    return rows
  } finally {
    await store.close()
    await lock.release()
  }
}
