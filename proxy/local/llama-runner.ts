/**
 * The one module that touches the inference library: loads a model, owns its sequences, generates answers.
 * Everything in and out is a plain record (`llama-job.ts`), so that it runs in this process or in a child.
 * Nothing here downloads or compiles, and the library's log is dropped: it may quote prompts.
 */
import type {
  ChatModelFunctions,
  ChatWrapper,
  GbnfJsonSchema,
  LLamaChatGenerateResponseOptions,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  Token,
} from 'node-llama-cpp'
import { abortedError, LocalModelError } from './errors.ts'
import { fileError } from './gguf.ts'
import { functionsOf, historyOf } from './llama-history.ts'
import type {
  EventSink,
  GrammarSchema,
  LlamaJob,
  LlamaResult,
  LlamaRunner,
  RunnerOptions,
} from './llama-job.ts'
import { meterSequence, type SequenceMeter } from './llama-meter.ts'
import { renderPrompt } from './llama-prompt.ts'

type Library = typeof import('node-llama-cpp')

const DEFAULT_CONTEXT_TOKENS = 8192
const PREFILL_STEP = 256
const MAX_GRAMMARS = 16

interface Lane {
  readonly sequence: LlamaContextSequence
  readonly meter: SequenceMeter
  busy: boolean
}

interface Loaded {
  readonly library: Library
  readonly model: LlamaModel
  readonly lanes: readonly Lane[]
  readonly contextTokens: number
  /** The model's chat template, with and without room for thoughts before the answer. */
  readonly thinking: ChatWrapper
  readonly plain: ChatWrapper
  readonly grammarOf: (schema: GrammarSchema) => Promise<LlamaGrammar>
}

/**
 * Loads the model. Rejects with `LocalModelError` (`not_loaded`): `runtime_missing` without a fitting binary,
 * `no_memory`, `load_failed`.
 */
export async function startLlamaRunner(options: RunnerOptions): Promise<LlamaRunner> {
  const library = await importLibrary(options.modelPath)
  const llama = await startLibrary(library, options)
  try {
    const model = await llama.loadModel({
      modelPath: options.modelPath,
      gpuLayers: options.gpuLayers,
      checkTensors: true,
    })
    const contextTokens = chooseContext(model, options)
    const context = await model.createContext({
      sequences: options.sequences,
      contextSize: contextTokens,
      threads: options.threads,
      failedCreationRemedy: false,
    })
    const lanes = Array.from({ length: options.sequences }, () => openLane(context.getSequence()))
    const loaded: Loaded = {
      library,
      model,
      lanes,
      contextTokens: Math.min(contextTokens, context.contextSize),
      thinking: library.resolveChatWrapper(model, { warningLogs: false }),
      plain: library.resolveChatWrapper(model, {
        warningLogs: false,
        customWrapperSettings: { qwen: { thoughts: 'discourage' }, jinjaTemplate: { reasoning: false } },
      }),
      grammarOf: grammarCache((schema) => llama.createGrammarForJsonSchema<GbnfJsonSchema>(schema)),
    }
    return {
      info: { contextTokens: loaded.contextTokens, hasTools: templateHasTools(model) },
      isUp: () => !llama.disposed,
      generate: (job, sink, signal) => generate(loaded, job, sink, signal),
      close: () => llama.dispose(),
    }
  } catch (error) {
    await llama.dispose()
    throw loadError(library, options.modelPath, error)
  }
}

async function importLibrary(modelPath: string): Promise<Library> {
  try {
    return await import('node-llama-cpp')
  } catch (error) {
    throw fileError(
      modelPath,
      'runtime_missing',
      'cannot be loaded: install the package node-llama-cpp',
      error,
    )
  }
}

async function startLibrary(library: Library, options: RunnerOptions): ReturnType<Library['getLlama']> {
  try {
    return await library.getLlama({
      gpu: options.gpuLayers > 0 ? 'auto' : false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: options.threads,
      logLevel: library.LlamaLogLevel.disabled,
      logger: () => undefined,
    })
  } catch (error) {
    throw fileError(
      options.modelPath,
      'runtime_missing',
      'cannot be loaded: node-llama-cpp has no prebuilt binary for this machine',
      error,
    )
  }
}

function loadError(library: Library, modelPath: string, error: unknown): LocalModelError {
  if (error instanceof LocalModelError) return error
  if (error instanceof library.InsufficientMemoryError) {
    return fileError(
      modelPath,
      'no_memory',
      'does not fit into memory: choose a smaller model or context',
      error,
    )
  }
  return fileError(
    modelPath,
    'load_failed',
    'cannot be loaded: damaged, or of an unknown architecture',
    error,
  )
}

function chooseContext(model: LlamaModel, options: RunnerOptions): number {
  const trained = model.trainContextSize
  if (options.contextTokens === null) return Math.min(trained, DEFAULT_CONTEXT_TOKENS)
  if (options.contextTokens > trained) {
    throw fileError(
      options.modelPath,
      'load_failed',
      `has a context of ${trained} tokens: lower context_tokens`,
    )
  }
  return options.contextTokens
}

function templateHasTools(model: LlamaModel): boolean {
  return /\btools\b/u.test(model.fileInfo.metadata.tokenizer?.chat_template ?? '')
}

function openLane(sequence: LlamaContextSequence): Lane {
  return { sequence, meter: meterSequence(sequence), busy: false }
}

/** Compiled grammars of the last schemas, since compiling costs more than a short answer. */
function grammarCache(compile: (schema: GrammarSchema) => Promise<LlamaGrammar>): Loaded['grammarOf'] {
  const cache = new Map<string, Promise<LlamaGrammar>>()
  return (schema) => {
    const key = JSON.stringify(schema)
    const known = cache.get(key)
    cache.delete(key)
    const grammar = known ?? compile(schema)
    cache.set(key, grammar)
    const oldest = cache.keys().next()
    if (cache.size > MAX_GRAMMARS && oldest.done !== true) cache.delete(oldest.value)
    return grammar
  }
}

async function generate(
  loaded: Loaded,
  job: LlamaJob,
  sink: EventSink,
  signal: AbortSignal,
): Promise<LlamaResult> {
  if (signal.aborted) throw abortedError()
  const wrapper = job.thinking ? loaded.thinking : loaded.plain
  const history = historyOf(job.messages)
  const functions = functionsOf(job.tools)
  const prompt = renderPrompt(loaded, wrapper, job.messages, {
    chatHistory: history,
    ...(functions === undefined ? {} : { availableFunctions: functions }),
  })
  const lane = takeLane(loaded, prompt)
  try {
    sink({ type: 'prompt', tokens: prompt.length })
    await prefill(lane.sequence, prompt, signal)
    return await answer(loaded, lane, { job, sink, signal, wrapper, history, functions, prompt })
  } catch (error) {
    if (signal.aborted) throw abortedError()
    if (error instanceof LocalModelError) throw error
    // The library's message may quote the prompt: only its kind goes on.
    throw new LocalModelError('failed', 'the inference library failed to generate an answer')
  } finally {
    lane.busy = false
  }
}

/** A free sequence: the one that remembers most of this prompt's beginning. */
function takeLane(loaded: Loaded, prompt: readonly Token[]): Lane {
  let best: Lane | null = null
  let bestLength = -1
  for (const lane of loaded.lanes) {
    if (lane.busy) continue
    const { firstDifferentIndex } = lane.sequence.compareContextTokens([...prompt])
    if (firstDifferentIndex > bestLength) {
      best = lane
      bestLength = firstDifferentIndex
    }
  }
  if (best === null) throw new LocalModelError('busy', 'no sequence of the local model is free')
  best.busy = true
  return best
}

/** Evaluates the prompt but its last token in steps, so that an abort does not wait for a long prompt. */
async function prefill(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  signal: AbortSignal,
): Promise<void> {
  const tokens = prompt.slice(0, -1)
  await sequence.adaptStateToTokens(tokens, false)
  for (let at = sequence.nextTokenIndex; at < tokens.length; at += PREFILL_STEP) {
    if (signal.aborted) throw abortedError()
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + PREFILL_STEP))
  }
}

type ResponseOptions = LLamaChatGenerateResponseOptions<ChatModelFunctions>
type OutputOptions =
  | { readonly grammar?: LlamaGrammar }
  | Pick<
      Extract<ResponseOptions, { readonly functions?: ChatModelFunctions }>,
      'functions' | 'documentFunctionParams' | 'maxParallelFunctionCalls' | 'onFunctionCallParamsChunk'
    >

interface Turn {
  readonly job: LlamaJob
  readonly sink: EventSink
  readonly signal: AbortSignal
  readonly wrapper: ChatWrapper
  readonly history: ReturnType<typeof historyOf>
  readonly functions: ReturnType<typeof functionsOf>
  readonly prompt: readonly Token[]
}

async function answer(loaded: Loaded, lane: Lane, turn: Turn): Promise<LlamaResult> {
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
  try {
    const response = await chat.generateResponse(turn.history, {
      ...(await outputOptions(loaded, lane, turn)),
      ...samplingOptions(job),
      maxTokens: limit,
      signal: turn.signal,
      customStopTriggers: job.stop,
      onResponseChunk: (chunk) => {
        const logprobs = lane.meter.take(chunk.tokens)
        if (chunk.type === undefined && (chunk.text !== '' || logprobs.length > 0)) {
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
async function outputOptions(loaded: Loaded, lane: Lane, turn: Turn): Promise<OutputOptions> {
  const { job, sink, functions } = turn
  if (job.schema !== null) return { grammar: await compileGrammar(loaded, job.schema) }
  if (functions === undefined) return {}
  return {
    functions,
    documentFunctionParams: true,
    ...(job.parallelCalls ? {} : { maxParallelFunctionCalls: 1 }),
    onFunctionCallParamsChunk: ({ callIndex, functionName, paramsChunk }) => {
      const event = { type: 'call', index: callIndex, name: functionName, arguments: paramsChunk } as const
      lane.meter.holdUntil(sink(event))
    },
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
