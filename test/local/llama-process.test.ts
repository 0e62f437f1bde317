/** The model in a process of its own: what happens when that process ends. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { LocalModelError } from '../../proxy/local/errors.ts'
import { createLlamaModel } from '../../proxy/local/index.ts'
import type { LlamaEvent, LlamaJob, RunnerOptions } from '../../proxy/local/llama-job.ts'
import { type ProcessRunner, startLlamaProcess } from '../../proxy/local/llama-process.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const NEVER = new AbortController().signal
const JOB: LlamaJob = {
  messages: [{ role: 'user', text: 'hi' }],
  tools: [],
  parallelCalls: true,
  sampling: { temperature: 0, topP: 1, seed: 1, frequencyPenalty: 0, presencePenalty: 0 },
  maxTokens: 12,
  stop: [],
  schema: null,
  thinking: false,
  logprobs: null,
}
const ENDLESS: LlamaJob = { ...JOB, maxTokens: null }

function isError(code: string, reason: string | null): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LocalModelError, String(error))
    assert.deepEqual([error.code, error.reason], [code, reason])
    return true
  }
}

/** A call that has begun: resolves once its first piece of text is there. */
function begin(
  runner: ProcessRunner,
  signal: AbortSignal,
  onText: () => Promise<void> | undefined = () => undefined,
): { readonly begun: Promise<void>; readonly ended: Promise<unknown> } {
  let ended: Promise<unknown> = Promise.resolve()
  const begun = new Promise<void>((resolve) => {
    const sink = (event: LlamaEvent): Promise<void> | undefined => {
      if (event.type !== 'text') return undefined
      resolve()
      return onText()
    }
    ended = runner.generate(ENDLESS, sink, signal)
  })
  return { begun, ended }
}

async function say(runner: ProcessRunner): Promise<string> {
  let text = ''
  await runner.generate(
    JOB,
    (event) => {
      if (event.type === 'text') text += event.text
      return undefined
    },
    NEVER,
  )
  return text
}

describe('a model in its own process', () => {
  let dir = ''
  let options: RunnerOptions
  let runner: ProcessRunner
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-process-'))
    const modelPath = join(dir, 'model.gguf')
    await writeTinyGguf(modelPath, { kind: 'fixed-reply', loop: true, contextLength: 4096 })
    options = { modelPath, contextTokens: null, threads: 1, sequences: 2, gpuLayers: 0 }
    runner = await startLlamaProcess(options, { restartPausesMs: [0] })
  })
  after(async () => {
    await runner.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('answers as one in this process does', async () => {
    assert.match(await say(runner), /^Hello from the tiny model\. It always says this\./u)
    assert.deepEqual(runner.info, { contextTokens: 4096, hasTools: false })
    assert.ok(runner.isUp())
  })

  it('frees the sequence when a call is aborted', async () => {
    const abort = new AbortController()
    const calls = [begin(runner, abort.signal), begin(runner, abort.signal)]
    await Promise.all(calls.map((call) => call.begun))
    abort.abort()
    await Promise.all(calls.map((call) => assert.rejects(call.ended, isError('aborted', null))))
    assert.match(await say(runner), /Hello/u)
  })

  it('generates no further than its reader reads', async () => {
    const abort = new AbortController()
    let pieces = 0
    const never = new Promise<void>(() => undefined)
    const call = begin(runner, abort.signal, () => {
      pieces += 1
      return never
    })
    await call.begun
    for (let i = 0; i < 12; i++) await say(runner)
    assert.ok(pieces <= 64, `${pieces} pieces were sent to a reader that took none`)
    abort.abort()
    await assert.rejects(call.ended, isError('aborted', null))
  })

  it('fails the calls in flight when it is killed, is down, and comes back', async () => {
    const { pid } = runner
    assert.ok(pid)
    const calls = [begin(runner, NEVER), begin(runner, NEVER)]
    await Promise.all(calls.map((call) => call.begun))
    process.kill(pid, 'SIGKILL')
    await Promise.all(calls.map((call) => assert.rejects(call.ended, isError('not_loaded', 'crashed'))))
    assert.equal(runner.isUp(), false)
    await assert.rejects(say(runner), isError('not_loaded', 'crashed'))
    await runner.whenUp()
    assert.notEqual(runner.pid, pid)
    assert.match(await say(runner), /Hello/u)
  })

  it('comes back when it is killed while it loads', async () => {
    const { pid } = runner
    assert.ok(pid !== null)
    process.kill(pid, 'SIGKILL')
    for (let kills = 0; kills < 2; kills += 1) {
      const seen = runner.pid
      while (runner.pid === null || runner.pid === seen) await setImmediate()
      assert.equal(runner.isUp(), false)
      process.kill(runner.pid, 'SIGKILL')
    }
    await runner.whenUp()
    assert.match(await say(runner), /Hello/u)
  })

  it('is not loaded again from another file than was verified', async () => {
    const modelPath = join(dir, 'replaced.gguf')
    const { sha256 } = await writeTinyGguf(modelPath, { kind: 'fixed-reply', reply: 'First one.' })
    let refuse: (error: unknown) => void = () => undefined
    const refused = new Promise<unknown>((resolve) => {
      refuse = resolve
    })
    let started: ProcessRunner | null = null
    const model = await createLlamaModel({
      modelPath,
      sha256,
      name: 'm',
      threads: 1,
      start: async (of, timing) => {
        const beforeRestart = async (): Promise<void> => {
          try {
            await timing.beforeRestart?.()
          } catch (error) {
            refuse(error)
            throw error
          }
        }
        started = await startLlamaProcess(of, { beforeRestart, restartPausesMs: [0] })
        return started
      },
    })
    try {
      const own = started as ProcessRunner | null
      assert.ok(own?.pid)
      await writeTinyGguf(modelPath, { kind: 'fixed-reply', reply: 'Second one.' })
      process.kill(own.pid, 'SIGKILL')
      assert.ok(isError('not_loaded', 'hash_mismatch')(await refused))
      assert.equal(own.isUp(), false)
      await writeTinyGguf(modelPath, { kind: 'fixed-reply', reply: 'First one.' })
      await own.whenUp()
      assert.match(await say(own), /^First/u)
    } finally {
      await model.close()
    }
  })

  it('that cannot even be started takes nothing else down', async () => {
    const { execPath } = process
    process.execPath = join(dir, 'absent')
    try {
      await assert.rejects(startLlamaProcess(options), isError('not_loaded', 'crashed'))
    } finally {
      process.execPath = execPath
    }
  })

  it('is killed when an aborted call does not end in its grace', async () => {
    const stubborn = await startLlamaProcess(options, { restartPausesMs: [0], abortGraceMs: 0 })
    try {
      const { pid } = stubborn
      const abort = new AbortController()
      // The process stands still, so it cannot hear that the call was aborted.
      const call = begin(stubborn, abort.signal)
      await call.begun
      process.kill(pid ?? 0, 'SIGSTOP')
      abort.abort()
      await assert.rejects(call.ended, isError('not_loaded', 'crashed'))
      await stubborn.whenUp()
      assert.match(await say(stubborn), /Hello/u)
    } finally {
      await stubborn.close()
    }
  })

  it('says why a model cannot be loaded', async () => {
    const start = startLlamaProcess({ ...options, contextTokens: 9_999 })
    await assert.rejects(start, isError('not_loaded', 'load_failed'))
  })

  it('ends with the runner, and takes no more calls', async () => {
    const call = begin(runner, NEVER)
    await call.begun
    const ended = assert.rejects(call.ended, isError('not_loaded', 'closed'))
    await runner.close()
    await ended
    assert.equal(runner.isUp(), false)
    await assert.rejects(say(runner), LocalModelError)
  })
})
