/** Names from a token-classification model on this machine, in a thread of its own. */
import type { LayerStatus } from '../../detectors/index.ts'
import { startThread } from '../own-thread.ts'
import type { NameEngine, NamesFound } from '../ports.ts'
import { NamesError } from './errors.ts'
import { LOADING, type OnnxAnswer, type OnnxThreadOptions } from './onnx-calls.ts'

/** The model and how it is used. */
export interface OnnxNamesOptions extends OnnxThreadOptions {
  /** For all texts of a call together, waiting included. */
  readonly timeoutMs: number
  /** For tests: the file that the thread runs. */
  readonly file?: URL
}

/** Calls that may wait for the thread. */
const QUEUE_LIMIT = 64

type Thread = ReturnType<typeof startThread>
type Settle = (answer: OnnxAnswer | null) => void

/** Loads the model. Rejects with `NamesError` that says what is missing or wrong. */
export async function createOnnxNames(options: OnnxNamesOptions): Promise<NameEngine> {
  const engine = new OnnxNames(options)
  await engine.start()
  return engine
}

class OnnxNames implements NameEngine {
  readonly engine = 'onnx'
  readonly #options: OnnxNamesOptions
  readonly #waiting = new Map<number, Settle>()
  #thread: Thread | null = null
  #starting: Promise<void> | null = null
  #isClosed = false
  #status: LayerStatus = 'down'
  #calls = LOADING

  constructor(options: OnnxNamesOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { folder, minScore, file } = this.#options
    const ready = new Promise<OnnxAnswer | null>((resolve) => this.#waiting.set(LOADING, resolve))
    const thread = startThread(file ?? ownFile(), { folder, minScore })
    this.#thread = thread
    // What is thrown there ends the thread, which is what counts here; its text stays out of every log.
    thread.on('error', () => undefined)
    thread.on('message', (answer: OnnxAnswer) => this.#settle(answer.id, answer))
    thread.once('exit', () => this.#lost(thread))
    const answer = await ready
    if (answer === null || 'reason' in answer) {
      await this.#end()
      throw answer === null
        ? new NamesError('load_failed', 'the model ended its thread while it was loaded')
        : new NamesError(answer.reason, answer.message)
    }
    this.#status = 'ok'
    // A process with nothing else to do may end.
    thread.unref()
  }

  status(): LayerStatus {
    return this.#status
  }

  async find(texts: readonly string[], signal: AbortSignal): Promise<NamesFound> {
    if (signal.aborted) return { status: 'down' }
    if (this.#thread === null) await this.#startAgain()
    const thread = this.#thread
    if (thread === null) return { status: 'down' }
    if (this.#waiting.size >= QUEUE_LIMIT) return { status: 'timeout' }
    const budget = AbortSignal.timeout(this.#options.timeoutMs)
    const ending = AbortSignal.any([signal, budget])
    this.#calls += 1
    const id = this.#calls
    const answer = await new Promise<OnnxAnswer | null>((resolve) => {
      const end = (): void => {
        thread.postMessage({ id, over: true })
        this.#settle(id, null)
      }
      ending.addEventListener('abort', end, { once: true })
      this.#waiting.set(id, (found) => {
        ending.removeEventListener('abort', end)
        resolve(found)
      })
      thread.ref()
      thread.postMessage({ id, texts })
    })
    if (answer !== null && 'findings' in answer) {
      this.#status = 'ok'
      return { status: 'ok', findings: answer.findings }
    }
    const status = budget.aborted ? 'timeout' : 'down'
    if (!signal.aborted) this.#status = status
    return { status }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#end()
  }

  /** A thread that was lost is started again by the next call; calls that come meanwhile wait for the same start. */
  async #startAgain(): Promise<void> {
    if (this.#isClosed) return
    this.#starting ??= this.start()
      .catch(() => undefined)
      .finally(() => {
        this.#starting = null
      })
    await this.#starting
  }

  async #end(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    this.#status = 'down'
    await thread?.terminate()
    this.#settleAll()
  }

  #settleAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null)
  }

  #settle(id: number, answer: OnnxAnswer | null): void {
    const settle = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#thread?.unref()
    settle?.(answer)
  }

  #lost(thread: Thread): void {
    // One that was ended on purpose is gone from here already.
    if (this.#thread !== thread) return
    this.#thread = null
    this.#status = 'down'
    this.#settleAll()
  }
}

function ownFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./onnx-thread.${extension}`, import.meta.url)
}
