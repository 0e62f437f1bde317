import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { LocalModelError, type LocalModelErrorReason } from '../../proxy/local/errors.ts'
import { readGguf } from '../../proxy/local/gguf.ts'
import { createLlamaModel } from '../../proxy/local/llama.ts'
import { hashFile, inspectModelFile, verifyModelFile } from '../../proxy/local/model-file.ts'
import { buildTinyGguf } from '../support/tiny-gguf.ts'

const WHOLE = buildTinyGguf({ kind: 'random', contextLength: 640, name: 'Tiny Test', licence: 'mit' })

function isRefused(reason: LocalModelErrorReason): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LocalModelError)
    assert.deepEqual([error.code, error.reason], ['not_loaded', reason])
    return true
  }
}

function patched(at: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(WHOLE)
  Buffer.from(bytes).copy(copy, at)
  return copy
}

const HUGE = [255, 255, 255, 255, 255, 255, 255, 127]
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4000000000\n'
const U16 = 2
const U32 = 4
const I32 = 5
const U64 = 10
const STRING = 8
const ARRAY = 9

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const text = (value: string): Buffer => Buffer.concat([long(value.length), Buffer.from(value)])
const int = (value: number): Buffer => Buffer.from(Int32Array.of(value).buffer)

/** A header of these entries (key, number of the type, value) and tensors, and `rest` bytes after it. */
function header(
  entries: readonly (readonly [key: string, type: number, value: Buffer])[],
  tensors: readonly Buffer[] = [],
  rest = 0,
): Buffer {
  return Buffer.concat([
    Buffer.from('GGUF'),
    int(3),
    long(tensors.length),
    long(entries.length),
    ...entries.flatMap(([key, type, value]) => [text(key), int(type), value]),
    ...tensors,
    Buffer.alloc(rest),
  ])
}

const SPLIT = header([['split.count', U32, int(3)]])
// gguf-split itself writes 16 bits.
const SPLIT_16 = header([['split.count', U16, Buffer.from([3, 0])]])
const SPLIT_64 = header([['split.count', U64, long(3)]])
const NEW_TYPE = 200
const UNKNOWN_TENSOR = Buffer.concat([text('t'), int(1), long(64), int(NEW_TYPE), long(4096)])

const REFUSED: readonly (readonly [name: string, bytes: Buffer, reason: LocalModelErrorReason])[] = [
  ['an empty file', Buffer.alloc(0), 'not_gguf'],
  ['two bytes', Buffer.from('GG'), 'not_gguf'],
  ['a text file', Buffer.from('once upon a time'), 'not_gguf'],
  ['a Git LFS pointer', Buffer.from(POINTER), 'lfs_pointer'],
  ['the magic alone', Buffer.from('GGUF'), 'truncated'],
  ['a future version', patched(4, [9, 0, 0, 0]), 'unsupported_version'],
  ['a big-endian file', patched(4, [0, 0, 0, 3]), 'unsupported_version'],
  ['an impossible tensor count', patched(8, HUGE), 'damaged'],
  ['an impossible metadata count', patched(16, HUGE), 'damaged'],
  ['an impossible key length', patched(24, HUGE), 'damaged'],
  ['a file cut in its header', WHOLE.subarray(0, 2_000), 'truncated'],
  ['a file cut in its tensors', WHOLE.subarray(0, WHOLE.length - 64), 'truncated'],
  ['one part of a split model', SPLIT, 'split_file'],
  ['one part of a split model, as gguf-split writes it', SPLIT_16, 'split_file'],
  ['one part of a split model, counted in 64 bits', SPLIT_64, 'split_file'],
  [
    'a file cut before a tensor of a type that is not known here',
    header([], [UNKNOWN_TENSOR], 64),
    'truncated',
  ],
]

describe('checking a model file', () => {
  let dir = ''
  const path = (name: string): string => join(dir, name)
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-file-'))
    await writeFile(path('whole.gguf'), WHOLE)
  })
  after(() => rm(dir, { recursive: true, force: true }))

  it('reads what a model says about itself', async () => {
    const { chatTemplate, ...info } = await readGguf(path('whole.gguf'))
    assert.match(chatTemplate ?? '', /im_start/u)
    assert.deepEqual(info, {
      version: 3,
      architecture: 'llama',
      name: 'Tiny Test',
      licence: 'mit',
      quantisation: 'F32',
      contextLength: 640,
      bytesPerToken: 256,
      tensorCount: 12,
      minimumBytes: (await stat(path('whole.gguf'))).size,
      fileBytes: (await stat(path('whole.gguf'))).size,
    })
  })

  it('reads how many heads each layer remembers, and sizes in any width', async () => {
    const kv = [0, 2, 0, 2]
    const list = Buffer.concat([int(I32), long(kv.length), ...kv.map(int)])
    const entries = [
      ['general.architecture', STRING, text('new')],
      ['new.context_length', U64, long(4096)],
      ['new.block_count', U16, Buffer.from([4, 0])],
      ['new.embedding_length', U32, int(64)],
      ['new.attention.head_count', U32, int(4)],
    ] as const
    await writeFile(
      path('layers.gguf'),
      header([...entries, ['new.attention.head_count_kv', ARRAY, list]], [], 64),
    )
    const { contextLength, bytesPerToken } = await readGguf(path('layers.gguf'))
    assert.deepEqual([contextLength, bytesPerToken], [4096, 4 * (16 + 16) * 2])
    await writeFile(
      path('layers.gguf'),
      header([...entries, ['new.attention.head_count_kv', U32, int(2)]], [], 64),
    )
    assert.equal((await readGguf(path('layers.gguf'))).bytesPerToken, 8 * (16 + 16) * 2)
    await writeFile(path('layers.gguf'), header([...entries], [UNKNOWN_TENSOR], 8192))
    const { fileBytes, minimumBytes } = await readGguf(path('layers.gguf'))
    assert.ok(minimumBytes > 4096 && minimumBytes <= fileBytes)
  })

  for (const [name, bytes, reason] of REFUSED) {
    it(`refuses ${name} as ${reason}, and never loads it`, async () => {
      await writeFile(path('bad.gguf'), bytes)
      await assert.rejects(readGguf(path('bad.gguf')), isRefused(reason))
      const load = createLlamaModel({ modelPath: path('bad.gguf'), sha256: null, name: 'bad', threads: 1 })
      await assert.rejects(load, isRefused(reason))
    })
  }

  it('refuses a file that is not there, and a directory', async () => {
    await assert.rejects(readGguf(path('absent.gguf')), isRefused('missing'))
    await assert.rejects(hashFile(path('absent.gguf')), isRefused('missing'))
    await assert.rejects(readGguf(dir), isRefused('unreadable'))
    const load = createLlamaModel({ modelPath: dir, sha256: null, name: 'x', threads: 1 })
    await assert.rejects(load, isRefused('unreadable'))
  })

  it('does not wait for a pipe that nobody writes into', async () => {
    execFileSync('mkfifo', [path('pipe.gguf')])
    await assert.rejects(readGguf(path('pipe.gguf')), isRefused('unreadable'))
  })

  it('refuses other bytes than the configured hash, before anything is loaded', async () => {
    const wrong = '0'.repeat(64)
    await assert.rejects(verifyModelFile(path('whole.gguf'), wrong), isRefused('hash_mismatch'))
    const load = createLlamaModel({ modelPath: path('whole.gguf'), sha256: wrong, name: 'x', threads: 1 })
    await assert.rejects(load, isRefused('hash_mismatch'))
  })

  it('accepts the configured hash in either case', async () => {
    const { sha256, bytes } = await inspectModelFile(path('whole.gguf'))
    assert.equal(bytes, WHOLE.length)
    await verifyModelFile(path('whole.gguf'), sha256.toUpperCase())
  })

  it('stops hashing when the signal fires', async () => {
    const hashing = hashFile(path('whole.gguf'), AbortSignal.abort())
    await assert.rejects(
      hashing,
      (error: unknown) => error instanceof LocalModelError && error.code === 'aborted',
    )
  })

  it('refuses or reads a damaged header, and does nothing else', async () => {
    const header = WHOLE.subarray(0, 20_000)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(header.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const copy = Buffer.from(WHOLE)
          for (const [at, byte] of changes) copy[at] = byte
          await writeFile(path('fuzzed.gguf'), copy)
          await readGguf(path('fuzzed.gguf')).catch((error: unknown) => {
            assert.ok(error instanceof LocalModelError)
            assert.equal(error.code, 'not_loaded')
          })
        },
      ),
      { numRuns: 200 },
    )
  })
})
