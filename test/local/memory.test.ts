import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type GgufInfo, readGguf } from '../../proxy/local/gguf.ts'
import { createLlamaModel } from '../../proxy/local/index.ts'
import { estimateBytes } from '../../proxy/local/memory.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const MIB = 1024 * 1024
let folder: string
let path: string
let gguf: GgufInfo
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloakroom-memory-'))
  path = join(folder, 'tiny.gguf')
  await writeTinyGguf(path, { kind: 'fixed-reply', reply: 'Hello there my friend.' })
  gguf = await readGguf(path)
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** Qwen3-4B's shape: 36 layers, 8 groups of heads, 128 numbers each. */
const QWEN = { bytesPerToken: 36 * 8 * (128 + 128) * 2, fileBytes: 2_500_000_000, contextLength: 262_144 }

describe('the memory of a model', () => {
  it('is its file, and a context for every sequence', () => {
    const like = { ...gguf, ...QWEN }
    const of = (contextTokens: number | null, sequences: number) =>
      estimateBytes(like, { contextTokens, sequences })
    assert.equal(of(8192, 2) - of(8192, 1), 8192 * QWEN.bytesPerToken)
    assert.equal(of(null, 1), of(8192, 1))
    assert.equal(of(4096, 1), QWEN.fileBytes + 4096 * QWEN.bytesPerToken + 64 * MIB)
  })

  it('is read from the header', () => {
    assert.ok((gguf.bytesPerToken ?? 0) > 0)
  })

  it('that is not there refuses the model with both sizes, before anything is loaded', async () => {
    await assert.rejects(
      createLlamaModel({ modelPath: path, sha256: null, name: 't', availableBytes: 10 * MIB }),
      {
        code: 'not_loaded',
        reason: 'no_memory',
        message: /needs about 0\.\d+ GB of memory and 0\.01 GB are free/,
      },
    )
  })
})

describe('the answer of a model', () => {
  it('is no longer than the configuration allows, whatever is asked', async () => {
    const model = await createLlamaModel({
      modelPath: path,
      sha256: null,
      name: 't',
      threads: 1,
      sequences: 1,
      answerTokens: 2,
      isolation: 'none',
    })
    try {
      for (const max_tokens of [undefined, 1, 200]) {
        const { choices, usage } = await model.chat(
          {
            messages: [{ role: 'user', content: 'Hi' }],
            ...(max_tokens === undefined ? {} : { max_tokens }),
          },
          new AbortController().signal,
        )
        assert.equal((choices as { finish_reason: string }[])[0]?.finish_reason, 'length')
        assert.ok((usage as { completion_tokens: number }).completion_tokens <= 2)
      }
    } finally {
      await model.close()
    }
  })
})
