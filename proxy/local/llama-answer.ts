/** Generates one answer with the library's chat layer, and reports it piece by piece. */
import type {
  ChatModelFunctions,
  ChatWrapper,
  LLamaChatGenerateResponseOptions,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  Token,
} from 'node-llama-cpp'
import { LocalModelError } from './errors.ts'
import type { functionsOf, historyOf } from './llama-history.ts'
import type { EventSink, GrammarSchema, LlamaEvent, LlamaJob, LlamaResult } from './llama-job.ts'
import type { SequenceMeter } from './llama-meter.ts'

/** The inference library as a module. */
export type Library = typeof import('node-llama-cpp')

/** A sequence of the context, and who watches it. */
export interface Lane {
  readonly sequence: LlamaContextSequence
  readonly meter: SequenceMeter
  busy: boolean
}

/** A model that is ready to answer. */
export interface Loaded {
  readonly library: Library
  readonly model: LlamaModel
  readonly lanes: readonly Lane[]
  readonly contextTokens: number
  /** The model's chat template, with and without room for thoughts before the answer. */
  readonly thinking: ChatWrapper
  readonly plain: ChatWrapper
  readonly grammarOf: (schema: GrammarSchema) => Promise<LlamaGrammar>
}

type ResponseOptions = LLamaChatGenerateResponseOptions<ChatModelFunctions>
type OutputOptions =
  | { readonly grammar?: LlamaGrammar }
  | Pick<
      Extract<ResponseOptions, { readonly functions?: ChatModelFunctions }>,
      'functions' | 'documentFunctionParams' | 'maxParallelFunctionCalls' | 'onFunctionCallParamsChunk'
    >

/** One answer to generate; `prompt` is the history as tokens. */
export interface Turn {
  readonly job: LlamaJob
  readonly sink: EventSink
  readonly signal: AbortSignal
  readonly wrapper: ChatWrapper
  readonly history: ReturnType<typeof historyOf>
  readonly functions: ReturnType<typeof functionsOf>
  readonly prompt: readonly Token[]
}

/** Generates one answer on a sequence that has read the prompt. Rejects with the library's errors. */
export async function answer(loaded: Loaded, lane: Lane, turn: Turn): Promise<LlamaResult> {
  const { job, prompt } = turn
  const chat = new loaded.library.LlamaChat({ contextSequence: lane.sequence, chatWrapper: turn.wrapper })
  const room = loaded.contextTokens - prompt.length
  const limit = Math.min(job.maxTokens ?? room, room)
  lane.meter.begin({ detokenise: (token) => loaded.model.detokenize([token], true), logprobs: job.logprobs })
  const contextEnd = new LocalModelError('failed', 'the context ended', { reason: 'length' })
  const usage = (): Pick<LlamaResult, 'promptTokens' | 'completionTokens'> => ({
    promptTokens: prompt.length,
    completionTokens: lane.meter.sampled,
  })
  const calls = new CallWriter((event) => lane.meter.holdUntil(turn.sink(event)))
  try {
    const response = await chat.generateResponse(turn.history, {
      ...(await outputOptions(loaded, turn, calls)),
      ...samplingOptions(job),
      maxTokens: limit,
      signal: turn.signal,
      customStopTriggers: job.stop,
      onResponseChunk: (chunk) => {
        const logprobs = lane.meter.take(chunk.tokens)
        // Thoughts are not part of the answer, but they take their time.
        if (chunk.type !== undefined) turn.sink({ type: 'progress' })
        else if (chunk.text !== '' || logprobs.length > 0) {
          lane.meter.holdUntil(turn.sink({ type: 'text', text: chunk.text, logprobs }))
        }
      },
      contextShift: {
        size: 1,
        strategy: () => {
          throw contextEnd
        },
      },
    })
    calls.finish(response.functionCalls ?? [])
    return { finish: finishOf(response.metadata.stopReason), ...usage() }
  } catch (error) {
    if (error === contextEnd) return { finish: 'length', ...usage() }
    throw error
  } finally {
    chat.dispose({ disposeSequence: false })
  }
}

function finishOf(stopReason: string): LlamaResult['finish'] {
  if (stopReason === 'functionCalls') return 'tool_calls'
  return stopReason === 'maxTokens' ? 'length' : 'stop'
}

function samplingOptions(job: LlamaJob): object {
  const { temperature, topP, seed, frequencyPenalty, presencePenalty } = job.sampling
  const penalised = frequencyPenalty !== 0 || presencePenalty !== 0
  return {
    temperature,
    topP,
    topK: 0,
    minP: 0,
    seed,
    repeatPenalty: penalised ? { penalty: 1, frequencyPenalty, presencePenalty } : false,
    ...(job.thinking ? {} : { budgets: { thoughtTokens: 0 } }),
  }
}

/** Either a grammar or functions: the library takes one of them. */
async function outputOptions(loaded: Loaded, turn: Turn, calls: CallWriter): Promise<OutputOptions> {
  const { job, functions } = turn
  if (job.schema !== null) return { grammar: await compileGrammar(loaded, job.schema) }
  if (functions === undefined) return {}
  return {
    functions,
    documentFunctionParams: true,
    ...(job.parallelCalls ? {} : { maxParallelFunctionCalls: 1 }),
    onFunctionCallParamsChunk: (chunk) => calls.write(chunk.callIndex, chunk.functionName, chunk.paramsChunk),
  }
}

/** Turns the library's pieces of calls into events; a call whose arguments never came gets them at the end. */
class CallWriter {
  private readonly emit: (event: LlamaEvent) => void
  private readonly written = new Set<number>()

  constructor(write: (event: LlamaEvent) => void) {
    this.emit = write
  }

  write(index: number, name: string, text: string): void {
    if (text === '') return
    this.written.add(index)
    this.emit({ type: 'call', index, name, arguments: text })
  }

  finish(calls: readonly { readonly functionName: string; readonly params: unknown }[]): void {
    calls.forEach((call, index) => {
      if (!this.written.has(index)) this.write(index, call.functionName, JSON.stringify(call.params ?? {}))
    })
  }
}

async function compileGrammar(loaded: Loaded, schema: GrammarSchema): Promise<LlamaGrammar> {
  try {
    return await loaded.grammarOf(schema)
  } catch {
    // The library's message may quote the schema.
    throw new LocalModelError('unsupported', "the local model's grammar cannot enforce this schema", {
      reason: 'schema',
    })
  }
}
