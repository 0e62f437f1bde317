/**
 * The pattern and NER layers in threads of their own, for texts that take longer than others should wait: a megabyte
 * of prose takes more than a second. A thread starts when it is first needed and is kept.
 */
import { availableParallelism } from 'node:os'
import type { Detection, DetectorOptions } from '../detectors/index.ts'
import type { DetectorAnswer } from './detector-thread.ts'
import { startThread } from './own-thread.ts'

/** Detectors elsewhere. */
export interface DetectorThreads {
  /**
   * As the detectors' own, in another thread. A thread that ends, or takes far too long, is a layer that is down or
   * timed out. Rejects only with the reason of `signal`; what it waited for is then given up.
   */
  detect(text: string, signal: AbortSignal): Promise<Detection>
  /** Ends the threads; what is in progress is down. */
  close(): Promise<void>
}

/** How many threads, and what runs in them. */
export interface DetectorThreadsOptions {
  readonly detectors: DetectorOptions
  /** Default: one less than there are cores, one to four. */
  readonly threads?: number
  /** ms for a text, the thread's start included; default `patienceFor`. */
  readonly patienceMs?: (text: string) => number
  /** For tests: the file that a thread runs. */
  readonly file?: URL
}

const MOST_THREADS = 4
const PATIENCE_MS = 30_000
/** More than ten times what prose takes. */
const PATIENCE_MS_PER_UNIT = 0.05

function patienceFor(text: string): number {
  return PATIENCE_MS + text.length * PATIENCE_MS_PER_UNIT
}

/** Nothing is started yet. */
export function createDetectorThreads(options: DetectorThreadsOptions): DetectorThreads {
  return new Pool(options)
}

type Ending = Detection | 'down' | 'timeout'

interface Job {
  readonly text: string
  settle(ending: Ending): void
}

class Pool implements DetectorThreads {
  readonly #options: DetectorThreadsOptions
  readonly #most: number
  readonly #threads = new Set<DetectorThread>()
  readonly #idle: DetectorThread[] = []
  #queue: Job[] = []
  #isClosed = false

  constructor(options: DetectorThreadsOptions) {
    this.#options = options
    this.#most = options.threads ?? Math.min(Math.max(availableParallelism() - 1, 1), MOST_THREADS)
  }

  detect(text: string, signal: AbortSignal): Promise<Detection> {
    if (this.#isClosed) return Promise.resolve(this.#failed('down'))
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const job: Job = {
        text,
        settle: (ending) => {
          signal.removeEventListener('abort', giveUp)
          resolve(typeof ending === 'string' ? this.#failed(ending) : ending)
        },
      }
      const giveUp = (): void => {
        reject(signal.reason)
        this.#drop(job)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#queue.push(job)
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { settle } of this.#queue.splice(0)) settle('down')
    await Promise.all([...this.#threads].map((thread) => thread.end('down')))
  }

  #failed(status: 'down' | 'timeout'): Detection {
    return { findings: [], status: { pattern: status, ner: this.#options.detectors.ner ? status : 'off' } }
  }

  /** Out of the queue, or with the thread that works on it: a text cannot be interrupted. */
  #drop(job: Job): void {
    this.#queue = this.#queue.filter((other) => other !== job)
    for (const thread of this.#threads) if (thread.job === job) void thread.end('down')
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle.pop() ?? this.#start()
      const job = thread === undefined ? undefined : this.#queue.shift()
      if (thread === undefined || job === undefined) return
      thread.run(job, this.#options.patienceMs?.(job.text) ?? patienceFor(job.text))
    }
  }

  #start(): DetectorThread | undefined {
    if (this.#isClosed || this.#threads.size >= this.#most) return undefined
    const thread = new DetectorThread(this.#options.file ?? ownFile(), this.#options.detectors, {
      free: () => {
        this.#idle.push(thread)
        this.#next()
      },
      gone: () => {
        this.#threads.delete(thread)
        const at = this.#idle.indexOf(thread)
        if (at >= 0) this.#idle.splice(at, 1)
        this.#next()
      },
    })
    this.#threads.add(thread)
    return thread
  }
}

interface ThreadEvents {
  /** It may have another job. */
  free(): void
  gone(): void
}

/** One thread, and the text it works on. */
class DetectorThread {
  readonly #worker: ReturnType<typeof startThread>
  #job: Job | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(file: URL, options: DetectorOptions, events: ThreadEvents) {
    this.#worker = startThread(file, options)
    // What is thrown there ends the thread, which is what counts here; its text stays out of every log.
    this.#worker.on('error', () => undefined)
    this.#worker.on('message', (answer: DetectorAnswer) => {
      this.#settle(answer)
      this.#worker.unref()
      events.free()
    })
    this.#worker.once('exit', () => {
      this.#settle('down')
      events.gone()
    })
  }

  get job(): Job | null {
    return this.#job
  }

  run(job: Job, patienceMs: number): void {
    this.#job = job
    this.#timer = setTimeout(() => void this.end('timeout'), patienceMs)
    this.#worker.ref()
    this.#worker.postMessage(job.text)
  }

  /** Resolves once the thread is gone. */
  async end(ending: 'down' | 'timeout'): Promise<void> {
    this.#settle(ending)
    await this.#worker.terminate()
  }

  #settle(ending: Ending): void {
    clearTimeout(this.#timer)
    const job = this.#job
    this.#job = null
    job?.settle(ending)
  }
}

function ownFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./detector-thread.${extension}`, import.meta.url)
}
