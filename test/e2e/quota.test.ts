/** Limits and budgets through the running server, over a restart of it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { startFakeCloud } from '../support/fake-cloud.ts'
import { dropTestDatabase, startTestProxy } from '../support/proxy.ts'

const POLICY = `
version: 1
policy: quota
revision: "1"
destinations:
  cloud: { kind: cloud, provider: cloud, model: test-model, cost: { in: 1000000, out: 0 } }
  spare: { kind: cloud, provider: cloud, model: spare-model }
guards:
  - { id: watch, when: { budget.team.month_used: { gte: 0.5 }, request.model: { eq: spare-model } }, then: { ceiling: block } }
limits: [{ per: identity.user, requests: 3/day }]
budgets: [{ per: identity.team, amount: 25, currency: EUR, window: month, warn_at: 0.8 }]
routes: []
default: { to: [cloud] }
`

test('limits and budgets are counted, refused with the time to wait, and remembered', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cloakroom-quota-'))
  const cloud = await startFakeCloud((request) => chatSteps(request, [{ content: 'Yes.' }]))
  const start = () =>
    startTestProxy({
      dir,
      policy: POLICY,
      config: { cloud: [{ name: 'cloud', base_url: cloud.url }], detectors: { contextual: 'off' } },
    })
  const ask = async (url: string, model = 'cloakroom-auto', headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Is this counted?' }] }),
    })
    const body = (await response.json()) as { error?: { code: string } }
    return {
      status: response.status,
      code: body.error?.code,
      retryAfter: response.headers.get('retry-after'),
    }
  }
  let proxy = await start()
  assert.equal((await ask(proxy.url, 'cloakroom-auto', { 'x-cloakroom-dry-run': '1' })).status, 200)
  assert.equal((await ask(proxy.url)).status, 200)
  const warnings = proxy.log.filter((line) => line.includes('"budget_warning"'))
  assert.equal(warnings.length, 1)
  assert.match(
    warnings[0] ?? '',
    /"level":"warn".*"per":"identity.team","window":"month","percent":80,"request_id":"/,
  )
  const metrics = await (await fetch(`${proxy.url}/metrics`)).text()
  assert.match(metrics, /^cloakroom_budget_warnings_total\{per="identity.team",window="month"\} 1$/m)
  await proxy.close()
  proxy = await start()
  // The fake cloud reports at least 25 tokens, each at one euro: the budget is used up, and the guard knows.
  const exhausted = await ask(proxy.url)
  assert.equal(exhausted.status, 429)
  assert.equal(exhausted.code, 'budget_exhausted')
  assert.ok(Number(exhausted.retryAfter) >= 1)
  assert.equal((await ask(proxy.url, 'spare-model')).code, 'blocked_by_policy')
  const limited = await ask(proxy.url)
  assert.equal(limited.status, 429)
  assert.equal(limited.code, 'rate_limited')
  assert.ok(Number(limited.retryAfter) >= 1)
  assert.equal(cloud.requests.length, 1)
  await proxy.close()
  await cloud.close()
  await dropTestDatabase(dir)
  rmSync(dir, { recursive: true, force: true })
})
