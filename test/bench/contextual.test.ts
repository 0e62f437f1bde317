import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../../bench/contextual/index.ts'
import { CANARIES } from '../../detectors/contextual-prompt.ts'
import { startScriptedServer } from '../support/scripted-openai-server.ts'

test('the benchmark of the contextual layer says what a model adds, and for how many texts it failed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cloakroom-contextual-'))
  mkdirSync(join(dir, 'dev'))
  const text = 'Please ask the only vet on the island about it.'
  const secret = 'the only vet on the island'
  const start = text.indexOf(secret)
  const gold = { text, lang: 'en', spans: [{ start, end: start + secret.length, type: 'TITLE_OR_JOB' }] }
  writeFileSync(
    join(dir, 'dev', 'small.jsonl'),
    [gold, gold].map((row) => `${JSON.stringify(row)}\n`).join(''),
  )
  let asked = 0
  const server = await startScriptedServer({
    kind: 'reply',
    text: (body) => {
      asked += 1
      if (asked > 1) return '{"findings":[]}'
      const document = String(body.messages?.at(-1)?.content)
      const named = [...CANARIES.filter((name) => document.includes(name)), secret]
      return JSON.stringify({ findings: named.map((name) => ({ type: 'PERSON', text: name })) })
    },
  })
  const out = join(dir, 'out.json')
  try {
    assert.equal(await run(['--base-url', server.baseUrl, '--data', dir, '--out', out]), 0)
    const { prompt, rows } = JSON.parse(readFileSync(out, 'utf8'))
    assert.match(prompt, /^contextual-\d+\+[0-9a-f]{12}$/)
    assert.equal(rows.length, 1)
    assert.equal(rows[0].model, 'scripted')
    assert.equal(rows[0].documents, 2)
    assert.equal(rows[0].failed, 1)
    assert.ok(rows[0].recallWith > rows[0].recallWithout)
    assert.ok(rows[0].msPerKb > 0)
    assert.equal(await run(['--data', dir]), 2)
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
})

test('the benchmark of the contextual layer says what is wrong before it asks anybody', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'cloakroom-contextual-'))
  mkdirSync(join(dir, 'dev'))
  writeFileSync(
    join(dir, 'dev', 'small.jsonl'),
    `${JSON.stringify({ text: 'Hello.', lang: 'en', spans: [] })}\n`,
  )
  const said: string[] = []
  t.mock.method(console, 'error', (line: string) => said.push(line))
  t.mock.method(console, 'log', (line: string) => said.push(line))
  const url = ['--base-url', 'http://127.0.0.1:1/v1']
  const data = ['--data', dir]
  const rows: readonly [args: readonly string[], code: number, says: RegExp][] = [
    [['--help'], 0, /--base-url URL/],
    [['--nonsense'], 2, /unknown option/],
    [data, 2, /--base-url must be/],
    [['--base-url', 'localhost:8000', ...data], 2, /--base-url must be/],
    [[...url, '--data', ''], 2, /--data is missing/],
    [[...url, ...data, '--documents', 'many'], 2, /whole numbers/],
    [[...url, ...data, '--api-key-env', 'CLOAKROOM_TEST_UNSET'], 2, /is not set/],
    [[...url, ...data, '--sets', 'other'], 2, /no such set/],
    [[...url, ...data], 1, /cannot be reached/],
    [[...url, ...data, '--models', 'named'], 1, /cannot be reached/],
  ]
  try {
    for (const [args, code, says] of rows) {
      said.length = 0
      assert.equal(await run(args), code, args.join(' '))
      assert.match(said.join('\n'), says)
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
