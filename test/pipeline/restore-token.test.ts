import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueToken, readToken, TOKEN_TTL_MS } from '../../proxy/pipeline/restore-token.ts'
import { createVault } from '../../restore/index.ts'

const NOW = 1_700_000_000_000
const OPTIONS = { key: new Uint8Array(32).fill(3), tenant: 'legal', now: NOW }
const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const PLACEHOLDER = vault.issue('PERSON', 'Zoë "Zed" O\'Brien\n')
const GRANT = { vault, hosts: new Set(['example.com']) }

test('a token gives back the values and hosts, and shows none of them', async () => {
  const token = await issueToken(GRANT, OPTIONS)
  assert.match(token, /^[A-Za-z0-9_-]+$/)
  assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /Brien|PERSON|example/)
  const grant = await readToken(token, OPTIONS)
  assert.equal(grant?.vault.valueOf(PLACEHOLDER), 'Zoë "Zed" O\'Brien\n')
  assert.equal(grant?.vault.size, 1)
  assert.deepEqual([...(grant?.hosts ?? [])], ['example.com'])
})

const REFUSED: { name: string; change: (token: string) => string; options?: Partial<typeof OPTIONS> }[] = [
  { name: 'after its hour', change: (token) => token, options: { now: NOW + TOKEN_TTL_MS } },
  { name: 'for another tenant', change: (token) => token, options: { tenant: 'hr' } },
  { name: 'under another key', change: (token) => token, options: { key: new Uint8Array(32) } },
  {
    name: 'with another letter',
    change: (token) => (token.endsWith('A') ? `${token.slice(0, -1)}Q` : `${token.slice(0, -1)}A`),
  },
  { name: 'cut short', change: (token) => token.slice(0, 20) },
  { name: 'with more behind it', change: (token) => `${token}AAAA` },
  { name: 'with signs between', change: (token) => `${token.slice(0, 9)} ${token.slice(9)}` },
  { name: 'empty', change: () => '' },
]
for (const { name, change, options } of REFUSED) {
  test(`a token does not open ${name}`, async () => {
    const token = await issueToken(GRANT, OPTIONS)
    assert.equal(await readToken(change(token), { ...OPTIONS, ...options }), null)
  })
}

test('until its hour is over it opens as often as one likes', async () => {
  const token = await issueToken(GRANT, OPTIONS)
  for (const now of [NOW, NOW + 1, NOW + TOKEN_TTL_MS - 1])
    assert.ok(await readToken(token, { ...OPTIONS, now }))
})
