/**
 * The process that holds the model: loads it on `start`, then answers jobs until it is told to close or the proxy
 * goes away. It is given no environment and its output is discarded, so nothing it prints reaches a log.
 */
import { asLocalModelError } from './errors.ts'
import type { EventSink, LlamaRunner } from './llama-job.ts'
import { errorMessage, type FromWorker, type ToWorker, WINDOW } from './llama-protocol.ts'
import { startLlamaRunner } from './llama-runner.ts'

interface Job {
  readonly abort: AbortController
  unread: number
  resume: (() => void) | null
}

/** The model and the jobs it works on. */
class Worker {
  private readonly send: (message: FromWorker) => void
  private readonly jobs = new Map<number, Job>()
  private runner: LlamaRunner | null = null

  constructor(send: (message: FromWorker) => void) {
    this.send = send
  }

  async handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'start':
        return this.start(message)
      case 'generate':
        return this.generate(message)
      case 'abort':
        this.jobs.get(message.id)?.abort.abort()
        return this.resume(message.id)
      case 'read':
        return this.read(message)
      case 'close':
        return this.close()
      default:
        return message satisfies never
    }
  }

  async close(): Promise<void> {
    for (const [id, job] of this.jobs) {
      job.abort.abort()
      this.resume(id)
    }
    await this.runner?.close()
    process.exit(0)
  }

  private async start(message: Extract<ToWorker, { type: 'start' }>): Promise<void> {
    try {
      this.runner = await startLlamaRunner(message.options)
      this.send({ type: 'ready', info: this.runner.info })
    } catch (error) {
      this.send({ type: 'refused', error: errorMessage(asLocalModelError(error)) })
    }
  }

  private async generate({ id, job }: Extract<ToWorker, { type: 'generate' }>): Promise<void> {
    const state: Job = { abort: new AbortController(), unread: 0, resume: null }
    this.jobs.set(id, state)
    const sink: EventSink = (event) => {
      this.send({ type: 'event', id, event })
      state.unread += 1
      if (state.unread < WINDOW || state.abort.signal.aborted) return undefined
      return new Promise((resolve) => {
        state.resume = resolve
      })
    }
    try {
      if (this.runner === null) throw new Error('no model is loaded')
      const result = await this.runner.generate(job, sink, state.abort.signal)
      this.send({ type: 'done', id, result })
    } catch (error) {
      this.send({ type: 'failed', id, error: errorMessage(asLocalModelError(error)) })
    } finally {
      this.jobs.delete(id)
    }
  }

  private read({ id, count }: Extract<ToWorker, { type: 'read' }>): void {
    const job = this.jobs.get(id)
    if (job === undefined) return
    job.unread -= count
    if (job.unread < WINDOW) this.resume(id)
  }

  private resume(id: number): void {
    const job = this.jobs.get(id)
    job?.resume?.()
    if (job !== undefined) job.resume = null
  }
}

const worker = new Worker((message) => void process.send?.(message))
process.on('message', (message: ToWorker) => void worker.handle(message))
process.on('disconnect', () => process.exit(0))
// A signal to the whole group is for the proxy to act on: it drains, then closes this process.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
