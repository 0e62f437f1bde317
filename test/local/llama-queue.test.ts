/** Sequences and the queue over them, on a model that never stops by itself. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createLlamaModel, LocalModelError } from '../../proxy/local/index.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const NEVER = new AbortController().signal
const CONTEXT = 8192
const SHORT = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 12 }
const ENDLESS = { messages: [{ role: 'user', content: 'hi' }] }

function isError(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LocalModelError, String(error))
    assert.equal(error.code, code)
    return true
  }
}

/** A stream that has begun, and so holds a sequence. */
async function begin(model: LocalModel, signal: AbortSignal): Promise<AsyncIterator<WireObject>> {
  const stream = model.chatStream(ENDLESS, signal)[Symbol.asyncIterator]()
  await stream.next()
  return stream
}

async function drain(stream: AsyncIterator<WireObject>): Promise<void> {
  while ((await stream.next()).done !== true);
}

describe('a model with two sequences and room for six to wait', () => {
  let dir = ''
  let model: LocalModel
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-queue-'))
    const modelPath = join(dir, 'model.gguf')
    await writeTinyGguf(modelPath, { kind: 'fixed-reply', loop: true, contextLength: CONTEXT })
    model = await createLlamaModel({
      modelPath,
      sha256: null,
      name: 'endless',
      threads: 1,
      sequences: 2,
      queueLimit: 6,
      contextTokens: CONTEXT,
      isolation: 'none',
    })
  })
  after(async () => {
    await model.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('answers eight requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => model.chat(SHORT, NEVER)))
    const texts = answers.map((answer) => JSON.stringify(answer.choices))
    assert.equal(new Set(texts).size, 1)
    assert.match(texts[0] ?? '', /Hello from the tiny model/u)
  })

  it('turns the ninth away as busy, and only that one', async () => {
    const requests = Array.from({ length: 9 }, () => model.chat(SHORT, NEVER))
    const settled = await Promise.allSettled(requests)
    assert.deepEqual(
      settled.map((result) => result.status),
      [...Array.from({ length: 8 }, () => 'fulfilled'), 'rejected'],
    )
    await assert.rejects(requests[8] ?? Promise.resolve(), isError('busy'))
  })

  it('frees a sequence when its stream is aborted in the middle', async () => {
    const abort = new AbortController()
    const streams = [await begin(model, abort.signal), await begin(model, abort.signal)]
    const waiting = model.chat(SHORT, NEVER)
    abort.abort()
    await Promise.all(streams.map((stream) => assert.rejects(drain(stream), isError('aborted'))))
    assert.match(JSON.stringify(await waiting), /Hello/u)
  })

  it('frees a sequence when its reader leaves', async () => {
    const streams = [await begin(model, NEVER), await begin(model, NEVER)]
    const waiting = model.chat(SHORT, NEVER)
    for (const stream of streams) await stream.return?.()
    assert.match(JSON.stringify(await waiting), /Hello/u)
  })

  it('lets one that waits go away, without taking the turn of the next', async () => {
    const streams = [await begin(model, NEVER), await begin(model, NEVER)]
    const abort = new AbortController()
    const leaver = model.chat(SHORT, abort.signal)
    const stayer = model.chat(SHORT, NEVER)
    abort.abort()
    await assert.rejects(leaver, isError('aborted'))
    for (const stream of streams) await stream.return?.()
    assert.match(JSON.stringify(await stayer), /Hello/u)
  })

  it('stops reading a long prompt when it is aborted', async () => {
    const abort = new AbortController()
    const reading = model.chat({ messages: [{ role: 'user', content: 'x '.repeat(4_000) }] }, abort.signal)
    setImmediate(() => abort.abort())
    await assert.rejects(reading, isError('aborted'))
    assert.match(JSON.stringify(await model.chat(SHORT, NEVER)), /Hello/u)
  })

  it('goes on from what a sequence remembers, to the same answer', async () => {
    const turns = [{ role: 'user', content: 'a longer beginning that two requests share' }]
    const first = await model.chat({ messages: turns, max_tokens: 12 }, NEVER)
    const second = await model.chat({ messages: turns, max_tokens: 12 }, NEVER)
    assert.deepEqual(first.choices, second.choices)
    assert.deepEqual(first.usage, second.usage)
  })

  it('waits for a slow reader, then goes on without a gap', async () => {
    const stream = await begin(model, NEVER)
    let text = ''
    for (let i = 0; i < 1_000; i++) {
      const { value } = await stream.next()
      const choices: readonly { readonly delta: { readonly content?: string } }[] = value.choices
      text += choices[0]?.delta.content ?? ''
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await stream.return?.()
    const round = 'Hello from the tiny model. It always says this.'
    assert.ok(round.repeat(200).startsWith(text) && text.length > 4_000)
  })
})

describe('a model that may be silent for 300 ms', () => {
  it('gives up on a reader that does not read, and is free again', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cloakroom-silent-'))
    const modelPath = join(dir, 'model.gguf')
    await writeTinyGguf(modelPath, { kind: 'fixed-reply', loop: true, contextLength: 2048 })
    const model = await createLlamaModel({
      modelPath,
      sha256: null,
      name: 'endless',
      threads: 1,
      sequences: 1,
      timeoutMs: 300,
      isolation: 'none',
    })
    try {
      const unread = await begin(model, NEVER)
      // The one sequence is taken until its reader is given up on; until then others wait in vain behind it.
      let next: WireObject | null = null
      for (let attempt = 0; attempt < 100 && next === null; attempt++) {
        next = await model.chat(SHORT, NEVER).catch((error: unknown) => {
          isError('timeout')(error)
          return null
        })
      }
      assert.match(JSON.stringify(next), /Hello/u)
      await assert.rejects(drain(unread), isError('timeout'))
    } finally {
      await model.close()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
