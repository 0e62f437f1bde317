/**
 * A runner whose model lives in a process of its own: when that dies, calls in flight fail, and it is started
 * again after a pause that grows with every failure.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { abortedError, asLocalModelError, LocalModelError } from './errors.ts'
import type { EventSink, LlamaJob, LlamaResult, LlamaRunner, RunnerInfo, RunnerOptions } from './llama-job.ts'
import { errorOf, type FromWorker, type ToWorker } from './llama-protocol.ts'

/** Times in ms; the defaults fit large models. */
export interface ProcessOptions {
  /** Longest time to load the model. */
  readonly loadMs?: number
  /** Time an aborted call has to end before its process is killed. */
  readonly abortGraceMs?: number
  /** Pauses before the first, second, … restart; the last one repeats. */
  readonly restartPausesMs?: readonly number[]
  /** Asked before every restart: a rejection puts it off, as a failed start does. */
  readonly beforeRestart?: () => Promise<void>
}

/** The runner, with what tests and diagnostics look at. */
export interface ProcessRunner extends LlamaRunner {
  /** Id of the process that holds the model now; null while there is none. */
  readonly pid: number | null
  /** Resolves when the model is loaded again, or at once when it is; rejects when closed. */
  whenUp(): Promise<void>
}

const DEFAULTS = {
  loadMs: 600_000,
  abortGraceMs: 10_000,
  restartPausesMs: [500, 1_000, 2_000, 5_000, 10_000, 30_000],
  beforeRestart: () => Promise.resolve(),
} as const
const CLOSE_GRACE_MS = 3_000

/** Starts the process and loads the model. Rejects with `LocalModelError` (`not_loaded`) as `startLlamaRunner`. */
export async function startLlamaProcess(
  options: RunnerOptions,
  timing: ProcessOptions = {},
): Promise<ProcessRunner> {
  const supervisor = new Supervisor(options, { ...DEFAULTS, ...timing })
  await supervisor.launch()
  return supervisor
}

interface Call {
  readonly sink: EventSink
  readonly resolve: (result: LlamaResult) => void
  readonly reject: (error: LocalModelError) => void
}

class Supervisor implements ProcessRunner {
  private readonly options: RunnerOptions
  private readonly timing: Required<ProcessOptions>
  private readonly calls = new Map<number, Call>()
  private readonly waitingForUp = new Set<{
    readonly up: () => void
    readonly closed: (error: unknown) => void
  }>()
  private child: ChildProcess | null = null
  private loaded: RunnerInfo | null = null
  private isReady = false
  private isClosed = false
  private failures = 0
  private nextId = 1
  private restartTimer: NodeJS.Timeout | null = null

  constructor(options: RunnerOptions, timing: Required<ProcessOptions>) {
    this.options = options
    this.timing = timing
  }

  get info(): RunnerInfo {
    if (this.loaded === null) throw crashed()
    return this.loaded
  }

  get pid(): number | null {
    return this.child?.pid ?? null
  }

  isUp(): boolean {
    return this.isReady
  }

  whenUp(): Promise<void> {
    if (this.isReady) return Promise.resolve()
    return new Promise((up, closed) => this.waitingForUp.add({ up, closed }))
  }

  /** Starts a process and resolves once it has loaded the model. */
  async launch(): Promise<void> {
    if (this.isClosed) throw crashed()
    const child = forkWorker()
    // Without a listener, an error of the process or of its channel would end the proxy; its exit says it all.
    child.on('error', () => undefined)
    this.child = child
    try {
      this.loaded = await this.load(child)
    } catch (error) {
      this.child = null
      child.kill('SIGKILL')
      throw asLocalModelError(error)
    }
    this.isReady = true
    child.on('exit', () => this.onExit(child))
    child.on('message', (message: FromWorker) => this.onMessage(message))
    for (const waiter of this.waitingForUp) waiter.up()
    this.waitingForUp.clear()
  }

  generate(job: LlamaJob, sink: EventSink, signal: AbortSignal): Promise<LlamaResult> {
    if (signal.aborted) return Promise.reject(abortedError())
    if (!this.isReady) return Promise.reject(crashed())
    const id = this.nextId
    this.nextId += 1
    return new Promise((resolve, reject) => {
      const stopWatching = this.watchAbort(id, signal)
      const end = (finish: () => void): void => {
        stopWatching()
        this.calls.delete(id)
        finish()
      }
      this.calls.set(id, {
        sink,
        resolve: (result) => end(() => resolve(result)),
        reject: (error) => end(() => reject(error)),
      })
      this.post({ type: 'generate', id, job })
    })
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.isReady = false
    if (this.restartTimer !== null) clearTimeout(this.restartTimer)
    const error = new LocalModelError('not_loaded', 'the local model is closed', { reason: 'closed' })
    for (const waiter of this.waitingForUp) waiter.closed(error)
    this.failCalls(error)
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_GRACE_MS)
    this.post({ type: 'close' })
    await ended
    clearTimeout(timer)
  }

  /** Resolves to what the model can do; rejects when it is refused, the process ends, or time is up. */
  private load(child: ChildProcess): Promise<RunnerInfo> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(crashed())), this.timing.loadMs)
      const onEnd = (): void => settle(() => reject(crashed()))
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'ready') settle(() => resolve(message.info))
        else if (message.type === 'refused') settle(() => reject(errorOf(message.error)))
      }
      const settle = (finish: () => void): void => {
        clearTimeout(timer)
        child.off('exit', onEnd).off('error', onEnd).off('message', onMessage)
        finish()
      }
      child.on('exit', onEnd).on('error', onEnd).on('message', onMessage)
      // A process that could not be started says so by an event of its own.
      child.send({ type: 'start', options: this.options } satisfies ToWorker, () => undefined)
    })
  }

  private onMessage(message: FromWorker): void {
    if (message.type === 'ready' || message.type === 'refused') return
    const call = this.calls.get(message.id)
    if (call === undefined) return
    switch (message.type) {
      case 'event':
        this.deliver(message.id, call, message.event)
        return
      case 'done':
        this.failures = 0
        call.resolve(message.result)
        return
      case 'failed':
        call.reject(errorOf(message.error))
        return
      default:
        message satisfies never
    }
  }

  /** Hands an event on, and tells the process once the reader has taken it. */
  private deliver(id: number, call: Call, event: Parameters<EventSink>[0]): void {
    const taken = call.sink(event)
    const confirm = (): void => this.post({ type: 'read', id, count: 1 })
    if (taken === undefined) confirm()
    else taken.then(confirm, confirm)
  }

  private watchAbort(id: number, signal: AbortSignal): () => void {
    let grace: NodeJS.Timeout | undefined
    const { child } = this
    const onAbort = (): void => {
      this.post({ type: 'abort', id })
      grace = setTimeout(() => child?.kill('SIGKILL'), this.timing.abortGraceMs)
      grace.unref()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return () => {
      signal.removeEventListener('abort', onAbort)
      clearTimeout(grace)
    }
  }

  private onExit(child: ChildProcess): void {
    if (child !== this.child) return
    this.child = null
    this.isReady = false
    this.failCalls(crashed())
    this.restartLater()
  }

  private restartLater(): void {
    if (this.isClosed) return
    const pauses = this.timing.restartPausesMs
    const pause = pauses[Math.min(this.failures, pauses.length - 1)] ?? 0
    this.failures += 1
    this.restartTimer = setTimeout(() => {
      this.restart().catch(() => this.restartLater())
    }, pause)
  }

  private async restart(): Promise<void> {
    await this.timing.beforeRestart()
    await this.launch()
  }

  private failCalls(error: LocalModelError): void {
    for (const call of this.calls.values()) call.reject(error)
  }

  private post(message: ToWorker): void {
    const { child } = this
    // A process that just died shows itself by its exit, which fails every call.
    if (child?.connected === true) child.send(message, () => undefined)
  }
}

function crashed(): LocalModelError {
  return new LocalModelError('not_loaded', "the local model's process is not running", { reason: 'crashed' })
}

/** The same file type as this module: TypeScript in a checkout, JavaScript once built. */
function forkWorker(): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const path = fileURLToPath(new URL(`./llama-worker.${extension}`, import.meta.url))
  return fork(path, [], {
    env: {},
    execArgv: process.execArgv.filter((flag) => !flag.startsWith('--inspect')),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
