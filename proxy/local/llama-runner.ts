/**
 * The one entrance to the inference library: loads a model, owns its sequences, generates answers.
 * Everything in and out is a plain record (`llama-job.ts`), so that it runs in this process or in a child.
 * Nothing here downloads or compiles, and the library's log is dropped: it may quote prompts.
 */
import type { GbnfJsonSchema, LlamaContextSequence, LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp'
import { abortedError, LocalModelError } from './errors.ts'
import { fileError } from './gguf.ts'
import { answer, type Lane, type Library, type Loaded } from './llama-answer.ts'
import { functionsOf, historyOf } from './llama-history.ts'
import type {
  EventSink,
  GrammarSchema,
  LlamaJob,
  LlamaResult,
  LlamaRunner,
  RunnerOptions,
} from './llama-job.ts'
import { meterSequence } from './llama-meter.ts'
import { renderPrompt } from './llama-prompt.ts'
import { DEFAULT_CONTEXT_TOKENS } from './memory.ts'

const PREFILL_STEP = 256
const MAX_GRAMMARS = 16
/** A template that cannot be rendered fails the load, rather than giving way to one the model was not trained on. */
const TEMPLATE_ALONE = { warningLogs: false, fallbackToOtherWrappersOnJinjaError: false } as const

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
      thinking: library.resolveChatWrapper(model, TEMPLATE_ALONE),
      plain: library.resolveChatWrapper(model, {
        ...TEMPLATE_ALONE,
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
    'cannot be loaded: damaged, of an unknown architecture, or with a chat template that cannot be rendered',
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
  let lane: Lane | null = null
  try {
    const wrapper = job.thinking ? loaded.thinking : loaded.plain
    const history = historyOf(job.messages)
    const functions = functionsOf(job.tools)
    const prompt = renderPrompt(loaded, wrapper, job, {
      chatHistory: history,
      ...(functions === undefined ? {} : { availableFunctions: functions }),
    })
    lane = takeLane(loaded, prompt)
    sink({ type: 'prompt', tokens: prompt.length })
    await prefill(lane.sequence, prompt, sink, signal)
    return await answer(loaded, lane, { job, sink, signal, wrapper, history, functions, prompt })
  } catch (error) {
    if (signal.aborted) throw abortedError()
    if (error instanceof LocalModelError) throw error
    // The library's message may quote the prompt: only its kind goes on.
    throw new LocalModelError('failed', 'the inference library failed to generate an answer')
  } finally {
    if (lane !== null) lane.busy = false
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
  sink: EventSink,
  signal: AbortSignal,
): Promise<void> {
  const tokens = prompt.slice(0, -1)
  await sequence.adaptStateToTokens(tokens, false)
  for (let at = sequence.nextTokenIndex; at < tokens.length; at += PREFILL_STEP) {
    if (signal.aborted) throw abortedError()
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + PREFILL_STEP))
    sink({ type: 'progress' })
  }
}
