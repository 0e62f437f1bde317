/** The command line as a user meets it: output, errors and exit codes. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { CANARIES } from '../../detectors/contextual-prompt.ts'
import { runCli } from '../support/cli.ts'
import { CLOUD_ONLY, startTestProxy } from '../support/proxy.ts'
import { startScriptedServer } from '../support/scripted-openai-server.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const folder = mkdtempSync(join(tmpdir(), 'cloakroom-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A configuration file in the folder. */
function config(name: string, value: object): string {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(value))
  return file
}

test('--help names every command, and an unknown command exits with 2', async () => {
  const { code, stdout } = await runCli(['--help'])
  assert.equal(code, 0)
  for (const command of [
    'serve',
    'demo',
    'detect',
    'classify',
    'rules',
    'status',
    'audit',
    'keys',
    'models',
    'doctor',
  ]) {
    assert.match(stdout, new RegExp(`^  ${command}`, 'm'))
  }
  assert.equal((await runCli(['no-such-command'])).code, 2)
  assert.equal((await runCli(['rules', 'check'])).code, 2)
})

test('detect answers each good line in order and names each bad one', async () => {
  const lines = [
    '{"id":"a","text":"Write to anna@example.com\u2028 or not"}',
    'not json',
    '{"id":"b"}',
    '',
    '{"id":3,"text":"nothing here","lang":"en"}',
    '{"id":"c","text":"IP 203.0.113.9"}',
  ]
  const { code, stdout, stderr } = await runCli(['detect', '--layers', 'pattern'], {
    input: lines.join('\r\n'),
  })
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    answers.map(({ id }) => id),
    ['a', 3, 'c'],
  )
  const [span] = answers[0].spans
  assert.deepEqual(
    { ...span, score: 0, recogniser: '' },
    { start: 9, end: 25, type: 'EMAIL', score: 0, recogniser: '' },
  )
  assert.deepEqual(answers[1].spans, [])
  assert.match(stderr, /^line 2: not JSON$/m)
  assert.match(stderr, /^line 3: "text" must be text$/m)
  assert.equal(code, 1)
})

test('detect reads allow and deny from the configuration, and refuses unknown layers', async () => {
  const file = config('detect.json', {
    detectors: { allow: ['info@example.com'], deny: [{ type: 'PROJECT', values: ['Bluebird'] }] },
  })
  const input = '{"id":1,"text":"info@example.com about Bluebird"}\n'
  const { stdout, code } = await runCli(['detect', '--layers', 'pattern', '--config', file], { input })
  assert.equal(code, 0)
  assert.deepEqual(
    JSON.parse(stdout).spans.map(({ type }: { type: string }) => type),
    ['PROJECT'],
  )
  assert.equal((await runCli(['detect', '--layers', 'magic'])).code, 2)
  assert.equal((await runCli(['detect', '--layers', 'contextual'], { input })).code, 2)
})

test('detect shows what the local model finds around another finding, as the proxy masks it', async () => {
  const text = 'Ask the sister of ann@example.com, who sold the mill.'
  const model = await startScriptedServer({
    kind: 'reply',
    text: (body) => {
      const asked = JSON.stringify(body.messages)
      const planted = CANARIES.filter((name) => asked.includes(name))
      const texts = [...planted, 'the sister of ann@example.com, who sold the mill']
      return JSON.stringify({ findings: texts.map((one) => ({ type: 'PERSON', text: one })) })
    },
  })
  after(() => model.stop())
  const file = config('contextual.json', {
    local: { engine: 'openai', base_url: model.baseUrl, model: 'tiny' },
  })
  const input = `${JSON.stringify({ id: 1, text })}\n`
  const run = await runCli(['detect', '--layers', 'pattern,contextual', '--config', file], { input })
  assert.equal(run.code, 0, run.stderr)
  const spans: { start: number; end: number; type: string }[] = JSON.parse(run.stdout).spans
  assert.deepEqual(
    spans.map(({ type, start, end }) => [type, text.slice(start, end)]),
    [
      ['PERSON', 'the sister of'],
      ['EMAIL', 'ann@example.com'],
      ['PERSON', 'who sold the mill'],
    ],
  )
})

test('detect refuses bytes that are not UTF-8 without repeating them', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"id":1,"text":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}\n'),
  ])
  const { code, stderr, stdout } = await runCli(['detect'], { input: bytes })
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^line 1: not UTF-8$/m)
})

test('classify says how far an answer can be trusted, where there is one', async () => {
  const text = 'How many boxes of 12 for 84 eggs?'
  const lines = [
    { id: 1, text, answer: '84 / 12 = 7 boxes.' },
    { id: 2, text },
    { id: 3, text, answer: '' },
  ]
  const { code, stdout } = await runCli(['classify'], {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  })
  assert.equal(code, 0)
  const [good, none, empty] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.ok(good.local_confidence > 0.5)
  assert.equal('local_confidence' in none, false)
  assert.equal(empty.local_confidence, 0)
})

test('classify gives a task, a domain and two numbers', async () => {
  const { code, stdout } = await runCli(['classify'], {
    input: '{"id":"x","text":"Prove that the square root of two is irrational."}\n',
  })
  assert.equal(code, 0)
  const row = JSON.parse(stdout)
  assert.equal(row.id, 'x')
  for (const name of ['needs_strong', 'injection']) assert.ok(row[name] >= 0 && row[name] <= 1, name)
  for (const name of ['task', 'domain']) assert.equal(typeof row[name], 'string')
})

test('rules check, test and explain say what is wrong and exit accordingly', async () => {
  const shipped = join(import.meta.dirname, '../../routing-rules/policies/default.yaml')
  assert.equal((await runCli(['rules', 'check', shipped])).code, 0)
  const tested = await runCli(['rules', 'test', shipped])
  assert.equal(tested.code, 0)
  assert.match(tested.stdout, /^\d+ passed, 0 failed$/m)
  const broken = join(folder, 'broken.yaml')
  writeFileSync(
    broken,
    'version: 1\npolicy: p\nrevision: "1"\ndestinations: { local: { kind: local, model: m } }\nguards:\n  - { id: g, when: { findings.HELTH.count: { gte: 1 } }, then: { ceiling: local } }\ndefault: { to: [locl] }\n',
  )
  const checked = await runCli(['rules', 'check', broken])
  assert.equal(checked.code, 1)
  assert.match(checked.stdout, /broken\.yaml:6:\d+: .*HEALTH/)
  assert.match(checked.stdout, /broken\.yaml:7:\d+: .*local/)
  const facts = join(folder, 'facts.json')
  writeFileSync(facts, JSON.stringify({ findings: { HEALTH: 1 }, 'detectors.pattern.status': 'ok' }))
  const explained = await runCli(['rules', 'explain', shipped, '--facts', facts])
  assert.equal(explained.code, 0)
  assert.equal(JSON.parse(explained.stdout).ceiling, 'local')
  assert.equal((await runCli(['rules', 'check', join(folder, 'missing.yaml')])).code, 2)
})

test('models are added, listed and verified; a changed file exits with 1', async () => {
  const file = config('models.json', { data_dir: join(folder, 'model-data') })
  const gguf = join(folder, 'tiny.gguf')
  const { sha256 } = await writeTinyGguf(gguf, { kind: 'random', name: 'tiny', licence: 'apache-2.0' })
  const added = await runCli(['models', 'add', gguf, '--json', '--config', file])
  assert.equal(added.code, 0, added.stderr)
  assert.equal(JSON.parse(added.stdout).sha256, sha256)
  assert.match((await runCli(['models', 'list', '--config', file])).stdout, /apache-2\.0/)
  assert.equal((await runCli(['models', 'verify', '--config', file])).code, 0)
  await writeTinyGguf(gguf, { kind: 'random', seed: 2 })
  assert.equal((await runCli(['models', 'verify', '--config', file])).code, 1)
})

test('models download refuses what is no reference, hash or time, before anything is fetched', async () => {
  for (const args of [
    ['https://example.com/model.gguf'],
    ['hf:owner/repo/model.gguf', '--sha256', 'abc'],
    ['hf:owner/repo/model.gguf', '--minutes', 'soon'],
  ]) {
    const { code, stdout } = await runCli(['models', 'download', ...args])
    assert.notEqual(code, 0)
    assert.equal(stdout, '')
  }
})

test('keys, audit and status work against a running proxy, and keys open it', async () => {
  const proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: { auth: { mode: 'keys' }, cloud: [{ name: 'cloud', base_url: 'http://127.0.0.1:9/v1' }] },
  })
  const file = ['--config', join(proxy.dir, 'cloakroom.yaml')]
  try {
    const made = await runCli([
      'keys',
      'add',
      '--team',
      'hr',
      '--user',
      'anna',
      '--scope',
      'chat',
      '--json',
      ...file,
    ])
    assert.equal(made.code, 0, made.stderr)
    const { id, key, scopes } = JSON.parse(made.stdout)
    assert.deepEqual(scopes, ['chat'])
    const ask = (authorization: string): Promise<Response> =>
      fetch(`${proxy.url}/v1/models`, { headers: { authorization } })
    assert.equal((await ask(`Bearer ${key}`)).status, 200)
    assert.equal((await ask(`Bearer ${key}x`)).status, 401)
    const listed = await runCli(['keys', 'list', '--json', ...file])
    assert.equal(JSON.parse(listed.stdout).user, 'anna')
    assert.ok(!listed.stdout.includes(key))
    const status = await runCli(['status', '--json', ...file])
    assert.equal(JSON.parse(status.stdout).policy, 'test-cloud-only@1')
    await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-cloakroom-dry-run': '1',
      },
      body: '{"model":"cloakroom-auto","messages":[{"role":"user","content":"hello"}]}',
    })
    const exported = await runCli(['audit', 'export', ...file])
    assert.equal(exported.code, 0, exported.stderr)
    const record = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1)
    assert.match(record.request_id, /^req_/)
    assert.equal(record.record.user, 'anna')
    assert.match((await runCli(['audit', 'search', '--user', 'anna', ...file])).stdout, /anna/)
    assert.equal((await runCli(['audit', 'search', '--from', 'yesterday', ...file])).code, 2)
    assert.equal((await runCli(['keys', 'revoke', id, ...file])).code, 0)
    assert.equal((await runCli(['keys', 'revoke', id, ...file])).code, 1)
  } finally {
    await proxy.close()
  }
  assert.equal((await runCli(['status', ...file])).code, 2)
})

test('serve prints every problem of a configuration and exits with 2', async () => {
  const file = config('wrong.json', { listen: '0.0.0.0:1', unknown_models: 'maybe' })
  const { code, stderr } = await runCli(['serve', '--config', file])
  assert.equal(code, 2)
  assert.match(stderr, /wrong\.json:1:\d+: not one of the values/)
})

test('doctor starts nothing and says what a first request would meet', async () => {
  const file = config('doctor.json', { data_dir: join(folder, 'doctor-data') })
  const { code, stdout } = await runCli(['doctor', '--config', file])
  assert.equal(code, 1)
  assert.match(stdout, /^ok +rules/m)
  assert.match(stdout, /^wrong +first request/m)
  assert.match(stdout, /^off +local model/m)
})
