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
