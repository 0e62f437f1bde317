import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../support/cli.ts'

test('the demonstration prints three panels: sent, seen by the cloud, and back again', async () => {
  const { code, stdout, stderr } = await runCli(['demo'])
  assert.equal(code, 0, stderr)
  const [, sent = '', seen = '', back = ''] = stdout.split(/^── \d ── .*$/m)
  const values = [
    'Maria Schneider',
    'maria.schneider@example.com',
    '+1 212 555 0142',
    '4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
  ]
  for (const value of values) {
    assert.ok(sent.includes(value), value)
    assert.ok(!seen.includes(value), value)
    assert.ok(back.includes(value), value)
  }
  for (const entity of ['PERSON', 'EMAIL', 'PHONE', 'CREDIT_CARD', 'IBAN'])
    assert.match(seen, new RegExp(`\\b${entity}_[0-9A-Z]{5}`))
  assert.doesNotMatch(back, /\b(PERSON|EMAIL|IBAN)_[0-9A-Z]{5}/)
  assert.match(back, /tool call send_email \{"to":"maria\.schneider@example\.com"/)
})
