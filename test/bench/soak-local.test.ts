/** A small soak of the local engine; `npm run bench -- soak-local` is the large one. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { soak } from '../../bench/soak-local/soak.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

test('no request hangs or is lost when the process of the model is killed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cloakroom-soak-test-'))
  const modelPath = join(dir, 'model.gguf')
  try {
    await writeTinyGguf(modelPath, { kind: 'random', seed: 7, contextLength: 512 })
    const report = await soak({ modelPath, requests: 60, killEvery: 20, parallel: 4 })
    assert.equal(report.ended, 60)
    assert.equal(report.strange, 0)
    assert.ok(report.kills >= 1)
    assert.equal(
      Object.values(report.endings).reduce((a, b) => a + b),
      60,
    )
    assert.equal(report.endings['too long: answered'], undefined)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
