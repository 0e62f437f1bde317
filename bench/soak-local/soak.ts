/** Many requests of all kinds to a model in a process that is killed now and then. */
import { LocalModelError } from '../../proxy/local/errors.ts'
import { createLlamaModel } from '../../proxy/local/index.ts'
import { type ProcessRunner, startLlamaProcess } from '../../proxy/local/llama-process.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'

/** How long and how hard. */
export interface SoakOptions {
  readonly modelPath: string
  readonly requests: number
  /** Kills the process each time so many requests have begun. */
  readonly killEvery: number
  readonly parallel: number
  /** Called after each request, with how many have ended. */
  readonly onEnd?: (ended: number) => void
}

/** What became of the requests. */
export interface SoakReport {
  /** Requests by kind and ending: `answered`, `left` (by their reader), or the code of their error. */
  readonly endings: Readonly<Record<string, number>>
  readonly ended: number
  readonly kills: number
  /** Errors that were not of the engine's own kind: there must be none. */
  readonly strange: number
  /** Resident memory of this process in MiB, after a tenth of the requests and at the end. */
  readonly memoryMiB: readonly [early: number, late: number]
}

const CONTEXT_TOKENS = 256
const NEVER = new AbortController().signal
const said = (content: string, more: WireObject = {}): WireObject => ({
  messages: [{ role: 'user', content }],
  max_tokens: 8,
  ...more,
})
const SCHEMA = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] }

/** One request of each kind; resolves to how it ended where that was no error. */
const KINDS: Readonly<Record<string, (model: LocalModel, n: number) => Promise<'answered' | 'left'>>> = {
  whole: async (model, n) => {
    await model.chat(said(`question ${n}`), NEVER)
    return 'answered'
  },
  streamed: async (model, n) => {
    for await (const _ of model.chatStream(said(`question ${n}`), NEVER));
    return 'answered'
  },
  'given up': async (model, n) => {
    for await (const _ of model.chatStream(said(`question ${n}`, { max_tokens: 64 }), NEVER)) return 'left'
    return 'answered'
  },
  aborted: async (model, n) => {
    const leaving = new AbortController()
    const answering = model.chat(said(`question ${n}`, { max_tokens: 64 }), leaving.signal)
    setImmediate(() => leaving.abort())
    await answering
    return 'answered'
  },
  asked: async (model, n) => {
    await model.ask({ system: 's', user: `question ${n}`, schema: SCHEMA, maxTokens: 24 }, NEVER)
    return 'answered'
  },
  'too long': async (model) => {
    await model.chat(said('word '.repeat(CONTEXT_TOKENS * 2)), NEVER)
    return 'answered'
  },
}

/** Runs them all; every request ends, or this never does. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const held: { runner: ProcessRunner | null } = { runner: null }
  const model = await createLlamaModel({
    modelPath: options.modelPath,
    sha256: null,
    name: 'soak',
    threads: 1,
    sequences: 2,
    queueLimit: options.parallel * 2,
    contextTokens: CONTEXT_TOKENS,
    timeoutMs: 120_000,
    start: async (runnerOptions) => {
      held.runner = await startLlamaProcess(runnerOptions, { restartPausesMs: [0] })
      return held.runner
    },
  })
  const endings: Record<string, number> = {}
  const kinds = Object.entries(KINDS)
  let [begun, ended, kills, strange, early] = [0, 0, 0, 0, 0]
  const one = async (n: number): Promise<void> => {
    const [kind, ask] = kinds[n % kinds.length] ?? ['whole', KINDS.whole]
    const ending = await (ask === undefined ? Promise.resolve('answered') : ask(model, n)).catch(
      (error: unknown) => {
        if (error instanceof LocalModelError) return error.code
        strange += 1
        return 'strange'
      },
    )
    endings[`${kind}: ${ending}`] = (endings[`${kind}: ${ending}`] ?? 0) + 1
    ended += 1
    if (ended === Math.ceil(options.requests / 10)) early = memoryMiB()
    options.onEnd?.(ended)
    if (ending === 'not_loaded') await held.runner?.whenUp()
  }
  const lane = async (): Promise<void> => {
    while (begun < options.requests) {
      const n = begun++
      const pid = held.runner?.pid
      if (n > 0 && n % options.killEvery === 0 && pid) {
        kills += 1
        process.kill(pid, 'SIGKILL')
      }
      await one(n)
    }
  }
  try {
    await Promise.all(Array.from({ length: options.parallel }, lane))
    await held.runner?.whenUp()
    // Whatever happened, it answers now.
    await model.chat(said('still there?'), NEVER)
  } finally {
    await model.close()
  }
  return { endings, ended, kills, strange, memoryMiB: [early, memoryMiB()] }
}

function memoryMiB(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().rss / 1024 / 1024)
}
