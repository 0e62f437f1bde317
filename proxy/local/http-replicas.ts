/** Several servers with the same model: each call goes to the least busy one, and to another where that one is away. */
import type { AskModel } from '../../detectors/index.ts'
import type { Clock, WireObject } from '../ports.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { LocalModelError } from './errors.ts'
import type { HttpModel } from './http.ts'

interface Replica {
  readonly model: HttpModel
  readonly breaker: Breaker
  inFlight: number
}

/** One model over all of them. `models` is not empty; `now` in ms since the epoch. */
export function createReplicas(models: readonly HttpModel[], now: Clock = Date.now): HttpModel {
  return new Replicas(models, now)
}

class Replicas implements HttpModel {
  readonly engine = 'openai'
  private readonly replicas: readonly Replica[]
  private readonly now: Clock

  constructor(models: readonly HttpModel[], now: Clock) {
    this.replicas = models.map((model) => ({ model, breaker: createBreaker(), inFlight: 0 }))
    this.now = now
  }

  get name(): string {
    return this.replicas[0]?.model.name ?? ''
  }

  status(): 'ok' | 'down' {
    return this.replicas.some(({ model }) => model.status() === 'ok') ? 'ok' : 'down'
  }

  async probe(): Promise<void> {
    await Promise.all(this.replicas.map(({ model }) => model.probe()))
  }

  startProbing(intervalMs: number): void {
    for (const { model } of this.replicas) model.startProbing(intervalMs)
  }

  chat(request: WireObject, signal: AbortSignal): Promise<WireObject> {
    return this.onOne((model) => model.chat(request, signal))
  }

  /** Another server is tried only while nothing of the answer is out. */
  async *chatStream(request: WireObject, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    const errors: unknown[] = []
    for (const replica of this.inOrder()) {
      let hasBegun = false
      this.begin(replica)
      try {
        for await (const chunk of replica.model.chatStream(request, signal)) {
          hasBegun = true
          yield chunk
        }
        replica.breaker.succeeded()
        return
      } catch (error) {
        if (!this.canGoOn(replica, error) || hasBegun) throw error
        errors.push(error)
      } finally {
        replica.inFlight -= 1
      }
    }
    throw whatToReport(errors)
  }

  readonly ask: AskModel = (request, signal) => this.onOne((model) => model.ask(request, signal))

  models(signal: AbortSignal): Promise<readonly string[]> {
    return this.onOne((model) => model.models(signal))
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ model }) => model.close()))
  }

  private async onOne<Result>(call: (model: HttpModel) => Promise<Result>): Promise<Result> {
    const errors: unknown[] = []
    for (const replica of this.inOrder()) {
      this.begin(replica)
      try {
        const result = await call(replica.model)
        replica.breaker.succeeded()
        return result
      } catch (error) {
        if (!this.canGoOn(replica, error)) throw error
        errors.push(error)
      } finally {
        replica.inFlight -= 1
      }
    }
    throw whatToReport(errors)
  }

  private begin(replica: Replica): void {
    replica.inFlight += 1
    replica.breaker.begun(this.now())
  }

  /** Least busy first; those that are down or failed again and again only after all others. */
  private inOrder(): readonly Replica[] {
    const now = this.now()
    const rank = ({ model, breaker }: Replica): number =>
      (model.status() === 'ok' ? 0 : 1) + (breaker.allows(now) ? 0 : 2)
    return [...this.replicas].sort((a, b) => rank(a) - rank(b) || a.inFlight - b.inFlight)
  }

  /** Whether another server may do what this one did not; what the request itself is to blame for stays an error. */
  private canGoOn(replica: Replica, error: unknown): boolean {
    const { code, reason } = error instanceof LocalModelError ? error : { code: 'failed', reason: null }
    if (reason === 'length' || reason === 'not_json') {
      // The server did its part: another one with the same model would say the same.
      replica.breaker.succeeded()
      return false
    }
    switch (code) {
      case 'not_loaded':
      case 'failed':
        replica.breaker.failed(this.now())
        return true
      case 'timeout':
        // Its reader has waited long enough: the next request goes elsewhere.
        replica.breaker.failed(this.now())
        return false
      case 'busy':
        return true
      default:
        return false
    }
  }
}

/** A server that is only busy can be asked again; where all are away, the last one says how. */
function whatToReport(errors: readonly unknown[]): unknown {
  const isBusy = (error: unknown): error is LocalModelError =>
    error instanceof LocalModelError && error.code === 'busy'
  const soonest = (error: LocalModelError): number => error.retryAfterSeconds ?? Number.MAX_SAFE_INTEGER
  const busy = errors.filter(isBusy).sort((a, b) => soonest(a) - soonest(b))
  return (
    busy[0] ??
    errors.at(-1) ??
    new LocalModelError('not_loaded', 'no model server can be reached', { reason: 'unreachable' })
  )
}
