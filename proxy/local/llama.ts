/** The `llama` engine: a GGUF model on this machine, through a runner that may live in a process of its own. */
import { randomInt, randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { AskModel } from '../../detectors/index.ts'
import type { Clock, LocalModel, WireObject } from '../ports.ts'
import { linkSignals } from './abort.ts'
import { Channel } from './channel.ts'
import {
  type AnswerHead,
  ChoiceBuilder,
  chunkOf,
  completionOf,
  deltaOf,
  usageChunkOf,
  usageOf,
} from './completion.ts'
import { asLocalModelError, checkedJson, LocalModelError } from './errors.ts'
import type {
  AnswerEvent,
  EventSink,
  LlamaJob,
  LlamaResult,
  LlamaRunner,
  RunnerOptions,
} from './llama-job.ts'
import { type ProcessOptions, startLlamaProcess } from './llama-process.ts'
import { askJob, type ChatRequest, parseChatRequest } from './llama-request.ts'
import { startLlamaRunner } from './llama-runner.ts'
import { refuseTooLarge } from './memory.ts'
import { recheckOf, verifyModelFile } from './model-file.ts'
import { watchProgress } from './progress.ts'
import { Slots } from './slots.ts'

/** How the model is loaded and used. */
export interface LlamaModelOptions {
  readonly modelPath: string
  /** Hexadecimal SHA-256 the file must have; null loads it unchecked. */
  readonly sha256: string | null
  /** Shown to clients as the model that answered. */
  readonly name: string
  /** Longest time without any progress, in ms: waiting, computing, or waiting for the reader. Default 60000. */
  readonly timeoutMs?: number
  /** Tokens of prompt and answer together; default what the model was trained for, at most 8192. */
  readonly contextTokens?: number
  /** Threads of one evaluation; default half of the cores, at most 8. More than the free cores is far slower. */
  readonly threads?: number
  /** Answers generated at once; default 2. Each takes memory for a whole context. */
  readonly sequences?: number
  /** Requests that may wait for a sequence; default 32. */
  readonly queueLimit?: number
  /** Layers on a graphics processor; default 0: the CPU alone. */
  readonly gpuLayers?: number
  /** Most tokens of one answer, whatever the request asks; default up to the end of the context. */
  readonly answerTokens?: number
  /** Free memory in bytes; default what the system says. */
  readonly availableBytes?: number
  readonly now?: Clock
  /** Makes the ids of answers; default random UUIDs. */
  readonly newId?: () => string
  /** Seeds answers that name no seed, 0 to 2³²−1; default random. */
  readonly randomSeed?: () => number
  /** `process` (default): a crash of the model takes nothing else down. `none`: in this process. */
  readonly isolation?: 'process' | 'none'
  /** Starts what runs the model; default by `isolation`. */
  readonly start?: (options: RunnerOptions, timing: ProcessOptions) => Promise<LlamaRunner>
}

const DEFAULTS = { timeoutMs: 60_000, sequences: 2, queueLimit: 32, gpuLayers: 0 } as const
/** Takes the pieces of an answer; a promise holds generation back. */
type AnswerSink = (event: AnswerEvent) => Promise<void> | undefined

/** Events a slow reader may be behind before generation waits for it. */
const BUFFERED_EVENTS = 256

/**
 * Verifies and loads a model. Rejects with `LocalModelError` (`not_loaded`) when the file is missing, damaged, not
 * the configured one, or does not fit; nothing is ever downloaded or compiled.
 */
export async function createLlamaModel(options: LlamaModelOptions): Promise<LocalModel> {
  const beforeRestart = await recheckOf(options.modelPath, options.sha256)
  const gguf = await verifyModelFile(options.modelPath, options.sha256)
  const sequences = options.sequences ?? DEFAULTS.sequences
  // What a graphics processor takes is not known here: its driver says when it is too much.
  if ((options.gpuLayers ?? DEFAULTS.gpuLayers) === 0) {
    const needs = { contextTokens: options.contextTokens ?? null, sequences }
    refuseTooLarge(options.modelPath, gguf, needs, options.availableBytes ?? process.availableMemory())
  }
  const start = options.start ?? (options.isolation === 'none' ? startLlamaRunner : startLlamaProcess)
  const runner = await start(
    {
      modelPath: options.modelPath,
      contextTokens: options.contextTokens ?? null,
      threads: options.threads ?? defaultThreads(),
      sequences,
      gpuLayers: options.gpuLayers ?? DEFAULTS.gpuLayers,
    },
    { beforeRestart },
  )
  return new LlamaEngine(options, runner)
}

function defaultThreads(): number {
  return Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)))
}

class LlamaEngine implements LocalModel {
  readonly name: string
  readonly engine = 'llama'
  private readonly runner: LlamaRunner
  private readonly slots: Slots
  private readonly timeoutMs: number
  private readonly answerTokens: number | null
  private readonly now: Clock
  private readonly newId: () => string
  private readonly randomSeed: () => number
  private readonly closing = new AbortController()

  constructor(options: LlamaModelOptions, runner: LlamaRunner) {
    this.name = options.name
    this.runner = runner
    this.timeoutMs = options.timeoutMs ?? DEFAULTS.timeoutMs
    this.answerTokens = options.answerTokens ?? null
    this.now = options.now ?? Date.now
    this.newId = options.newId ?? randomUUID
    this.randomSeed = options.randomSeed ?? (() => randomInt(2 ** 32))
    this.slots = new Slots({
      slots: options.sequences ?? DEFAULTS.sequences,
      queueLimit: options.queueLimit ?? DEFAULTS.queueLimit,
    })
  }

  status(): 'ok' | 'down' {
    return this.closing.signal.aborted || !this.runner.isUp() ? 'down' : 'ok'
  }

  async chat(body: WireObject, signal: AbortSignal): Promise<WireObject> {
    const request = this.parse(body)
    const head = this.head()
    const choices: WireObject[] = []
    let promptTokens = 0
    let completionTokens = 0
    for (let index = 0; index < request.n; index++) {
      const choice = new ChoiceBuilder()
      const job = this.jobOf(request, index)
      const result = await this.runChoice(request, job, (event) => void choice.add(event), signal)
      const callId = (call: number): string => callIdOf(head, index, call)
      choices.push(choice.build(index, result.finish, callId, job.logprobs !== null))
      promptTokens = result.promptTokens
      completionTokens += result.completionTokens
    }
    return completionOf(head, choices, usageOf(promptTokens, completionTokens))
  }

  async *chatStream(body: WireObject, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    const request = this.parse(body)
    const head = this.head()
    let promptTokens = 0
    let completionTokens = 0
    for (let index = 0; index < request.n; index++) {
      const result = yield* this.streamChoice(request, head, index, signal)
      promptTokens = result.promptTokens
      completionTokens += result.completionTokens
    }
    if (request.includeUsage) yield usageChunkOf(head, usageOf(promptTokens, completionTokens))
  }

  readonly ask: AskModel = async (request, signal) => {
    const pieces: string[] = []
    const collect = (event: AnswerEvent): undefined => {
      if (event.type === 'text') pieces.push(event.text)
    }
    const result = await this.run(askJob(request), collect, signal)
    if (result.finish !== 'stop') {
      throw new LocalModelError('failed', 'the local model did not finish its JSON in time', {
        reason: 'length',
      })
    }
    return checkedJson(pieces.join(''))
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.slots.close()
    await this.runner.close()
  }

  private parse(body: WireObject): ChatRequest {
    return parseChatRequest(body, { hasTools: this.runner.info.hasTools, randomSeed: this.randomSeed })
  }

  private jobOf(request: ChatRequest, index: number): LlamaJob {
    const job = jobOfChoice(request, index)
    const most = this.answerTokens
    return most === null ? job : { ...job, maxTokens: Math.min(most, job.maxTokens ?? most) }
  }

  private head(): AnswerHead {
    const created = Math.floor(this.now() / 1000)
    return { id: `chatcmpl-${this.newId().replaceAll('-', '')}`, created, model: this.name }
  }

  /** Waits for a sequence and generates on it; gives it back when the runner is done with it. */
  private async run(job: LlamaJob, sink: AnswerSink, signal: AbortSignal): Promise<LlamaResult> {
    const watch = watchProgress(this.timeoutMs, signal, this.closing.signal)
    const watched: EventSink = (event) => {
      watch.touch()
      return event.type === 'progress' ? undefined : sink(event)
    }
    try {
      const release = await this.slots.acquire(watch.signal)
      const work = this.runner.generate(job, watched, watch.signal)
      work.finally(release).catch(() => undefined)
      return await watch.race(work)
    } catch (error) {
      throw watch.reasonFor(asLocalModelError(error))
    } finally {
      watch.stop()
    }
  }

  /** Runs a choice; what the grammar makes the arguments of a forced call is reported as that call. */
  private async runChoice(
    request: ChatRequest,
    job: LlamaJob,
    sink: AnswerSink,
    signal: AbortSignal,
  ): Promise<LlamaResult> {
    const name = request.forcedCall
    if (name === null) return this.run(job, sink, signal)
    const asCall: AnswerSink = (event) =>
      sink(event.type === 'text' ? { type: 'call', index: 0, name, arguments: event.text } : event)
    const result = await this.run(job, asCall, signal)
    return result.finish === 'stop' ? { ...result, finish: 'tool_calls' } : result
  }

  private async *streamChoice(
    request: ChatRequest,
    head: AnswerHead,
    index: number,
    signal: AbortSignal,
  ): AsyncGenerator<WireObject, LlamaResult, void> {
    const leaving = linkSignals(signal)
    const events = new Channel<AnswerEvent>(BUFFERED_EVENTS)
    const job = this.jobOf(request, index)
    const running = this.runChoice(request, job, (event) => events.push(event), leaving.signal)
    running.then(
      () => events.end(),
      (error: unknown) => events.end(error),
    )
    const chunk = (choice: WireObject): WireObject => chunkOf(head, choice, request.includeUsage)
    try {
      const started = new Set<number>()
      for await (const event of events) {
        const logprobs = event.type === 'text' && job.logprobs !== null ? event.logprobs : null
        yield chunk(deltaOf(index, deltaFor(event, head, index, started), null, logprobs))
      }
      const result = await running
      yield chunk(deltaOf(index, {}, result.finish, null))
      return result
    } finally {
      leaving.abort()
      leaving.unlink()
    }
  }
}

/** Answers beyond the first get a seed of their own, so that they differ. */
function jobOfChoice(request: ChatRequest, index: number): LlamaJob {
  const { job } = request
  return { ...job, sampling: { ...job.sampling, seed: (job.sampling.seed + index) >>> 0 } }
}

function callIdOf(head: AnswerHead, choice: number, call: number): string {
  return `call_${head.id.slice(-24)}${choice}_${call}`
}

function deltaFor(event: AnswerEvent, head: AnswerHead, choice: number, started: Set<number>): WireObject {
  switch (event.type) {
    case 'prompt':
      return { role: 'assistant', content: '' }
    case 'text':
      return { content: event.text }
    case 'call': {
      const { index, name, arguments: text } = event
      if (started.has(index)) return { tool_calls: [{ index, function: { arguments: text } }] }
      started.add(index)
      const id = callIdOf(head, choice, index)
      return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }] }
    }
    default:
      return event satisfies never
  }
}
