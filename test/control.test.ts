/** What commands see of the audit log, beside a running proxy and after one that was killed. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createAuditLog } from '../proxy/audit/index.ts'
import { type Config, loadConfig } from '../proxy/config/load.ts'
import { control, controlCommands } from '../proxy/control.ts'
import { lockDirectory, openStore, serveCommands } from '../proxy/store/index.ts'
import { intent, requestId } from './audit/entries.ts'
import { appendUntilKilled } from './audit/killed.ts'

let dir: string
let config: Config

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'cloakroom-control-'))
  const file = join(dir, 'cloakroom.yaml')
  writeFileSync(file, JSON.stringify({ data_dir: join(dir, 'data') }))
  config = loadConfig(file, {}, dir)
  mkdirSync(config.data_dir)
})
after(() => rmSync(dir, { recursive: true, force: true }))

async function exported(): Promise<string[]> {
  const ids: string[] = []
  for await (const line of control(config, 'audit.export', {})) ids.push(JSON.parse(line).request_id)
  return ids
}

test('an export has what only the write-ahead log of a killed process had, once, however often asked', async () => {
  const acknowledged = await appendUntilKilled(config.data_dir, 0, 300)
  const first = await exported()
  assert.deepEqual(await exported(), first)
  assert.equal(new Set(first).size, first.length)
  const have = new Set(first)
  assert.deepEqual(
    acknowledged.filter((n) => !have.has(requestId(n))),
    [],
  )
})

test('an export from a running proxy has the record that was acknowledged a moment ago', async () => {
  const lock = await lockDirectory(config.data_dir)
  const store = openStore({ lock })
  const audit = await createAuditLog({ lock, store })
  serveCommands(lock, controlCommands({ store, audit }, null))
  try {
    await store.ready()
    await audit.append(intent(900_000))
    assert.equal((await exported()).at(-1), requestId(900_000))
  } finally {
    await audit.close()
    await store.close()
    await lock.release()
  }
})
