/** Starts the thread that has the embedded database, and carries calls there and answers back. */
import { startThread } from '../own-thread.ts'
import { type Answer, type CallName, OPENING, type ThreadOptions } from './embedded-calls.ts'
import { StoreError } from './errors.ts'

/** The thread, open. */
export interface DatabaseThread {
  /** Rejects with the thread's `StoreError`, or with `unavailable` when the thread ended. */
  call(name: CallName, args: readonly unknown[]): Promise<unknown>
  /** Ends the thread; resolves once it is gone. */
  end(): Promise<void>
}

/** What happens around the thread. */
export interface ThreadEvents {
  /** The thread ended by itself, and with it the database; another may be started now. */
  readonly onLost: () => void
  /** For tests: the file that the thread runs. */
  readonly file?: URL
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: StoreError): void
}

/** Starts the thread and waits until the database is open. Rejects with `StoreError`; then the thread is gone. */
export async function startDatabaseThread(
  options: ThreadOptions,
  events: ThreadEvents,
): Promise<DatabaseThread> {
  const worker = startThread(events.file ?? ownFile(), options)
  const waiting = new Map<number, Waiting>()
  let state: 'open' | 'ending' | 'gone' = 'open'
  let calls = OPENING
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      const wasLost = state === 'open'
      state = 'gone'
      for (const { reject } of waiting.values()) reject(ended())
      waiting.clear()
      resolve()
      if (wasLost) events.onLost()
    })
  })
  // What is thrown there ends the thread, which is what counts here; its text stays out of every log.
  worker.on('error', () => undefined)
  worker.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    // A process with nothing to wait for may end; the database needs no farewell to keep what it stored.
    if (waiting.size === 0) worker.unref()
    if ('code' in answer) one?.reject(new StoreError(answer.code, answer.message))
    else one?.resolve(answer.result)
  })
  const answerTo = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.ref()
    })
  const end = async () => {
    if (state === 'open') state = 'ending'
    await worker.terminate()
    await gone
  }
  try {
    await answerTo(OPENING)
  } catch (error) {
    await end()
    throw error
  }
  return {
    end,
    call: (name, args) => {
      if (state !== 'open') return Promise.reject(ended())
      calls += 1
      const answer = answerTo(calls)
      worker.postMessage({ id: calls, name, args })
      return answer
    },
  }
}

function ended(): StoreError {
  return new StoreError('unavailable', 'the embedded database stopped')
}

function ownFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./embedded-thread.${extension}`, import.meta.url)
}
