import assert from 'node:assert/strict'
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { LocalModelError } from '../../proxy/local/errors.ts'
import { createLocalModel } from '../../proxy/local/index.ts'
import {
  addModel,
  listModels,
  REGISTRY_FILE,
  registeredHash,
  verifyModels,
} from '../../proxy/local/registry.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const NOW = (): number => 1_700_000_000_000

describe('the registry of model files', () => {
  let dir = ''
  let dataDir = ''
  let file = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-registry-'))
    dataDir = join(dir, 'data')
    file = join(dir, 'tiny.gguf')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  async function states(): Promise<readonly string[]> {
    const found: string[] = []
    for await (const verdict of verifyModels(dataDir)) found.push(verdict.state)
    return found
  }

  it('is empty before anything was added', async () => {
    assert.deepEqual(await listModels(dataDir), [])
    assert.equal(await registeredHash(dataDir, file), null)
  })

  it('keeps what a file says about itself, with its hash', async () => {
    const { sha256, bytes } = await writeTinyGguf(file, { kind: 'random', name: 'Tiny', licence: 'mit' })
    const progress: number[] = []
    const added = await addModel(dataDir, file, {
      now: NOW,
      onProgress: (done, total) => progress.push(done / total),
    })
    assert.deepEqual(await listModels(dataDir), [added])
    assert.deepEqual(added, {
      name: 'Tiny',
      path: file,
      sha256,
      bytes,
      architecture: 'llama',
      quantisation: 'F32',
      licence: 'mit',
      context_tokens: 512,
      added: NOW(),
    })
    assert.equal(progress.at(-1), 1)
    assert.equal(await registeredHash(dataDir, file), sha256)
    assert.equal((await stat(join(dataDir, REGISTRY_FILE))).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(dataDir), [REGISTRY_FILE])
  })

  it('replaces the entry of a file that is added again, and keeps the others', async () => {
    const other = join(dir, 'other.gguf')
    await writeTinyGguf(file, { kind: 'random', seed: 1 })
    await writeTinyGguf(other, { kind: 'random', seed: 2 })
    await addModel(dataDir, file, { now: NOW })
    await addModel(dataDir, other, { now: NOW })
    const { sha256 } = await writeTinyGguf(file, { kind: 'random', seed: 3 })
    await addModel(dataDir, file, { now: NOW })
    assert.deepEqual(
      (await listModels(dataDir)).map((model) => model.path),
      [other, file],
    )
    assert.equal(await registeredHash(dataDir, file), sha256)
  })

  it('loses no entry when several are added at once', async () => {
    const files = Array.from({ length: 8 }, (_, i) => join(dir, `${i}.gguf`))
    for (const path of files) await writeTinyGguf(path, { kind: 'random' })
    await Promise.all(files.map((path) => addModel(dataDir, path, { now: NOW })))
    const paths = (await listModels(dataDir)).map((model) => model.path)
    assert.deepEqual([...paths].sort(), files)
    assert.deepEqual(await readdir(dataDir), [REGISTRY_FILE])
  })

  it('takes over a lock that was left behind', async () => {
    await writeTinyGguf(file, { kind: 'random' })
    await mkdir(dataDir)
    await writeFile(join(dataDir, `${REGISTRY_FILE}.lock`), '')
    await addModel(dataDir, file, { now: NOW })
    assert.equal((await listModels(dataDir)).length, 1)
    assert.deepEqual(await readdir(dataDir), [REGISTRY_FILE])
  })

  it('tells a changed file from a missing one and a whole one', async () => {
    await writeTinyGguf(file, { kind: 'random' })
    await addModel(dataDir, file, { now: NOW })
    assert.deepEqual(await states(), ['ok'])
    await appendFile(file, 'x')
    assert.deepEqual(await states(), ['changed'])
    await rm(file)
    assert.deepEqual(await states(), ['missing'])
  })

  it('keeps a registered file that changed from being loaded, whatever the configuration says of it', async () => {
    const { sha256 } = await writeTinyGguf(file, { kind: 'random' })
    const load = (config: object): Promise<unknown> =>
      createLocalModel({ engine: 'llama', model_path: file, threads: 1, data_dir: dataDir, ...config })
    await addModel(dataDir, file, { now: NOW })
    await appendFile(file, 'x')
    const isChanged = (error: unknown): boolean =>
      error instanceof LocalModelError && error.reason === 'hash_mismatch'
    await assert.rejects(load({}), isChanged)
    await assert.rejects(load({ sha256 }), isChanged)
    await addModel(dataDir, file, { now: NOW })
    await assert.rejects(load({ sha256 }), isChanged)
  })

  it('adds nothing that is not a whole model', async () => {
    await writeFile(file, 'not a model')
    const adding = addModel(dataDir, file, { now: NOW })
    await assert.rejects(
      adding,
      (error: unknown) => error instanceof LocalModelError && error.reason === 'not_gguf',
    )
    assert.deepEqual(await listModels(dataDir), [])
  })

  it('refuses a registry it cannot read, rather than starting a new one over it', async () => {
    await writeTinyGguf(file, { kind: 'random' })
    await addModel(dataDir, file, { now: NOW })
    for (const text of ['{', '[]', '{"version": 2, "models": []}']) {
      await writeFile(join(dataDir, REGISTRY_FILE), text)
      await assert.rejects(addModel(dataDir, file, { now: NOW }), LocalModelError)
      await assert.rejects(listModels(dataDir), LocalModelError)
    }
  })
})
