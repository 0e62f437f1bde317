/**
 * The ONNX engine. What needs no runtime is always tested; the rest needs the optional package onnxruntime-node
 * (`npm install --no-save --ignore-scripts onnxruntime-node`).
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { NamesError } from '../../proxy/names/errors.ts'
import { createOnnxNames } from '../../proxy/names/onnx.ts'
import { readModelFolder } from '../../proxy/names/onnx-folder.ts'
import { entitiesOf, verdictOf } from '../../proxy/names/piece-labels.ts'
import type { NamesFound } from '../../proxy/ports.ts'
import { tinyOnnx, writeTinyModel } from '../support/tiny-onnx.ts'

const NEVER = new AbortController().signal

function hasRuntime(): boolean {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node')
    return true
  } catch {
    return false
  }
}
const needsRuntime = { skip: hasRuntime() ? false : 'the optional package onnxruntime-node is not installed' }

async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-onnx-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function values(found: NamesFound, texts: readonly string[]): readonly (readonly string[])[] {
  assert.equal(found.status, 'ok')
  return found.findings.map((list, n) =>
    list.map(({ entity, span }) => `${entity}:${texts[n]?.slice(span.start, span.end)}`),
  )
}

test('a folder says its labels, limits and tokeniser', () =>
  inFolder((folder) => {
    writeTinyModel(folder)
    const { labels, maxPieces, tokenizer } = readModelFolder(folder)
    assert.deepEqual(
      labels.map(({ entity, begins }) => `${entity} ${begins}`),
      ['null false', 'PERSON true', 'PERSON false', 'LOCATION true'],
    )
    assert.equal(maxPieces, 24)
    assert.equal(tokenizer.pieces('Ann Lee').length, 2)
  }))

for (const file of ['config.json', 'tokenizer.json', 'model.onnx']) {
  test(`a folder without ${file} is an error that names it`, () =>
    inFolder((folder) => {
      writeTinyModel(folder, file)
      assert.throws(
        () => readModelFolder(folder),
        (error) =>
          error instanceof NamesError && error.reason === 'file_missing' && error.message.includes(file),
      )
    }))
}

test('a damaged file is an error that names it', () =>
  inFolder((folder) => {
    writeTinyModel(folder)
    writeFileSync(join(folder, 'config.json'), '{"id2label": {"0": "O", "2": "B-PER"}}')
    assert.throws(
      () => readModelFolder(folder),
      (error) =>
        error instanceof NamesError && error.reason === 'file_damaged' && /config/u.test(error.message),
    )
  }))

const LABELS = [
  { entity: null, begins: false },
  { entity: 'PERSON', begins: true },
  { entity: 'PERSON', begins: false },
  { entity: 'LOCATION', begins: true },
]

/** Entities of `Ann Leeson in Oslo`, whose pieces get the given labels. */
function entities(labels: readonly number[], minScore = 0.5): readonly string[] {
  const text = 'Ann Leeson in Oslo'
  const pieces = [
    { id: 0, start: 0, end: 3 },
    { id: 0, start: 3, end: 7 },
    { id: 0, start: 7, end: 10 },
    { id: 0, start: 10, end: 13 },
    { id: 0, start: 13, end: 18 },
  ]
  const verdicts = labels.map((label) =>
    verdictOf(
      LABELS.map((_, n) => (n === label ? 4 : -4)),
      LABELS,
    ),
  )
  return entitiesOf(text, pieces, verdicts, minScore).map(
    ({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`,
  )
}

test('pieces become whole words, words become names, and a beginning begins', () => {
  assert.deepEqual(entities([1, 2, 2, 0, 3]), ['PERSON:Ann Leeson', 'LOCATION:Oslo'])
  assert.deepEqual(entities([1, 0, 2, 0, 0]), ['PERSON:Ann Leeson'])
  assert.deepEqual(entities([1, 1, 2, 0, 0]), ['PERSON:Ann', 'PERSON:Leeson'])
  assert.deepEqual(entities([0, 0, 0, 0, 0]), [])
})

test('the probability that counts is that of any entity, shared among its labels', () => {
  const verdict = verdictOf([Math.log(0.4), Math.log(0.25), Math.log(0.25), Math.log(0.1)], LABELS)
  assert.equal(verdict.entity, 'PERSON')
  assert.ok(Math.abs(verdict.score - 0.6) < 1e-9)
})

test('without the runtime the start fails and says what to install', { skip: hasRuntime() }, () =>
  inFolder(async (folder) => {
    writeTinyModel(folder)
    await assert.rejects(
      createOnnxNames({ folder, minScore: 0.5, timeoutMs: 30_000 }),
      (error) =>
        error instanceof NamesError &&
        error.reason === 'runtime_missing' &&
        error.message.includes('npm install --ignore-scripts onnxruntime-node'),
    )
  }),
)

test('a thread that was lost fails its call and is started again by the next one', async () => {
  const file = new URL('./support/crashing-thread.ts', import.meta.url)
  const engine = await createOnnxNames({ folder: 'none', minScore: 0.5, timeoutMs: 60_000, file })
  assert.deepEqual(await engine.find(['fine'], NEVER), { status: 'ok', findings: [[]] })
  assert.deepEqual(await engine.find(['crash'], NEVER), { status: 'down' })
  assert.equal(engine.status(), 'down')
  assert.deepEqual(await engine.find(['fine', 'again'], NEVER), { status: 'ok', findings: [[], []] })
  assert.equal(engine.status(), 'ok')
  await engine.close()
  assert.deepEqual(await engine.find(['fine'], NEVER), { status: 'down' })
})

test('a model finds names in a thread, in long texts too', needsRuntime, () =>
  inFolder(async (folder) => {
    writeTinyModel(folder)
    const engine = await createOnnxNames({ folder, minScore: 0.5, timeoutMs: 60_000 })
    const texts = ['Ask Ann Leeson in Oslo.', '', `${'x '.repeat(500)}Ann Lee${' x'.repeat(500)}`, 'maybe']
    assert.deepEqual(values(await engine.find(texts, NEVER), texts), [
      ['PERSON:Ann Leeson', 'LOCATION:Oslo'],
      [],
      ['PERSON:Ann Lee'],
      [],
    ])
    assert.equal(engine.status(), 'ok')
    assert.deepEqual(await engine.find(texts, AbortSignal.abort()), { status: 'down' })
    const both = await Promise.all([engine.find(['Ann'], NEVER), engine.find(['Oslo'], NEVER)])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['ok', 'ok'],
    )
    await engine.close()
    assert.deepEqual(await engine.find(['Ann'], NEVER), { status: 'down' })
  }),
)

test('an eager engine takes what the model half believes', needsRuntime, () =>
  inFolder(async (folder) => {
    writeTinyModel(folder)
    const engine = await createOnnxNames({ folder, minScore: 0.25, timeoutMs: 60_000 })
    assert.deepEqual(values(await engine.find(['maybe'], NEVER), ['maybe']), [['PERSON:maybe']])
    await engine.close()
  }),
)

test('time that runs out is a timeout', needsRuntime, () =>
  inFolder(async (folder) => {
    writeTinyModel(folder)
    const engine = await createOnnxNames({ folder, minScore: 0.5, timeoutMs: 50 })
    assert.deepEqual(await engine.find(['Ann Lee '.repeat(200_000)], NEVER), { status: 'timeout' })
    assert.equal(engine.status(), 'timeout')
    await engine.close()
  }),
)

const UNUSABLE: readonly (readonly [string, Uint8Array, NamesError['reason']])[] = [
  ['is no model', Buffer.from('not a model'), 'load_failed'],
  ['wants other inputs', tinyOnnx([[0, 0, 0, 0]], ['input_ids', 'pixel_values']), 'unsupported'],
  ['has another number of labels', tinyOnnx(Array.from({ length: 9 }, () => [0, 0])), 'unsupported'],
]

for (const [name, bytes, reason] of UNUSABLE) {
  test(`a file that ${name} is refused at the start`, needsRuntime, () =>
    inFolder(async (folder) => {
      writeTinyModel(folder)
      writeFileSync(join(folder, 'model.onnx'), bytes)
      await assert.rejects(
        createOnnxNames({ folder, minScore: 0.5, timeoutMs: 30_000 }),
        (error) => error instanceof NamesError && error.reason === reason,
      )
    }),
  )
}
