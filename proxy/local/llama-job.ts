/** What the runner of the inference library is asked and answers: plain records, fit for a message to a process. */

/** A call of a function the model made earlier, with what it returned. */
export interface JobCall {
  readonly name: string
  readonly arguments: unknown
  readonly result: string
}

/** One turn of the conversation. */
export type JobMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly parts: readonly (string | JobCall)[] }

/** A function the model may call; `parameters` in the grammar's schema language, null for none. */
export interface JobTool {
  readonly name: string
  readonly description: string | null
  readonly parameters: GrammarSchema | null
}

/** The types of JSON values without parts. */
export type PlainType = 'string' | 'number' | 'integer' | 'boolean' | 'null'

interface SchemaNotes {
  readonly description?: string
  readonly $defs?: Readonly<Record<string, GrammarSchema>>
}

/** A JSON schema in the subset the grammar enforces: see `json-grammar.ts`. */
export type GrammarSchema = SchemaNotes &
  (
    | { readonly type: PlainType | readonly PlainType[] }
    | { readonly type: 'string'; readonly minLength?: number; readonly maxLength?: number }
    | { readonly type: 'string'; readonly format: 'date-time' | 'time' | 'date' }
    | { readonly enum: readonly (string | number | boolean | null)[] }
    | { readonly oneOf: readonly GrammarSchema[] }
    | { readonly $ref: `#/$defs/${string}` }
    | {
        readonly type: 'object'
        readonly properties: Readonly<Record<string, GrammarSchema>>
        readonly additionalProperties?: boolean | GrammarSchema
        readonly minProperties?: number
        readonly maxProperties?: number
      }
    | {
        readonly type: 'array'
        readonly items?: GrammarSchema
        readonly prefixItems?: readonly GrammarSchema[]
        readonly minItems?: number
        readonly maxItems?: number
      }
  )

/** Numbers of the sampler, as OpenAI names them. */
export interface JobSampling {
  readonly temperature: number
  readonly topP: number
  readonly seed: number
  readonly frequencyPenalty: number
  readonly presencePenalty: number
}

/** One answer to generate. */
export interface LlamaJob {
  readonly messages: readonly JobMessage[]
  readonly tools: readonly JobTool[]
  readonly parallelCalls: boolean
  readonly sampling: JobSampling
  /** Most tokens to generate; null up to the end of the context. */
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  readonly schema: GrammarSchema | null
  /** Whether a reasoning model may think first; thoughts are never part of the answer. */
  readonly thinking: boolean
  /** Null without log-probabilities; else how many alternatives to list per token (0..20). */
  readonly logprobs: number | null
}

/** Log-probability of one token and of its strongest rivals. */
export interface TokenLogprob {
  readonly token: string
  readonly logprob: number
  readonly top: readonly { readonly token: string; readonly logprob: number }[]
}

/** A piece of an answer, or its beginning. */
export type AnswerEvent =
  | { readonly type: 'prompt'; readonly tokens: number }
  | { readonly type: 'text'; readonly text: string; readonly logprobs: readonly TokenLogprob[] }
  | { readonly type: 'call'; readonly index: number; readonly name: string; readonly arguments: string }

/** What happens while an answer is generated; `progress` is work that shows no text, such as reading a prompt. */
export type LlamaEvent = AnswerEvent | { readonly type: 'progress' }

/** How an answer ended. Counts are exact: prompt as evaluated, completion as sampled (the end mark included). */
export interface LlamaResult {
  readonly finish: 'stop' | 'length' | 'tool_calls'
  readonly promptTokens: number
  readonly completionTokens: number
}

/** Where the model is and how it runs. */
export interface RunnerOptions {
  readonly modelPath: string
  /** Null: what the model was trained for, at most 8192. */
  readonly contextTokens: number | null
  readonly threads: number
  readonly sequences: number
  /** Layers on a graphics processor; 0 keeps to the CPU. */
  readonly gpuLayers: number
}

/** What the loaded model can do. */
export interface RunnerInfo {
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number
  /** Whether the model's own template has a place for tools. */
  readonly hasTools: boolean
}

/** Takes events in order; a promise it returns holds generation back until it resolves. */
export type EventSink = (event: LlamaEvent) => Promise<void> | undefined

/**
 * A loaded model with its sequences. At most `sequences` calls of `generate` may run at once; the caller queues.
 * `generate` rejects with `LocalModelError`: `context_overflow`, `aborted`, `unsupported` or `failed`.
 */
export interface LlamaRunner {
  readonly info: RunnerInfo
  /** Whether `generate` can work now. */
  isUp(): boolean
  generate(job: LlamaJob, sink: EventSink, signal: AbortSignal): Promise<LlamaResult>
  close(): Promise<void>
}
